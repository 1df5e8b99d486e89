import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Outlines of components.
@Suite struct ContourTests {
  private static func rings(_ lines: [String], _ connectivity: PixelConnectivity = .eight)
    -> [[[[Double]]]]
  {
    ConnectedComponents(RandomPlane.drawn(lines), connectivity: connectivity).polygons()
      .map { $0.rings.map { $0.map { [$0.x, $0.y] } } }
  }

  @Test func `an outline has a corner only where it turns, and a hole goes the other way`() {
    #expect(Self.rings(["11", "11"]) == [[[[0, 0], [2, 0], [2, 2], [0, 2]]]])
    #expect(
      Self.rings(["...", ".11", ".1."])
        == [[[[1, 1], [3, 1], [3, 2], [2, 2], [2, 3], [1, 3]]]])
    #expect(
      Self.rings(["111", "1.1", "111"])
        == [[[[0, 0], [3, 0], [3, 3], [0, 3]], [[1, 1], [1, 2], [2, 2], [2, 1]]]])
    // Another number in the hole is a component of its own.
    #expect(
      Self.rings(["111", "121", "111"]).map { $0.map(\.count) } == [[4, 4], [4]])
  }

  @Test func `where corners meet, the ring runs through at eight and around each at four`() {
    let corners = ["1.", ".1"]
    #expect(
      Self.rings(corners)
        == [[[[0, 0], [1, 0], [1, 1], [2, 1], [2, 2], [1, 2], [1, 1], [0, 1]]]])
    #expect(
      Self.rings(corners, .four)
        == [[[[0, 0], [1, 0], [1, 1], [0, 1]]], [[[1, 1], [2, 1], [2, 2], [1, 2]]]])
    // Two pixels of background that meet in a corner: two holes at eight, one at four.
    let holes = ["1111", "1.11", "11.1", "1111"]
    #expect(
      Self.rings(holes) == [
        [
          [[0, 0], [4, 0], [4, 4], [0, 4]], [[1, 1], [1, 2], [2, 2], [2, 1]],
          [[2, 2], [2, 3], [3, 3], [3, 2]],
        ]
      ])
    #expect(
      Self.rings(holes, .four) == [
        [
          [[0, 0], [4, 0], [4, 4], [0, 4]],
          [[1, 1], [1, 2], [2, 2], [2, 3], [3, 3], [3, 2], [2, 2], [2, 1]],
        ]
      ])
  }

  @Test(arguments: PixelConnectivity.allCases)
  func `filling an outline gives back its component`(_ connectivity: PixelConnectivity) {
    var generator = SeededGenerator(seed: 8)
    var components = 0
    for _ in 0..<1500 {
      let plane = RandomPlane.make(using: &generator)
      let found = ConnectedComponents(plane, connectivity: connectivity)
      for (index, polygon) in found.polygons().enumerated() {
        let component = found.components[index]
        #expect(polygon.mask(columns: plane.columns, rows: plane.rows) == found.mask(of: index))
        #expect(polygon.area == Double(component.area))
        #expect(polygon.box == component.box)
        #expect(EdgePolygon.signedArea(polygon.rings[0]) > 0)
        for (number, ring) in polygon.rings.enumerated() {
          #expect(number == 0 || EdgePolygon.signedArea(ring) < 0)
          #expect(Self.isMadeOfCorners(ring))
          #expect(Self.passesTwice(ring, atMost: Self.meetings(found, index)))
        }
        components += 1
      }
    }
    #expect(components > 5000)
  }

  /// Whether the path turns by a right angle at every point.
  private static func isMadeOfCorners(_ ring: [EdgePoint]) -> Bool {
    ring.indices.allSatisfy { i in
      let (a, b, c) = (ring[i], ring[(i + 1) % ring.count], ring[(i + 2) % ring.count])
      return (a.x == b.x) != (a.y == b.y) && (b.x == c.x) != (b.y == c.y)
        && (a.x == b.x) != (b.x == c.x)
    }
  }

  /// Whether a path passes places a second time only where it may.
  private static func passesTwice(_ ring: [EdgePoint], atMost places: Set<EdgePoint>) -> Bool {
    var seen: Set<EdgePoint> = []
    return ring.allSatisfy { seen.insert($0).inserted || places.contains($0) }
  }

  /// Corners in which two pixels of a component meet alone.
  private static func meetings(_ found: ConnectedComponents, _ index: Int) -> Set<EdgePoint> {
    let mask = found.mask(of: index)
    func at(_ column: Int, _ row: Int) -> UInt8 { mask.bytes[row * mask.columns + column] }
    var places: Set<EdgePoint> = []
    for row in 1..<max(mask.rows, 1) {
      for column in 1..<max(mask.columns, 1) {
        let (a, b) = (at(column - 1, row - 1), at(column, row))
        if a == b, at(column, row - 1) == at(column - 1, row), a != at(column, row - 1) {
          places.insert(EdgePoint(x: Double(column), y: Double(row)))
        }
      }
    }
    return places
  }

  @Test func `a simplified outline stays within its tolerance and loses points`() {
    // A staircase of 45 degrees: its corners lie on two lines 0.71 apart.
    let stairs = (0..<9).map { String(repeating: "1", count: $0 + 1).padding(9) }
    let polygon = ConnectedComponents(RandomPlane.drawn(stairs)).polygons()[0]
    #expect(polygon.rings[0].count == 20)
    #expect(polygon.simplified(tolerance: 0) == polygon)
    let simple = polygon.simplified(tolerance: 0.75)
    #expect(simple.rings[0].count < 6)

    var generator = SeededGenerator(seed: 21)
    for _ in 0..<80 {
      let plane = RandomPlane.make(using: &generator, most: 30)
      let tolerance = Double.random(in: 0...3, using: &generator)
      for polygon in ConnectedComponents(plane).polygons() {
        let simple = polygon.simplified(tolerance: tolerance)
        #expect(simple.rings.count == polygon.rings.count)
        for (ring, less) in zip(polygon.rings, simple.rings) {
          #expect(Set(less).isSubset(of: Set(ring)))
          // Both ways, at every eighth of a pixel.
          #expect(Self.places(ring).allSatisfy { Self.distance($0, less) <= tolerance + 1e-9 })
          #expect(Self.places(less).allSatisfy { Self.distance($0, ring) <= tolerance + 1e-9 })
        }
      }
    }
  }

  private static func places(_ ring: [EdgePoint]) -> [EdgePoint] {
    ring.indices.flatMap { i -> [EdgePoint] in
      let (a, b) = (ring[i], ring[(i + 1) % ring.count])
      let count = max(Int(max(abs(a.x - b.x), abs(a.y - b.y)) * 8), 1)
      return (0..<count).map {
        let part = Double($0) / Double(count)
        return EdgePoint(x: a.x + (b.x - a.x) * part, y: a.y + (b.y - a.y) * part)
      }
    }
  }

  /// From the nearest place of a path.
  private static func distance(_ p: EdgePoint, _ ring: [EdgePoint]) -> Double {
    ring.indices.map { i in
      let (a, b) = (ring[i], ring[(i + 1) % ring.count])
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / (dx * dx + dy * dy)
      let part = min(max(along, 0), 1)
      let (x, y) = (a.x + dx * part - p.x, a.y + dy * part - p.y)
      return (x * x + y * y).squareRoot()
    }.min() ?? .infinity
  }
}

extension String {
  fileprivate func padding(_ count: Int) -> String {
    self + String(repeating: ".", count: count - self.count)
  }
}
