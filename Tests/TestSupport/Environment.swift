import Foundation

/// What the machine offers to tests: where the package, the corpus and the peers are.
enum Environment {
  /// The package's own folder, found from where this file was compiled.
  static let packageRoot = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// True where a missing corpus or peer is a failure rather than a reason to skip.
  static let requiresEverything = value("GMAI_PREP_REQUIRE_CORPUS") == "1"

  static func value(_ name: String) -> String? {
    ProcessInfo.processInfo.environment[name].flatMap { $0.isEmpty ? nil : $0 }
  }
}

/// Why a test cannot run here, in a sentence.
public struct TestSupportError: Error, CustomStringConvertible {
  public var description: String

  public init(_ description: String) { self.description = description }
}
