import MedicalImaging
import Testing
import TrainingData

/// YOLO's lines of text: parts of the picture's sides.
@Suite struct YOLOTests {
  private static let picture = AnnotationSet.Picture(name: "a.png", columns: 200, rows: 50)

  private static func read(_ text: String) throws -> AnnotationSet {
    try YOLOReader.read(Array(text.utf8), of: picture, classes: ["polyp", "ulcer"])
  }

  @Test func `boxes lie around their centres, and polygons are points`() throws {
    let set = try Self.read("1 0.5 0.5 0.25 1\r\n\n0 0 0 1e0 0 0.5 .5 \n")
    #expect(set.classes.map(\.name) == ["polyp", "ulcer"])
    #expect(set.annotations.map(\.name) == ["ulcer", "polyp"])
    // Centre (100, 25), 50 wide, 50 high.
    #expect(set.annotations[0].box == EdgeBox(x0: 75, y0: 0, x1: 125, y1: 50))
    #expect(set.annotations[0].outline == nil)
    let triangle = EdgePolygon(ring: [
      EdgePoint(x: 0, y: 0), EdgePoint(x: 200, y: 0), EdgePoint(x: 100, y: 25),
    ])
    #expect(set.annotations[1].outline == .polygons([triangle]))
    #expect(set.annotations[1].box == EdgeBox(x0: 0, y0: 0, x1: 200, y1: 25))
    #expect(try Self.read("").annotations.isEmpty)

    // Six digits after the point: the edge lies 0.0000005 of 200 pixels outside.
    let rounded = try Self.read("0 0.166667 0.5 0.333335 1")
    #expect(abs(rounded.annotations[0].box.x0) < 1e-3)
  }

  @Test func `what is written is read again`() throws {
    var set = AnnotationSet(
      classes: [.init(number: 0, name: "polyp"), .init(number: 1, name: "ulcer")],
      pictures: [Self.picture], annotations: [])
    set.annotations = [
      PictureAnnotation(name: "ulcer", box: EdgeBox(x0: 20, y0: 10, x1: 60, y1: 20), picture: 0),
      PictureAnnotation(name: "polyp", box: EdgeBox(x0: -0.5, y0: 0, x1: 50, y1: 50), picture: 0),
    ]
    let boxes = try YOLOWriter.write(set, picture: 0, as: .boxes)
    // (20 + 60) / 2 / 200, (10 + 20) / 2 / 50, 40 / 200, 10 / 50; the second is cut to 0...50.
    #expect(String(decoding: boxes, as: UTF8.self) == "1 0.2 0.3 0.2 0.2\n0 0.125 0.5 0.25 1.0\n")
    #expect {
      try YOLOWriter.write(set, picture: 0, as: .polygons)
    } throws: {
      ($0 as? ImageError)?.message.contains("Annotation 1") == true
    }
    let ring = [EdgePoint(x: 50, y: 5), EdgePoint(x: 100, y: 5), EdgePoint(x: 75, y: 25)]
    set.annotations = [
      PictureAnnotation(
        name: "polyp", box: EdgeBox(x0: 50, y0: 5, x1: 100, y1: 25),
        outline: .polygons([EdgePolygon(ring: ring)]), picture: 0)
    ]
    let polygons = try YOLOWriter.write(set, picture: 0, as: .polygons)
    #expect(String(decoding: polygons, as: UTF8.self) == "0 0.25 0.1 0.5 0.1 0.375 0.5\n")
    #expect(
      try YOLOReader.read(polygons, of: Self.picture, classes: ["polyp", "ulcer"]) == set)
  }

  @Test(
    arguments: [
      "2 0.5 0.5 0.1 0.1", "-1 0.5 0.5 0.1 0.1", "Doe 0.5 0.5 0.1 0.1", "0 0.5 0.5 0.1",
      "0 0.5 0.5 0.1 0.1 0.9", "0 0.5 0.5 0 0.1", "0 0.9 0.5 0.5 0.1", "0 1.5 0.5 0.1 0.1",
      "0 nan 0.5 0.1 0.1", "0 inf 0.5 0.1 0.1", "0 0.5 0.5 0.1 Doe", "0", "0 0 0 1 0 1 -0.1",
      "0 0 0 1 0 1 1 0.5", "999999999999999999999 0.5 0.5 0.1 0.1",
    ])
  func `a line that is wrong is named`(line: String) {
    #expect {
      try Self.read("0 0.5 0.5 1 1\n\n\(line)\n")
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .annotation && error.message.contains("Line 3")
        && !error.description.contains("Doe")
    }
  }
}
