/// What went wrong with one source, in words its user knows.
///
/// The sentence never holds a header value, a path or a file name: those may name a person. The
/// command line adds the path that its user typed; data sets carry a token in its place.
public struct ImageError: Error, Codable, Equatable, Sendable {
  /// Which kind of failure this is; the reason that stands in `rejects.jsonl`.
  public var code: ErrorCode
  /// One sentence that says what is wrong and where.
  public var message: String
  /// One sentence that says what to do about it.
  public var remedy: String
  /// What a library below said, for a developer; never shown alone and never written to a data set.
  public var cause: String?

  /// An error; the remedy is the code's own unless a better one is known.
  public init(_ code: ErrorCode, _ message: String, remedy: String? = nil, cause: String? = nil) {
    self.code = code
    self.message = message
    self.remedy = remedy ?? code.remedy
    self.cause = cause
  }
}

extension ImageError: CustomStringConvertible {
  public var description: String {
    let tail = cause.map { " (\($0))" } ?? ""
    return "\(message)\(tail) \(remedy)"
  }
}
