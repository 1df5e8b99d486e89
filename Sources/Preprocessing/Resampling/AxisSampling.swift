/// Where the samples of a new line lie between the samples of an old one.
///
/// The first and last sample reach half a step beyond their centres, as in ITK: a new sample is inside
/// where its nearest neighbour is one of the line, and beyond the last centre it takes that one's value.
struct AxisSampling: Sendable {
  /// The new samples that are inside.
  let inside: Range<Int>
  /// Of each new sample the old one at or below it.
  let lower: [Int]
  /// Of each new sample how much of it comes from the old one above, below 1.
  let share: [Double]
  /// Of each new sample the nearest old one; between two the upper.
  let nearest: [Int]
  /// Where steps are equal: samples with both neighbours inside, all with one share and one distance to
  /// the lower of them.
  let even: Range<Int>

  /// A part of a step that is rounding.
  private static let slack = 1e-6

  /// - Parameters:
  ///   - count: of new samples.
  ///   - first: where the first new sample lies, counted in old ones.
  ///   - step: from one new sample to the next, counted in old ones; above 0.
  ///   - length: how many old samples there are.
  init(count: Int, first: Double, step: Double, length: Int) {
    var (lower, nearest, share): ([Int], [Int], [Double]) = ([], [], [])
    lower.reserveCapacity(count)
    nearest.reserveCapacity(count)
    share.reserveCapacity(count)
    var (begin, end) = (count, count)
    let last = Double(length - 1)
    for i in 0..<count {
      var place = first + step * Double(i)
      let whole = place.rounded()
      if abs(place - whole) < Self.slack { place = whole }
      let near = (place + 0.5 + Self.slack).rounded(.down)
      if begin == count, near >= 0 { begin = i }
      if end == count, near > last { end = i }
      nearest.append(Int(min(max(near, 0), last)))
      let held = min(max(place, 0), last)
      let floor = held.rounded(.down)
      lower.append(Int(floor))
      share.append(held - floor)
    }
    inside = begin..<max(begin, end)
    self.lower = lower
    self.nearest = nearest
    self.share = share
    // At both ends a sample may be held at the last centre.
    even =
      step == 1 && inside.count > 2
      ? inside.lowerBound + 1..<inside.upperBound - 1 : inside.lowerBound..<inside.lowerBound
  }
}
