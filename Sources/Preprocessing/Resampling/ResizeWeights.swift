/// Which samples of a line make each sample of the resized one, and how much.
struct ResizeWeights: Sendable {
  /// Bits behind the point of a weight.
  static let bits = 22
  /// One half, which rounds.
  static let half: Int32 = 1 << 21

  /// For each new sample: the first old one, and how many; its weights lie at `most` times its index.
  private(set) var starts: [Int] = []
  private(set) var counts: [Int] = []
  /// In whole numbers of 1/2^22, and before they were that.
  private(set) var values: [Int32]
  private(set) var exact: [Double]
  let most: Int

  init(from old: Int, to new: Int, filter: ResizeFilter) {
    let scale = Double(old) / Double(new)
    // The filter's window widens with the step when the line shrinks.
    let widening = max(scale, 1)
    let support = filter.support * widening
    most = Int(support.rounded(.up)) * 2 + 1
    values = [Int32](repeating: 0, count: new * most)
    exact = [Double](repeating: 0, count: new * most)
    for index in 0..<new {
      let center = (Double(index) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let count = min(Int(center + support + 0.5), old) - start
      var weights = (0..<count).map { i in
        filter.weight((Double(i + start) - center + 0.5) * (1 / widening))
      }
      let sum = weights.reduce(0, +)
      if sum != 0 { for i in weights.indices { weights[i] /= sum } }
      for (i, weight) in weights.enumerated() {
        let scaled = weight * Double(1 << Self.bits)
        exact[index * most + i] = weight
        values[index * most + i] = Int32(weight < 0 ? scaled - 0.5 : scaled + 0.5)
      }
      starts.append(start)
      counts.append(count)
    }
  }

  /// `blocks` blocks of `from` elements of `width` samples side by side, each to one of `to` elements.
  func line(_ values: [Float], _ blocks: Int, _ width: Int, from: Int, to: Int) -> [Float] {
    var out = [Float](repeating: 0, count: blocks * to * width)
    for block in 0..<blocks {
      for index in 0..<to {
        for x in 0..<width {
          var sum = 0.0
          for i in 0..<counts[index] {
            sum +=
              Double(values[(block * from + starts[index] + i) * width + x])
              * exact[index * most + i]
          }
          out[(block * to + index) * width + x] = Float(sum)
        }
      }
    }
    return out
  }
}
