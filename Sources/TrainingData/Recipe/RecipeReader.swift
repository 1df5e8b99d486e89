import FoundationEssentials
import MedicalImaging

/// Reads recipes, strictly: unknown keys, wrong types and values out of range are mistakes, each
/// named with its place; keys that are left out take their defaults.
public struct RecipeReader: Sendable {
  public init() {}

  /// Reads a recipe.
  /// - Throws: `ImageError` with code `recipe` that names every mistake.
  public func read(_ bytes: [UInt8]) throws(ImageError) -> Recipe {
    let (recipe, problems) = examine(bytes)
    guard problems.isEmpty else { throw ImageError(problems) }
    return recipe
  }

  /// All mistakes of a recipe, in the order of the file.
  public func problems(in bytes: [UInt8]) -> [RecipeProblem] { examine(bytes).problems }

  /// The text of a recipe that comes with the program, by its name, or of a file, by its path.
  /// - Throws: `ImageError` with code `recipe` where there is neither, or the file is no recipe by
  ///   its size.
  public static func bytes(of nameOrPath: String) throws(ImageError) -> [UInt8] {
    if let known = BuiltInRecipe.all.first(where: { $0.name == nameOrPath }) { return known.bytes }
    let names = BuiltInRecipe.all.map(\.name)
    guard let data = FileManager.default.contents(atPath: nameOrPath) else {
      let guess =
        Spelling.nearest(to: nameOrPath, among: names).map { "Did you mean \($0)? " } ?? ""
      throw ImageError(
        .recipe, "The recipe cannot be read: no file of that name is there, or not for you.",
        remedy: "\(guess)Name a file, or one of \(names.joined(separator: ", ")).")
    }
    guard data.count <= 1 << 20 else {
      throw ImageError(
        .recipe, "The recipe is larger than a mebibyte.", remedy: "Name the file of a recipe.")
    }
    return Array(data)
  }

  private func examine(_ bytes: [UInt8]) -> (recipe: Recipe, problems: [RecipeProblem]) {
    var recipe = Recipe()
    let root: JSON5Node
    do {
      root = try JSON5Parser.parse(bytes)
    } catch {
      return (
        recipe, [RecipeProblem(keyPath: "", position: error.position, sentence: error.sentence)]
      )
    }
    guard case .object(let members) = root.content else {
      let sentence = "A recipe is an object: { ... }."
      return (recipe, [RecipeProblem(keyPath: "", position: root.position, sentence: sentence)])
    }
    var problems: [RecipeProblem] = []
    var places: [String: TextPosition] = [:]
    read(members, below: "", into: &recipe, &problems, &places)
    if problems.isEmpty, let conflict = RecipeKey.conflict(in: recipe) {
      problems.append(
        RecipeProblem(
          keyPath: conflict.path, position: places[conflict.path] ?? root.position,
          sentence: conflict.sentence))
    }
    return (recipe, problems)
  }

  private func read(
    _ members: [JSON5Node.Member], below prefix: String, into recipe: inout Recipe,
    _ problems: inout [RecipeProblem], _ places: inout [String: TextPosition]
  ) {
    for member in members {
      let path = prefix + member.key
      let inner = path + "."
      func refuse(_ position: TextPosition, _ sentence: String) {
        problems.append(RecipeProblem(keyPath: path, position: position, sentence: sentence))
      }
      // A point parts the names of a path; a key that holds one is none of ours.
      let isName = !member.key.contains(".")
      if isName, let key = RecipeKey.all.first(where: { $0.path == path }) {
        let value = member.node.value
        places[path] = member.node.position
        guard case .refused(let because) = key.read(value, &recipe) else { continue }
        refuse(
          member.node.position,
          "is \(Self.shown(value))\(because.map { " (\($0))" } ?? ""). Allowed: \(key.allowed).")
      } else if isName, RecipeKey.all.contains(where: { $0.path.hasPrefix(inner) }) {
        guard case .object(let members) = member.node.content else {
          refuse(member.node.position, "is \(Self.shown(member.node.value)). Allowed: an object.")
          continue
        }
        read(members, below: inner, into: &recipe, &problems, &places)
      } else {
        refuse(member.keyPosition, "is no key of a recipe.\(guess(member.key, below: prefix))")
      }
    }
  }

  /// The nearest key at the same place, else the same key at another place.
  private func guess(_ name: String, below prefix: String) -> String {
    let here = RecipeKey.all.filter { $0.path.hasPrefix(prefix) }
      .map { String($0.path.dropFirst(prefix.count).prefix { $0 != "." }) }
    if let near = Spelling.nearest(to: name, among: here) { return " Did you mean \(near)?" }
    let elsewhere = RecipeKey.all.map(\.path).first {
      $0.split(separator: ".").last.map(String.init) == name
    }
    return elsewhere.map { " Did you mean \($0)?" } ?? ""
  }

  /// A value as a message shows it.
  static func shown(_ value: JSONValue) -> String {
    switch value {
    case .string(let text): JSON5Parser.shown(text)
    case .object where value.compact.count > 60: "a long object"
    case .array where value.compact.count > 60: "a long list"
    default: value.compact
    }
  }
}
