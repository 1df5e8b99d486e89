import CommandLineKit
import MedicalImaging
import Testing

@Suite struct LogTests {
  private let written = Captured()

  private func log(_ format: Log.Format, isQuiet: Bool = false) -> Log {
    Log(
      format, isQuiet: isQuiet,
      on: ErrorStream(isTerminal: false, width: 80) { [written] in written.append($0) })
  }

  @Test func `people read a level, a message and what to do`() {
    let log = log(.human)
    log.note("resumed", "12 partitions are done already.")
    log.warning("gap", "A slice is missing.")
    log.error(ImageError(.empty, "The file is empty.", remedy: "Copy it again."))
    #expect(
      written.text == """
        12 partitions are done already.
        warning: A slice is missing.
        error: The file is empty.
          Copy it again.

        """)
  }

  @Test func `programs read one object a line`() {
    let log = log(.json)
    log.warning("gap", "A \"slice\"\nis missing: a/b é.")
    log.error(ImageError(.empty, "Empty.", remedy: "Copy it.", cause: "DOE^JANE"))
    #expect(
      written.text == #"""
        {"code":"gap","level":"warning","message":"A \"slice\"\nis missing: a/b é."}
        {"code":"empty","level":"error","message":"Empty.","remedy":"Copy it."}

        """#)
  }

  @Test func `quiet leaves notes out and nothing else`() {
    let log = log(.human, isQuiet: true)
    log.note("a", "A note.")
    log.warning("b", "A warning.")
    #expect(written.text == "warning: A warning.\n")
  }

  @Test func `exit codes are those that scripts know`() {
    #expect(ExitCode.allCases.map(\.rawValue) == [0, 1, 2, 3, 64])
    #expect(ExitCode(.usage) == .usage)
    #expect(ExitCode(.nothingToConvert) == .nothingToConvert)
    #expect(ExitCode(.recipe) == .failed)
    #expect(ExitCode(.outputFull) == .failed)
  }
}
