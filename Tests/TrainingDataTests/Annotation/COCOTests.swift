import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing
import TrainingData

/// COCO's JSON and run lengths, by hand and beside pycocotools.
@Suite struct COCOTests {
  private static func read(_ text: String) throws -> AnnotationSet {
    try COCOReader.read(Array(text.utf8))
  }

  private static let head = """
    {"images": [{"id": 7, "file_name": "a.png", "width": 6, "height": 4},
                {"id": 9, "file_name": "b.png", "width": 3, "height": 3}],
     "categories": [{"id": 2, "name": "liver"}, {"id": 5, "name": "spleen"}],
    """

  private static func read(row: String) throws -> AnnotationSet {
    try read(
      head + """
        "annotations": [
          {"id": 1, "image_id": 7, "category_id": 2, "bbox": [0, 0, 1, 1]}, \(row)]}
        """)
  }

  @Test func `boxes, polygons and runs are read with their classes and pictures`() throws {
    let set = try Self.read(
      row: """
        {"image_id": 9, "category_id": 5, "bbox": [0.5, 1, 2, 1.25], "iscrowd": 0,
         "segmentation": [[0.5, 1, 2.5, 1, 2.5, 2.25]]},
        {"image_id": 9, "category_id": 5, "iscrowd": 1,
         "segmentation": {"size": [3, 3], "counts": [4, 3, 2]}}
        """)
    #expect(set.pictures.map(\.name) == ["a.png", "b.png"])
    #expect(set.classes.map(\.number) == [2, 5])
    #expect(set.annotations.map(\.name) == ["liver", "spleen", "spleen"])
    #expect(set.annotations.map(\.picture) == [0, 1, 1])
    #expect(set.annotations[0].outline == nil)
    #expect(set.annotations[1].box == EdgeBox(x0: 0.5, y0: 1, x1: 2.5, y1: 2.25))
    let triangle = EdgePolygon(ring: [
      EdgePoint(x: 0.5, y: 1), EdgePoint(x: 2.5, y: 1), EdgePoint(x: 2.5, y: 2.25),
    ])
    #expect(set.annotations[1].outline == .polygons([triangle]))
    // Down the columns: 4 outside, then rows 1 and 2 of column 1 and row 0 of column 2.
    #expect(
      set.annotations[2].outline?.mask(columns: 3, rows: 3).bytes == [0, 0, 1, 0, 1, 0, 0, 1, 0])
    #expect(set.annotations[2].isCrowd)
    // It runs over the end of a column: both columns from head to foot.
    #expect(set.annotations[2].box == EdgeBox(x0: 1, y0: 0, x1: 3, y1: 3))
    #expect(try COCOReader.read(COCOWriter.write(set)).annotations == set.annotations)
  }

  @Test(
    arguments: [
      #"{"image_id": 8, "category_id": 2, "bbox": [0, 0, 1, 1]}"#,
      #"{"image_id": 7, "category_id": 3, "bbox": [0, 0, 1, 1]}"#,
      #"{"category_id": 2, "bbox": [0, 0, 1, 1]}"#,
      #"{"image_id": 7, "category_id": 2}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [0, 0, 1]}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [0, 0, 0, 1]}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [0, 0, "1", 1]}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [0, 0, 7.5, 1]}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [-1e308, 0, 1e308, 1]}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [1e308, 0, 1e308, 1]}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": [[0, 0, 1, 1]]}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": [[0, 0, 1, 1, 2]]}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": [[0, 0, 1, 1, 2, 90]]}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": "x"}"#,
      // A mask of 6 x 4 whose rows and columns are exchanged, and runs that do not add up.
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [6, 4], "counts": [4, 20]}}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": [4, 19]}}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": [4, 21]}}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": [-4, 28]}}"#,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": [1.5]}}"#,
      """
      {"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6],
       "counts": [9223372036854775807, 9223372036854775807]}}
      """,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6]}}"#,
      // Texts that end within a number, go beyond what a number holds, or use other characters.
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": "P"}}"#,
      """
      {"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6],
       "counts": "ooooooooooooooooooo0"}}
      """,
      """
      {"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6],
       "counts": "000ooooooooooo?ooooooooooo?"}}
      """,
      #"{"image_id": 7, "category_id": 2, "segmentation": {"size": [4, 6], "counts": "0 1"}}"#,
      #"{"image_id": 7, "category_id": 2, "bbox": [0, 0, 1, 1], "iscrowd": 2}"#,
      #"7"#,
    ])
  func `a row that is wrong is named and ends the reading`(row: String) {
    #expect {
      try Self.read(row: row)
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .annotation && error.message.contains("Annotation 2")
    }
  }

  @Test(
    arguments: [
      ("", "line 1, column 1"), (#"{"images": [1e309]}"#, "line 1, column 13"), ("[]", "images"),
      (#"{"images": 3}"#, "images"),
      (#"{"images": [{"id": 1, "file_name": "Doe", "width": 0, "height": 3}]}"#, "Image 1"),
      (#"{"images": [{"id": 1, "width": 4, "height": 3}]}"#, "Image 1"),
      (
        #"{"images": [{"id": 1, "file_name": "Doe", "width": 4294967296, "height": 4294967296}]}"#,
        "Image 1"
      ),
      (
        """
        {"images": [], "categories": [{"id": 1, "name": "Doe"}, {"id": 1, "name": "Doe"}],
         "annotations": []}
        """, "Category 2"
      ),
    ])
  func `a file that is wrong says where, and quotes nothing`(text: String, place: String) {
    #expect {
      try Self.read(text)
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .annotation && error.message.contains(place)
        && !error.description.contains("Doe")
    }
    #expect { try COCOReader.read(Array(text.utf8), memoryLimit: 63 * text.utf8.count) } throws: {
      text.isEmpty || ($0 as? ImageError)?.code == .memory
    }
  }

  private struct Masks: Encodable {
    var columns, rows: Int
    var masks: [[UInt8]]
  }

  @Test(.needsPeers) func `masks go to pycocotools and back, and are the same on both sides`()
    throws
  {
    var generator = SeededGenerator(seed: 41)
    let (columns, rows) = (23, 17)
    var set = AnnotationSet(
      classes: [.init(number: 3, name: "a")],
      pictures: [.init(name: "x.png", columns: columns, rows: rows)], annotations: [])
    var masks: [PlaneMask] = []
    for round in 0..<300 {
      var plane = LabelPlane(PlaneMask(columns: columns, rows: rows, filled: false))
      let density = Double.random(in: 0...1, using: &generator)
      for i in plane.numbers.indices where Double.random(in: 0..<1, using: &generator) < density {
        plane.numbers[i] = 1
      }
      let found = ConnectedComponents(
        plane, connectivity: round.isMultiple(of: 2) ? .eight : .four)
      // A part of it as its outline, with holes or without; or all of it as runs.
      let mask = round % 3 == 0 || found.components.isEmpty ? plane.mask(of: 1) : found.mask(of: 0)
      let outline: PictureAnnotation.Outline =
        round % 3 == 0 || found.components.isEmpty
        ? .runs(MaskRuns(mask)) : .polygons([found.polygons()[0]])
      masks.append(mask)
      set.annotations.append(
        PictureAnnotation(
          name: "a", box: outline.box ?? set.pictures[0].box, outline: outline, picture: 0))
    }
    let folder = try TemporaryFolder()
    try folder.write(COCOWriter.write(set), to: "ours.json")
    let all = Masks(columns: columns, rows: rows, masks: masks.map(\.bytes))
    try folder.write(Array(JSONEncoder().encode(all)), to: "masks.json")
    let compared = try Peer.run(script: "coco.py", in: folder)
    #expect(compared.trimmingCharacters(in: .whitespacesAndNewlines) == "300")

    // What pycocotools wrote, as text and as numbers by turns.
    let theirs = try COCOReader.read(folder.bytes(of: "theirs.json"))
    #expect(theirs.annotations.count == masks.count)
    for (annotation, mask) in zip(theirs.annotations, masks) {
      #expect(annotation.outline?.mask(columns: columns, rows: rows) == mask)
      #expect(annotation.outline == .runs(MaskRuns(mask)))
    }
  }

  @Test(.needsPeers) func `any polygon covers the pixels that pycocotools says, but at its path`()
    throws
  {
    var generator = SeededGenerator(seed: 42)
    let (columns, rows) = (60, 50)
    var set = AnnotationSet(
      classes: [.init(number: 1, name: "a")],
      pictures: [.init(name: "x.png", columns: columns, rows: rows)], annotations: [])
    for _ in 0..<200 {
      let corners = Int.random(in: 3...12, using: &generator)
      let angles = (0..<corners).map { _ in Double.random(in: 0..<2 * .pi, using: &generator) }
      let ring = angles.sorted().map { angle in
        let radius = Double.random(in: 2...24, using: &generator)
        return EdgePoint(x: 30 + radius * cos(angle), y: 25 + radius * sin(angle))
      }
      let polygon = EdgePolygon(ring: ring)
      set.annotations.append(
        PictureAnnotation(
          name: "a", box: try #require(polygon.box), outline: .polygons([polygon]), picture: 0))
    }
    let folder = try TemporaryFolder()
    try folder.write(COCOWriter.write(set), to: "ours.json")
    try Peer.run(script: "coco.py", ["polygons"], in: folder)
    let theirs = try folder.bytes(of: "masks.u8")
    #expect(theirs.count == 200 * columns * rows)
    var different = 0
    for (index, annotation) in set.annotations.enumerated() {
      let ours = annotation.outline?.mask(columns: columns, rows: rows).bytes ?? []
      guard case .polygons(let polygons)? = annotation.outline else { continue }
      for i in ours.indices where ours[i] != theirs[index * columns * rows + i] {
        different += 1
        // pycocotools rounds to a fifth of a pixel.
        let center = EdgePoint(x: Double(i % columns) + 0.5, y: Double(i / columns) + 0.5)
        #expect(Self.distance(center, polygons[0].rings[0]) < 0.3)
      }
    }
    // Of 200 paths of 100 pixels or so.
    #expect(different < 2000)
  }

  private static func distance(_ p: EdgePoint, _ ring: [EdgePoint]) -> Double {
    ring.indices.map { i in
      let (a, b) = (ring[i], ring[(i + 1) % ring.count])
      let (dx, dy) = (b.x - a.x, b.y - a.y)
      let along = ((p.x - a.x) * dx + (p.y - a.y) * dy) / max(dx * dx + dy * dy, 1e-12)
      let part = min(max(along, 0), 1)
      let (x, y) = (a.x + dx * part - p.x, a.y + dy * part - p.y)
      return (x * x + y * y).squareRoot()
    }.min() ?? .infinity
  }
}
