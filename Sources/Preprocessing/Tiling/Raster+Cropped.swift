import MedicalImaging

extension Raster {
  /// A rectangle of the picture, which must be in it.
  func cropped(columns inX: Range<Int>, rows inY: Range<Int>) -> Raster {
    precondition(!inX.isEmpty && inX.clamped(to: 0..<columns) == inX)
    precondition(!inY.isEmpty && inY.clamped(to: 0..<rows) == inY)
    var cut: [Sample] = []
    cut.reserveCapacity(inX.count * inY.count * channels)
    for row in inY {
      let start = row * columns
      cut += samples[(start + inX.lowerBound) * channels..<(start + inX.upperBound) * channels]
    }
    return Raster(columns: inX.count, rows: inY.count, channels: channels, samples: cut)
  }

  /// The picture with a ground laid around it; `pixel` has a sample a channel.
  func padded(left: Int, top: Int, right: Int, bottom: Int, with pixel: [Sample]) -> Raster {
    precondition(min(left, top, right, bottom) >= 0 && pixel.count == channels)
    let width = left + columns + right
    var ground: [Sample] = []
    ground.reserveCapacity(width * channels)
    for _ in 0..<width { ground += pixel }
    var out: [Sample] = []
    out.reserveCapacity(width * (top + rows + bottom) * channels)
    for _ in 0..<top { out += ground }
    for row in 0..<rows {
      out += ground[..<(left * channels)]
      out += samples[row * columns * channels..<(row + 1) * columns * channels]
      out += ground[..<(right * channels)]
    }
    for _ in 0..<bottom { out += ground }
    return Raster(
      columns: width, rows: top + rows + bottom, channels: channels, samples: out)
  }
}
