import MedicalImaging
import TestSupport
import Testing
import TrainingData

/// ASAP's XML, by hand and beside Python's ElementTree.
@Suite struct ASAPTests {
  private static func annotation(
    _ type: String, _ points: [(String, String, String)], group: String = "Tumor"
  ) -> String {
    let rows = points.map { #"<Coordinate Order="\#($0.0)" X="\#($0.1)" Y="\#($0.2)" />"# }
    return """
      <Annotation Name="Doe" Type="\(type)" PartOfGroup="\(group)" Color="#F4FA58">
        <Coordinates>\(rows.joined())</Coordinates>
      </Annotation>
      """
  }

  private static func text(_ annotations: String) -> [UInt8] {
    Array(
      """
      <?xml version="1.0"?>
      <ASAP_Annotations>
        <Annotations>
          \(annotation("Dot", [("0", "1.5", "2")], group: "None"))
          \(annotations)
        </Annotations>
        <AnnotationGroups>
          <Group Name="Tumor" PartOfGroup="Lesion" Color="#00ff00"><Attributes /></Group>
          <Group Name="Lesion" PartOfGroup="None" Color="#00ff00"><Attributes /></Group>
        </AnnotationGroups>
      </ASAP_Annotations>
      """.utf8)
  }

  private static let triangle = [("0", "0", "0"), ("1", "0", "4"), ("2", "4", "0")]

  @Test(.needsPeers) func `shapes, groups, areas and pixels are those of an ElementTree`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(script: "slide_shapes.py", ["make"], in: folder)
    let found = try ASAPReader.read(folder.bytes(of: "asap.xml"))
    #expect(found.shapes.count == 60)
    #expect(try SlideShapes.compare(found, "asap.xml", in: folder) > 8000)
  }

  @Test func `points follow their order, decimals may have a comma, and groups have groups`() throws
  {
    let found = try ASAPReader.read(
      Self.text(
        Self.annotation("Spline", [("2", "4,5", "0"), ("0", "0", "0"), ("1", "0", "4e0")])
          + Self.annotation("None", [("0", "7", "-8")], group: "_2")))
    func p(_ x: Double, _ y: Double) -> EdgePoint { EdgePoint(x: x, y: y) }
    #expect(
      found.shapes == [
        .init(.points([p(1.5, 2)])),
        // Turned, so that it goes clockwise as the picture is seen.
        .init(
          .polygon(EdgePolygon(rings: [[p(4.5, 0), p(0, 4), p(0, 0)]])), name: "Tumor",
          group: "Lesion"),
        .init(.points([p(7, -8)]), name: "_2"),
      ])
  }

  @Test(arguments: [
    annotation("Doe", triangle), annotation("Polygon", []), annotation("Dot", []),
    annotation("Polygon", Array(triangle.prefix(2))),
    annotation("Polygon", [("0", "0", "0"), ("1", "0", "4"), ("3", "4", "0")]),
    annotation("Polygon", [("0", "0", "0"), ("1", "0", "4"), ("1", "4", "0")]),
    annotation("Polygon", [("-1", "0", "0"), ("0", "0", "4"), ("1", "4", "0")]),
    annotation("Polygon", [("x", "0", "0")]), annotation("Dot", [("0", "Doe", "0")]),
    annotation("Dot", [("0", "", "0")]), annotation("Dot", [("0", "1.000,5", "0")]),
    annotation("Dot", [("0", "nan", "0")]), annotation("Dot", [("0", "inf", "0")]),
    annotation("Dot", [("0", "1", "1e10")]), "<Annotation/>",
    """
    <Annotation Type="Dot"><Coordinates><Coordinate Order="0" X="1"/></Coordinates></Annotation>
    """,
  ])
  func `an annotation that is wrong is named and ends the reading`(row: String) {
    // The first one ends on line 6.
    SlideShapes.expect(says: "Annotation 2 (line 7)") { try ASAPReader.read(Self.text(row)) }
  }

  @Test func `a text that ends early gives an error wherever it ends, and nothing of itself`()
    throws
  {
    let whole = Self.text(Self.annotation("Polygon", Self.triangle))
    #expect(try ASAPReader.read(whole).shapes.count == 2)
    for end in 0..<whole.count {
      SlideShapes.expect(says: "") { try ASAPReader.read(Array(whole[..<end])) }
    }
    for other in ["<annotation/>", "<!DOCTYPE a><ASAP_Annotations/>"] {
      SlideShapes.expect(says: "") { try ASAPReader.read(Array(other.utf8)) }
    }
  }

  @Test func `a file of a quarter of a million places is read whole`() throws {
    let points = (0..<250_000).map { ("\($0)", "\($0 % 500).25", "\($0 / 500).75") }
    let found = try ASAPReader.read(Self.text(Self.annotation("PointSet", points)))
    guard case .points(let all) = found.shapes[1].outline else { throw TestSupportError("None.") }
    #expect(all.count == points.count)
    #expect(all.last == EdgePoint(x: 499.25, y: 499.75))
  }
}
