import MedicalImaging

/// A rotation as a NIfTI header keeps it (nifti1.h, method 2): a = sqrt(1 - b2 - c2 - d2) >= 0, and
/// the sign of the third axis apart.
struct NIfTIQuaternion {
  var b, c, d: Double
  /// -1 where the third axis is turned against the cross product of the first two: qfac.
  var handedness: Double

  /// Largest cosine between two axes that counts as a right angle: directions are written with few
  /// digits, and a shift of 0.1 degrees is no tilt (`VolumeGeometry.tiltTolerance`).
  private static let squareness = 1.75e-3

  /// The rotation nearest to the axes: the first keeps its direction, the second its plane. Nil where
  /// they are not at right angles, which a quaternion cannot say.
  init?(_ axes: [Vector3]) {
    let units = axes.map { $0 * (1 / $0.length) }
    guard abs(units[0].dot(units[1])) < Self.squareness,
      abs(units[0].dot(units[2])) < Self.squareness, abs(units[1].dot(units[2])) < Self.squareness
    else { return nil }
    let x = units[0]
    let inPlane = units[1] - x * x.dot(units[1])
    let y = inPlane * (1 / inPlane.length)
    handedness = x.cross(y).dot(units[2]) < 0 ? -1 : 1
    let z = x.cross(y)
    // Of the four parts the largest is found first, so that nothing is divided by little.
    let squares = [
      1 + x.x + y.y + z.z, 1 + x.x - y.y - z.z, 1 - x.x + y.y - z.z, 1 - x.x - y.y + z.z,
    ]
    let largest = (0..<4).max { squares[$0] < squares[$1] }!
    let root = squares[largest].squareRoot()
    let half = 0.5 / root
    var a: Double
    switch largest {
    case 0: (a, b, c, d) = (root / 2, (y.z - z.y) * half, (z.x - x.z) * half, (x.y - y.x) * half)
    case 1: (a, b, c, d) = ((y.z - z.y) * half, root / 2, (x.y + y.x) * half, (x.z + z.x) * half)
    case 2: (a, b, c, d) = ((z.x - x.z) * half, (x.y + y.x) * half, root / 2, (y.z + z.y) * half)
    default:
      (a, b, c, d) = ((x.y - y.x) * half, (x.z + z.x) * half, (y.z + z.y) * half, root / 2)
    }
    if a < 0 { (b, c, d) = (-b, -c, -d) }
  }
}
