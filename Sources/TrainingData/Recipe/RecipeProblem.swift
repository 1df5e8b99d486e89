import MedicalImaging

/// One thing that is wrong with a recipe, and where.
public struct RecipeProblem: Error, Hashable, Sendable, CustomStringConvertible {
  /// `tiles.size`; "" where the file as a whole is meant.
  public var keyPath: String
  public var position: TextPosition
  /// What was found and what is allowed.
  public var sentence: String

  public var description: String {
    let place = "line \(position.line), column \(position.column): "
    return place + (keyPath.isEmpty ? sentence : "\(keyPath) \(sentence)")
  }
}

extension ImageError {
  /// All problems of one recipe in one error.
  init(_ problems: [RecipeProblem]) {
    guard let first = problems.first else { preconditionFailure("An error needs a problem.") }
    let sentence =
      problems.count == 1
      ? "The recipe has a mistake at \(first)"
      : "The recipe has \(problems.count) mistakes:"
        + problems.map { "\n  \($0)" }.joined()
    self.init(.recipe, sentence)
  }
}
