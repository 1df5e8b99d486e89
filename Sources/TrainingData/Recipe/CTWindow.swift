/// Which window CT is shown through: `body_part`, the name of a preset, or `40/400`.
public enum CTWindow: Hashable, Sendable {
  /// The preset of the body part in the header.
  case bodyPart
  case preset(String)
  /// Hounsfield units; LINEAR, so the width is at least 1 (PS3.3 C.11.2.1.2.1).
  case window(center: Double, width: Double)

  /// Reads the recipe's word; nil where it is none. The name of a preset is only looked at for its
  /// letters: which presets there are is not known here.
  public init?(_ text: String) {
    if text == "body_part" {
      self = .bodyPart
    } else if !text.isEmpty,
      text.utf8.allSatisfy({ "abcdefghijklmnopqrstuvwxyz_".utf8.contains($0) })
    {
      self = .preset(text)
    } else {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      // Double(_:) also reads "nan", "0x1" and others that are no window.
      guard parts.count == 2, text.utf8.allSatisfy({ "+-.0123456789/".utf8.contains($0) }),
        let center = Double(parts[0]), let width = Double(parts[1]), center.isFinite,
        width.isFinite, width >= 1
      else { return nil }
      self = .window(center: center, width: width)
    }
  }

  /// The recipe's word, one for each window: `40/400`, never `40.0/400`.
  public var text: String {
    switch self {
    case .bodyPart: "body_part"
    case .preset(let name): name
    case .window(let center, let width): "\(Self.short(center))/\(Self.short(width))"
    }
  }

  private static func short(_ number: Double) -> String {
    Int(exactly: number).map(String.init) ?? number.description
  }
}
