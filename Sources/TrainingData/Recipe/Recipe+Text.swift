import MedicalImaging

/// A recipe as text: for people, for the hash, for messages between processes.
extension Recipe {
  /// The complete recipe as commented JSON5, every default filled in. It reads back equal.
  public func show() -> String {
    var lines = ["{"]
    var group = ""
    for key in RecipeKey.all {
      let parts = key.path.split(separator: ".").map(String.init)
      let here = parts.dropLast().joined()
      if here != group {
        if !group.isEmpty { lines.append("  },") }
        if let comment = RecipeKey.groups[here] {
          lines += ["", "  // \(comment)", "  \(here): {"]
        }
        group = here
      }
      let margin = here.isEmpty ? "  " : "    "
      let allowed = "Allowed: \(key.allowed)."
      let comment = "\(margin)// \(key.comment) \(allowed)"
      lines +=
        comment.count <= 100
        ? [comment] : Self.comment(key.comment, margin) + Self.comment(allowed, margin)
      lines.append("\(margin)\(parts.last ?? ""): \(Self.spaced(key.write(self))),")
    }
    if !group.isEmpty { lines.append("  },") }
    return (lines + ["}", ""]).joined(separator: "\n")
  }

  /// The complete recipe as a tree, keys in the order of the table.
  public var json: JSONValue {
    var members: [JSONValue.Member] = []
    for key in RecipeKey.all {
      let parts = key.path.split(separator: ".").map(String.init)
      let leaf = JSONValue.Member(parts.last ?? "", key.write(self))
      guard parts.count == 2 else {
        members.append(leaf)
        continue
      }
      if case .object(let inner) = members.last?.value, members.last?.key == parts[0] {
        members[members.count - 1].value = .object(inner + [leaf])
      } else {
        members.append(.init(parts[0], .object([leaf])))
      }
    }
    return .object(members)
  }

  /// The complete recipe as one line of JSON: equal recipes give equal texts, however their files
  /// were laid out.
  public var canonicalJSON: String { json.compact }

  /// SHA-256 of the canonical JSON's UTF-8.
  public var sha256: Digest { SHA256.hash(canonicalJSON) }

  /// A comment in lines of 100 columns at most.
  private static func comment(_ text: String, _ margin: String) -> [String] {
    var lines = [margin + "//"]
    for word in text.split(separator: " ") {
      if lines[lines.count - 1].count + 1 + word.count > 100 { lines.append(margin + "//") }
      lines[lines.count - 1] += " " + word
    }
    return lines
  }

  /// One line with a blank behind each comma and colon.
  static func spaced(_ value: JSONValue) -> String {
    switch value {
    case .array(let elements): "[\(elements.map(spaced).joined(separator: ", "))]"
    case .object(let members) where !members.isEmpty:
      "{ \(members.map { "\($0.key): \(spaced($0.value))" }.joined(separator: ", ")) }"
    default: value.compact
    }
  }
}

/// Coded as its canonical JSON in one text, so that what is decoded was checked like a file.
extension Recipe: Codable {
  public init(from decoder: any Decoder) throws {
    let text = try decoder.singleValueContainer().decode(String.self)
    self = try RecipeReader().read(Array(text.utf8))
  }

  public func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    try container.encode(canonicalJSON)
  }
}
