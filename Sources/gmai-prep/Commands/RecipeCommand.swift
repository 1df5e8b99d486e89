import CommandLineKit
import GMAIPrep

/// `gmai-prep recipe list|show|check`
enum RecipeCommand {
  static let command = Command(
    "recipe", "List, show and check recipes: what a conversion does, in one file.",
    discussion: """
      A recipe is a JSON5 file that decides what becomes of an export: which slices, which window, \
      which splits, which texts. Every key has a default, so an empty recipe, {}, is a whole one.
      """,
    subcommands: [list, show, check])

  // MARK: list

  private static let list = Command(
    "list", "List the recipes that come with the program.",
    examples: [Example("gmai-prep recipe list", "What can be given to --recipe by its name.")]
  ) { call in
    var table = Table([.init("Name", .keep), .init("What it is for", .wrap)])
    for recipe in BuiltInRecipe.all { table.append([recipe.name, recipe.purpose]) }
    try call.print(table.text(width: call.terminal.width))
    return .done
  }

  // MARK: show

  private static let shown = Argument(
    optional: "RECIPE", .file,
    "The name of a recipe that comes with the program, or a file; pacs where it is left out.")
  private static let asJSON = Option(
    flag: "json", "As one line of JSON: the text whose SHA-256 a data set carries.")

  private static let show = Command(
    "show", "Show a complete recipe, every default filled in and every key explained.",
    arguments: [shown], options: [asJSON],
    examples: [
      Example("gmai-prep recipe show > mine.json5", "A file to change to your liking."),
      Example("gmai-prep recipe show mine.json5", "What your file means, defaults included."),
    ]
  ) { call in
    let recipe = try RecipeReader().read(RecipeReader.bytes(of: call[shown] ?? "pacs"))
    try call.print(call[asJSON] ? recipe.canonicalJSON + "\n" : recipe.show())
    return .done
  }

  // MARK: check

  private static let files = Argument(
    repeating: "RECIPE", .file, "A file, or the name of a recipe that comes with the program.")

  private static let check = Command(
    "check", "Check recipes and name every mistake with its line and column.",
    discussion: "Ends with 1 where a recipe has a mistake.",
    arguments: [files],
    examples: [Example("gmai-prep recipe check *.json5", "Whether your recipes can be used.")]
  ) { call in
    var code = ExitCode.done
    for file in call[files] {
      do {
        let bytes = try RecipeReader.bytes(of: file)
        let problems = RecipeReader().problems(in: bytes)
        for problem in problems { try call.print("\(file): \(problem)\n") }
        if problems.isEmpty {
          try call.print("\(file): good, SHA-256 \(RecipeReader().read(bytes).sha256.hex)\n")
        } else {
          code = .failed
        }
      } catch let error as ImageError where error.code == .recipe {
        try call.print("\(file): \(error)\n")
        code = .failed
      }
    }
    return code
  }
}
