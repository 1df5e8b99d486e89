import CommandLineKit
import GMAIPrep

/// The options that `convert`, `plan`, `work` and `merge` have in common.
enum ConversionOptions {
  static let sources = Argument(
    repeating: "SOURCE", .file,
    "A folder, a file, a DICOMDIR, a .zip or .tar(.gz), or - for a list of paths on standard input."
  )
  static let out = Option(
    required: "out", "DIR", .folder, "The data set's folder; the same folder again resumes.")
  static let recipe = Option(
    "recipe", "FILE", .file, default: "pacs",
    "What is made of the sources: a file, or a name of `gmai-prep recipe list`.")
  static let formats = Option<[ShardFormatName]>(
    "format", "LIST", .list(), default: [.webdataset], shown: "webdataset",
    "What is written: webdataset, llava, or both with a comma between.")
  static let absolute = Option(
    flag: "absolute", "Write full paths into data_list.json, not ones below the data set.")
  static let jobs = Option(
    "jobs", "N", .integer(in: 1...1024), "Worker processes; one a core where it is left out.")
  static let memory = Option(
    "memory", "GIB", .number(in: 0.25...65536),
    "Memory of all workers together, in GiB; half of this machine's if left out.")
  static let timeout = Option(
    "source-timeout", "S", .integer(in: 1...86_400), default: 120,
    "Seconds that a source may take without progress, on top of 1 for every 10 MB.")
  static let saltFile = Option(
    "salt-file", "FILE", .file,
    "What pseudonyms are made with, at least 16 bytes; kept in the private folder if left out.")
  static let privateFolder = Option(
    "private", "DIR", .folder, "Where the key to the pseudonyms is kept; DIR.private if left out.")

  /// What decides on a data set, for the commands that may begin one.
  static let planning: [any CommandOption] = [
    out, recipe, formats, absolute, saltFile, privateFolder,
  ]
  /// What decides on how this machine is used.
  static let running: [any CommandOption] = [jobs, memory, timeout]

  /// The sources as paths; `-` is read from standard input, a path a line.
  static func paths(_ named: [String]) -> [String] {
    named.flatMap { source -> [String] in
      guard source == "-" else { return [source] }
      var paths: [String] = []
      while let line = readLine() { if !line.isEmpty { paths.append(line) } }
      return paths
    }
  }

  static func options(_ call: Invocation, isPlanning: Bool, isRunning: Bool) throws
    -> Conversion.Options
  {
    var options = Conversion.Options(output: call[out])
    options.privateFolder = call[privateFolder]
    if isPlanning {
      options.recipe = try RecipeReader().read(
        RecipeReader.bytes(of: call[recipe]))
      options.formats = call[formats]
      options.absolutePaths = call[absolute]
      options.salt = try call[saltFile].map(salt)
    }
    if isRunning { options.workers = workers(call) }
    return options
  }

  /// What `running` says.
  static func workers(_ call: Invocation) -> WorkerOptions {
    var workers = WorkerOptions()
    if let jobs = call[jobs] { workers.jobs = jobs }
    workers.memory = call[memory].map { Int($0 * 1_073_741_824) }
    workers.sourceTimeout = call[timeout]
    return workers
  }

  private static func salt(_ path: String) throws -> [UInt8] {
    guard let bytes = try? SourceBytes(path: path), bytes.count >= 16 else {
      throw UsageError.refused(
        "The file of --salt-file cannot be read, or holds less than 16 bytes.")
    }
    return bytes.head(4096)
  }

  /// This program, as the worker that it starts beside itself.
  static let worker = WorkerCommand(executable: "/proc/self/exe", arguments: ["worker"])
}
