/// How the samples of a display picture lie in memory, row by row without gaps.
public enum RasterLayout: String, Codable, Sendable {
  /// One byte a pixel.
  case grey8
  /// One native-endian 16-bit number a pixel.
  case grey16
  /// Red, green and blue, a byte each.
  case rgb8

  public var bytesPerPixel: Int {
    switch self {
    case .grey8: 1
    case .grey16: 2
    case .rgb8: 3
    }
  }
}
