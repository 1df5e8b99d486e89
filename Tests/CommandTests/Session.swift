import CommandLineKit
import Synchronization

@testable import gmai_prep

/// One call of the program, in this process: its words, and what came of them.
final class Session: Sendable {
  private let written = Mutex((output: "", errors: ""))
  let code: ExitCode

  var output: String { written.withLock { $0.output } }
  var errors: String { written.withLock { $0.errors } }

  convenience init(_ words: String...) { self.init(words) }

  init(_ words: [String]) {
    let captured = Captured()
    let stream = ErrorStream(isTerminal: false, width: 80) { captured.add(errors: $0) }
    let terminal = Terminal(width: 80, errors: stream) { captured.add(output: $0) }
    code = GMAIPrepTool.tool.run(words, on: terminal)
    written.withLock { $0 = captured.all }
  }

  private final class Captured: Sendable {
    private let written = Mutex((output: "", errors: ""))
    var all: (output: String, errors: String) { written.withLock { $0 } }
    func add(output text: String) { written.withLock { $0.output += text } }
    func add(errors text: String) { written.withLock { $0.errors += text } }
  }
}
