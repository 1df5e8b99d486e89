import MedicalImaging
import Preprocessing

/// Kinds of values that only one or two keys have.
extension RecipeKey {
  static func percentiles(_ path: String, _ place: Path<PercentilePair>, _ comment: String)
    -> Self
  {
    RecipeKey(
      path: path, comment: comment, allowed: "[low, high] with 0 <= low < high <= 100",
      read: { value, recipe in
        guard case .array(let elements) = value, elements.count == 2,
          let low = elements[0].asDouble, let high = elements[1].asDouble,
          let pair = try? PercentilePair(low: low, high: high)
        else { return .refused() }
        recipe[keyPath: place] = pair
        return .accepted
      },
      write: { [place] in
        .array([.number($0[keyPath: place].low), .number($0[keyPath: place].high)])
      })
  }

  /// The values that become black and white.
  static func range(_ path: String, _ place: Path<ClosedRange<Double>>, _ comment: String) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "[low, high] with -1000 <= low < high <= 1000",
      read: { value, recipe in
        guard case .array(let elements) = value, elements.count == 2,
          let low = elements[0].asDouble, let high = elements[1].asDouble,
          -1000 <= low, low < high, high <= 1000
        else { return .refused() }
        recipe[keyPath: place] = low...high
        return .accepted
      },
      write: { [place] in
        .array([
          .number($0[keyPath: place].lowerBound), .number($0[keyPath: place].upperBound),
        ])
      })
  }

  /// Percentiles and their places on a scale of 0 to 100, or none.
  static func landmarks(
    _ path: String, _ place: Path<HistogramLandmarks?>, _ comment: String
  ) -> Self {
    RecipeKey(
      path: path, comment: comment,
      allowed: "[], or a list of at least two [percentile, value], both rising within 0 to 100",
      read: { value, recipe in
        guard case .array(let elements) = value else { return .refused() }
        guard !elements.isEmpty else {
          recipe[keyPath: place] = nil
          return .accepted
        }
        let pairs = elements.compactMap { element -> HistogramLandmarks.Landmark? in
          guard case .array(let pair) = element, pair.count == 2, let percentile = pair[0].asDouble,
            let standard = pair[1].asDouble
          else { return nil }
          return .init(percentile: percentile, standard: standard)
        }
        guard pairs.count == elements.count, let landmarks = try? HistogramLandmarks(pairs) else {
          return .refused()
        }
        recipe[keyPath: place] = landmarks
        return .accepted
      },
      write: { [place] in
        .array(
          ($0[keyPath: place]?.landmarks ?? []).map {
            .array([.number($0.percentile), .number($0.standard)])
          })
      })
  }

  /// A number, whole or not; `words` are the bounds of `range` as a recipe writes them.
  static func number(
    _ path: String, _ place: Path<Double>, _ range: ClosedRange<Double>, _ words: String,
    _ comment: String
  ) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "a number from \(words)",
      read: { value, recipe in
        guard let number = value.asDouble, range.contains(number) else { return .refused() }
        recipe[keyPath: place] = number
        return .accepted
      },
      write: { [place] in .number($0[keyPath: place]) })
  }

  /// A part of 1.
  static func share(_ path: String, _ place: Path<Double>, _ comment: String) -> Self {
    number(path, place, 0...1, "0 to 1", comment)
  }

  /// A value of some kind, or none.
  private static func optional<Value>(
    _ path: String, _ place: Path<Value?>, _ allowed: String, _ comment: String,
    read: @escaping @Sendable (JSONValue) -> Value?,
    write: @escaping @Sendable (Value) -> JSONValue
  ) -> Self {
    RecipeKey(
      path: path, comment: comment, allowed: "null, or " + allowed,
      read: { value, recipe in
        if case .null = value {
          recipe[keyPath: place] = nil
          return .accepted
        }
        guard let found = read(value) else { return .refused() }
        recipe[keyPath: place] = found
        return .accepted
      },
      write: { [place] in $0[keyPath: place].map(write) ?? .null })
  }

  /// Names and what they stand for; they are replaced as a whole, not one by one.
  static func names(
    _ path: String, _ place: Path<[Recipe.Labels.Name]>, _ comment: String
  ) -> Self {
    RecipeKey(
      path: path, comment: comment,
      allowed: "names, each with a text of 1 to 64 characters that it stands for",
      read: { value, recipe in
        guard case .object(let members) = value else { return .refused() }
        var names: [Recipe.Labels.Name] = []
        for member in members {
          guard case .string(let name) = member.value, (1...64).contains(name.unicodeScalars.count),
            (1...64).contains(member.key.unicodeScalars.count)
          else {
            return .refused(
              because: "\(RecipeReader.shown(member.value)) is no name for "
                + RecipeReader.shown(.string(member.key)))
          }
          names.append(.init(member.key, name))
        }
        recipe[keyPath: place] = names
        return .accepted
      },
      write: { [place] in
        .object($0[keyPath: place].map { .init($0.source, .string($0.name)) })
      })
  }

  /// The size of a pixel, in micrometres or millimetres, or none.
  static func size(_ path: String, _ place: Path<Double?>, _ comment: String) -> Self {
    length(path, place, 0.02...20, "0.02 to 20", comment)
  }

  /// A length, or none; `words` are the bounds of `range` as a recipe writes them.
  static func length(
    _ path: String, _ place: Path<Double?>, _ range: ClosedRange<Double>, _ words: String,
    _ comment: String
  ) -> Self {
    optional(
      path, place, "a number from \(words)", comment,
      read: { value in value.asDouble.flatMap { range.contains($0) ? $0 : nil } },
      write: { .number($0) })
  }

  /// Pairs of height and width, or none; what else they must be is the policy's to say.
  static func pinpoints(_ path: String, _ place: Path<[[Int]]?>, _ comment: String) -> Self {
    optional(
      path, place, "a list of [height, width] in pixels", comment,
      read: { value in
        guard case .array(let elements) = value else { return nil }
        let pairs = elements.compactMap { element -> [Int]? in
          guard case .array(let pair) = element, pair.count == 2,
            case .integer(let height) = pair[0],
            case .integer(let width) = pair[1], (1...100_000).contains(height),
            (1...100_000).contains(width)
          else { return nil }
          return [height, width]
        }
        return pairs.count == elements.count && !pairs.isEmpty ? pairs : nil
      },
      write: { pairs in .array(pairs.map { .array($0.map { .integer($0) }) }) })
  }

  /// A name that headers use (SH, PS3.5 6.2), or none.
  static func name(_ path: String, _ place: Path<String?>, _ comment: String) -> Self {
    optional(
      path, place, "a text of 1 to 16 characters", comment,
      read: { value in
        guard case .string(let text) = value, (1...16).contains(text.unicodeScalars.count) else {
          return nil
        }
        return text
      }, write: { .string($0) })
  }

  /// A place among several, or none.
  static func place(
    _ path: String, _ place: Path<Int?>, _ range: ClosedRange<Int>, multipleOf step: Int = 1,
    _ comment: String
  ) -> Self {
    optional(
      path, place,
      (step == 1 ? "a whole number" : "a multiple of \(step)")
        + " from \(range.lowerBound) to \(range.upperBound)", comment,
      read: { value in
        guard case .integer(let number) = value, range.contains(number),
          number.isMultiple(of: step)
        else { return nil }
        return number
      }, write: { .integer($0) })
  }

  /// Names and their shares; they are replaced as a whole, not one by one.
  static func splits(_ path: String, _ place: Path<[Recipe.Split]>, _ comment: String) -> Self {
    RecipeKey(
      path: path, comment: comment,
      allowed: "names of a-z, each with a share above 0, which add up to 1",
      read: { value, recipe in
        guard case .object(let members) = value, !members.isEmpty else { return .refused() }
        var splits: [Recipe.Split] = []
        for member in members {
          guard (1...64).contains(member.key.utf8.count),
            member.key.utf8.allSatisfy({ (UInt8(ascii: "a")...UInt8(ascii: "z")).contains($0) })
          else { return .refused(because: "\(RecipeReader.shown(.string(member.key))) is no name") }
          guard let share = member.value.asDouble, share > 0, share <= 1 else {
            return .refused(
              because: "\(RecipeReader.shown(member.value)) is no share for \(member.key)")
          }
          splits.append(.init(member.key, share))
        }
        let sum = splits.reduce(0) { $0 + $1.share }
        guard abs(sum - 1) <= 1e-9 else {
          return .refused(because: "the shares add up to \(sum)")
        }
        recipe[keyPath: place] = splits
        return .accepted
      },
      write: { .object($0[keyPath: place].map { .init($0.name, .number($0.share)) }) })
  }

  static func window(_ path: String, _ place: Path<DisplayParameters.CT>, _ comment: String)
    -> Self
  {
    let words = DisplayParameters.CT.words
    return RecipeKey(
      path: path, comment: comment,
      allowed: quoted(words) + ", or \"center/width\" as \"40/400\" with a width from 1",
      read: { value, recipe in
        guard case .string(let text) = value, let ct = DisplayParameters.CT(text) else {
          return .refused(because: guess(value, words))
        }
        recipe[keyPath: place] = ct
        return .accepted
      },
      write: { .string($0[keyPath: place].description) })
  }

  /// "did you mean" as the end of a sentence.
  static func guess(_ value: JSONValue, _ words: [String]) -> String? {
    guard case .string(let text) = value else { return nil }
    return Spelling.nearest(to: text, among: words).map { "did you mean \"\($0)\"?" }
  }
}

extension JSONValue {
  /// A number, whole or not.
  fileprivate var asDouble: Double? {
    switch self {
    case .integer(let number): Double(number)
    case .number(let number): number
    default: nil
    }
  }
}
