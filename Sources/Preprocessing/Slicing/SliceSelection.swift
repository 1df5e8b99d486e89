/// Which of a stack's slices, or of a cine's frames, become pictures.
public enum SliceSelection: Codable, Hashable, Sendable {
  case all
  /// The first and every n-th after it; n is at least 1.
  case every(Int)
  /// The middle of each of n parts of equal length; all where there are no more than n. n is at
  /// least 1.
  case evenly(Int)
  /// The first, and then each that lies at least so many millimetres behind the last chosen one.
  case apart(Double)

  /// The chosen ones of slices that lie at `positions`, millimetres in growing order; indices
  /// ascend, each comes once.
  public func indices(of positions: [Double]) -> [Int] {
    guard case .apart(let distance) = self else { return indices(of: positions.count) }
    var chosen: [Int] = []
    for (index, position) in positions.enumerated() {
      // Positions are written with few digits.
      if let last = chosen.last, position - positions[last] < distance - 0.01 { continue }
      chosen.append(index)
    }
    return chosen
  }

  /// The chosen indices of `count` slices, ascending, each once; without positions, `apart` is all.
  public func indices(of count: Int) -> [Int] {
    switch self {
    case .apart: return Array(0..<count)
    case .all: return Array(0..<count)
    case .every(let n):
      precondition(n >= 1)
      return Array(stride(from: 0, to: count, by: n))
    case .evenly(let n):
      precondition(n >= 1)
      if n >= count { return Array(0..<count) }
      // floor((i + 1/2) count / n): steps are above 1, so none comes twice.
      return (0..<n).map { (2 * $0 + 1) * count / (2 * n) }
    }
  }
}
