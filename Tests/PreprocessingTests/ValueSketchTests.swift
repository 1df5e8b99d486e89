import Foundation
import Preprocessing
import TestSupport
import Testing

/// Counts of values to eleven binary digits.
@Suite struct ValueSketchTests {
  @Test func `whole numbers up to 2048 are told apart, others to a thousandth`() {
    var sketch = ValueSketch()
    // 2049 has twelve binary digits, 100000.3 begins with 11000011010 x 2^6 = 99968.
    for value in [-1024, 0, 2047, 2048, 2049, 100_000.3] { sketch.add(value) }
    #expect(sketch.count == 6)
    #expect(sketch.percentile(0) == -1024)
    #expect(sketch.percentile(20) == 0)
    #expect(sketch.percentile(40) == 2047)
    #expect(sketch.percentile(60) == 2048)
    #expect(sketch.percentile(80) == 2048)
    #expect(sketch.percentile(100) == 99_968)
    #expect(sketch.greatest == 100_000.3)
  }

  @Test func `parts add up to the whole, and what is no finite number is not counted`() {
    let values = (0..<5000).map { Double(($0 * 7919) % 4001) / 4 - 300 }
    var (whole, first, second) = (ValueSketch(), ValueSketch(), ValueSketch())
    for (i, value) in values.enumerated() {
      whole.add(value)
      if i < 1234 { first.add(value) } else { second.add(value, count: 1) }
    }
    second.add(.nan)
    second.add(.infinity, count: 3)
    first.merge(second)
    #expect(first.count == 5000)
    for q in [0, 0.5, 33, 50, 99.5, 100] { #expect(first.percentile(q) == whole.percentile(q)) }
    #expect(first.least == -300)
    #expect(ValueSketch().percentile(50) == nil)
    #expect(ValueSketch().mean == nil)
  }

  @Test(.needsPeers) func `its numbers are numpy's`() throws {
    let said = try Peer.run(
      """
      import numpy
      v = numpy.array([(i * 7919) % 4001 / 4 - 300 for i in range(5000)])
      w = numpy.array([(i * 31) % 997 - 500 for i in range(2000)])
      for a in (v, w):
          print(*map(float, [a.mean(), a.std(), *numpy.percentile(a, [0.5, 50, 99.5])]))
      """)
    let numbers = said.split(separator: "\n").map {
      $0.split(separator: " ").compactMap { Double($0) }
    }
    var (quarters, whole) = (ValueSketch(), ValueSketch())
    for i in 0..<5000 { quarters.add(Double((i * 7919) % 4001) / 4 - 300) }
    for i in 0..<2000 { whole.add(Double((i * 31) % 997 - 500)) }
    for (sketch, numbers) in [(quarters, numbers[0]), (whole, numbers[1])] {
      let mean = try #require(sketch.mean)
      let deviation = try #require(sketch.deviation)
      #expect(abs(mean - numbers[0]) < 1e-9)
      #expect(abs(deviation - numbers[1]) < 1e-9)
    }
    for (i, q) in [0.5, 50, 99.5].enumerated() {
      // Whole numbers below 2048 have bins of their own; quarters up to 700 lose up to a thousandth.
      #expect(whole.percentile(q) == numbers[1][2 + i])
      let near = try #require(quarters.percentile(q))
      #expect(abs(near - numbers[0][2 + i]) <= abs(numbers[0][2 + i]) / 1024)
    }
  }
}
