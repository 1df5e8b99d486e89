extension Character {
  /// Columns of a terminal that the character fills: 2 for East Asian wide and full-width ones
  /// (UAX #11) and for emoji, 0 for marks that combine with what is before, 1 otherwise.
  var displayWidth: Int {
    let scalars = unicodeScalars
    guard let first = scalars.first else { return 0 }
    // Variation selector 16 asks for the picture of a character that has both forms.
    if scalars.contains("\u{FE0F}") { return 2 }
    switch first.properties.generalCategory {
    case .control, .format, .nonspacingMark, .enclosingMark: return 0
    default: break
    }
    if first.properties.isEmojiPresentation { return 2 }
    return Self.isWide(first.value) ? 2 : 1
  }

  /// Whether a code point lies in a block of East Asian wide or full-width characters.
  private static func isWide(_ point: UInt32) -> Bool {
    guard point >= 0x1100 else { return false }
    var low = 0
    var high = wide.count
    while low < high {
      let middle = (low + high) / 2
      if wide[middle].upperBound < point { low = middle + 1 } else { high = middle }
    }
    return low < wide.count && wide[low].contains(point)
  }

  /// EastAsianWidth.txt, W and F, without the emoji, which the standard library knows.
  private static let wide: [ClosedRange<UInt32>] = [
    0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x3247, 0x3250...0x4DBF,
    0x4E00...0xA4C6, 0xA960...0xA97C, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE10...0xFE19,
    0xFE30...0xFE6B, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x16FF1, 0x17000...0x18D08,
    0x1AFF0...0x1B2FB, 0x1F200...0x1F265, 0x20000...0x3FFFD,
  ]
}

extension String {
  /// Columns of a terminal that the text fills on one line.
  var displayWidth: Int {
    // Nearly every text is ASCII.
    utf8.allSatisfy { $0 >= 0x20 && $0 < 0x7F } ? utf8.count : reduce(0) { $0 + $1.displayWidth }
  }

  /// The text cut to `width` columns, its last one an ellipsis where something was cut.
  func truncated(to width: Int) -> String {
    guard displayWidth > width else { return self }
    var kept = ""
    var used = 0
    for character in self {
      guard used + character.displayWidth <= width - 1 else { break }
      kept.append(character)
      used += character.displayWidth
    }
    return width > 0 ? kept + "…" : ""
  }

  /// The text without anything that would move a terminal's cursor or change its colours: what
  /// comes from a file's header may try.
  package var withoutControls: String {
    guard !unicodeScalars.allSatisfy({ $0.properties.generalCategory != .control }) else {
      return self
    }
    return String(
      String.UnicodeScalarView(
        unicodeScalars.map { $0.properties.generalCategory == .control ? "\u{FFFD}" : $0 }))
  }
}
