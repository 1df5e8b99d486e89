/// Distinct modality values, ascending, and how often each occurs.
public struct ValueDistribution: Sendable {
  public let values: [Double]
  /// How many values are at most `values[i]`.
  private let upTo: [Int]

  /// Sorts the pairs and joins those of equal value; values that are not finite are left out, since
  /// they have no place in an order.
  init(_ pairs: [(value: Double, count: UInt64)]) {
    var pairs = pairs.filter(\.value.isFinite)
    // One transform with a positive slope, the usual case, comes sorted.
    if zip(pairs, pairs.dropFirst()).contains(where: { $0.value >= $1.value }) {
      pairs.sort { $0.value < $1.value }
    }
    var values: [Double] = []
    var upTo: [Int] = []
    var total = 0
    for pair in pairs {
      total += Int(pair.count)
      if values.last == pair.value {
        upTo[upTo.count - 1] = total
      } else {
        values.append(pair.value)
        upTo.append(total)
      }
    }
    self.values = values
    self.upTo = upTo
  }

  private init(values: [Double], upTo: [Int]) {
    self.values = values
    self.upTo = upTo
  }

  public var count: Int { upTo.last ?? 0 }

  public var counts: [Int] { upTo.indices.map { $0 == 0 ? upTo[0] : upTo[$0] - upTo[$0 - 1] } }

  /// The value at `q` percent (0...100), between neighbours by numpy's rule `linear`, its rounding
  /// included: virtual index (n - 1) q / 100 (Hyndman and Fan 1996, type 7); nil without values.
  public func percentile(_ q: Double) -> Double? {
    precondition((0...100).contains(q))
    guard count > 0 else { return nil }
    let virtual = Double(count - 1) * (q / 100)
    guard virtual < Double(count - 1) else { return values[values.count - 1] }
    let previous = virtual.rounded(.down)
    let a = value(rank: Int(previous))
    let b = value(rank: Int(previous) + 1)
    let t = virtual - previous
    let difference = b - a
    // numpy's _lerp goes from the nearer end, so that t = 1 gives b itself.
    return t >= 0.5 ? b - difference * (1 - t) : a + difference * t
  }

  /// What lies strictly above a threshold.
  public func above(_ threshold: Double) -> ValueDistribution {
    let first = values.firstIndex { $0 > threshold } ?? values.count
    let below = first == 0 ? 0 : upTo[first - 1]
    return ValueDistribution(
      values: Array(values[first...]), upTo: upTo[first...].map { $0 - below })
  }

  /// The value at a rank counted from 0 among all values in ascending order.
  private func value(rank: Int) -> Double {
    var (low, high) = (0, upTo.count - 1)
    while low < high {
      let middle = (low + high) / 2
      if upTo[middle] > rank { high = middle } else { low = middle + 1 }
    }
    return values[low]
  }
}

extension ValueHistogram {
  /// All counted values as modality values.
  public var distribution: ValueDistribution {
    ValueDistribution(
      parts.flatMap { transform, entries in entries.map { (transform($0.value), $0.count) } })
  }
}
