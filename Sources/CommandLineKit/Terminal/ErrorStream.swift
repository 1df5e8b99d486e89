import Synchronization

/// Standard error: lines that stay, and at most one status line that is drawn over.
///
/// Notes and progress share it, so that a note never lands in the middle of a progress line.
public final class ErrorStream: Sendable {
  /// Whether a status line is seen by someone and can be drawn over.
  public let isTerminal: Bool
  /// Columns of the terminal.
  public let width: Int
  private let status = Mutex("")
  private let sink: @Sendable (String) -> Void

  public init(isTerminal: Bool, width: Int, sink: @escaping @Sendable (String) -> Void) {
    self.isTerminal = isTerminal
    self.width = width
    self.sink = sink
  }

  /// Writes a line that stays above the status line.
  public func line(_ text: String) {
    status.withLock { status in
      sink(status.isEmpty ? "\(text)\n" : "\(Self.wipe)\(text)\n\(status)")
    }
  }

  /// Draws the status line; an empty one wipes it. Does nothing where no terminal is.
  public func show(status text: String) {
    guard isTerminal else { return }
    // The last column stays free: many terminals begin a new line once it is filled.
    let text = text.truncated(to: max(width - 1, 0))
    status.withLock { status in
      guard text != status else { return }
      sink(Self.wipe + text)
      status = text
    }
  }

  /// To the first column, and erase to the end of the line (ECMA-48 EL).
  private static let wipe = "\r\u{1B}[K"
}
