import MedicalImaging

/// Slices of volumes: values are resampled before they are shown, linear, so that no grey is made of
/// greys.
extension SquarePixels {
  /// A slice whose pixels lie `spacing` apart, in the size in which they lie `millimetres` apart both
  /// ways, as nearly as whole numbers of pixels allow; edges of both lie upon each other.
  public init(columns: Int, rows: Int, spacing: PixelSpacing, millimetres: Double) {
    func count(_ count: Int, _ distance: Double) -> Int {
      // More pixels than any display has are no picture; numbers of headers may be of any size.
      let wanted = (Double(count) * distance / millimetres).rounded()
      return wanted.isFinite ? Int(min(max(wanted, 1), 1e6)) : count
    }
    self.init(
      sourceColumns: columns, sourceRows: rows, columns: count(columns, spacing.betweenColumns),
      rows: count(rows, spacing.betweenRows))
  }

  /// A grey slice as modality values of 32 bits in the size of the picture: bilinear between centres of
  /// pixels, and beyond the outermost of them as they are. Padding takes no part; where the nearest
  /// pixel is padding or no number, the value is none.
  public func resampled(
    _ plane: StoredPlane, modality: ModalityTransform, padding: PixelPadding?
  ) -> StoredPlane {
    precondition(plane.columns == sourceColumns && plane.rows == sourceRows)
    let (x, y) = scale
    var values = [Float](repeating: .nan, count: columns * rows)
    if let stack = PlaneStack(
      columns: sourceColumns, rows: sourceRows, betweenColumns: 1, betweenRows: 1,
      origins: [.init(x: 0, y: 0, z: 0)])
    {
      let grid = ResamplingGrid(
        columns: columns, rows: rows, slices: 1,
        first: .init(x: (x - 1) / 2, y: (y - 1) / 2, z: 0),
        spacing: VoxelSpacing(betweenColumns: x, betweenRows: y, betweenSlices: 1))
      var resampler = PlaneResampler(stack, to: grid, fill: .nan)
      resampler.resample(
        slice: 0, [ModalityPlane(plane, modality: modality, padding: padding)], into: &values)
    }
    return StoredPlane(
      columns: columns, rows: rows, samplesPerPixel: 1, sample: .float32,
      bytes: unsafe values.withUnsafeBytes { unsafe Array($0) })
  }
}
