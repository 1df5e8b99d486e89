import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Components of label planes, worked out by hand and beside scikit-image.
@Suite struct ConnectedComponentsTests {
  @Test func `numbers stay apart, and each component has its box, area and centroid`() {
    let plane = RandomPlane.drawn([
      "11.22",
      "1..2.",
      "..1..",
    ])
    let found = ConnectedComponents(plane)
    // The single 1 below touches the 2 above it in a corner, and no other 1.
    #expect(found.numbers == [1, 1, 0, 2, 2, 1, 0, 0, 2, 0, 0, 0, 3, 0, 0])
    #expect(found.components.map(\.label) == [1, 2, 1])
    #expect(found.components.map(\.area) == [3, 3, 1])
    #expect(found.components[0].box == EdgeBox(x0: 0, y0: 0, x1: 2, y1: 2))
    #expect(found.components[1].box == EdgeBox(x0: 3, y0: 0, x1: 5, y1: 2))
    #expect(found.components[0].areaFraction == 3.0 / 15)
    // Centres (0.5, 0.5), (1.5, 0.5), (0.5, 1.5): their mean is (2.5 / 3, 2.5 / 3).
    #expect(found.components[0].centroid == EdgePoint(x: 2.5 / 3, y: 2.5 / 3))
    #expect(found.components[2].centroid == EdgePoint(x: 2.5, y: 2.5))
  }

  @Test func `corners join at eight and do not at four`() {
    let plane = RandomPlane.drawn(["1.1", ".1."])
    #expect(ConnectedComponents(plane).components.map(\.area) == [3])
    #expect(ConnectedComponents(plane, connectivity: .four).components.map(\.area) == [1, 1, 1])
    #expect(ConnectedComponents(plane, connectivity: .four).numbers == [1, 0, 2, 0, 3, 0])
  }

  @Test func `a comb of half a million pixels joins at its end`() {
    let side = 1000
    // Teeth that meet in the last row alone: the numbers of all rows before have to be joined.
    var comb = LabelPlane(
      columns: side, rows: side,
      numbers: (0..<side * side).map { ($0 % side).isMultiple(of: 2) ? 7 : 0 })
    for column in 0..<side { comb.numbers[(side - 1) * side + column] = 7 }
    #expect(ConnectedComponents(comb).components.count == 1)
    #expect(ConnectedComponents(comb).components[0].area == side * side / 2 + side / 2)
  }

  @Test func `numbers of any sample type are read, and what is not whole is refused`() throws {
    func plane(_ values: [Float]) -> StoredPlane {
      let bytes = unsafe values.withUnsafeBytes { unsafe [UInt8]($0) }
      return StoredPlane(
        columns: values.count, rows: 1, samplesPerPixel: 1, sample: .float32, bytes: bytes)
    }
    #expect(try LabelPlane(plane([0, 3, -1])).numbers == [0, 3, -1])
    for value in [0.5, .nan, .infinity, 3e9] as [Float] {
      #expect { try LabelPlane(plane([1, value])) } throws: {
        ($0 as? ImageError)?.code == .annotation
      }
    }
    let words = StoredPlane(
      columns: 2, rows: 1, samplesPerPixel: 1, sample: .int16, bytes: [0xFF, 0xFF, 2, 1])
    #expect(try LabelPlane(words).numbers == [-1, 258])
    let large = StoredPlane(
      columns: 1, rows: 1, samplesPerPixel: 1, sample: .uint32, bytes: [0, 0, 0, 0x80])
    #expect { try LabelPlane(large) } throws: { ($0 as? ImageError)?.code == .annotation }
    let colours = StoredPlane(
      columns: 1, rows: 1, samplesPerPixel: 3, sample: .uint8, bytes: [1, 2, 3])
    #expect { try LabelPlane(colours) } throws: { ($0 as? ImageError)?.code == .annotation }
  }

  private struct Found: Encodable {
    var columns, rows, connectivity: Int
    var plane, numbers: [Int32]
    /// Label, box, area, holes.
    var whole: [[Int]]
    var centroids: [[Double]]
  }

  @Test(.needsPeers) func `random planes have the components, areas and holes of scikit-image`()
    throws
  {
    var generator = SeededGenerator(seed: 4)
    var all: [Found] = []
    for round in 0..<600 {
      let plane = RandomPlane.make(using: &generator, most: round < 590 ? 16 : 120)
      let connectivity: PixelConnectivity = round.isMultiple(of: 2) ? .eight : .four
      let found = ConnectedComponents(plane, connectivity: connectivity)
      let whole = zip(found.components, found.polygons()).map { component, polygon in
        [
          Int(component.label), component.columns.lowerBound, component.rows.lowerBound,
          component.columns.upperBound, component.rows.upperBound, component.area,
          polygon.rings.count - 1,
        ]
      }
      all.append(
        Found(
          columns: plane.columns, rows: plane.rows, connectivity: connectivity.rawValue,
          plane: plane.numbers, numbers: found.numbers, whole: whole,
          centroids: found.components.map { [$0.centroid.x, $0.centroid.y] }))
    }
    let folder = try TemporaryFolder()
    try folder.write(Array(JSONEncoder().encode(all)), to: "found.json")
    let compared = try Peer.run(script: "components.py", in: folder)
    let components = all.reduce(0) { $0 + $1.whole.count }
    #expect(components > 5000)
    #expect(compared.trimmingCharacters(in: .whitespacesAndNewlines) == "\(components)")
  }
}
