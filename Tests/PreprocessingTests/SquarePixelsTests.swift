import MedicalImaging
import Preprocessing
import Testing

/// The shape of pixels, and the size of a picture in which they are square.
@Suite struct SquarePixelsTests {
  @Test func `The side with too few pixels gets more of them`() {
    // Pixels twice as high as wide: 100 rows cover what 200 rows of square ones do.
    let high = SquarePixels(columns: 300, rows: 100, aspect: 2)
    #expect((high.columns, high.rows) == (300, 200))
    let wide = SquarePixels(columns: 320, rows: 240, aspect: 0.75)
    // 320 / 0.75 = 426.67
    #expect((wide.columns, wide.rows) == (427, 240))
  }

  @Test(arguments: [1, 1.0099, 0.9901, 0.05, 20, .nan, .infinity])
  func `Pixels that are square, and shapes that are none, leave the size`(aspect: Double) {
    #expect(SquarePixels(columns: 640, rows: 480, aspect: aspect).isUnchanged)
  }

  @Test func `Corners of the picture are those of the source`() {
    let shape = SquarePixels(columns: 10, rows: 20, aspect: 1.5)
    let matrix = shape.sourceFromPixel
    func source(_ column: Double, _ row: Double) -> [Double] {
      matrix.map { $0[0] * column + $0[1] * row + $0[2] }
    }
    // Half a pixel before the centre of the first, and behind that of the last: 20 x 1.5 = 30 rows.
    #expect(source(-0.5, -0.5) == [-0.5, -0.5, 1])
    let last = source(9.5, 29.5)
    #expect(abs(last[0] - 9.5) < 1e-12 && abs(last[1] - 19.5) < 1e-12)
  }
}
