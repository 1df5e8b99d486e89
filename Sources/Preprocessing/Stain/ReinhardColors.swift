import Glibc

/// Mean and deviation on the axes of Ruderman's colour space: Reinhard et al., Color transfer between
/// images, IEEE Comput. Graph. Appl. 21(5) (2001), 34 (doi 10.1109/38.946629), as HistomicsTK has it:
/// colours of 0...255, natural logarithms.
enum ReinhardColors {
  /// Means and deviations of l, alpha and beta of slide TCGA-A2-A3XS-DX1 (Amgad et al., Bioinformatics 35
  /// (2019), 3461), the colour standard that HistomicsTK's tests and examples normalise to.
  static let target = [
    [8.74108109, -0.12440419, 0.0444982],
    [0.6135447, 0.10989545, 0.0286032],
  ]

  /// Red, green and blue -> responses of the long, middle and short cones; rows.
  private static let cones: [SIMD3<Double>] = [
    [0.3811, 0.5783, 0.0402], [0.1967, 0.7244, 0.0782], [0.0241, 0.1288, 0.8444],
  ]
  /// Their logarithms -> l, alpha, beta: rows of length 1 at right angles, so that the way back is the
  /// transposed.
  private static let axes: [SIMD3<Double>] = [
    SIMD3(1, 1, 1) / 3.0.squareRoot(), SIMD3(1, 1, -2) / 6.0.squareRoot(),
    SIMD3(1, -1, 0) / 2.0.squareRoot(),
  ]

  /// Rows as `target` has them; nil where one of the three does not vary.
  static func find(in tissue: ColorCounts) -> [[Double]]? {
    let places = tissue.entries.compactMap { entry -> (SIMD3<Double>, Double)? in
      let logarithms = logarithms(entry.red, entry.green, entry.blue)
      // Black has none; slides are black where there is no slide.
      return logarithms.map { (along(axes, $0), Double(entry.count)) }
    }
    let total = places.reduce(0) { $0 + $1.1 }
    guard total > 0 else { return nil }
    let mean = places.reduce(SIMD3<Double>.zero) { $0 + $1.0 * $1.1 } / total
    let variance =
      places.reduce(SIMD3<Double>.zero) { $0 + ($1.0 - mean) * ($1.0 - mean) * $1.1 } / total
    let deviation = (0..<3).map { variance[$0].squareRoot() }
    guard deviation.allSatisfy({ $0 > 1e-6 }) else { return nil }
    return [(0..<3).map { mean[$0] }, deviation]
  }

  static func applied(to colors: [UInt8], source: [[Double]], target: [[Double]]) -> [UInt8] {
    let scale = (0..<3).map { target[1][$0] / source[1][$0] }
    let back = inverse(cones)
    var shown = colors
    for i in stride(from: 0, to: colors.count - 2, by: 3) {
      guard let logarithms = logarithms(colors[i], colors[i + 1], colors[i + 2]) else { continue }
      let place = along(axes, logarithms)
      var made = SIMD3<Double>.zero
      for axis in 0..<3 {
        made += axes[axis] * ((place[axis] - source[0][axis]) * scale[axis] + target[0][axis])
      }
      let color = along(back, SIMD3(exp(made.x), exp(made.y), exp(made.z)))
      for channel in 0..<3 { shown[i + channel] = StainNormalization.byte(color[channel]) }
    }
    return shown
  }

  /// Of the responses of the cones; nil of black.
  private static func logarithms(
    _ red: UInt8, _ green: UInt8, _ blue: UInt8
  ) -> SIMD3<Double>? {
    guard red | green | blue > 0 else { return nil }
    let response = along(cones, SIMD3(Double(red), Double(green), Double(blue)))
    return SIMD3(log(response.x), log(response.y), log(response.z))
  }

  private static func along(_ rows: [SIMD3<Double>], _ vector: SIMD3<Double>) -> SIMD3<Double> {
    SIMD3(rows[0].dot(vector), rows[1].dot(vector), rows[2].dot(vector))
  }

  /// By the cross products of its rows.
  private static func inverse(_ rows: [SIMD3<Double>]) -> [SIMD3<Double>] {
    func cross(_ a: SIMD3<Double>, _ b: SIMD3<Double>) -> SIMD3<Double> {
      SIMD3(a.y * b.z - a.z * b.y, a.z * b.x - a.x * b.z, a.x * b.y - a.y * b.x)
    }
    let columns = [cross(rows[1], rows[2]), cross(rows[2], rows[0]), cross(rows[0], rows[1])]
    let determinant = rows[0].dot(columns[0])
    return (0..<3).map { row in
      SIMD3(columns[0][row], columns[1][row], columns[2][row]) / determinant
    }
  }
}
