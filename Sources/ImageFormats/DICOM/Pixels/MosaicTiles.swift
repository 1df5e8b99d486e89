import MedicalImaging

/// The slices of a mosaic, cut out of its one picture row by row.
struct MosaicTiles: Sendable {
  /// The whole mosaic.
  let picture: DecodedFrame

  /// Throws `.damagedPixels` where the bitstream's size was not the header's and has no such tile.
  func decode(_ index: Int, _ header: InstanceHeader) throws(ImageError) -> DecodedFrame {
    let whole = picture.plane
    let format = header.format
    let (column, row) = header.origin(frame: index)
    guard whole.samplesPerPixel == 1, row + format.rows <= whole.rows,
      column + format.columns <= whole.columns
    else { throw ImageError(.damagedPixels, "The mosaic is smaller than its slices.") }
    let size = whole.sample.size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(format.rows * format.columns * size)
    for line in row..<row + format.rows {
      let start = (line * whole.columns + column) * size
      bytes += whole.bytes[start..<start + format.columns * size]
    }
    return DecodedFrame(
      plane: StoredPlane(
        columns: format.columns, rows: format.rows, samplesPerPixel: 1, sample: whole.sample,
        bytes: bytes),
      findings: picture.findings)
  }
}
