import Foundation
import MedicalImaging
import TestSupport
import Testing

/// The filling of polygons beside exact arithmetic and scikit-image.
@Suite struct EvenOddFillTests {
  private static func points(_ pairs: [(Double, Double)]) -> [PixelPoint] {
    pairs.map { PixelPoint(column: $0.0, row: $0.1) }
  }

  /// Rows of a mask, # inside.
  private static func picture(_ columns: Int, _ rows: Int, _ polygons: [[(Double, Double)]])
    -> [String]
  {
    var fill = EvenOddFill(columns: columns, rows: rows)
    for polygon in polygons { fill.add(points(polygon)) }
    let mask = fill.mask()
    return (0..<rows).map { row in
      mask.bytes[row * columns..<(row + 1) * columns].map { $0 == 1 ? "#" : "." }.joined()
    }
  }

  @Test func `a path through centres of pixels is inside`() {
    // Corners at (1, 1) and (3, 2): all pixels from there to there.
    let square = [(1.0, 1.0), (3, 1), (3, 2), (1, 2)]
    #expect(Self.picture(5, 4, [square]) == [".....", ".###.", ".###.", "....."])
    // The diagonal of (0, 0) - (3, 3) lies on four centres; the triangle below it is inside.
    #expect(Self.picture(4, 4, [[(0, 0), (3, 3), (0, 3)]]) == ["#...", "##..", "###.", "####"])
    // A thousandth of a pixel beside the centres on the left, none is reached there.
    #expect(
      Self.picture(5, 4, [square.map { ($0.0 + 0.001, $0.1 + 0.001) }])
        == [".....", ".....", "..##.", "....."])
  }

  @Test func `a hole is what a second polygon or a keyhole cuts out`() {
    let outer = [(0.5, 0.5), (6.5, 0.5), (6.5, 6.5), (0.5, 6.5)]
    let inner = [(2.5, 2.5), (4.5, 2.5), (4.5, 4.5), (2.5, 4.5)]
    let ring = [
      ".......", ".######", ".######", ".##..##", ".##..##", ".######", ".######",
    ]
    #expect(Self.picture(7, 7, [outer, inner]) == ring)
    #expect(Self.picture(7, 7, [inner.reversed(), outer]) == ring)
    // Along the outer path, in to the inner one through a channel without width, around it, out again.
    let keyhole =
      [outer[0]] + [inner[0], inner[1], inner[2], inner[3], inner[0]]
      + [outer[0], outer[1], outer[2], outer[3]]
    #expect(Self.picture(7, 7, [keyhole]) == ring)
    // A part within the hole is inside again (PS3.3 C.8.8.6.3, figure 3).
    let island = [(2.9, 2.9), (3.1, 2.9), (3.1, 3.1), (2.9, 3.1)]
    var withIsland = ring
    withIsland[3] = ".###.##"
    #expect(Self.picture(7, 7, [outer, inner, island]) == withIsland)
  }

  @Test func `what lies outside of the picture, or is no area, does no harm`() {
    #expect(Self.picture(2, 2, [[(-9, -9), (9, -9), (9, 9), (-9, 9)]]) == ["##", "##"])
    #expect(Self.picture(2, 2, [[(5, 5), (9, 5), (9, 9)]]) == ["..", ".."])
    #expect(Self.picture(2, 2, [[(1, 1)], [], [(0, 0), (0, 0)]]) == ["#.", ".#"])
    // Corners as far as numbers go: the triangle above the falling diagonal, its path included.
    #expect(
      Self.picture(2, 2, [[(-1e300, -1e300), (1e300, -1e300), (1e300, 1e300)]]) == ["##", ".#"])
  }

  @Test func `polygons that share an edge share no pixel of their insides`() {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<50 {
      func value(_ range: ClosedRange<Double>) -> Double { .random(in: range, using: &generator) }
      let left = [(-1.0, -1.0), (-1, 20)]
      let shared = (0..<6).map { ((value(2...18) * 4).rounded() / 4, Double($0) * 4.2 - 1) }
      let right = [(21.0, 20.0), (21, -1)]
      func interior(_ polygon: [(Double, Double)]) -> PlaneMask {
        var fill = EvenOddFill(columns: 20, rows: 20)
        fill.add(Self.points(polygon))
        return fill.interior()
      }
      let a = interior(shared + left.reversed())
      let b = interior(shared + right)
      #expect(zip(a.bytes, b.bytes).allSatisfy { $0 ^ $1 == 1 })
    }
  }

  private struct Fill: Encodable {
    var columns, rows: Int
    var polygons: [[[Double]]]
    var mask: [UInt8]
    var simple: Bool
  }

  @Test(.needsPeers) func `random polygons are filled as exact arithmetic and scikit-image do`()
    throws
  {
    var generator = SeededGenerator(seed: 77)
    let folder = try TemporaryFolder()
    var names: [String] = []
    for round in 0..<120 {
      let (columns, rows) = (17, 13)
      // Steps of a quarter, so that many paths meet centres; or any numbers.
      let steps: Double? = round % 3 == 0 ? 1 : round % 3 == 1 ? 4 : nil
      // Some corners lie far outside.
      let margin: Double = round % 5 == 4 ? 9000 : 3
      func value(_ high: Double) -> Double {
        let value = Double.random(in: -margin...high + margin, using: &generator)
        return steps.map { (value * $0).rounded() / $0 } ?? value
      }
      // Triangles are simple whatever their corners are; scikit-image agrees about those alone.
      let isSimple = round % 2 == 0
      let polygons = (0..<(isSimple ? 1 : 3)).map { _ in
        (0..<(isSimple ? 3 : 7)).map { _ in (value(Double(columns)), value(Double(rows))) }
      }
      var fill = EvenOddFill(columns: columns, rows: rows)
      for polygon in polygons { fill.add(Self.points(polygon)) }
      let made = Fill(
        columns: columns, rows: rows, polygons: polygons.map { $0.map { [$0.0, $0.1] } },
        mask: fill.mask().bytes, simple: isSimple)
      try folder.write(Array(JSONEncoder().encode(made)), to: "\(round).json")
      names.append("\(round).json")
    }
    let compared = try Peer.run(script: "even_odd.py", names, in: folder)
    #expect(compared.trimmingCharacters(in: .whitespacesAndNewlines) == "\(120 * 17 * 13)")
  }
}
