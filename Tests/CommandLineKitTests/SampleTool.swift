import CommandLineKit
import MedicalImaging
import Synchronization

/// A small program with one command of every sort; each prints what it was given.
enum SampleTool {
  enum Format: String, CaseIterable, Sendable { case webdataset, llava, internvl }

  static let sources = Argument(repeating: "SOURCE", .file, "A folder, a file or an archive.")
  static let out = Option(required: "out", "DIR", .folder, "Where the data set goes.")
  static let jobs = Option("jobs", "N", .integer(in: 1...64), "Worker processes.")
  static let depth = Option("depth", "BITS", .integer(in: 8...16), default: 8, "Bits a sample.")
  static let share = Option("share", "X", .number(in: 0...1), default: 0.5, "Part to take.")
  static let formats = Option(
    "format", "NAMES", .list(), default: [Format.webdataset], shown: "webdataset", "Formats.")
  static let against = Option(repeating: "against", "DATASET", .folder, "Compare with it.")
  static let window = Option("window", "C/W", .text, "Center and width.")
  static let plain = Option(flag: "no-thumbnail", "No [small] picture: tiles only.")

  static let convert = Command(
    "convert", "Convert sources.",
    discussion: "Running it again on the same folder resumes.\n\nNothing of a person is written.",
    arguments: [sources], options: [out, jobs, depth, share, formats, against, window, plain],
    examples: [Example("tool convert /mnt/export --out set", "Converts an export.")]
  ) { call in
    let facts: [String] = [
      call[sources].joined(separator: ","), call[out], call[jobs].map(String.init) ?? "nil",
      "\(call[depth])", "\(call[share])", call[formats].map(\.rawValue).joined(separator: "+"),
      call[against].joined(separator: ","), call[window] ?? "nil", "\(call[plain])",
    ]
    try call.print(facts.joined(separator: " ") + "\n")
    return .done
  }

  static let name = Argument(optional: "NAME", .file, "A recipe.")
  static let recipe = Command(
    "recipe", "Look at recipes.",
    subcommands: [
      Command("list", "List them.") { _ in .nothingToConvert },
      Command("show", "Show one.", arguments: [name]) { call in
        try call.print("\(call[name] ?? "nil")\n")
        return .incomplete
      },
    ])

  struct Odd: Error { var secret = "DOE^JANE" }

  static let fail = Command("fail", "Fail.", arguments: [Argument("HOW", .text, "The error.")]) {
    call in
    switch call[Argument("HOW", .text, "")] {
    case "image": throw ImageError(.truncated, "The file ends early.", cause: "DOE^JANE")
    case "usage": throw UsageError.refused("--a and --b exclude each other. Give one.")
    default: throw Odd()
    }
  }

  static let tool = CommandLineTool(
    name: "tool", version: "1.2.3", abstract: "Turns imaging into training data.",
    commands: [convert, recipe, fail, Command("worker", "Work.", isHidden: true) { _ in .done }])

  /// What a command line gave.
  struct Result {
    var code: ExitCode
    var output: String
    var errors: String
  }

  static func run(_ words: String..., width: Int = 80) -> Result {
    let output = Captured()
    let errors = Captured()
    let stream = ErrorStream(isTerminal: false, width: width) { errors.append($0) }
    let terminal = Terminal(width: width, errors: stream) { output.append($0) }
    let code = tool.run(words, on: terminal)
    return Result(code: code, output: output.text, errors: errors.text)
  }
}

/// Text that was written somewhere.
final class Captured: Sendable {
  private let pieces = Mutex<[String]>([])

  var text: String { pieces.withLock { $0.joined() } }
  var all: [String] { pieces.withLock { $0 } }
  func append(_ text: String) { pieces.withLock { $0.append(text) } }
}
