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

  /// Runs `Tests/Peers/<script>` with the folder as working directory and gives back what it wrote
  /// to standard output.
  /// - Throws: `TestSupportError` with the end of its standard error where it did not exit with 0.
  @discardableResult
  public static func run(
    _ script: String, _ arguments: [String] = [], in folder: TemporaryFolder
  ) throws -> String {
    guard let python else {
      throw TestSupportError("No Python for \(script): run Tests/run, or set GMAI_PREP_PYTHON.")
    }
    let file = Environment.packageRoot.appending(path: "Tests/Peers/\(script)")
    // Files rather than pipes: nobody has to empty them while the script runs.
    let output = folder.url.appending(path: "peer-\(UUID().uuidString).out")
    let errors = output.deletingPathExtension().appendingPathExtension("err")
    for url in [output, errors] { try Data().write(to: url) }

    let process = Process()
    process.executableURL = python
    process.arguments = [file.path] + arguments
    process.currentDirectoryURL = folder.url
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    process.waitUntilExit()

    guard process.terminationReason == .exit, process.terminationStatus == 0 else {
      let said = try String(decoding: Data(contentsOf: errors), as: UTF8.self).suffix(2000)
      throw TestSupportError(
        "\(script) ended with \(process.terminationStatus) under \(python.path):\n\(said)")
    }
    return try String(decoding: Data(contentsOf: output), as: UTF8.self)
  }
}
