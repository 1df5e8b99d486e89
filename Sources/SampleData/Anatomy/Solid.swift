import Glibc
import MedicalImaging

/// A simple body in the patient: LPS millimetres, filled with one value.
struct Solid {
  enum Shape {
    case ellipsoid(center: Vector3, radii: Vector3)
    /// Elliptic sections from foot to head, with straight walls in between.
    case tube([Station])
  }

  /// A section of a tube.
  struct Station {
    var z: Double
    var ellipse: Ellipse

    init(_ z: Double, x: Double, y: Double, rx: Double, ry: Double) {
      self.z = z
      ellipse = Ellipse(x: x, y: y, rx: rx, ry: ry)
    }
  }

  var shape: Shape
  /// HU.
  var value: Int16
  /// HU of what it lies in, for projections: what it takes the place of.
  var within: Int16 = 50
  /// Turn in the axial plane, radians.
  var turn = 0.0

  /// Where it lies along z.
  var extent: ClosedRange<Double> {
    switch shape {
    case .ellipsoid(let center, let radii): (center.z - radii.z)...(center.z + radii.z)
    case .tube(let stations): stations[0].z...stations[stations.count - 1].z
    }
  }

  /// The section at a height, or nil.
  func section(at z: Double) -> Ellipse? {
    guard extent.contains(z) else { return nil }
    var ellipse: Ellipse
    switch shape {
    case .ellipsoid(let center, let radii):
      let h = (z - center.z) / radii.z
      let scale = max(0, 1 - h * h).squareRoot()
      ellipse = Ellipse(x: center.x, y: center.y, rx: radii.x * scale, ry: radii.y * scale)
    case .tube(let stations):
      let upper = max(1, stations.firstIndex { $0.z >= z } ?? 1)
      let (a, b) = (stations[upper - 1], stations[upper])
      let t = (z - a.z) / (b.z - a.z)
      func mix(_ p: Double, _ q: Double) -> Double { p + t * (q - p) }
      ellipse = Ellipse(
        x: mix(a.ellipse.x, b.ellipse.x), y: mix(a.ellipse.y, b.ellipse.y),
        rx: mix(a.ellipse.rx, b.ellipse.rx), ry: mix(a.ellipse.ry, b.ellipse.ry))
    }
    ellipse.turn = turn
    return ellipse.rx > 0.05 && ellipse.ry > 0.05 ? ellipse : nil
  }

  /// Balls along a line, close enough to look like a tube whose radius goes from one to the other.
  static func beads(
    from a: Vector3, to b: Vector3, radii: (Double, Double), value: Int16, within: Int16
  ) -> [Solid] {
    let count = max(2, Int(((b - a).length / (0.8 * min(radii.0, radii.1))).rounded(.up)))
    return (0...count).map { i in
      let t = Double(i) / Double(count)
      let r = radii.0 + t * (radii.1 - radii.0)
      return Solid(
        shape: .ellipsoid(center: a + (b - a) * t, radii: Vector3(r, r, r)), value: value,
        within: within)
    }
  }
}

/// An ellipse in the axial plane, turned by `turn` radians.
struct Ellipse {
  var x, y, rx, ry: Double
  var turn = 0.0

  /// The form a dx2 + 2 b dx dy + c dy2 that is 1 on the edge.
  var form: (a: Double, b: Double, c: Double) {
    let (p, q) = (1 / (rx * rx), 1 / (ry * ry))
    if turn == 0 { return (p, 0, q) }
    let (cosine, sine) = (cos(turn), sin(turn))
    return (
      cosine * cosine * p + sine * sine * q, cosine * sine * (p - q),
      sine * sine * p + cosine * cosine * q
    )
  }
}
