import MedicalImaging

/// In which form an encoder wants pixels.
public struct TensorForm: Hashable, Sendable {
  /// Where the channels of a pixel lie.
  public enum Order: String, Codable, CaseIterable, Sendable {
    /// Channels, rows, columns: a plane after the other.
    case channelsFirst = "chw"
    /// Rows, columns, channels: side by side.
    case channelsLast = "hwc"
  }

  /// What pixels are brought to.
  public var statistics: PixelStatistics
  /// One of the floating-point types; rounded from float32 to the nearest, ties to even.
  public var scalar: Tensor.Scalar
  /// Of tiles; patches have one order alone.
  public var order: Order

  /// Float32 and channels first, unless others are given.
  public init(
    _ statistics: PixelStatistics, scalar: Tensor.Scalar = .float32, order: Order = .channelsFirst
  ) {
    precondition(scalar != .int64, "pixels are no whole numbers")
    (self.statistics, self.scalar, self.order) = (statistics, scalar, order)
  }
}
