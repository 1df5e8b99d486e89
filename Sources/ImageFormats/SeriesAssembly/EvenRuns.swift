import MedicalImaging

/// Cuts a row of positions where its steps are not its own: what is left in one piece lies evenly on
/// a line, as the slices of a grid do.
enum EvenRuns {
  /// The runs of positions, in their order, each as long as can be, all positions in one of them; none
  /// goes over an index of `cutBefore`, where a plane is lost: its neighbours alone may lie evenly.
  ///
  /// Each position of a run is within 2 % of the step of its place on the line from the run's first
  /// to its last, or within 0.06 mm of it where that is less than a tenth of the step: positions are
  /// written with few digits.
  static func runs(of positions: [Vector3], cutBefore: Set<Int> = []) -> [Range<Int>] {
    var runs: [Range<Int>] = []
    let ends = cutBefore.filter { $0 > 0 && $0 < positions.count }.sorted() + [positions.count]
    // The last comes first.
    var open = zip([0] + ends, ends).filter { $0 < $1 }.map { $0..<$1 }.reversed() as [Range<Int>]
    while let piece = open.popLast() {
      guard !isEven(positions[piece]) else {
        runs.append(piece)
        continue
      }
      let cut = oddest(positions[piece])
      open.append(cut..<piece.upperBound)
      open.append(piece.lowerBound..<cut)
    }
    return runs
  }

  /// From one slice to the next, of positions that lie evenly.
  static func step(of positions: ArraySlice<Vector3>) -> Vector3? {
    guard let first = positions.first, let last = positions.last, positions.count > 1 else {
      return nil
    }
    return (last - first) * (1 / Double(positions.count - 1))
  }

  /// How far from its place a position may lie, by the step.
  static func tolerance(of step: Double) -> Double { max(0.02 * step, min(0.06, 0.1 * step)) }

  private static func isEven(_ positions: ArraySlice<Vector3>) -> Bool {
    guard positions.count > 2, let first = positions.first, let step = step(of: positions) else {
      return true
    }
    let tolerance = tolerance(of: step.length)
    return positions.enumerated().allSatisfy { index, position in
      (position - first - step * Double(index)).length <= tolerance
    }
  }

  /// The index behind the first of the steps that differ most from the median one.
  private static func oddest(_ positions: ArraySlice<Vector3>) -> Int {
    let moves = zip(positions, positions.dropFirst()).map { $1 - $0 }
    func median(_ part: (Vector3) -> Double) -> Double { moves.map(part).sorted()[moves.count / 2] }
    let usual = Vector3(median(\.x), median(\.y), median(\.z))
    var odd = (index: 0, by: -1.0)
    for (index, move) in moves.enumerated() {
      let by = (move - usual).length
      // A little more is rounding, not another step: of equal ones the first is meant.
      if by > odd.by * 1.001 { odd = (index, by) }
    }
    return positions.startIndex + odd.index + 1
  }
}
