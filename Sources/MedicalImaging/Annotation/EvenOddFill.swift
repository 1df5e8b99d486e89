/// Fills closed polygons: a pixel is inside where its centre is, by the even-odd rule over all polygons
/// together, or where its centre lies on the path of one (PS3.3 C.8.8.6.3).
///
/// A polygon inside another is a hole, as is the inner part of a keyhole. Vertices are rounded to
/// 2^-20 of a pixel; from there on the arithmetic is exact, so that a path through the centre of a
/// pixel is met, and the result does not depend on where a polygon begins or which way it goes.
public struct EvenOddFill: Sendable {
  /// The pixels that are looked at.
  public let columns: Range<Int>
  public let rows: Range<Int>
  /// Where a row changes between outside and inside: rows x (columns + 1).
  private var changes: [UInt8]
  /// Pixels on a path: rows x columns.
  private var path: [UInt8]

  /// Steps of a vertex in one pixel.
  private static let one: Int = 1 << 20
  /// No vertex counts as further away than this many pixels.
  private static let farthest = 0x1p40

  /// Nothing filled yet, in a picture of this size.
  public init(columns: Int, rows: Int) { self.init(columns: 0..<columns, rows: 0..<rows) }

  /// The same for a part of a picture.
  public init(columns: Range<Int>, rows: Range<Int>) {
    self.columns = columns
    self.rows = rows
    changes = .init(repeating: 0, count: (columns.count + 1) * rows.count)
    path = .init(repeating: 0, count: columns.count * rows.count)
  }

  /// The part of a picture that a polygon can reach.
  public static func reach(_ polygon: [PixelPoint], columns: Int, rows: Int)
    -> (columns: Range<Int>, rows: Range<Int>)
  {
    func range(_ values: some Sequence<Double>, _ count: Int) -> Range<Int> {
      var low = Double(count)
      var high = -1.0
      for value in values {
        low = min(low, value)
        high = max(high, value)
      }
      let first = Int(max(low.rounded(.down), 0))
      let last = Int(min(high.rounded(.up), Double(count - 1)))
      return first <= last ? first..<last + 1 : 0..<0
    }
    return (range(polygon.lazy.map(\.column), columns), range(polygon.lazy.map(\.row), rows))
  }

  /// Adds a polygon, closed from its last vertex to its first; its coordinates must be numbers.
  public mutating func add(_ polygon: [PixelPoint]) {
    guard var from = polygon.last.map(Self.steps) else { return }
    for point in polygon {
      let to = Self.steps(point)
      markVertex(to)
      if from.y == to.y {
        markLevel(from, to)
      } else {
        // Downwards, so that an edge gives the same whichever way it is walked.
        if from.y < to.y { cross(from, to) } else { cross(to, from) }
      }
      from = to
    }
  }

  /// What was filled.
  public func mask() -> PlaneMask {
    var mask = interior()
    for i in mask.bytes.indices { mask.bytes[i] |= path[i] }
    return mask
  }

  /// The same without the paths' own pixels, but for those on left and upper edges: polygons that share
  /// an edge share no pixel of it.
  public func interior() -> PlaneMask {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(path.count)
    for row in 0..<rows.count {
      var isInside: UInt8 = 0
      for column in 0..<columns.count {
        isInside ^= changes[row * (columns.count + 1) + column]
        bytes.append(isInside)
      }
    }
    return PlaneMask(columns: columns.count, rows: rows.count, bytes: bytes)
  }

  private typealias Vertex = (x: Int, y: Int)

  private static func steps(_ point: PixelPoint) -> Vertex {
    func steps(_ value: Double) -> Int {
      Int((min(max(value, -farthest), farthest) * Double(one)).rounded(.toNearestOrEven))
    }
    return (steps(point.column), steps(point.row))
  }

  private mutating func markVertex(_ at: Vertex) {
    guard at.x % Self.one == 0, at.y % Self.one == 0 else { return }
    mark(at.x / Self.one, at.y / Self.one)
  }

  private mutating func mark(_ column: Int, _ row: Int) {
    guard columns.contains(column), rows.contains(row) else { return }
    path[(row - rows.lowerBound) * columns.count + column - columns.lowerBound] = 1
  }

  /// An edge along a row changes nothing beside it, but it may be a path over pixels.
  private mutating func markLevel(_ a: Vertex, _ b: Vertex) {
    guard a.y % Self.one == 0, rows.contains(a.y / Self.one) else { return }
    let first = max(Self.ceiling(min(a.x, b.x)), columns.lowerBound)
    let last = min(max(a.x, b.x) >> 20, columns.upperBound - 1)
    guard first <= last else { return }
    for column in first...last { mark(column, a.y / Self.one) }
  }

  /// Rows from an edge's upper end, included, to its lower one.
  private mutating func cross(_ upper: Vertex, _ lower: Vertex) {
    let (height, run) = (lower.y - upper.y, lower.x - upper.x)
    // Coordinates stay below 2^60 and their differences below 2^61, so that no product overflows 128
    // bits; edges of less than 2048 pixels, which are nearly all, do not need as many.
    if height < 1 << 31, abs(run) < 1 << 31 {
      cross(upper, height: height, run: run)
    } else {
      cross(upper, height: Int128(height), run: Int128(run))
    }
  }

  private mutating func cross<Number: FixedWidthInteger>(
    _ upper: Vertex, height: Number, run: Number
  ) {
    let first = max(Self.ceiling(upper.y), rows.lowerBound)
    let end = min(Self.ceiling(upper.y + Int(height)), rows.upperBound)
    guard first < end else { return }
    // Counted from the whole pixel before the upper end.
    let base = upper.x >> 20
    let start = Number(upper.x & (Self.one - 1)) * height
    let divisor = height << 20
    for row in first..<end {
      let down = Number((row << 20) - upper.y)
      let (quotient, rest) = (start + down * run).quotientAndRemainder(dividingBy: divisor)
      let column = base + Int(quotient) + (rest > 0 ? 1 : 0)
      if rest == 0 { mark(column, row) }
      let place = min(max(column, columns.lowerBound), columns.upperBound) - columns.lowerBound
      changes[(row - rows.lowerBound) * (columns.count + 1) + place] ^= 1
    }
  }

  /// The first whole pixel at or behind so many steps.
  private static func ceiling(_ steps: Int) -> Int { (steps + one - 1) >> 20 }
}
