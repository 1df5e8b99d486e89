/// Resizes 8-bit pictures as Pillow's `Image.resize` with `BICUBIC` does, byte for byte: a convolution
/// of a = -0.5 that widens when a picture shrinks, along rows and along columns one after the other,
/// each rounded to 8 bits, weights in whole numbers of 1/2^22.
///
/// Which comes first is seen in the bytes. Pillow 13 begins with the height where that loses more than
/// twice as many pixels as the width does; Pillow before it always began with the width.
public struct BicubicResize: Sendable {
  public let columns, rows: Int
  private let across: ResizeWeights?
  private let down: ResizeWeights?
  private let sourceColumns, sourceRows: Int
  private let startsDown: Bool

  /// A side that keeps its length is left alone, as Pillow leaves it. All sides are at least 1.
  public init(columns: Int, rows: Int, toColumns: Int, toRows: Int) {
    precondition(columns > 0 && rows > 0 && toColumns > 0 && toRows > 0)
    (sourceColumns, sourceRows) = (columns, rows)
    (self.columns, self.rows) = (toColumns, toRows)
    startsDown = toRows < rows && 2 * (columns - toColumns) < rows - toRows
    across = columns == toColumns ? nil : ResizeWeights(from: columns, to: toColumns)
    down = rows == toRows ? nil : ResizeWeights(from: rows, to: toRows)
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

/// Which samples of a line make each sample of the resized one, and how much.
struct ResizeWeights: Sendable {
  /// Bits behind the point of a weight.
  static let bits = 22
  /// One half, which rounds.
  static let half: Int32 = 1 << 21

  /// For each new sample: the first old one, and how many; its weights lie at `most` times its index.
  private(set) var starts: [Int] = []
  private(set) var counts: [Int] = []
  private(set) var values: [Int32]
  let most: Int

  init(from old: Int, to new: Int) {
    let scale = Double(old) / Double(new)
    // The window of 2 samples either way widens with the step when the line shrinks.
    let widening = max(scale, 1)
    let support = 2 * widening
    most = Int(support.rounded(.up)) * 2 + 1
    values = [Int32](repeating: 0, count: new * most)
    for index in 0..<new {
      let center = (Double(index) + 0.5) * scale
      let start = max(Int(center - support + 0.5), 0)
      let count = min(Int(center + support + 0.5), old) - start
      var weights = (0..<count).map { i in
        Self.bicubic((Double(i + start) - center + 0.5) * (1 / widening))
      }
      let sum = weights.reduce(0, +)
      if sum != 0 { for i in weights.indices { weights[i] /= sum } }
      for (i, weight) in weights.enumerated() {
        let scaled = weight * Double(1 << Self.bits)
        values[index * most + i] = Int32(weight < 0 ? scaled - 0.5 : scaled + 0.5)
      }
      starts.append(start)
      counts.append(count)
    }
  }

  /// Keys' cubic convolution with a = -0.5 (IEEE Trans. ASSP 29 (1981), equation 15), in the order of
  /// operations that Pillow has.
  private static func bicubic(_ distance: Double) -> Double {
    let x = abs(distance)
    let a = -0.5
    if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
    if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
    return 0
  }
}
