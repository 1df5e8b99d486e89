extension EdgePolygon {
  /// Why rings are no polygon.
  public enum RingFault: Error {
    /// A ring has fewer than three points, its last one left out where that repeats the first.
    case tooFewPoints
    /// A hole reaches out of the box around its outer ring.
    case holeOutside

    /// What follows the name of a row: "Feature 3 has ...".
    public var words: String {
      switch self {
      case .tooFewPoints: "has a polygon that is no three points or more"
      case .holeOutside: "has a hole that leaves its polygon"
      }
    }
  }

  /// From parts of one outer ring each, followed by its holes. Rings may go either way, and repeat
  /// their first point at the end or not.
  ///
  /// Throws `RingFault`.
  public init(parts: [[[EdgePoint]]]) throws(RingFault) {
    var outer: [[EdgePoint]] = []
    var holes: [[EdgePoint]] = []
    for part in parts {
      var around: EdgeBox?
      for (index, closed) in part.enumerated() {
        let isRepeated = closed.count > 1 && closed.first == closed.last
        let ring = isRepeated ? Array(closed.dropLast()) : closed
        guard ring.count >= 3, let box = EdgeBox(around: ring) else { throw .tooFewPoints }
        let isClockwise = Self.signedArea(ring) >= 0
        guard index > 0, let outside = around else {
          around = box
          outer.append(isClockwise ? ring : ring.reversed())
          continue
        }
        guard outside.intersection(box) == box else { throw .holeOutside }
        holes.append(isClockwise ? ring.reversed() : ring)
      }
    }
    self.init(rings: outer + holes)
  }
}
