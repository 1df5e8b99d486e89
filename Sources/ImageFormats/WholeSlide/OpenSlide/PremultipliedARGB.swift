/// OpenSlide's pixels: words of alpha, red, green and blue, from the highest byte down, colours
/// already multiplied with alpha.
enum PremultipliedARGB {
  /// Lays words over a background (Porter and Duff 1984, "over"), in the same memory: a colour
  /// becomes colour + (255 - alpha) x background / 255, rounded to the nearest.
  ///
  /// `buffer` holds `count` words and gets `count` x 3 bytes of red, green and blue. Returns how many
  /// pixels were wholly transparent.
  static func flatten(_ buffer: UnsafeMutableRawPointer, count: Int, over background: SlideColor)
    -> Int
  {
    var transparent = 0
    for i in 0..<count {
      // A pixel's three bytes end where its word does, or before: what is read was not yet written.
      let word = unsafe buffer.loadUnaligned(fromByteOffset: 4 * i, as: UInt32.self)
      let alpha = word >> 24
      var red = word >> 16 & 0xFF
      var green = word >> 8 & 0xFF
      var blue = word & 0xFF
      if alpha != 255 {
        let rest = 255 - alpha
        red = min(red + (rest * UInt32(background.red) + 127) / 255, 255)
        green = min(green + (rest * UInt32(background.green) + 127) / 255, 255)
        blue = min(blue + (rest * UInt32(background.blue) + 127) / 255, 255)
        if alpha == 0 { transparent += 1 }
      }
      unsafe buffer.storeBytes(
        of: UInt8(truncatingIfNeeded: red), toByteOffset: 3 * i, as: UInt8.self)
      unsafe buffer.storeBytes(
        of: UInt8(truncatingIfNeeded: green), toByteOffset: 3 * i + 1, as: UInt8.self)
      unsafe buffer.storeBytes(
        of: UInt8(truncatingIfNeeded: blue), toByteOffset: 3 * i + 2, as: UInt8.self)
    }
    return transparent
  }
}
