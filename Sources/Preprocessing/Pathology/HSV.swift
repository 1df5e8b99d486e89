/// Hue, saturation and value of an 8-bit colour (Smith, SIGGRAPH 1978), step by step as scikit-image's
/// `rgb2hsv` takes them from whole numbers, so that no pixel falls on another side of a limit.
struct HSV {
  /// From 0 for red over green and blue to below 1; 0 of grey.
  let hue: Double
  /// 0 of grey, 1 of a pure colour.
  let saturation: Double
  let value: Double

  init(red: UInt8, green: UInt8, blue: UInt8) {
    let (r, g, b) = (Self.share(red), Self.share(green), Self.share(blue))
    value = max(r, g, b)
    let delta = value - min(r, g, b)
    guard delta > 0 else {
      (hue, saturation) = (0, 0)
      return
    }
    saturation = delta / value
    // Of two that are the largest, the later counts.
    let sector =
      b == value ? 4 + (r - g) / delta : g == value ? 2 + (b - r) / delta : (g - b) / delta
    let turn = sector / 6
    hue = turn < 0 ? turn + 1 : turn
  }

  private static func share(_ sample: UInt8) -> Double { Double(sample) * (1.0 / 255) }

  /// 255 times the saturation, rounded half to even, at 256 times the largest of the three samples plus
  /// the smallest.
  static let saturations: [UInt8] = (0..<65_536).map { pair in
    let (most, least) = (UInt8(pair >> 8), UInt8(pair & 255))
    guard most > least else { return 0 }
    let value = share(most)
    return UInt8(((value - share(least)) / value * 255).rounded(.toNearestOrEven))
  }
}
