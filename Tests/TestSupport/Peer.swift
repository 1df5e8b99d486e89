import Foundation

/// A python with the reference libraries (pydicom, Pillow, nibabel ...), named by the environment
/// variable GMAI_PREP_PYTHON.
public enum Peer {
  /// The interpreter, or nil where none is named.
  public static var python: String? { ProcessInfo.processInfo.environment["GMAI_PREP_PYTHON"] }

  /// True where a test with a peer is to run: there is one, or its absence is a failure.
  public static var isExpected: Bool {
    python != nil || ProcessInfo.processInfo.environment["GMAI_PREP_REQUIRE_CORPUS"] == "1"
  }

  public struct Failure: Error, CustomStringConvertible {
    public var description: String
  }

  /// Runs a program text with arguments, and gives what it printed, trimmed.
  public static func run(_ program: String, _ arguments: String...) throws -> String {
    guard let python else { throw Failure(description: "GMAI_PREP_PYTHON names no python") }
    let process = Process()
    process.executableURL = URL(fileURLWithPath: python)
    process.arguments = ["-c", program] + arguments
    let output = Pipe()
    let errors = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    _ = FileManager.default.createFile(atPath: errors.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: errors) }
    process.standardOutput = output
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else {
      throw Failure(description: try String(contentsOf: errors, encoding: .utf8))
    }
    return text.trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
