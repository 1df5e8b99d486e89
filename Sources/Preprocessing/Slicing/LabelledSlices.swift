/// Chooses slices by what is drawn on them.
public enum LabelledSlices: Codable, Hashable, Sendable {
  /// Of each class the n slices on which it is largest, those of equal area from the first on; n is at
  /// least 1.
  case largest(Int)
  /// Those on which a class covers at least this share of the slice, and some of it.
  case covered(Double)

  /// The chosen indices, ascending, each once. `areas` has an entry a slice: the share of the slice that
  /// each class covers, by the number of the class.
  public func indices(of areas: [[Int: Double]]) -> [Int] {
    switch self {
    case .covered(let share):
      return areas.indices.filter { areas[$0].values.contains { $0 > 0 && $0 >= share } }
    case .largest(let n):
      var chosen: Set<Int> = []
      for label in Set(areas.flatMap(\.keys)) {
        let covered = areas.indices.filter { areas[$0][label, default: 0] > 0 }
        let sorted = covered.sorted {
          (areas[$1][label, default: 0], $0) < (areas[$0][label, default: 0], $1)
        }
        chosen.formUnion(sorted.prefix(n))
      }
      return chosen.sorted()
    }
  }
}
