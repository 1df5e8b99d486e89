import MedicalImaging

/// Kinds of values that only one or two keys have.
extension RecipeKey {
  static func percentiles(_ path: String, _ place: Path<Recipe.Percentiles>, _ comment: String)
    -> Self
  {
    RecipeKey(
      path: path, comment: comment, allowed: "[low, high] with 0 <= low < high <= 100",
      read: { value, recipe in
        guard case .array(let elements) = value, elements.count == 2,
          let low = elements[0].asDouble, let high = elements[1].asDouble,
          0 <= low, low < high, high <= 100
        else { return .refused() }
        recipe[keyPath: place] = .init(low: low, high: high)
        return .accepted
      },
      write: { [place] in
        .array([.number($0[keyPath: place].low), .number($0[keyPath: place].high)])
      })
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

  static func window(_ path: String, _ place: Path<CTWindow>, presets: [String]?, _ comment: String)
    -> Self
  {
    RecipeKey(
      path: path, comment: comment,
      allowed: "\"body_part\", "
        + (presets.map { $0.map { "\"\($0)\"" }.joined(separator: ", ") } ?? "a preset's name")
        + ", or \"center/width\" as \"40/400\" with a width from 1",
      read: { value, recipe in
        guard case .string(let text) = value, let window = CTWindow(text) else {
          return .refused()
        }
        if case .preset(let name) = window, let presets, !presets.contains(name) {
          return .refused(because: guess(value, presets + ["body_part"]))
        }
        recipe[keyPath: place] = window
        return .accepted
      },
      write: { .string($0[keyPath: place].text) })
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
