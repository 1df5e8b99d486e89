import MedicalImaging
import Testing

@testable import TrainingData

@Suite struct ChildProcessTests {
  /// A shell that does what it is told.
  private static func shell(_ script: String) throws -> ChildProcess {
    try ChildProcess(executable: "/bin/sh", arguments: ["-c", script])
  }

  /// All lines until the child closes its output.
  private static func lines(of child: ChildProcess) -> [String] {
    var lines: [String] = []
    while true {
      let (some, isClosed) = child.receive()
      lines += some.map { String(decoding: $0, as: UTF8.self) }
      if isClosed { return lines }
    }
  }

  @Test func `lines go in and come out whole`() throws {
    let child = try Self.shell("read a; read b; printf '%s\\n%s' \"$b\" \"$a\"; printf ' end\\n'")
    #expect(child.send(Array("first".utf8)))
    #expect(child.send(Array("second".utf8)))
    #expect(Self.lines(of: child) == ["second", "first end"])
    #expect(child.wait() == .exit(0))
  }

  @Test func `a child that is gone is told nothing, and nothing happens to its parent`() throws {
    let child = try Self.shell("exec <&-; echo closed; exec sleep 60")
    while child.receive().lines.isEmpty {}
    #expect(!child.send([UInt8](repeating: 65, count: 1 << 20)))
    #expect(child.kill() == .signal(9))
  }

  @Test func `it is told how a child ended`() throws {
    #expect(try Self.shell("exit 7").wait() == .exit(7))
    #expect(try Self.shell("kill -SEGV $$").wait() == .signal(11))
  }

  @Test(arguments: [
    "Fatal error: failed to allocate 16777248 bytes of memory with alignment 8",
    "terminate called after throwing an instance of 'std::bad_alloc'",
  ])
  func `a lack of memory is known by what the runtime says of it`(_ words: String) throws {
    let child = try Self.shell("echo \"\(words)\" >&2; kill -ABRT $$")
    #expect(child.wait() == .outOfMemory)
  }

  @Test func `Swift's backtracer is off in children`() throws {
    #expect(Self.lines(of: try Self.shell("echo $SWIFT_BACKTRACE")) == ["enable=no"])
  }

  @Test func `a program that is not there is an error`() throws {
    let error = #expect(throws: ImageError.self) {
      try ChildProcess(executable: "/nowhere/at/all", arguments: [])
    }
    #expect(error?.message == "A worker process could not be started.")
  }
}
