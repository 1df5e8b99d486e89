import MedicalImaging
import TestSupport
import Testing
import TrainingData

/// GeoJSON as QuPath writes it, by hand and beside Python's json.
@Suite struct GeoJSONTests {
  private static func read(_ text: String) throws -> SlideAnnotations {
    try GeoJSONReader.read(Array(text.utf8))
  }

  private static func feature(_ geometry: String, _ properties: String = "{}") -> String {
    #"{"type": "Feature", "id": "Doe", "geometry": \#(geometry), "properties": \#(properties)}"#
  }

  private static let point = feature(#"{"type": "Point", "coordinates": [1, 2]}"#)

  private static func p(_ x: Double, _ y: Double) -> EdgePoint { EdgePoint(x: x, y: y) }

  @Test(.needsPeers) func `shapes, classes, areas and pixels are those of Python's json`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(script: "slide_shapes.py", ["make"], in: folder)
    let found = try GeoJSONReader.read(folder.bytes(of: "qupath.geojson"))
    #expect(found.shapes.count == 60)
    #expect(try SlideShapes.compare(found, "qupath.geojson", in: folder) > 8000)
  }

  @Test func `rings are turned, and a polygon's own first point is not repeated`() throws {
    // A square of 4 with a hole of 2, both in the direction that they must not have here.
    let square = "[[0,0],[0,4],[4,4],[4,0],[0,0]], [[1,1],[3,1],[3,3],[1,3],[1,1]]"
    let found = try Self.read(
      Self.feature(#"{"coordinates": [\#(square)], "type": "Polygon"}"#))
    #expect(
      found.shapes.map(\.outline) == [
        .polygon(
          EdgePolygon(rings: [
            [Self.p(4, 0), Self.p(4, 4), Self.p(0, 4), Self.p(0, 0)],
            [Self.p(1, 3), Self.p(3, 3), Self.p(3, 1), Self.p(1, 1)],
          ]))
      ])
    guard case .polygon(let polygon) = found.shapes[0].outline else { return }
    #expect(polygon.area == 12)
    #expect(found.shapes[0].outline.box == EdgeBox(x0: 0, y0: 0, x1: 4, y1: 4))
    // Twice as many columns, half as many rows: the area stays.
    guard case .polygon(let scaled) = found.scaled(x: 2, y: 0.5).shapes[0].outline else { return }
    #expect(scaled.area == 12 && scaled.box == EdgeBox(x0: 0, y0: 0, x1: 8, y1: 2))
  }

  @Test(arguments: [
    ("[", "]"), (#"{"type": "FeatureCollection", "features": ["#, "]}"),
    (#"{"features": ["#, #"], "type": "FeatureCollection", "name": {"a": [NaN, -Infinity]}}"#),
    ("\u{FEFF}  [", "]\n"),
  ])
  func `features stand in an array, or in a collection whose members have any order`(
    start: String, end: String
  ) throws {
    let tumour = Self.feature(
      #"{"type": "MultiPoint", "coordinates": [[1, 2, 9], [-3.5, 4e1]], "plane": {"z": 2, "t": 0}}"#,
      #"{"classification": {"name": "a\u00e9\"", "colorRGB": -1}, "isLocked": true}"#)
    let found = try Self.read("\(start)\(tumour), \(Self.point)\(end)")
    #expect(
      found.shapes == [
        .init(.points([Self.p(1, 2), Self.p(-3.5, 40)]), name: "aé\"", focalPlane: 2),
        .init(.points([Self.p(1, 2)])),
      ])
  }

  @Test func `a single feature, a collection of geometries, and older exports are read`() throws {
    let found = try Self.read(
      #"""
      {"id": "PathAnnotationObject", "type": "Feature", "geometry": {"type": "GeometryCollection",
       "geometries": [{"type": "LineString", "coordinates": [[0, 0], [1, 1]]},
        {"type": "MultiLineString", "coordinates": [[[0, 0], [1, 1]], [[2, 2], [3, 3], [4, 4]]]},
        {"type": "MultiPolygon", "coordinates": [[[[0, 0], [1, 0], [1, 1]]]]}]},
       "nucleusGeometry": {"type": "Polygon", "coordinates": [[[0, 0]]]},
       "properties": {"classification": "Stroma"}}
      """#)
    #expect(
      found.shapes.map(\.outline) == [
        .lines([[Self.p(0, 0), Self.p(1, 1)]]),
        .lines([
          [Self.p(0, 0), Self.p(1, 1)], [Self.p(2, 2), Self.p(3, 3), Self.p(4, 4)],
        ]),
        .polygon(EdgePolygon(rings: [[Self.p(0, 0), Self.p(1, 0), Self.p(1, 1)]])),
      ])
    #expect(found.shapes.allSatisfy { $0.name == "Stroma" && $0.group == "PathAnnotationObject" })
  }

  @Test(arguments: [
    "7", "{}", "null", feature("null"), feature(#"{"type": "Doe", "coordinates": [1, 2]}"#),
    feature("{}"), feature(#"{"type": "Point"}"#),
    feature(#"{"type": "Point", "coordinates": []}"#),
    feature(#"{"type": "Point", "coordinates": [1]}"#),
    feature(#"{"type": "Point", "coordinates": ["1", "2"]}"#),
    feature(#"{"type": "Point", "coordinates": [1, null]}"#),
    feature(#"{"type": "Point", "coordinates": [1, 2e9]}"#),
    feature(#"{"type": "Point", "coordinates": [[1, 2]]}"#),
    feature(#"{"type": "Point", "coordinates": {"Doe": 1}}"#),
    feature(#"{"type": "Polygon", "coordinates": [1, 2]}"#),
    feature(#"{"type": "Polygon", "coordinates": [[[1, 2], [[3, 4]], [5, 6]]]}"#),
    feature(#"{"type": "Polygon", "coordinates": [[[1, 2], [3, 4], [1, 2]]]}"#),
    feature(#"{"type": "Polygon", "coordinates": [[[1, 2], [3, 4], []]]}"#),
    feature(
      #"""
      {"type": "Polygon", "coordinates": [[[0, 0], [4, 0], [4, 4]], [[1, 1], [5, 1], [3, 2]]]}
      """#),
    feature(#"{"type": "LineString", "coordinates": [[1, 2]]}"#),
    feature(#"{"type": "MultiPolygon", "coordinates": [[[[[1, 2]]]]]}"#),
    feature(#"{"type": "GeometryCollection"}"#),
    feature(#"{"type": "Point", "coordinates": [1, 2], "coordinates": [1, 2]}"#),
    feature(#"{"type": "Point", "coordinates": [1, 2], "plane": {"z": 0, "t": 3}}"#),
    feature(#"{"type": "Point", "coordinates": [1, 2], "plane": {"z": 0.5}}"#),
    feature(#"{"type": "Point", "coordinates": [1, 2]}"#, "[]"),
    #"{"type": "Point", "coordinates": [1, 2]}"#,
    #"{"type": "FeatureCollection", "features": []}"#,
  ])
  func `a feature that is wrong is named and ends the reading`(row: String) {
    SlideShapes.expect(says: "Feature 2 ") {
      try Self.read(#"{"type": "FeatureCollection", "features": [\#(Self.point), \#(row)]}"#)
    }
  }

  @Test(arguments: [
    ("", "line 1, column 1"), ("[\n {\"é\": 01}]", "line 2, column 8"), ("[1", "Feature 1"),
    ("[] Doe", "line 1, column 4"), ("[],", "line 1, column 3"), ("{'Doe': 1}", "column 2"),
    ("[\(point),]", "column 107"), ("[/* Doe */]", "column 2"), ("{\"a\": NaNs}", "column 10"),
    ("{\"a\": \"Doe", "column 11"), ("{\"a\": \"\u{1}\"}", "column 8"),
    ("{\"a\": \(String(repeating: "[", count: 100_000))", "column 70"),
    ("7", "no GeoJSON"), ("{}", "no GeoJSON"), (#"{"type": "FeatureCollection"}"#, "no GeoJSON"),
    (#"{"type": "FeatureCollection", "features": {}}"#, "no GeoJSON"),
    (#"{"type": "Doe", "features": []}"#, "no GeoJSON"),
    (#"{"type": "Point", "coordinates": [1, 2]}"#, "no GeoJSON"),
  ])
  func `what is no GeoJSON says so, and where`(text: String, words: String) {
    SlideShapes.expect(says: words) { try Self.read(text) }
  }

  @Test func `a file that ends early gives an error wherever it ends, and nothing of itself`()
    throws
  {
    let whole = Array(
      #"""
      {"type": "FeatureCollection", "features": [\#(Self.point),
       \#(Self.feature(#"{"type": "Polygon", "coordinates": [[[0, 0], [4.5, 0], [4e0, 4]]]}"#,
          #"{"classification": {"name": "a\nb"}, "measurements": [true, NaN]}"#))]}
      """#.utf8)
    #expect(try GeoJSONReader.read(whole).shapes.count == 2)
    for end in 0..<whole.count {
      SlideShapes.expect(says: "") { try GeoJSONReader.read(Array(whole[..<end])) }
    }
    var generator = SeededGenerator(seed: 11)
    var refused = 0
    for _ in 0..<2000 {
      var damaged = whole
      let at = Int.random(in: 0..<damaged.count, using: &generator)
      damaged[at] = .random(in: 0...255, using: &generator)
      do throws(ImageError) { _ = try GeoJSONReader.read(damaged) } catch {
        #expect(error.code == .annotation)
        refused += 1
      }
    }
    #expect(refused > 800)
  }

  @Test func `memory is bounded before it is taken`() throws {
    let text = Array("[\(Self.point)]".utf8)
    #expect(try GeoJSONReader.read(text, memoryLimit: 8 * text.count).shapes.count == 1)
    #expect {
      _ = try GeoJSONReader.read(text, memoryLimit: 8 * text.count - 1)
    } throws: {
      ($0 as? ImageError)?.code == .memory
    }
  }
}
