import Foundation

/// A program that this package builds, as a process of its own.
public final class Program: @unchecked Sendable {
  // Sendable: the process is started in init and asked about afterwards, which Process allows.
  private let process = Process()
  private let scratch: TemporaryFolder

  /// How it ended, and what it wrote.
  public struct End: Sendable {
    /// The exit code; nil where a signal ended it.
    public var code: Int32?
    /// The signal that ended it; nil where it exited.
    public var signal: Int32?
    public var output: String
    public var errors: String
  }

  /// Where SwiftPM puts a program: beside the test bundle.
  public static func path(_ name: String) -> String {
    let bundle = URL(filePath: "/proc/self/exe").resolvingSymlinksInPath()
    let beside = bundle.deletingLastPathComponent().appending(path: name)
    if FileManager.default.isExecutableFile(atPath: beside.path) { return beside.path }
    return Environment.packageRoot.appending(path: ".build/debug/\(name)").path
  }

  /// Starts a program; `wrapper` are words before its own, such as those of `setpriv`.
  public init(
    _ name: String = "gmai-prep", words: [String], in folder: URL? = nil,
    wrapper: [String] = []
  ) throws {
    scratch = try TemporaryFolder()
    for name in ["out", "err"] { try scratch.write([], to: name) }
    let all = wrapper + [Self.path(name)] + words
    process.executableURL = URL(filePath: all[0])
    process.arguments = Array(all.dropFirst())
    if let folder { process.currentDirectoryURL = folder }
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: scratch.url("out"))
    process.standardError = try FileHandle(forWritingTo: scratch.url("err"))
    try process.run()
  }

  public var pid: Int32 { process.processIdentifier }
  public var isRunning: Bool { process.isRunning }

  public func send(_ signal: Int32) { kill(pid, signal) }

  /// Waits for its end.
  public func end() throws -> End {
    process.waitUntilExit()
    let isExit = process.terminationReason == .exit
    return End(
      code: isExit ? process.terminationStatus : nil,
      signal: isExit ? nil : process.terminationStatus,
      output: String(decoding: try scratch.bytes(of: "out"), as: UTF8.self),
      errors: String(decoding: try scratch.bytes(of: "err"), as: UTF8.self))
  }

  /// Runs `gmai-prep` to its end.
  public static func run(_ words: String..., in folder: URL? = nil) throws -> End {
    try Program(words: words, in: folder).end()
  }
}

/// Processes as /proc knows them.
public enum ProcessTable {
  /// Running children of a process, zombies left out.
  public static func children(of parent: Int32) -> [Int32] {
    pids().filter { status($0).map { $0.parent == parent && $0.state != "Z" } ?? false }
  }

  /// True where the process still runs or is stopped; a zombie is gone.
  public static func isAlive(_ pid: Int32) -> Bool { status(pid).map { $0.state != "Z" } ?? false }

  /// Whether all these processes end within some seconds.
  public static func areGone(_ pids: [Int32]) -> Bool {
    for _ in 0..<500 {
      if !pids.contains(where: isAlive) { return true }
      usleep(10_000)
    }
    return false
  }

  private static func pids() -> [Int32] {
    ((try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []).compactMap { Int32($0) }
  }

  private static func status(_ pid: Int32) -> (state: Substring, parent: Int32)? {
    // pid (name) state parent ...: the name may hold anything, so it is cut at the last bracket.
    guard let line = try? String(contentsOfFile: "/proc/\(pid)/stat", encoding: .utf8),
      let end = line.lastIndex(of: ")")
    else { return nil }
    let words = line[line.index(after: end)...].split(separator: " ")
    guard words.count > 1, let parent = Int32(words[1]) else { return nil }
    return (words[0], parent)
  }
}
