extension EdgePolygon {
  /// No ellipse needs more corners: one of a million pixels has an edge every six of them.
  private static let mostCorners = 1 << 20

  /// An ellipse, by its centre and what leads from there to the ends of its half axes, or of any two
  /// conjugate half diameters. All corners lie on it, these ends among them; no place of it is further
  /// than `tolerance` pixels from the path, so that the area is a little less.
  ///
  /// An edge leaves a circle of radius 1 that is cut into n parts by 1 - cos(pi / n); the map from there
  /// to the ellipse stretches nothing by more than the root of |a|^2 + |b|^2.
  public init(
    ellipse centre: EdgePoint, _ a: (x: Double, y: Double), _ b: (x: Double, y: Double),
    tolerance: Double = 0.1
  ) {
    precondition(tolerance > 0)
    let quarter = Self.quarter(corners: Self.corners(ofEllipse: a, b, tolerance: tolerance))
    var ring: [EdgePoint] = []
    ring.reserveCapacity(4 * quarter.count)
    for turn in 0..<4 {
      for (cos, sin) in quarter {
        let (u, v) =
          switch turn {
          case 0: (cos, sin)
          case 1: (-sin, cos)
          case 2: (-cos, -sin)
          default: (sin, -cos)
          }
        ring.append(
          EdgePoint(x: centre.x + a.x * u + b.x * v, y: centre.y + a.y * u + b.y * v))
      }
    }
    self.init(ring: ring)
  }

  /// How many corners an ellipse gets.
  public static func corners(
    ofEllipse a: (x: Double, y: Double), _ b: (x: Double, y: Double), tolerance: Double = 0.1
  ) -> Int {
    let reach = (a.x * a.x + a.y * a.y + b.x * b.x + b.y * b.y).squareRoot()
    // cos(pi / n), halved with n doubled, by the half-angle formula.
    var count = 8
    var cosine = (0.5 + 0.125.squareRoot()).squareRoot()
    while count < mostCorners, reach * (1 - cosine) > tolerance {
      count *= 2
      cosine = ((1 + cosine) / 2).squareRoot()
    }
    return count
  }

  /// Directions from 0 degrees on to less than 90, evenly. Halved by square roots alone, which are the
  /// same on every machine.
  private static func quarter(corners: Int) -> [(Double, Double)] {
    var directions = [(1.0, 0.0), (0.0, 1.0)]
    for _ in 0..<(corners / 4).trailingZeroBitCount {
      var halved: [(Double, Double)] = []
      halved.reserveCapacity(2 * directions.count)
      for (one, next) in zip(directions, directions.dropFirst()) {
        let (x, y) = (one.0 + next.0, one.1 + next.1)
        let length = (x * x + y * y).squareRoot()
        halved += [one, (x / length, y / length)]
      }
      directions = halved + [directions[directions.count - 1]]
    }
    return directions.dropLast()
  }
}
