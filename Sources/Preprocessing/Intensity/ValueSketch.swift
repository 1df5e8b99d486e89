/// How often values occur, told apart to eleven binary digits: whole numbers up to 2,048 exactly, others
/// to 0.1 %. It is small however many values there are, and parts add up to the same in any order but for
/// the last digits of mean and deviation.
public struct ValueSketch: Hashable, Sendable, Codable {
  /// How many values were added; what is no finite number is not.
  public private(set) var count = 0
  /// The least and the greatest value, exactly; nil without values.
  public private(set) var least: Double?
  public private(set) var greatest: Double?
  /// Bins in the order of their values: the value nearest to zero of each, and its count.
  private var values: [Double] = []
  private var counts: [Int] = []
  private var sum = 0.0
  private var sumOfSquares = 0.0

  public init() {}

  /// Adds a value, so many times.
  public mutating func add(_ value: Double, count: Int = 1) {
    merge(ValueSketch([(value, count)]))
  }

  /// Adds all values of a histogram, as modality values.
  public mutating func add(_ histogram: ValueHistogram) {
    let all = histogram.distribution
    merge(ValueSketch(Array(zip(all.values, all.counts))))
  }

  public mutating func merge(_ other: ValueSketch) {
    count += other.count
    sum += other.sum
    sumOfSquares += other.sumOfSquares
    least = [least, other.least].compactMap { $0 }.min()
    greatest = [greatest, other.greatest].compactMap { $0 }.max()
    var (values, counts): ([Double], [Int]) = ([], [])
    values.reserveCapacity(max(self.values.count, other.values.count))
    var (i, j) = (0, 0)
    while i < self.values.count || j < other.values.count {
      let ours = i < self.values.count ? self.values[i] : .infinity
      let theirs = j < other.values.count ? other.values[j] : .infinity
      values.append(min(ours, theirs))
      counts.append((ours <= theirs ? self.counts[i] : 0) + (theirs <= ours ? other.counts[j] : 0))
      if ours <= theirs { i += 1 }
      if theirs <= ours { j += 1 }
    }
    (self.values, self.counts) = (values, counts)
  }

  /// Of pairs in ascending order of their values.
  private init(_ pairs: [(value: Double, count: Int)]) {
    for (value, count) in pairs where value.isFinite && count > 0 {
      self.count += count
      sum += value * Double(count)
      sumOfSquares += value * value * Double(count)
      least = least ?? value
      greatest = value
      let bin = Self.bin(value)
      if values.last == bin {
        counts[counts.count - 1] += count
      } else {
        values.append(bin)
        counts.append(count)
      }
    }
  }

  /// The value cut to its first eleven binary digits, zero without a sign.
  private static func bin(_ value: Double) -> Double {
    value == 0 ? 0 : Double(bitPattern: value.bitPattern & ~((1 << 42) - 1))
  }

  /// Nil without values.
  public var mean: Double? { count > 0 ? sum / Double(count) : nil }

  /// The deviation of all values, not of a sample of more (numpy's `std`); nil without values.
  public var deviation: Double? {
    mean.map { max(0, sumOfSquares / Double(count) - $0 * $0).squareRoot() }
  }

  /// The value at `q` percent (0...100) by numpy's rule `linear`, as exact as bins are; nil without
  /// values.
  public func percentile(_ q: Double) -> Double? {
    guard let least, let greatest else { return nil }
    let found = ValueDistribution(zip(values, counts).map { ($0, UInt64($1)) }).percentile(q)
    // A bin is called by its end nearest to zero, which no value need have.
    return found.map { min(max($0, least), greatest) }
  }
}
