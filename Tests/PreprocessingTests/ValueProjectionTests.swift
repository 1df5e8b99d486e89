import MedicalImaging
import Testing

@testable import Preprocessing

@Suite struct ValueProjectionTests {
  private func values(_ projection: ValueProjection) -> [Double] {
    let plane = projection.plane
    return unsafe plane.bytes.withUnsafeBytes { bytes in
      (0..<plane.columns * plane.rows).map { unsafe plane.sample.storedValue(bytes, at: 8 * $0) }
    }
  }

  /// Of three pictures of four pixels under a transform each; 99 is padding of the last two.
  private func projection(_ kind: ValueProjection.Kind) -> ValueProjection {
    var projection = ValueProjection(kind, columns: 2, rows: 2)
    for (stored, slope, padding) in [
      ([1, 2, 3, 4], 1.0, nil), ([4, 99, 99, 1], -2, 99), ([6, 5, 99, 2], 0.5, 99),
    ] as [([Int], Double, Double?)] {
      projection.add(
        Phantom.plane(stored, columns: 2, rows: 2, sample: .int16),
        modality: .linear(slope: slope, intercept: 10),
        padding: padding.map { PixelPadding(value: $0) })
    }
    return projection
  }

  @Test func `largest, least and mean are of modality values, padding left out`() {
    // 11, 12, 13, 14; 2, none, none, 8; 13, 12.5, none, 11.
    #expect(values(projection(.max)) == [13, 12.5, 13, 14])
    #expect(values(projection(.min)) == [2, 12, 13, 8])
    #expect(values(projection(.mean)) == [26.0 / 3, 12.25, 13, 11])
    #expect(projection(.mean).count == 3)
  }

  @Test func `where nothing is a picture there is no number`() {
    for kind in ValueProjection.Kind.allCases {
      var projection = ValueProjection(kind, columns: 2, rows: 1)
      projection.add(
        Phantom.plane([.infinity, -3], columns: 2, rows: 1, sample: .float64), modality: .identity,
        padding: nil)
      projection.add(
        Phantom.plane([.nan, -5], columns: 2, rows: 1, sample: .float32), modality: .identity,
        padding: nil)
      #expect(values(projection)[0].isNaN)
      #expect(values(projection)[1] == [.max: -3, .min: -5, .mean: -4][kind])
    }
  }
}
