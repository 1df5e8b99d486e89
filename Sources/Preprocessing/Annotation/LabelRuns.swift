import MedicalImaging

/// Runs of equal numbers in the rows of a label plane, and which of them hang together.
struct LabelRuns {
  struct Run {
    var label: Int32
    var row: Int32
    /// Its first column, and the one behind its last.
    var start: Int32
    var end: Int32
  }

  private(set) var runs: [Run] = []
  /// For each run the first that hangs together with it.
  private(set) var parents: [Int32] = []

  /// `reach` is how many columns further a run touches one of the next row: 0 or 1.
  init(_ plane: LabelPlane, reach: Int32) {
    var above = 0..<0
    for row in 0..<plane.rows {
      let first = runs.count
      appendRuns(of: plane, row: row)
      join(first..<runs.count, above, reach)
      above = first..<runs.count
    }
    // Parents come before their runs: one pass leads all of them to the first.
    for i in parents.indices { parents[i] = parents[Int(parents[i])] }
  }

  private mutating func appendRuns(of plane: LabelPlane, row: Int) {
    let numbers = plane.numbers.span
    var at = row * plane.columns
    let end = at + plane.columns
    let base = at
    while at < end {
      let label = numbers[at]
      let start = at
      repeat { at += 1 } while at < end && numbers[at] == label
      if label != 0 {
        parents.append(Int32(runs.count))
        runs.append(
          Run(label: label, row: Int32(row), start: Int32(start - base), end: Int32(at - base)))
      }
    }
  }

  /// Joins the runs of a row with those above that they touch.
  private mutating func join(_ row: Range<Int>, _ above: Range<Int>, _ reach: Int32) {
    var first = above.lowerBound
    for i in row {
      let run = runs[i]
      while first < above.upperBound, runs[first].end + reach <= run.start { first += 1 }
      var other = first
      while other < above.upperBound, runs[other].start < run.end + reach {
        if runs[other].label == run.label { unite(i, other) }
        other += 1
      }
    }
  }

  private mutating func unite(_ i: Int, _ j: Int) {
    let (a, b) = (root(i), root(j))
    if a != b { parents[max(a, b)] = Int32(min(a, b)) }
  }

  private mutating func root(_ run: Int) -> Int {
    var at = run
    while Int(parents[at]) != at {
      // Half of the way is cut off for the next time.
      parents[at] = parents[Int(parents[at])]
      at = Int(parents[at])
    }
    return at
  }
}
