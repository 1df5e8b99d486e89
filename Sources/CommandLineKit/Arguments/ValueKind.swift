/// What a shell offers while a value is typed.
public enum Completion: Sendable, Hashable {
  case nothing, files, folders
  case words([String])
}

/// How the text of one argument becomes a value: what is accepted, in words and by rule.
///
/// A command that needs a kind of its own (a window, a size) makes one with ``init(_:completion:read:)``.
public struct ValueKind<Value: Sendable>: Sendable {
  /// What is accepted, to follow "takes": "a whole number from 1 to 64".
  public let accepts: String
  /// What a shell may offer for it.
  public let completion: Completion
  /// The value that a text stands for, nil where it stands for none.
  let read: @Sendable (String) -> Value?

  public init(
    _ accepts: String, completion: Completion = .nothing,
    read: @escaping @Sendable (String) -> Value?
  ) {
    self.accepts = accepts
    self.completion = completion
    self.read = read
  }
}

extension ValueKind where Value == String {
  /// Any text but an empty one.
  public static var text: Self { Self("a text") { $0.isEmpty ? nil : $0 } }
  /// The path of a file or a folder; `-` is left to the command.
  public static var file: Self { Self("a path", completion: .files) { $0.isEmpty ? nil : $0 } }
  /// The path of a folder.
  public static var folder: Self {
    Self("the path of a folder", completion: .folders) { $0.isEmpty ? nil : $0 }
  }
}

extension ValueKind where Value == Int {
  /// A whole number.
  public static func integer(in range: ClosedRange<Int>) -> Self {
    let words =
      range.upperBound == .max
      ? "a whole number from \(range.lowerBound)"
      : "a whole number from \(range.lowerBound) to \(range.upperBound)"
    return Self(words) { Int($0).flatMap { range.contains($0) ? $0 : nil } }
  }
}

extension ValueKind where Value == Double {
  /// A finite number.
  public static func number(in range: ClosedRange<Double>) -> Self {
    Self("a number from \(range.lowerBound) to \(range.upperBound)") { text in
      // Double(_:) also reads "nan", "inf" and hexadecimal, which nobody means here.
      guard text.utf8.allSatisfy({ "+-.0123456789eE".utf8.contains($0) }) else { return nil }
      return Double(text).flatMap { range.contains($0) ? $0 : nil }
    }
  }
}

extension ValueKind {
  /// One word of an enumeration.
  public static func choice() -> Self
  where Value: RawRepresentable & CaseIterable, Value.RawValue == String {
    let words = Value.allCases.map(\.rawValue)
    return Self("one of \(words.joined(separator: ", "))", completion: .words(words)) {
      Value(rawValue: $0)
    }
  }

  /// Words of an enumeration with commas between them, each once at most.
  public static func list<Word>() -> Self
  where Value == [Word], Word: RawRepresentable & CaseIterable, Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return Self(
      "one or more of \(words.joined(separator: ", ")), with commas between them",
      completion: .words(words)
    ) { text in
      let parts = text.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
      let values = parts.compactMap(Word.init(rawValue:))
      return values.count == parts.count && Set(parts).count == parts.count ? values : nil
    }
  }
}
