import ImageFormats

/// An axial plane of HU under the brush: columns go to the patient's left, rows to the back.
struct SliceCanvas {
  let side: Int
  /// Millimetres a pixel.
  let spacing: Double
  private(set) var values: [Int16]

  init(side: Int, spacing: Double) {
    self.side = side
    self.spacing = spacing
    values = [Int16](repeating: -1000, count: side * side)
  }

  /// Millimetres of the first column and row: the isocentre is the middle of the picture.
  var origin: Double { -Double(side - 1) / 2 * spacing }

  mutating func clear() {
    unsafe values.withUnsafeMutableBufferPointer { unsafe $0.update(repeating: -1000) }
  }

  /// Fills an ellipse.
  mutating func fill(_ ellipse: Ellipse, _ value: Int16) {
    let (a, b, c) = ellipse.form
    // dy is at most sqrt(a / (ac - b2)).
    let reach = (a / (a * c - b * b)).squareRoot()
    let first = max(0, Int(((ellipse.y - reach - origin) / spacing).rounded(.up)))
    let last = min(side - 1, Int(((ellipse.y + reach - origin) / spacing).rounded(.down)))
    guard first <= last else { return }
    let (side, spacing, origin) = (side, spacing, origin)
    unsafe values.withUnsafeMutableBufferPointer { values in
      for row in first...last {
        let dy = origin + Double(row) * spacing - ellipse.y
        let half = max(0, b * b * dy * dy - a * (c * dy * dy - 1)).squareRoot() / a
        let middle = ellipse.x - b * dy / a
        let from = max(0, Int(((middle - half - origin) / spacing).rounded(.up)))
        let to = min(side - 1, Int(((middle + half - origin) / spacing).rounded(.down)))
        guard from <= to else { continue }
        let start = unsafe values.baseAddress! + row * side + from
        unsafe start.update(repeating: value, count: to - from + 1)
      }
    }
  }

  /// Gives every pixel the value of its place, x and y in millimetres.
  mutating func fill(_ value: (Double, Double) -> Int16) {
    for row in 0..<side {
      let y = origin + Double(row) * spacing
      for column in 0..<side {
        values[row * side + column] = value(origin + Double(column) * spacing, y)
      }
    }
  }

  /// The scanner's blur: 1-2-1 in both directions; the outermost pixels stay.
  mutating func blur() {
    let side = side
    unsafe withUnsafeTemporaryAllocation(of: Int16.self, capacity: side * side) { scratch in
      unsafe values.withUnsafeMutableBufferPointer { values in
        let (v, s) = (values.baseAddress!, scratch.baseAddress!)
        for row in 0..<side {
          let (input, output) = unsafe (v + row * side, s + row * side)
          unsafe output[0] = unsafe input[0]
          unsafe output[side - 1] = unsafe input[side - 1]
          for i in 1..<(side - 1) {
            unsafe output[i] = (input[i - 1] &+ 2 &* input[i] &+ input[i + 1]) >> 2
          }
        }
        for row in 1..<(side - 1) {
          let (input, output) = unsafe (s + row * side, v + row * side)
          for i in 0..<side {
            unsafe output[i] = (input[i - side] &+ 2 &* input[i] &+ input[i + side]) >> 2
          }
        }
      }
    }
  }

  /// Adds noise of `sigma` HU, another one for every `slice`.
  mutating func addNoise(_ textures: (NoiseTexture, NoiseTexture), slice: Int, sigma: Double) {
    let side = side
    unsafe values.withUnsafeMutableBufferPointer { values in
      for row in 0..<side {
        let pixels = unsafe values.baseAddress! + row * side
        // Steps without a common factor with the textures' side: slices meet again after 512 x 512.
        unsafe textures.0.add(
          to: pixels, count: side, row: row, shift: (slice &* 37, slice &* 101), sigma: sigma)
        unsafe textures.1.add(
          to: pixels, count: side, row: row, shift: (slice &* 211, slice / 3 &* 59), sigma: sigma)
      }
    }
  }

  /// Stored values: HU + 1024, at least 0, and `padding` outside the circle of the field of view.
  func stored(padding: Int16) -> [Int16] {
    var out = values
    let middle = Double(side - 1) / 2
    let radius = Double(side) / 2
    unsafe out.withUnsafeMutableBufferPointer { out in
      for row in 0..<side {
        let pixels = unsafe out.baseAddress! + row * side
        for i in 0..<side { unsafe pixels[i] = max(0, pixels[i] &+ 1024) }
        let dy = Double(row) - middle
        let half = max(0, radius * radius - dy * dy).squareRoot()
        let outside = max(0, Int((middle - half).rounded(.up)))
        unsafe pixels.update(repeating: padding, count: outside)
        unsafe (pixels + (side - outside)).update(repeating: padding, count: outside)
      }
    }
    return out
  }
}
