import Glibc

/// How colours of a slide become those of the target: what was found in it, and what that is made.
///
/// It is found in a whole slide, as one picture of it shows that, and goes for every part.
public struct StainNormalization: Codable, Hashable, Sendable {
  public let method: StainMethod
  /// Two rows. Macenko: of hematoxylin and of eosin, optical densities of red, green and blue, of length
  /// 1, and the 99th percentile of its amount. Reinhard: means and deviations of l, alpha and beta.
  public let source: [[Double]]
  /// The same of the target.
  public let target: [[Double]]

  /// Of a picture: red, green and blue of 8 bits each, pixel by pixel. Nil where less than a thousandth of
  /// it is tissue, or its colours do not vary as two stains do.
  public init?(_ method: StainMethod, of colors: [UInt8]) {
    let tissue = ColorCounts(colors).tissue
    guard tissue.count * 1000 >= colors.count / 3, tissue.count > 0 else { return nil }
    let found =
      switch method {
      case .macenko: MacenkoStains.find(in: tissue)
      case .reinhard: ReinhardColors.find(in: tissue)
      }
    guard let found else { return nil }
    self.method = method
    source = found
    target =
      switch method {
      case .macenko: MacenkoStains.target
      case .reinhard: ReinhardColors.target
      }
  }

  /// The colours as the target's, each rounded to the nearest.
  public func applied(to colors: [UInt8]) -> [UInt8] {
    switch method {
    case .macenko: MacenkoStains.applied(to: colors, source: source, target: target)
    case .reinhard: ReinhardColors.applied(to: colors, source: source, target: target)
    }
  }

  static func byte(_ value: Double) -> UInt8 {
    value > 0 ? (value < 255 ? UInt8((value + 0.5).rounded(.down)) : 255) : 0
  }
}
