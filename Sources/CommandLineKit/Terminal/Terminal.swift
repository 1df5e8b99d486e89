import FoundationEssentials
import Glibc
import MedicalImaging

/// Where a command writes and how wide it may write.
public struct Terminal: Sendable {
  /// Columns for results and help: 80 where standard output is no terminal.
  public let width: Int
  /// Standard error.
  public let errors: ErrorStream
  private let output: @Sendable (String) throws(ImageError) -> Void

  public init(
    width: Int, errors: ErrorStream, output: @escaping @Sendable (String) throws(ImageError) -> Void
  ) {
    self.width = width
    self.errors = errors
    self.output = output
  }

  /// Writes to standard output, as it is; throws where not everything could be written.
  public func write(_ text: String) throws(ImageError) { try output(text) }

  /// The terminal of this process: as wide as COLUMNS says, else as the terminal says, else 80.
  public static func standard() -> Terminal {
    let columns = ProcessInfo.processInfo.environment["COLUMNS"].flatMap { Int($0) }
    func width(_ file: Int32) -> Int { max(columns ?? windowWidth(file) ?? 80, 20) }
    return Terminal(
      width: width(STDOUT_FILENO),
      errors: ErrorStream(isTerminal: isatty(STDERR_FILENO) == 1, width: width(STDERR_FILENO)) {
        // Where standard error is closed there is no place left to say so.
        _ = Self.write($0, to: STDERR_FILENO)
      }
    ) { text throws(ImageError) in
      guard Self.write(text, to: STDOUT_FILENO) else {
        throw ImageError(
          .outputFull, "Standard output took only a part of the result.",
          remedy: "Make room on its disk, or send it elsewhere, and run the command again.")
      }
    }
  }

  private static func windowWidth(_ file: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(file, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return nil }
    return Int(size.ws_col)
  }

  /// Writes everything, unbuffered: a result must not be lost where the process ends at once.
  private static func write(_ text: String, to file: Int32) -> Bool {
    var rest = Array(text.utf8)[...]
    while !rest.isEmpty {
      let count = unsafe rest.withUnsafeBytes { bytes in
        unsafe Glibc.write(file, bytes.baseAddress, bytes.count)
      }
      guard count >= 0 || errno == EINTR else { return false }
      rest = rest.dropFirst(max(count, 0))
    }
    return true
  }
}
