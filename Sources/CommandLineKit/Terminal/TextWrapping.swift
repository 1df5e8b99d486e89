extension String {
  /// The text's lines, broken between words so that none is wider than `width` columns of a
  /// terminal; lines after the first begin with `hanging` spaces. Its own line ends stay.
  ///
  /// A word wider than that has a line of its own and is not cut: an address or a path must stay
  /// whole.
  package func wrapped(to width: Int, hanging: Int = 0) -> [String] {
    var lines: [[Substring]] = []
    for paragraph in split(separator: "\n", omittingEmptySubsequences: false) {
      var line: [Substring] = []
      var used = 0
      for word in paragraph.split(separator: " ") {
        let wide = String(word).displayWidth
        if !line.isEmpty, used + 1 + wide > width {
          lines.append(line)
          line = []
          used = hanging
        }
        used += wide + (line.isEmpty ? 0 : 1)
        line.append(word)
      }
      lines.append(line)
    }
    let margin = String(repeating: " ", count: hanging)
    return lines.enumerated().map { ($0 > 0 ? margin : "") + $1.joined(separator: " ") }
  }
}
