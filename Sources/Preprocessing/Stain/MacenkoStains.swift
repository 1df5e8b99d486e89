import Glibc

/// Hematoxylin and eosin by their optical densities: Macenko et al., A method for normalizing histology
/// slides for quantitative analysis, ISBI 2009, 1107 (doi 10.1109/ISBI.2009.5193250), with the constants of
/// the implementations that follow it (mitkovetta/staining-normalization, torchstain): light of 240,
/// densities from 0.15, angles at 1 and 99 percent.
enum MacenkoStains {
  /// Hematoxylin and eosin of those implementations, and the 99th percentiles of their amounts.
  static let target = [
    [0.5626, 0.7201, 0.4062, 1.9705],
    [0.2159, 0.8012, 0.5581, 1.0308],
  ]

  /// Rows as `target` has them; nil where there are not two stains.
  static func find(in tissue: ColorCounts) -> [[Double]]? {
    let densities = tissue.entries.map { entry in
      (
        SIMD3(
          ColorCounts.densities[Int(entry.red)], ColorCounts.densities[Int(entry.green)],
          ColorCounts.densities[Int(entry.blue)]), entry.count
      )
    }
    let total = Double(tissue.count)
    let mean = densities.reduce(SIMD3<Double>.zero) { $0 + $1.0 * Double($1.1) } / total
    var covariance = SymmetricMatrix()
    for (density, count) in densities { covariance.add(density - mean, weight: Double(count)) }
    let axes = covariance.axes
    // Colours along one line, or none but one, are no plane of two stains.
    guard axes[1].length > 1e-9 * axes[0].length, axes[1].length > 0 else { return nil }
    // Towards more of everything, so that no angle of tissue lies where angles begin anew.
    let first = axes[0].direction.dot([1, 1, 1]) < 0 ? -axes[0].direction : axes[0].direction
    let second = axes[1].direction

    let angles = ValueDistribution(
      densities.map { density, count in
        (atan2(density.dot(first), density.dot(second)), count)
      })
    guard let least = angles.percentile(1), let greatest = angles.percentile(99) else {
      return nil
    }
    let ends = [least, greatest].map { second * cos($0) + first * sin($0) }
    // Hematoxylin takes more of red.
    let stains = ends[0].x > ends[1].x ? ends : ends.reversed()
    guard let amounts = Unmixing(stains[0], stains[1]) else { return nil }
    var rows: [[Double]] = []
    for (number, stain) in stains.enumerated() {
      let distribution = ValueDistribution(
        densities.map { density, count in (amounts.of(density)[number], count) })
      guard let most = distribution.percentile(99), most > 0 else { return nil }
      rows.append([stain.x, stain.y, stain.z, most])
    }
    return rows
  }

  static func applied(to colors: [UInt8], source: [[Double]], target: [[Double]]) -> [UInt8] {
    let from = source.map { SIMD3($0[0], $0[1], $0[2]) }
    let to = target.map { SIMD3($0[0], $0[1], $0[2]) }
    guard let amounts = Unmixing(from[0], from[1]) else { return colors }
    let scale = SIMD2(target[0][3] / source[0][3], target[1][3] / source[1][3])
    var shown = colors
    for i in stride(from: 0, to: colors.count - 2, by: 3) {
      let density = SIMD3(
        ColorCounts.densities[Int(colors[i])], ColorCounts.densities[Int(colors[i + 1])],
        ColorCounts.densities[Int(colors[i + 2])])
      let amount = amounts.of(density) * scale
      let made = to[0] * amount.x + to[1] * amount.y
      for channel in 0..<3 {
        shown[i + channel] = StainNormalization.byte(ColorCounts.light * exp(-made[channel]))
      }
    }
    return shown
  }

  /// Optical densities -> amounts of two stains, by least squares.
  private struct Unmixing {
    private let first, second: SIMD3<Double>

    /// Nil where the stains have nearly one colour.
    init?(_ a: SIMD3<Double>, _ b: SIMD3<Double>) {
      let (aa, ab, bb) = (a.dot(a), a.dot(b), b.dot(b))
      let determinant = aa * bb - ab * ab
      guard determinant > 1e-6 * aa * bb else { return nil }
      first = (a * bb - b * ab) / determinant
      second = (b * aa - a * ab) / determinant
    }

    func of(_ density: SIMD3<Double>) -> SIMD2<Double> {
      SIMD2(first.dot(density), second.dot(density))
    }
  }
}
