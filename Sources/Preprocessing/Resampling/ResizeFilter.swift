import Glibc

/// The shape of a resize's weights, by Pillow's names and in the order of operations that Pillow has.
public enum ResizeFilter: String, CaseIterable, Codable, Sendable {
  /// The mean of what a pixel covers.
  case box
  case bilinear
  /// Keys' cubic convolution with a = -0.5 (IEEE Trans. ASSP 29 (1981), equation 15).
  case bicubic
  /// Three lobes of a sinc (Duchon, J. Appl. Meteor. 18 (1979)); its sine is the C library's.
  case lanczos

  /// How far from the middle weights reach, in samples of the longer line.
  var support: Double {
    switch self {
    case .box: 0.5
    case .bilinear: 1
    case .bicubic: 2
    case .lanczos: 3
    }
  }

  /// Of a sample so far from the middle.
  func weight(_ distance: Double) -> Double {
    let x = abs(distance)
    switch self {
    case .box: return distance > -0.5 && distance <= 0.5 ? 1 : 0
    case .bilinear: return x < 1 ? 1 - x : 0
    case .bicubic:
      let a = -0.5
      if x < 1 { return ((a + 2) * x - (a + 3)) * x * x + 1 }
      if x < 2 { return (((x - 5) * x + 8) * x - 4) * a }
      return 0
    case .lanczos:
      return distance >= -3 && distance < 3 ? Self.sinc(distance) * Self.sinc(distance / 3) : 0
    }
  }

  private static func sinc(_ x: Double) -> Double {
    guard x != 0 else { return 1 }
    let angle = x * Double.pi
    return sin(angle) / angle
  }
}
