/// Which samples of a line make each sample of the resized one, and how much.
struct ResizeWeights: Sendable {
  /// Bits behind the point of a weight that is a whole number, and those of its low part.
  private static let bits = 22
  private static let lowBits = 15

  let from, to: Int
  private let filter: ResizeFilter
  /// For each new sample: the first old one, and how many. Empty where the line keeps its length.
  private(set) var starts: [Int32] = []
  private(set) var counts: [Int32] = []
  /// The largest of the counts.
  private(set) var most = 0

  init(from old: Int, to new: Int, filter: ResizeFilter) {
    (from, to, self.filter) = (old, new, filter)
    guard old != new else { return }
    let support = filter.support * widening
    starts.reserveCapacity(new)
    counts.reserveCapacity(new)
    for index in 0..<new {
      let center = center(of: index)
      let start = max(Int(center - support + 0.5), 0)
      let count = min(Int(center + support + 0.5), old) - start
      starts.append(Int32(start))
      counts.append(Int32(count))
      most = max(most, count)
    }
  }

  var isUnchanged: Bool { from == to }

  private var scale: Double { Double(from) / Double(to) }

  /// The filter's window widens with the step when the line shrinks.
  private var widening: Double { max(scale, 1) }

  private func center(of index: Int) -> Double { (Double(index) + 0.5) * scale }

  /// For each new sample `most` weights, of which as many count as it has old ones. They add up to 1.
  func exact() -> [Double] {
    var all = [Double](repeating: 0, count: starts.count * most)
    let factor = 1 / widening
    for index in starts.indices {
      let (center, start, place) = (center(of: index), Int(starts[index]), index * most)
      var sum = 0.0
      for i in 0..<Int(counts[index]) {
        let weight = filter.weight((Double(i + start) - center + 0.5) * factor)
        all[place + i] = weight
        sum += weight
      }
      guard sum != 0 else { continue }
      for i in 0..<Int(counts[index]) { all[place + i] /= sum }
    }
    return all
  }

  /// The same in whole numbers of 1/2^22, as CResample takes them: for every two old samples the high
  /// parts of their weights, then the low ones. Places behind the last are 0.
  func paired() -> [Int16] {
    let exact = exact()
    var all = [Int16](repeating: 0, count: starts.count * pairedStride)
    for index in starts.indices {
      for i in 0..<Int(counts[index]) {
        let weight = exact[index * most + i]
        let scaled = weight * Double(1 << Self.bits)
        let whole = Int32(weight < 0 ? scaled - 0.5 : scaled + 0.5)
        let place = index * pairedStride + i / 2 * 4 + i % 2
        all[place] = Int16(whole >> Self.lowBits)
        all[place + 2] = Int16(whole & (1 << Self.lowBits - 1))
      }
    }
    return all
  }

  private var pairedStride: Int { (most + 1) / 2 * 4 }
}
