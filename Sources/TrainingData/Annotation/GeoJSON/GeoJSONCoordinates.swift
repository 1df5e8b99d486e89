import MedicalImaging

/// Coordinates of a geometry (RFC 7946, 3.1), however deep they are.
struct GeoJSONCoordinates {
  enum Fault: Error {
    /// It is no JSON.
    case damaged(ImageError)
    /// What follows "Feature 3".
    case wrong(String)
  }

  /// Nothing on a slide is further away, in pixels.
  private static let farthest = 1e9

  /// 1: a position; 2: a list of them; 3: lists of lists; 4: lists of those.
  private(set) var depth = 0
  private(set) var points: [EdgePoint] = []
  /// Where lists of positions end among the points.
  private var ends: [Int] = []
  /// Where lists of lists end among the ends.
  private var partEnds: [Int] = []

  /// Takes them.
  init(_ stream: inout JSONStream) throws(Fault) {
    var fault: String?
    do { depth = try read(&stream, 0, &fault) } catch {
      throw fault.map { .wrong($0) } ?? .damaged(error)
    }
  }

  /// Lists of positions, of depth 3.
  var lists: [[EdgePoint]] {
    var start = 0
    return ends.map { end in
      defer { start = end }
      return Array(points[start..<end])
    }
  }

  /// Rings of polygons: those of one, of depth 3, or of several, of depth 4.
  var parts: [[[EdgePoint]]] {
    guard depth == 4 else { return [lists] }
    let lists = lists
    var start = 0
    return partEnds.map { end in
      defer { start = end }
      return Array(lists[start..<end])
    }
  }

  /// The depth of the array that is taken.
  private mutating func read(
    _ stream: inout JSONStream, _ level: Int, _ fault: inout String?
  ) throws(ImageError) -> Int {
    func wrong(_ stream: JSONStream, _ words: String, _ fault: inout String?) -> ImageError {
      fault = words
      return stream.damage
    }
    guard level < 4 else { throw wrong(stream, "has coordinates that are too deep", &fault) }
    var (numbers, count) = ((0.0, 0.0), 0)
    var inner: Int?
    try stream.array { stream throws(ImageError) in
      switch try stream.kind() {
      case .number where inner == nil:
        let number = try stream.number()
        // A third one may be a height; QuPath writes none.
        if count == 0 { numbers.0 = number } else if count == 1 { numbers.1 = number }
        count += 1
      case .array where count == 0:
        let depth = try read(&stream, level + 1, &fault)
        guard inner == nil || inner == depth else {
          throw wrong(stream, "has coordinates of several depths", &fault)
        }
        inner = depth
        if depth == 1 { break }
        if depth == 2 { ends.append(points.count) }
        if depth == 3 { partEnds.append(ends.count) }
      default: throw wrong(stream, "has a coordinate that is no number", &fault)
      }
    }
    if let inner { return inner + 1 }
    guard count >= 2 else { throw wrong(stream, "has a position that is no two numbers", &fault) }
    guard abs(numbers.0) <= Self.farthest, abs(numbers.1) <= Self.farthest else {
      throw wrong(stream, "has a position that is impossibly far", &fault)
    }
    points.append(EdgePoint(x: numbers.0, y: numbers.1))
    return 1
  }
}
