import Glibc

/// Noise as a CT's reconstruction leaves it: neighbours resemble each other, and a coarse mottle lies
/// under the fine grain. A torus, so that any window of it is seamless.
struct NoiseTexture: Sendable {
  static let side = 512
  /// Deviation 256 a unit.
  private let values: [Int16]

  init(_ seed: String) {
    var numbers = SeededNumbers(seed)
    var fine = (0..<(Self.side * Self.side)).map { _ in numbers.normal() }
    Self.smooth(&fine)
    let coarse = Self.mottle(&numbers)
    let (a, b) = (0.95 / Self.deviation(fine), 0.31 / Self.deviation(coarse))
    values = zip(fine, coarse).map { Int16((256 * (a * $0 + b * $1)).rounded()) }
  }

  /// Adds this texture, shifted, times `sigma` to `row` of a picture, scaled by 1 / sqrt(2): two
  /// textures with other shifts make noise that does not repeat.
  func add(
    to pixels: UnsafeMutablePointer<Int16>, count: Int, row: Int, shift: (x: Int, y: Int),
    sigma: Double
  ) {
    let scale = Int32(sigma * 181)  // 256 / sqrt(2)
    let line = (row + shift.y) & (Self.side - 1)
    unsafe values.withUnsafeBufferPointer { values in
      let source = unsafe values.baseAddress! + line * Self.side
      var x = 0
      while x < count {
        // Up to where the torus closes.
        let from = (x + shift.x) & (Self.side - 1)
        let run = min(count - x, Self.side - from)
        let (input, output) = unsafe (source + from, pixels + x)
        for i in 0..<run {
          unsafe output[i] &+= Int16(truncatingIfNeeded: (Int32(input[i]) &* scale) >> 16)
        }
        x += run
      }
    }
  }

  /// The texture's value at a place, deviation 1.
  subscript(x: Int, y: Int) -> Float {
    Float(values[(y & (Self.side - 1)) * Self.side + (x & (Self.side - 1))]) / 256
  }

  /// The texture between its points, for a field that is stretched.
  func between(_ x: Double, _ y: Double) -> Double {
    let (column, row) = (Int(x.rounded(.down)), Int(y.rounded(.down)))
    let (u, v) = (x - Double(column), y - Double(row))
    func mix(_ row: Int) -> Double {
      Double(self[column, row]) * (1 - u) + Double(self[column + 1, row]) * u
    }
    return mix(row) * (1 - v) + mix(row + 1) * v
  }

  /// A white field of cells of 8 x 8, bent from one cell's middle to the next.
  private static func mottle(_ numbers: inout SeededNumbers) -> [Float] {
    let count = side / 8
    let cells = (0..<(count * count)).map { _ in numbers.normal() }
    var out: [Float] = []
    out.reserveCapacity(side * side)
    // A cosine's weight: flat in the middle of a cell, so that no edge shows.
    let weights = (0..<8).map { Float(0.5 - 0.5 * cos(.pi * Double($0) / 8)) }
    for y in 0..<side {
      let (upper, lower) = (y / 8 * count, (y / 8 + 1) % count * count)
      let v = weights[y % 8]
      for x in 0..<side {
        let (left, right) = (x / 8, (x / 8 + 1) % count)
        let u = weights[x % 8]
        let above = cells[upper + left] * (1 - u) + cells[upper + right] * u
        let below = cells[lower + left] * (1 - u) + cells[lower + right] * u
        out.append(above * (1 - v) + below * v)
      }
    }
    return out
  }

  /// 1-2-1 in both directions.
  private static func smooth(_ field: inout [Float]) {
    for step in [1, side] {
      let old = field
      let mask = side - 1
      for i in 0..<old.count {
        let (x, y) = (i & mask, i / side)
        let before = step == 1 ? y * side + ((x - 1) & mask) : ((y - 1) & mask) * side + x
        let after = step == 1 ? y * side + ((x + 1) & mask) : ((y + 1) & mask) * side + x
        field[i] = (old[before] + 2 * old[i] + old[after]) / 4
      }
    }
  }

  private static func deviation(_ field: [Float]) -> Float {
    let mean = field.reduce(0, +) / Float(field.count)
    return (field.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Float(field.count)).squareRoot()
  }
}
