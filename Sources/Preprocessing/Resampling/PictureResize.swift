import MedicalImaging

/// Resizes pictures as Pillow's `Image.resize` does, of 8 bits byte for byte and of floating point bit for
/// bit: a convolution that widens when a picture shrinks, along rows and along columns one after the other.
/// Samples of 8 bits are rounded after each, and weights are whole numbers of 1/2^22.
///
/// Which comes first is seen in the bytes. Pillow 13 begins with the height where that loses more than
/// twice as many pixels as the width does; Pillow before it always began with the width.
public struct PictureResize: Sendable {
  public let columns, rows: Int
  private let across: ResizeWeights?
  private let down: ResizeWeights?
  private let sourceColumns, sourceRows: Int
  private let startsDown: Bool

  /// A side that keeps its length is left alone, as Pillow leaves it. All sides are at least 1.
  public init(
    columns: Int, rows: Int, toColumns: Int, toRows: Int, filter: ResizeFilter = .bicubic
  ) {
    precondition(columns > 0 && rows > 0 && toColumns > 0 && toRows > 0)
    (sourceColumns, sourceRows) = (columns, rows)
    (self.columns, self.rows) = (toColumns, toRows)
    startsDown = toRows < rows && 2 * (columns - toColumns) < rows - toRows
    across =
      columns == toColumns ? nil : ResizeWeights(from: columns, to: toColumns, filter: filter)
    down = rows == toRows ? nil : ResizeWeights(from: rows, to: toRows, filter: filter)
  }

  /// The picture of the new size; row by row, `channels` samples of a pixel side by side, both ways.
  public func callAsFunction(_ pixels: [UInt8], channels: Int) -> [UInt8] {
    precondition(pixels.count == sourceColumns * sourceRows * channels)
    if startsDown {
      let high = down.map { heightened(pixels, $0, sourceColumns * channels) } ?? pixels
      return across.map { widened(high, $0, rows, channels) } ?? high
    }
    let wide = across.map { widened(pixels, $0, sourceRows, channels) } ?? pixels
    return down.map { heightened(wide, $0, columns * channels) } ?? wide
  }

  /// The same of floating point, with weights and sums in double precision: Pillow's mode `F`, of each
  /// channel.
  public func callAsFunction(_ values: [Float], channels: Int) -> [Float] {
    precondition(values.count == sourceColumns * sourceRows * channels)
    func wide(_ values: [Float], rows: Int) -> [Float] {
      guard let across else { return values }
      return across.line(values, rows, channels, from: sourceColumns, to: columns)
    }
    func high(_ values: [Float], columns: Int) -> [Float] {
      guard let down else { return values }
      return down.line(values, 1, columns * channels, from: sourceRows, to: rows)
    }
    return startsDown
      ? wide(high(values, columns: sourceColumns), rows: rows)
      : high(wide(values, rows: sourceRows), columns: columns)
  }

  /// A sum of weighted samples, and a half, to 8 bits.
  @inline(__always)
  private func clipped(_ sum: Int32) -> UInt8 {
    UInt8(truncatingIfNeeded: min(max(sum &>> Int32(ResizeWeights.bits), 0), 255))
  }

  private func widened(
    _ pixels: [UInt8], _ weights: ResizeWeights, _ rows: Int, _ channels: Int
  ) -> [UInt8] {
    let (from, to) = (sourceColumns * channels, columns * channels)
    return unsafe [UInt8](unsafeUninitializedCapacity: rows * to) { out, used in
      unsafe pixels.withUnsafeBufferPointer { pixels in
        unsafe weights.values.withUnsafeBufferPointer { values in
          for row in 0..<rows {
            for column in 0..<columns {
              let first = row * from + weights.starts[column] * channels
              let place = column * weights.most
              let count = weights.counts[column]
              if channels == 3 {
                // Colours share their weights, and one walk along the line.
                var (red, green, blue) = (
                  ResizeWeights.half, ResizeWeights.half, ResizeWeights.half
                )
                var at = first
                for i in 0..<count {
                  let weight = unsafe values[place &+ i]
                  unsafe red &+= Int32(pixels[at]) &* weight
                  unsafe green &+= Int32(pixels[at &+ 1]) &* weight
                  unsafe blue &+= Int32(pixels[at &+ 2]) &* weight
                  at &+= 3
                }
                let to = row * to + 3 * column
                unsafe out[to] = clipped(red)
                unsafe out[to + 1] = clipped(green)
                unsafe out[to + 2] = clipped(blue)
                continue
              }
              for channel in 0..<channels {
                var sum = ResizeWeights.half
                var at = first + channel
                for i in 0..<count {
                  unsafe sum &+= Int32(pixels[at]) &* values[place + i]
                  at += channels
                }
                unsafe out[row * to + column * channels + channel] = clipped(sum)
              }
            }
          }
        }
      }
      used = rows * to
    }
  }

  private func heightened(_ pixels: [UInt8], _ weights: ResizeWeights, _ width: Int) -> [UInt8] {
    var sums = [Int32](repeating: 0, count: width)
    return unsafe [UInt8](unsafeUninitializedCapacity: rows * width) { out, used in
      unsafe pixels.withUnsafeBufferPointer { pixels in
        unsafe sums.withUnsafeMutableBufferPointer { sums in
          for row in 0..<rows {
            unsafe sums.update(repeating: ResizeWeights.half)
            for i in 0..<weights.counts[row] {
              let weight = weights.values[row * weights.most + i]
              let line = (weights.starts[row] + i) * width
              for x in 0..<width { unsafe sums[x] &+= Int32(pixels[line + x]) &* weight }
            }
            for x in 0..<width { unsafe out[row * width + x] = clipped(sums[x]) }
          }
        }
      }
      used = rows * width
    }
  }
}
