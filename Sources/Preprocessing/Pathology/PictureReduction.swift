/// Makes a picture smaller by a whole number, each new pixel the mean of a square of old ones, as
/// Pillow's `Image.reduce` does, byte for byte. The picture is put in part by part, so that it need not
/// be in memory as a whole.
///
/// At the right and at the bottom squares may be cut off; then the mean is of what there is.
public struct PictureReduction: Sendable {
  public let factor: Int
  /// Of the small picture.
  public let columns, rows: Int
  private let sourceColumns, sourceRows, channels: Int
  /// Row by row, `channels` samples of a pixel side by side; 0 where nothing was put in yet.
  public private(set) var bytes: [UInt8]

  public init(columns: Int, rows: Int, channels: Int, factor: Int) {
    precondition(columns > 0 && rows > 0 && channels > 0 && factor > 0)
    (sourceColumns, sourceRows, self.channels, self.factor) = (columns, rows, channels, factor)
    self.columns = (columns + factor - 1) / factor
    self.rows = (rows + factor - 1) / factor
    bytes = [UInt8](repeating: 0, count: self.columns * self.rows * channels)
  }

  /// Puts in a part that begins at a multiple of the factor and ends at one, or at the picture's edge.
  public mutating func put(_ part: [UInt8], columns inX: Range<Int>, rows inY: Range<Int>) {
    precondition(part.count == inX.count * inY.count * channels && !part.isEmpty)
    for (range, side) in [(inX, sourceColumns), (inY, sourceRows)] {
      precondition(range.lowerBound >= 0 && range.upperBound <= side)
      precondition(range.lowerBound.isMultiple(of: factor))
      precondition(range.upperBound.isMultiple(of: factor) || range.upperBound == side)
    }
    let samples = part.span
    let width = inX.count * channels
    var sums = [UInt32](repeating: 0, count: ((inX.count + factor - 1) / factor) * channels)
    for top in stride(from: 0, to: inY.count, by: factor) {
      let height = min(factor, inY.count - top)
      for i in sums.indices { sums[i] = 0 }
      for row in top..<top + height {
        var at = row * width
        var place = 0
        var left = inX.count
        while left > 0 {
          for _ in 0..<min(factor, left) {
            for channel in 0..<channels { sums[place + channel] &+= UInt32(samples[at + channel]) }
            at += channels
          }
          place += channels
          left -= factor
        }
      }
      let out =
        ((inY.lowerBound + top) / factor * columns + inX.lowerBound / factor) * channels
      for i in sums.indices {
        let count = height * min(factor, inX.count - i / channels * factor)
        bytes[out + i] = Self.mean(sums[i], of: count)
      }
    }
  }

  /// In Pillow's whole numbers: (sum + n / 2) times 2^24 / n, which is what it takes for a division.
  private static func mean(_ sum: UInt32, of count: Int) -> UInt8 {
    let share = UInt32(Float(0x1p32) / Float(256 * count))
    return UInt8(truncatingIfNeeded: ((sum &+ UInt32(count / 2)) &* share) >> 24)
  }
}
