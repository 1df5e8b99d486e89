/// Finds the word that someone meant: "did you mean" for commands, options and recipe keys.
package enum Spelling {
  /// The known word nearest to what was typed, nil where none is near.
  ///
  /// Near is a third of the letters wrong at most, where a swap of neighbours is one mistake (the
  /// optimal string alignment distance), or a beginning of at least three letters. Case and the
  /// choice of `-` or `_` are no mistakes. Of words equally near, the first known one is taken.
  package static func nearest(to typed: String, among known: [String]) -> String? {
    let wanted = normal(typed)
    // Nobody means a word of ours by something this long; the table below stays small.
    guard !wanted.isEmpty, wanted.count <= 64 else { return nil }
    var best: (word: String, distance: Int)?
    for word in known {
      let candidate = normal(word)
      let distance =
        wanted.count >= 3 && candidate.starts(with: wanted) ? 1 : distance(wanted, candidate)
      let limit = max(1, max(wanted.count, candidate.count) / 3)
      if distance <= limit, distance < best?.distance ?? .max { best = (word, distance) }
    }
    return best?.word
  }

  private static func normal(_ word: String) -> [Character] {
    word.lowercased().map { $0 == "_" ? "-" : $0 }
  }

  private static func distance(_ a: [Character], _ b: [Character]) -> Int {
    var rows = [Array(0...b.count)]
    for (i, left) in a.enumerated() {
      var row = [i + 1]
      for (j, right) in b.enumerated() {
        var cost = min(row[j] + 1, rows[i][j + 1] + 1, rows[i][j] + (left == right ? 0 : 1))
        if i > 0, j > 0, left == b[j - 1], a[i - 1] == right {
          cost = min(cost, rows[i - 1][j - 1] + 1)
        }
        row.append(cost)
      }
      rows.append(row)
    }
    return rows[a.count][b.count]
  }
}
