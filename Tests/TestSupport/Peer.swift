import Foundation

/// Another program's answer to the same question: a script of Tests/Peers, run by the Python that
/// has the packages of its requirements.txt.
public enum Peer {
  /// GMAI_PREP_PYTHON, else the environment that `Tests/run` made last; nil where neither runs.
  static let python: URL? = {
    let candidate =
      Environment.value("GMAI_PREP_PYTHON").map { URL(filePath: $0) }
      ?? Environment.packageRoot.appending(path: ".build/peers/current/bin/python")
    return FileManager.default.isExecutableFile(atPath: candidate.path) ? candidate : nil
  }()

  /// True where a test with a peer is to run: there is one, or its absence is a failure.
  public static var isExpected: Bool { python != nil || Environment.requiresEverything }

  /// Runs `Tests/Peers/<script>` with the folder as working directory and gives back what it wrote
  /// to standard output.
  /// - Throws: `TestSupportError` with the end of its standard error where it did not exit with 0.
  @discardableResult
  public static func run(
    script: String, _ arguments: [String] = [], in folder: TemporaryFolder
  ) throws -> String {
    let file = Environment.packageRoot.appending(path: "Tests/Peers/\(script)")
    return try run(what: script, [file.path] + arguments, in: folder.url)
  }

  /// Runs a program of a few lines and gives back what it wrote to standard output, trimmed.
  /// - Throws: `TestSupportError` with the end of its standard error where it did not exit with 0.
  @discardableResult
  public static func run(_ program: String, _ arguments: String...) throws -> String {
    try run(program, words: arguments)
  }

  /// As `run`, its arguments in one list.
  @discardableResult
  public static func run(_ program: String, words: [String]) throws -> String {
    let folder = FileManager.default.temporaryDirectory
    return try run(what: "a Python program", ["-c", program] + words, in: folder)
      .trimmingCharacters(in: .whitespacesAndNewlines)
  }

  private static func run(what: String, _ arguments: [String], in folder: URL) throws -> String {
    guard let python else {
      throw TestSupportError("No Python for \(what): run Tests/run, or set GMAI_PREP_PYTHON.")
    }
    // Files rather than pipes: nobody has to empty them while the program runs.
    let scratch = try TemporaryFolder()
    for name in ["out", "err"] { try scratch.write([], to: name) }
    let process = Process()
    process.executableURL = python
    process.arguments = arguments
    process.currentDirectoryURL = folder
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: scratch.url("out"))
    process.standardError = try FileHandle(forWritingTo: scratch.url("err"))
    try process.run()
    process.waitUntilExit()

    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let said = try String(decoding: scratch.bytes(of: "err"), as: UTF8.self).suffix(2000)
      throw TestSupportError(
        "\(what) ended with \(process.terminationStatus) under \(python.path):\n\(said)")
    }
    return try String(decoding: scratch.bytes(of: "out"), as: UTF8.self)
  }
}
