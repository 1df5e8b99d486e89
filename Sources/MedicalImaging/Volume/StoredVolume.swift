/// The stored values of one volume, or of some neighbouring slices of it, before any transformation
/// of the grey scale.
///
/// Grey voxels are numbers; coloured ones are red, green and blue, with or without alpha.
public struct StoredVolume: Sendable, Equatable {
  public typealias Sample = StoredPlane.Sample

  public var columns: Int
  public var rows: Int
  public var slices: Int
  /// 1 (grey), 3 (red, green, blue) or 4 (with alpha behind them).
  public var samplesPerVoxel: Int
  public var sample: Sample
  /// The column index grows fastest, then the row, then the slice; samples of a voxel side by side:
  /// columns x rows x slices x samplesPerVoxel x sample.size.
  public var bytes: [UInt8]

  public init(
    columns: Int, rows: Int, slices: Int, samplesPerVoxel: Int, sample: Sample, bytes: [UInt8]
  ) {
    precondition(bytes.count == columns * rows * slices * samplesPerVoxel * sample.size)
    self.columns = columns
    self.rows = rows
    self.slices = slices
    self.samplesPerVoxel = samplesPerVoxel
    self.sample = sample
    self.bytes = bytes
  }

  /// Calls `body` with all samples in their type, which must be that of `sample`: no copy is made.
  public func withSamples<Number: BitwiseCopyable, Result, Failure: Error>(
    as type: Number.Type, _ body: (Span<Number>) throws(Failure) -> Result
  ) throws(Failure) -> Result {
    precondition(MemoryLayout<Number>.stride == sample.size, "samples are of another type")
    return try unsafe bytes.span.withUnsafeBytes { (raw) throws(Failure) in
      // The elements of an array lie on 16 bytes, so every sample lies on a multiple of its size.
      try body(unsafe Span(_unsafeBytes: raw))
    }
  }
}
