/// Which of a stack's slices, or of a cine's frames, become pictures.
public enum SliceSelection: Codable, Hashable, Sendable {
  case all
  /// The first and every n-th after it; n is at least 1.
  case every(Int)
  /// The middle of each of n parts of equal length; all where there are no more than n. n is at
  /// least 1.
  case evenly(Int)

  /// The chosen indices of `count` slices, ascending, each once.
  public func indices(of count: Int) -> [Int] {
    switch self {
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
