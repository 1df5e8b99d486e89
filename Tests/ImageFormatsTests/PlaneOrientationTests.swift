import MedicalImaging
import Testing

@testable import ImageFormats

@Suite struct PlaneOrientationTests {
  @Test(arguments: PlaneOrientation.allCases)
  func `a pixel of the upright picture leads back to the stored one`(_ way: PlaneOrientation) {
    // Every pixel has its own number.
    let stored = StoredPlane(
      columns: 3, rows: 2, samplesPerPixel: 1, sample: .uint8, bytes: Array(0..<6))
    let upright = way.applied(to: stored)
    #expect(upright.columns == (way.swapsAxes ? 2 : 3))
    let matrix = way.storedFromUpright(columns: upright.columns, rows: upright.rows)
    for row in 0..<upright.rows {
      for column in 0..<upright.columns {
        let pixel = [Double(column), Double(row), 1]
        let place = matrix.map { zip($0, pixel).map(*).reduce(0, +) }
        let index = Int(place[1]) * stored.columns + Int(place[0])
        #expect(upright.bytes[row * upright.columns + column] == stored.bytes[index])
      }
    }
  }

  @Test func `three steps make each of the eight ways once`() {
    let both = [false, true]
    let ways = both.flatMap { swaps in
      both.flatMap { columns in
        both.map { PlaneOrientation(swapsAxes: swaps, flipsColumns: columns, flipsRows: $0) }
      }
    }
    #expect(Set(ways) == Set(PlaneOrientation.allCases))
    // Two columns and one row: rows become columns, then they run the other way.
    let stored = StoredPlane(
      columns: 2, rows: 1, samplesPerPixel: 1, sample: .uint8, bytes: [1, 2])
    let turned = PlaneOrientation(swapsAxes: true, flipsColumns: false, flipsRows: true)
      .applied(to: stored)
    #expect(turned.columns == 1 && turned.bytes == [2, 1])
  }
}
