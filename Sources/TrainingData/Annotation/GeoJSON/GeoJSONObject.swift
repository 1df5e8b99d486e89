import MedicalImaging

/// A feature or a geometry of GeoJSON, its members in any order.
struct GeoJSONObject {
  /// Of the feature that it is of, for messages; from 1.
  let row: Int
  private(set) var type = ""
  private var coordinates: GeoJSONCoordinates?
  private var geometry: [GeoJSONObject] = []
  private var geometries: [GeoJSONObject]?
  /// `properties.classification`, `properties.objectType`; of old exports the feature's `id`.
  private var name = ""
  private var objectType = ""
  private var focalPlane = 0
  private var seen: Set<String> = []

  init(row: Int) { self.row = row }

  func error(_ words: String) -> ImageError { .annotation("Feature \(row) \(words).") }

  /// Takes it.
  mutating func read(_ stream: inout JSONStream) throws(ImageError) {
    guard try stream.kind() == .object else { throw error("is no object") }
    try stream.object { stream, key throws(ImageError) in try member(key, &stream) }
  }

  /// Takes the value of one of its members.
  mutating func member(_ key: String, _ stream: inout JSONStream) throws(ImageError) {
    guard
      ["type", "id", "geometry", "properties", "coordinates", "geometries", "plane"]
        .contains(key)
    else { return try stream.skip() }
    guard seen.insert(key).inserted else { throw error("has a member twice") }
    let kind = try stream.kind()
    switch (key, kind) {
    case ("type", .string): type = try stream.string()
    case ("id", .string):
      // Before version 0.3 the type of the object stood here; now a UUID does.
      let id = try stream.string()
      if id.hasPrefix("Path"), objectType.isEmpty { objectType = id }
    case ("geometry", .object):
      var inner = GeoJSONObject(row: row)
      try inner.read(&stream)
      geometry = [inner]
    case ("properties", .object): try properties(&stream)
    case ("coordinates", .array):
      do { coordinates = try GeoJSONCoordinates(&stream) } catch {
        switch error {
        case .damaged(let error): throw error
        case .wrong(let words): throw self.error(words)
        }
      }
    case ("geometries", .array):
      var inner: [GeoJSONObject] = []
      try stream.array { stream throws(ImageError) in
        var one = GeoJSONObject(row: row)
        try one.read(&stream)
        inner.append(one)
      }
      geometries = inner
    case ("plane", .object): try plane(&stream)
    case ("id", _), ("properties", .word), ("plane", .word), ("geometry", .word):
      try stream.skip()
    default: throw error("has a member of another kind than GeoJSON's")
    }
  }

  private mutating func properties(_ stream: inout JSONStream) throws(ImageError) {
    try stream.object { stream, key throws(ImageError) in
      switch (key, try stream.kind()) {
      case ("classification", .object):
        try stream.object { stream, key throws(ImageError) in
          switch (key, try stream.kind()) {
          case ("name", .string): name = try stream.string()
          case ("names", .array): name = try Self.names(&stream)
          default: try stream.skip()
          }
        }
      case ("classification", .string): name = try stream.string()
      case ("objectType", .string), ("object_type", .string): objectType = try stream.string()
      default: try stream.skip()
      }
    }
  }

  /// A class derived of others stands in parts: ["Tumor", "Positive"] is what QuPath shows as
  /// "Tumor: Positive".
  private static func names(_ stream: inout JSONStream) throws(ImageError) -> String {
    var names: [String] = []
    try stream.array { stream throws(ImageError) in
      if try stream.kind() == .string {
        names.append(try stream.string())
      } else {
        try stream.skip()
      }
    }
    return names.joined(separator: ": ")
  }

  /// QuPath's own member of a geometry: where it lies in a stack.
  private mutating func plane(_ stream: inout JSONStream) throws(ImageError) {
    var (z, t) = (0.0, 0.0)
    try stream.object { stream, key throws(ImageError) in
      switch (key, try stream.kind()) {
      case ("z", .number): z = try stream.number()
      case ("t", .number): t = try stream.number()
      default: try stream.skip()
      }
    }
    guard t == 0 else { throw error("lies in another time point than the first") }
    guard let index = Int(exactly: z), (0..<1 << 16).contains(index) else {
      throw error("lies in an impossible focal plane")
    }
    focalPlane = index
  }

  // MARK: Shapes

  /// What a feature draws: one shape, or of a GeometryCollection one for each geometry in it.
  func shapes() throws(ImageError) -> [SlideAnnotations.Shape] {
    guard type == "Feature" else { throw error("is no Feature") }
    guard let geometry = geometry.first else { throw error("has no geometry") }
    return try geometry.outlines().map { outline, plane in
      SlideAnnotations.Shape(outline, name: name, group: objectType, focalPlane: plane)
    }
  }

  private func outlines() throws(ImageError) -> [(SlideAnnotations.Outline, Int)] {
    if type == "GeometryCollection" {
      guard let geometries else { throw error("has no list of geometries") }
      var all: [(SlideAnnotations.Outline, Int)] = []
      for geometry in geometries { all += try geometry.outlines() }
      return all
    }
    guard let coordinates else { throw error("has a geometry without coordinates") }
    let points = coordinates.points
    switch (type, coordinates.depth) {
    case ("Point", 1), ("MultiPoint", 2): return [(.points(points), focalPlane)]
    case ("LineString", 2): return [(try lines([points]), focalPlane)]
    case ("MultiLineString", 3): return [(try lines(coordinates.lists), focalPlane)]
    case ("Polygon", 3), ("MultiPolygon", 4):
      do {
        return [(.polygon(try EdgePolygon(parts: coordinates.parts)), focalPlane)]
      } catch {
        throw self.error(error.words)
      }
    default: throw error("has a geometry that is not of GeoJSON, or not as deep as its type")
    }
  }

  private func lines(_ lines: [[EdgePoint]]) throws(ImageError) -> SlideAnnotations.Outline {
    guard lines.allSatisfy({ $0.count >= 2 }) else {
      throw error("has a line that is no two points or more")
    }
    return .lines(lines)
  }
}
