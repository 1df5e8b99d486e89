import MedicalImaging

extension EdgePolygon {
  /// What of it lies in a box: its rings cut along the four sides, pieces apart, outer rings first.
  /// Rings that lie inside as a whole stay as they are.
  public func clipped(to box: EdgeBox) -> EdgePolygon {
    guard !box.isEmpty, let own = self.box else { return EdgePolygon(rings: []) }
    var rings = rings
    if own.x0 < box.x0 {
      rings = HalfPlane(axis: \.x, other: \.y, bound: box.x0, isAbove: true).cut(rings)
    }
    if own.x1 > box.x1 {
      rings = HalfPlane(axis: \.x, other: \.y, bound: box.x1, isAbove: false).cut(rings)
    }
    if own.y0 < box.y0 {
      rings = HalfPlane(axis: \.y, other: \.x, bound: box.y0, isAbove: true).cut(rings)
    }
    if own.y1 > box.y1 {
      rings = HalfPlane(axis: \.y, other: \.x, bound: box.y1, isAbove: false).cut(rings)
    }
    guard rings != self.rings else { return self }
    rings = rings.filter { Self.signedArea($0) != 0 }
    return EdgePolygon(
      rings: rings.filter { Self.signedArea($0) > 0 } + rings.filter { Self.signedArea($0) < 0 })
  }
}

/// One side of a line along rows or columns.
private struct HalfPlane {
  let axis: WritableKeyPath<EdgePoint, Double>
  /// Along the line.
  let other: WritableKeyPath<EdgePoint, Double>
  let bound: Double
  /// Whether it is the side of the greater numbers.
  let isAbove: Bool

  /// Where a path comes in or leaves.
  private struct Crossing {
    var place: Double
    var chain: Int
    var isEntry: Bool
  }

  /// The line itself counts as outside: it is where the pieces are closed.
  private func isInside(_ point: EdgePoint) -> Bool {
    isAbove ? point[keyPath: axis] > bound : point[keyPath: axis] < bound
  }

  /// What of an even-odd region lies on this side.
  ///
  /// The region's own border falls into paths that begin and end on the line. Along the line the region
  /// begins and ends by turns, so that the first end of a path belongs to the second, the third to the
  /// fourth, and so on.
  func cut(_ rings: [[EdgePoint]]) -> [[EdgePoint]] {
    var whole: [[EdgePoint]] = []
    var chains: [[EdgePoint]] = []
    for ring in rings {
      if ring.allSatisfy(isInside) { whole.append(ring) } else { chains += self.chains(of: ring) }
    }
    return whole + joined(chains)
  }

  private func chains(of ring: [EdgePoint]) -> [[EdgePoint]] {
    guard let start = ring.firstIndex(where: { !isInside($0) }) else { return [] }
    var chains: [[EdgePoint]] = []
    var from = ring[start]
    for i in 1...ring.count {
      let to = ring[(start + i) % ring.count]
      switch (isInside(from), isInside(to)) {
      case (false, true): chains.append([crossing(from, to), to])
      case (true, true): chains[chains.count - 1].append(to)
      case (true, false): chains[chains.count - 1].append(crossing(from, to))
      case (false, false): break
      }
      from = to
    }
    return chains
  }

  private func crossing(_ from: EdgePoint, _ to: EdgePoint) -> EdgePoint {
    // From the outer point on, so that a path gives the same both ways.
    let (outer, inner) = isInside(from) ? (to, from) : (from, to)
    let part =
      (bound - outer[keyPath: axis]) / (inner[keyPath: axis] - outer[keyPath: axis])
    var point = outer
    point[keyPath: axis] = bound
    point[keyPath: other] += (inner[keyPath: other] - outer[keyPath: other]) * part
    return point
  }

  /// For each path, where its beginning (at twice its index) and its end (behind that) lead to: the end
  /// of a path in the same numbering.
  private func links(_ chains: [[EdgePoint]]) -> [Int] {
    var crossings: [Crossing] = []
    for (i, chain) in chains.enumerated() {
      crossings.append(.init(place: chain[0][keyPath: other], chain: i, isEntry: true))
      crossings.append(
        .init(place: chain[chain.count - 1][keyPath: other], chain: i, isEntry: false))
    }
    crossings.sort { ($0.place, $0.chain) < ($1.place, $1.chain) }
    crossings = Self.alternating(crossings)
    var links = [Int](repeating: 0, count: crossings.count)
    func number(_ crossing: Crossing) -> Int { 2 * crossing.chain + (crossing.isEntry ? 0 : 1) }
    for i in stride(from: 0, to: crossings.count, by: 2) {
      links[number(crossings[i])] = number(crossings[i + 1])
      links[number(crossings[i + 1])] = number(crossings[i])
    }
    return links
  }

  /// Of several in one place, entries and exits by turns: so rings keep their direction.
  private static func alternating(_ sorted: [Crossing]) -> [Crossing] {
    var result: [Crossing] = []
    result.reserveCapacity(sorted.count)
    var start = 0
    while start < sorted.count {
      let place = sorted[start].place
      let end = sorted[start...].firstIndex { $0.place != place } ?? sorted.count
      var entries = sorted[start..<end].filter(\.isEntry)
      var exits = sorted[start..<end].filter { !$0.isEntry }
      while !entries.isEmpty || !exits.isEmpty {
        let takesExit = exits.isEmpty ? false : entries.isEmpty || result.last?.isEntry == true
        result.append(takesExit ? exits.removeLast() : entries.removeLast())
      }
      start = end
    }
    return result
  }

  private func joined(_ chains: [[EdgePoint]]) -> [[EdgePoint]] {
    let links = links(chains)
    var isDone = [Bool](repeating: false, count: chains.count)
    var rings: [[EdgePoint]] = []
    for first in chains.indices where !isDone[first] {
      var ring: [EdgePoint] = []
      var at = 2 * first
      repeat {
        let chain = chains[at / 2]
        isDone[at / 2] = true
        if at.isMultiple(of: 2) { ring += chain } else { ring += chain.reversed() }
        at = links[at ^ 1]
      } while at != 2 * first
      rings.append(Self.withoutRepeats(ring))
    }
    return rings
  }

  /// Where a path ends in the place in which the next begins, one point is enough.
  private static func withoutRepeats(_ ring: [EdgePoint]) -> [EdgePoint] {
    var points: [EdgePoint] = []
    for point in ring where points.last != point { points.append(point) }
    if points.count > 1, points.first == points.last { points.removeLast() }
    return points
  }
}
