import CommandLineKit
import GMAIPrep

/// `gmai-prep inspect`
enum InspectCommand {
  private static let sources = Argument(
    repeating: "SOURCE", .file, ConversionOptions.sources.form.help, orNone: true)
  private static let asJSON = Option(flag: "json", "As one JSON object on standard output.")
  private static let token = Option(
    "source", "TOKEN", .text, "Say which path a \"source\" of DIR/rejects.jsonl stands for.")
  private static let dataSet = Option(
    "out", "DIR", .folder, "A data set: whose tokens are meant, or are to stand in the JSON.")

  static let command = Command(
    "inspect", "Show what is in a PACS export, and what convert would refuse.",
    discussion: """
      Prints every study and series with its volumes and why a series is more than one, how its \
      pixels are stored, which annotations there are of its images, and what would be rejected \
      or left out, with the paths. No name, ID, UID or date of a header is shown. Nothing is \
      written.

      Pixels are not decoded: what only decoding shows to be damaged, convert finds later.

      Ends with 0, with 3 where something would be rejected, with 2 where nothing is a medical \
      picture.
      """,
    arguments: [sources],
    options: [
      asJSON, token, dataSet, ConversionOptions.privateFolder, ConversionOptions.recipe,
    ] + ConversionOptions.running,
    examples: [
      Example("gmai-prep inspect /mnt/export", "What is in there."),
      Example("gmai-prep inspect /mnt/export --json > export.json", "The same for a program."),
      Example(
        "gmai-prep inspect --source 3f2a90b1c4d5e6f7a8b9c0d1e2f3a4b5 --out set",
        "The path of a line of set/rejects.jsonl."),
    ]
  ) { call in
    let workspace = call[dataSet].map {
      Workspace(output: $0, privateFolder: call[ConversionOptions.privateFolder])
    }
    if let token = call[token] {
      guard let workspace, call[sources].isEmpty else {
        throw UsageError.refused("--source goes with --out, and with no SOURCE.")
      }
      return try show(token, of: workspace, call)
    }
    guard !call[sources].isEmpty else {
      throw UsageError.missingArgument("SOURCE", accepts: "a path, or --source with --out")
    }
    return try inspect(workspace, call)
  }

  // MARK: One source

  private static func show(_ token: String, of workspace: Workspace, _ call: Invocation) throws
    -> ExitCode
  {
    let place = try DataSetSources(workspace).place(of: token)
    if call[asJSON] {
      try call.print(String(decoding: place.json(standingFor: token), as: UTF8.self))
    } else {
      try call.print(InspectionText.name(of: place) + "\n")
    }
    return .done
  }

  // MARK: All of them

  private static func inspect(_ workspace: Workspace?, _ call: Invocation) throws -> ExitCode {
    var options = Inspection.Options(
      recipe: try RecipeReader().read(RecipeReader.bytes(of: call[ConversionOptions.recipe])))
    options.dataSet = workspace
    options.workers = ConversionOptions.workers(call)

    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try Inspection(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).inspect(ConversionOptions.paths(call[sources]))
    }
    if call[asJSON] {
      try call.print(String(decoding: report.json, as: UTF8.self))
    } else {
      try call.print(InspectionText(report, width: call.terminal.width).text)
    }
    guard report.images > 0 || !report.rejected.isEmpty else {
      throw ImageError(.nothingToConvert, "Nothing in the sources is a medical picture.")
    }
    return report.rejected.isEmpty ? .done : .incomplete
  }
}
