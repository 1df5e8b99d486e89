/// One key of a recipe: where it stands, what it is for, what it allows, how it is read and written.
struct RecipeKey: Sendable {
  /// `tiles.size`
  let path: String
  /// One line for `recipe show`.
  let comment: String
  /// What is allowed, in words: "a whole number from 1 to 64".
  let allowed: String
  /// Puts a value into a recipe, or says that it is not allowed.
  let read: @Sendable (JSONValue, inout Recipe) -> Verdict
  let write: @Sendable (Recipe) -> JSONValue

  enum Verdict {
    case accepted
    /// `because` says more than what was found, as the end of a sentence.
    case refused(because: String? = nil)
  }

  typealias Path<Value> = WritableKeyPath<Recipe, Value> & Sendable
}

/// The kinds of values that keys have.
extension RecipeKey {
  static func integer(
    _ path: String, _ place: Path<Int>, _ range: ClosedRange<Int>, multipleOf step: Int = 1,
    _ comment: String
  ) -> Self {
    let words = step == 1 ? "a whole number" : "a multiple of \(step)"
    return RecipeKey(
      path: path, comment: comment,
      allowed: "\(words) from \(range.lowerBound) to \(range.upperBound)",
      read: { value, recipe in
        guard case .integer(let number) = value, range.contains(number),
          number.isMultiple(of: step)
        else { return .refused() }
        recipe[keyPath: place] = number
        return .accepted
      },
      write: { .integer($0[keyPath: place]) })
  }

  static func flag(_ path: String, _ place: Path<Bool>, _ comment: String) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "true or false",
      read: { value, recipe in
        guard case .bool(let flag) = value else { return .refused() }
        recipe[keyPath: place] = flag
        return .accepted
      },
      write: { .bool($0[keyPath: place]) })
  }

  /// Free text for readers of the data set.
  static func text(_ path: String, _ place: Path<String>, _ comment: String) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "a text of 10000 characters at most",
      read: { value, recipe in
        guard case .string(let text) = value, text.unicodeScalars.count <= 10_000 else {
          return .refused()
        }
        recipe[keyPath: place] = text
        return .accepted
      },
      write: { .string($0[keyPath: place]) })
  }

  /// A word that becomes part of keys and file names.
  static func identifier(_ path: String, _ place: Path<String>, _ comment: String) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "1 to 64 of a-z, 0-9, - and _",
      read: { value, recipe in
        guard case .string(let text) = value, 1...64 ~= text.utf8.count,
          text.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz0123456789-_".utf8.contains($0) })
        else { return .refused() }
        recipe[keyPath: place] = text
        return .accepted
      },
      write: { .string($0[keyPath: place]) })
  }

  static func choice<Word>(_ path: String, _ place: Path<Word>, _ comment: String) -> Self
  where Word: RawRepresentable & CaseIterable & Sendable, Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return RecipeKey(
      path: path, comment: comment,
      allowed: words.count == 1 ? quoted(words) : "one of \(quoted(words))",
      read: { value, recipe in
        guard case .string(let text) = value, let word = Word(rawValue: text) else {
          return .refused(because: guess(value, words))
        }
        recipe[keyPath: place] = word
        return .accepted
      },
      write: { .string($0[keyPath: place].rawValue) })
  }

  /// A word of a table that is no enumeration.
  static func word(
    _ path: String, _ place: Path<String>, _ words: [String], _ comment: String
  ) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "one of \(quoted(words))",
      read: { value, recipe in
        guard case .string(let text) = value, words.contains(text) else {
          return .refused(because: guess(value, words))
        }
        recipe[keyPath: place] = text
        return .accepted
      },
      write: { .string($0[keyPath: place]) })
  }

  /// Words in any order, each once; they are kept in the order of their enumeration.
  static func list<Word>(
    _ path: String, _ place: Path<[Word]>, atLeast least: Int = 0, _ comment: String
  ) -> Self
  where Word: RawRepresentable & CaseIterable & Hashable & Sendable, Word.RawValue == String {
    let words = Word.allCases.map(\.rawValue)
    return RecipeKey(
      path: path, comment: comment,
      allowed: "a list of \(least > 0 ? "at least \(least) of " : "")\(quoted(words)), each once",
      read: { value, recipe in
        guard case .array(let elements) = value else { return .refused() }
        var found: Set<Word> = []
        for element in elements {
          guard case .string(let text) = element, let word = Word(rawValue: text) else {
            return .refused(
              because: guess(element, words)
                ?? "\(RecipeReader.shown(element)) is none of them")
          }
          guard found.insert(word).inserted else {
            return .refused(because: "\"\(text)\" stands twice")
          }
        }
        guard found.count >= least else { return .refused() }
        recipe[keyPath: place] = Word.allCases.filter(found.contains)
        return .accepted
      },
      write: { .array($0[keyPath: place].map { .string($0.rawValue) }) })
  }

  static func quoted(_ words: [String]) -> String {
    words.map { "\"\($0)\"" }.joined(separator: ", ")
  }
}
