import MedicalImaging

extension EdgePolygon {
  /// With fewer points: no place of the path is moved by more than `tolerance` pixels, and those points
  /// that stay are points of it (Douglas, Peucker 1973, with distances from segments).
  ///
  /// Rings that would lose their area keep all points. Rings that were near to each other or to
  /// themselves may touch or cross afterwards. At worst it takes the square of a ring's points.
  public func simplified(tolerance: Double) -> EdgePolygon {
    precondition(tolerance >= 0)
    return EdgePolygon(rings: rings.map { Self.simplified($0, tolerance) })
  }

  private static func simplified(_ ring: [EdgePoint], _ tolerance: Double) -> [EdgePoint] {
    guard let first = ring.first, ring.count > 3 else { return ring }
    // A ring has no ends: it is cut at its first point and at the one furthest from it.
    let far = ring.indices.max { square(first, ring[$0]) < square(first, ring[$1]) } ?? 0
    var isKept = [Bool](repeating: false, count: ring.count + 1)
    (isKept[0], isKept[far]) = (true, true)
    var open = [(0, far), (far, ring.count)]
    while let (start, end) = open.popLast() {
      let (from, to) = (ring[start], ring[end % ring.count])
      var furthest = tolerance * tolerance
      var split: Int?
      for i in start + 1..<max(end, start + 1) {
        let distance = square(ring[i], from, to)
        if distance > furthest { (furthest, split) = (distance, i) }
      }
      guard let split else { continue }
      isKept[split] = true
      open += [(start, split), (split, end)]
    }
    let points = ring.indices.filter { isKept[$0] }.map { ring[$0] }
    let isWhole = signedArea(points) * signedArea(ring) > 0
    return isWhole ? points : ring
  }

  private static func square(_ a: EdgePoint, _ b: EdgePoint) -> Double {
    (a.x - b.x) * (a.x - b.x) + (a.y - b.y) * (a.y - b.y)
  }

  /// Of a point's distance from a segment.
  private static func square(_ point: EdgePoint, _ from: EdgePoint, _ to: EdgePoint) -> Double {
    let length = square(from, to)
    guard length > 0 else { return square(point, from) }
    let along =
      ((point.x - from.x) * (to.x - from.x) + (point.y - from.y) * (to.y - from.y)) / length
    let part = min(max(along, 0), 1)
    return square(
      point,
      EdgePoint(x: from.x + part * (to.x - from.x), y: from.y + part * (to.y - from.y)))
  }
}
