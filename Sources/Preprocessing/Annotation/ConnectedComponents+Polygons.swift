import MedicalImaging

extension ConnectedComponents {
  /// The outlines of all components, in their order: along the edges of pixels, a corner only where
  /// the path turns.
  ///
  /// The outer ring comes first; it begins at the upper left corner of the component's first pixel and
  /// goes clockwise. Holes follow in the order of their first pixels, each from that one's upper left
  /// corner counter-clockwise. Rings do not cross. Where two pixels of a component meet in a corner
  /// alone, the ring runs through it twice if the connectivity is eight, and around each if it is four;
  /// with holes it is the other way round. Filling a polygon gives back its component.
  public func polygons() -> [EdgePolygon] {
    var tracer = ContourTracer(self)
    return tracer.polygons()
  }
}

/// Follows the edges of components, the component always on the right.
private struct ContourTracer {
  /// Numbers of components with a frame of background.
  private let numbers: [Int32]
  /// Whether a pixel's lower edge was walked along.
  private var isWalked: [Bool]
  private let width: Int
  private let components: ConnectedComponents
  private let joinsCorners: Bool
  /// By direction (east, south, west, north): the next corner, and the pixels ahead on the left and on
  /// the right, counted from the pixel above and left of the corner.
  private let steps, left, right: [4 of Int]

  init(_ components: ConnectedComponents) {
    self.components = components
    joinsCorners = components.connectivity == .eight
    let width = components.columns + 2
    var numbers = [Int32](repeating: 0, count: width * (components.rows + 2))
    for row in 0..<components.rows {
      let from = row * components.columns
      let to = (row + 1) * width + 1
      numbers.replaceSubrange(
        to..<to + components.columns, with: components.numbers[from..<from + components.columns])
    }
    self.numbers = numbers
    self.width = width
    isWalked = .init(repeating: false, count: numbers.count)
    steps = [1, width, -1, -width]
    left = [1, width + 1, width, 0]
    right = [width + 1, width, 0, 1]
  }

  mutating func polygons() -> [EdgePolygon] {
    var rings = [[[EdgePoint]]](repeating: [], count: components.components.count)
    for row in 0..<components.rows {
      for column in 0..<components.columns {
        // The corner's number is that of the pixel above and left of it.
        let corner = row * width + column
        let (above, own) = (numbers[corner + 1], numbers[corner + width + 1])
        guard own != above else { continue }
        // The first pixel of a hole lies below the component.
        if above != 0, !isWalked[corner + 1] {
          rings[Int(above) - 1].append(ring(of: above, from: corner, direction: 1))
        }
        if own != 0, rings[Int(own) - 1].isEmpty {
          rings[Int(own) - 1].append(ring(of: own, from: corner, direction: 0))
        }
      }
    }
    return rings.map { EdgePolygon(rings: $0) }
  }

  private mutating func ring(of number: Int32, from start: Int, direction first: Int)
    -> [EdgePoint]
  {
    var ring = [point(start)]
    var at = start
    var direction = first
    while true {
      at += steps[direction]
      if direction == 2 { isWalked[at + 1] = true }
      let isLeft = numbers[at + left[direction]] == number
      let isRight = numbers[at + right[direction]] == number
      let next: Int
      if isLeft, isRight || joinsCorners {
        next = (direction + 3) & 3
      } else if isRight {
        continue
      } else {
        next = (direction + 1) & 3
      }
      direction = next
      if at == start, direction == first { return ring }
      ring.append(point(at))
    }
  }

  private func point(_ corner: Int) -> EdgePoint {
    EdgePoint(x: Double(corner % width), y: Double(corner / width))
  }
}
