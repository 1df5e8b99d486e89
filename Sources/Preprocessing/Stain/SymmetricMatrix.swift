/// A symmetric matrix of 3 x 3, such as a covariance, and its principal axes.
struct SymmetricMatrix {
  private var rows = [[Double]](repeating: [0, 0, 0], count: 3)

  /// Adds the product of a vector with itself.
  mutating func add(_ vector: SIMD3<Double>, weight: Double) {
    for i in 0..<3 {
      for j in 0..<3 { rows[i][j] += vector[i] * vector[j] * weight }
    }
  }

  /// Eigenvalues and eigenvectors of length 1, the largest first, by Jacobi's rotations.
  var axes: [(length: Double, direction: SIMD3<Double>)] {
    var a = rows
    var vectors: [SIMD3<Double>] = [[1, 0, 0], [0, 1, 0], [0, 0, 1]]
    // Each sweep squares what is left beside the diagonal: a dozen is more than enough.
    for _ in 0..<32 {
      for (p, q) in [(0, 1), (0, 2), (1, 2)] where a[p][q] != 0 {
        let theta = (a[q][q] - a[p][p]) / (2 * a[p][q])
        let t = (theta < 0 ? -1 : 1) / (theta.magnitude + (theta * theta + 1).squareRoot())
        let c = 1 / (t * t + 1).squareRoot()
        let s = t * c
        for k in 0..<3 {
          let (kp, kq) = (a[k][p], a[k][q])
          a[k][p] = c * kp - s * kq
          a[k][q] = s * kp + c * kq
        }
        for k in 0..<3 {
          let (pk, qk) = (a[p][k], a[q][k])
          a[p][k] = c * pk - s * qk
          a[q][k] = s * pk + c * qk
        }
        let (vp, vq) = (vectors[p], vectors[q])
        vectors[p] = c * vp - s * vq
        vectors[q] = s * vp + c * vq
      }
    }
    return (0..<3).map { (length: a[$0][$0], direction: vectors[$0]) }
      .sorted { $0.length > $1.length }
  }
}

extension SIMD3<Double> {
  /// Added up from x to z, on every machine.
  func dot(_ other: SIMD3<Double>) -> Double { x * other.x + y * other.y + z * other.z }
}
