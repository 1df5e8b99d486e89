import Foundation
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct StainNormalizationTests {
  /// Pixels of two stains in drawn amounts, with noise, and glass between them.
  private static func slide(
    _ stains: [[Double]], glass: Int, strength: Double, seed: UInt64, count: Int = 12_000
  ) -> [UInt8] {
    var generator = SeededGenerator(seed: seed)
    func drawn() -> Double { Double(generator.next() % 10_000) / 10_000 }
    return (0..<count).flatMap { _ -> [UInt8] in
      if Int(generator.next() % 100) < glass {
        return [243, 242, 245].map { $0 + UInt8(drawn() * 6) }
      }
      let amounts = [drawn() * drawn() * 2.4 * strength, 0.15 + drawn() * 1.1 * strength]
      return (0..<3).map { channel in
        let density = stains[0][channel] * amounts[0] + stains[1][channel] * amounts[1]
        return StainNormalization.byte(240 * exp(-density) - 1 + 4 * (drawn() - 0.5))
      }
    }
  }

  private static let stains = [
    [[0.65, 0.70, 0.29], [0.07, 0.99, 0.11]],
    [[0.5626, 0.7201, 0.4062], [0.2159, 0.8012, 0.5581]],
    [[0.58, 0.72, 0.39], [0.08, 0.90, 0.43]],
  ]

  /// Slides from dark and full to pale with much glass, one with pure black beside it.
  private static func slides() -> [[UInt8]] {
    var slides: [[UInt8]] = []
    for (index, stains) in stains.enumerated() {
      for (glass, strength) in [(0, 1.0), (40, 0.6), (90, 1.5)] {
        slides.append(
          slide(stains, glass: glass, strength: strength, seed: UInt64(10 * index + glass)))
      }
    }
    slides[4] += [UInt8](repeating: 0, count: 3 * 500)
    return slides
  }

  /// Compares with exact greys; a hair from a half both neighbours are right.
  private static func compare(_ greys: [UInt8], _ exact: some Sequence<Double>) -> Int {
    zip(greys, exact).count { abs(Double($0) - $1) > 0.5 + 1e-6 }
  }

  @Test(.needsPeers) func `stains are found and brought to the target as the peers do it`() throws {
    let folder = try TemporaryFolder()
    let slides = Self.slides()
    for (index, slide) in slides.enumerated() { try folder.write(slide, to: "\(index).rgb") }
    try Peer.run(script: "stains.py", ["colours"], in: folder)
    var worst = 0
    for (index, slide) in slides.enumerated() {
      for method in StainMethod.allCases {
        let theirs = try folder.numbers(of: "\(index).\(method).f64", as: Double.self)
        let found = try #require(StainNormalization(method, of: slide))
        let rows = found.source.flatMap { $0 }
        for (our, their) in zip(rows, theirs) {
          #expect(abs(our - their) < 1e-9, "\(method) of \(index)")
        }
        let shown = found.applied(to: slide)
        #expect(shown.count == slide.count)
        #expect(Self.compare(shown, theirs.dropFirst(rows.count)) == 0, "\(method) of \(index)")
        guard method == .macenko else { continue }
        // torchstain cuts fractions off, this rounds.
        let whole = try folder.bytes(of: "\(index).torchstain")
        var at = 0
        for i in stride(from: 0, to: slide.count, by: 3)
        where (i..<i + 3).allSatisfy({ ColorCounts.densities[Int(slide[$0])] >= 0.15 }) {
          for channel in 0..<3 {
            worst = max(worst, abs(Int(shown[i + channel]) - Int(whole[at + channel])))
          }
          at += 3
        }
        #expect(at == whole.count)
      }
    }
    #expect(worst == 1)
  }

  @Test func `what a slide was made of comes back, and is the target's once it was brought there`()
    throws
  {
    let made = Self.slide(Self.stains[1], glass: 20, strength: 1, seed: 7)
    let found = try #require(StainNormalization(.macenko, of: made))
    for (row, stain) in zip(found.source, Self.stains[1]) {
      // Angles at 1 and 99 percent lie a little inside of the stains themselves.
      for (our, known) in zip(row, stain) { #expect(abs(our - known) < 0.06) }
    }
    #expect(found.target == MacenkoStains.target)
    // Of the tissue that it was found in, since some of that is as bright as glass thereafter.
    let once = found.applied(to: made)
    let tissue = stride(from: 0, to: made.count, by: 3).filter { i in
      (0..<3).allSatisfy { ColorCounts.densities[Int(made[i + $0])] >= 0.15 }
    }.flatMap { once[$0..<$0 + 3] }
    let again = try #require(MacenkoStains.find(in: ColorCounts(tissue)))
    for (row, target) in zip(again, found.target) {
      for (our, wanted) in zip(row, target) { #expect(abs(our - wanted) < 0.03) }
    }
  }

  @Test(arguments: StainMethod.allCases)
  func `what has no tissue, or no two stains, is left as it is`(method: StainMethod) {
    let grey = (0..<9000).flatMap { i in [UInt8](repeating: UInt8(40 + i % 100), count: 3) }
    let one = [UInt8](repeating: 120, count: 3000)
    let black = [UInt8](repeating: 0, count: 3000)
    let glass = Self.slide(Self.stains[0], glass: 100, strength: 1, seed: 3)
    // 10 pixels of tissue among 12,000: a speck of dust.
    let speck = glass + Self.slide(Self.stains[0], glass: 0, strength: 1, seed: 4, count: 10)
    for colors in [[], one, black, glass, speck] {
      #expect(StainNormalization(method, of: colors) == nil)
    }
    // Greys lie on one line of densities; their two axes of colour do not vary.
    #expect(StainNormalization(method, of: grey) == nil)
  }

  @Test func `principal axes are those of a matrix worked out by hand`() {
    // 2 (1,1,0)(1,1,0)' + (1,-1,0)(1,-1,0)' + 5 (0,0,1)(0,0,1)': eigenvalues 4, 2 and 5.
    var matrix = SymmetricMatrix()
    matrix.add([1, 1, 0], weight: 2)
    matrix.add([1, -1, 0], weight: 1)
    matrix.add([0, 0, 1], weight: 5)
    let axes = matrix.axes
    let half = 0.5.squareRoot()
    let expected: [(Double, SIMD3<Double>)] = [
      (5, [0, 0, 1]), (4, [half, half, 0]), (2, [half, -half, 0]),
    ]
    for (axis, (length, direction)) in zip(axes, expected) {
      #expect(abs(axis.length - length) < 1e-12)
      #expect(abs(abs(axis.direction.dot(direction)) - 1) < 1e-12)
    }
  }
}
