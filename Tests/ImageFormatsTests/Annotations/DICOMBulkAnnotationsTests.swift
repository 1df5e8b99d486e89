import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Microscopy bulk simple annotations beside highdicom.
@Suite struct DICOMBulkAnnotationsTests {
  private static let files =
    Corpus.location.path + "/ImagingDataCommons__highdicom/data/test_files/"

  /// Objects of every graphic type, made by highdicom.
  private static let made = Result {
    let folder = try TemporaryFolder()
    try Peer.run(
      script: "bulk_annotations.py", ["make", files + "sm_image.dcm"], in: folder)
    return folder
  }

  private static func read(_ path: String) throws -> DICOMBulkAnnotations {
    guard case .bulkAnnotations(let found) = try DICOMAnnotation.read(SourceBytes(path: path))
    else { throw TestSupportError("It is no bulk annotations.") }
    return found
  }

  private static func image() throws -> DICOMSlideInstance {
    try DICOMSlideInstance.read(SourceBytes(path: files + "sm_image.dcm"))
  }

  private struct Told: Decodable {
    var number: Int
    var label, graphic: String
    var type: [String]
    var points: [[[Double]]]
    var pixels: [[[Double]]]?
  }

  /// What highdicom reads in a file.
  private static func told(_ path: String) throws -> [Told] {
    try Peer.run(
      script: "bulk_annotations.py", ["read", path, files + "sm_image.dcm"], in: TemporaryFolder()
    ).split(separator: "\n").map { try JSONDecoder().decode(Told.self, from: Data($0.utf8)) }
  }

  /// Compares groups and all of their points with highdicom's; gives how many points.
  @discardableResult private static func compare(_ found: DICOMBulkAnnotations, _ told: [Told])
    -> Int
  {
    var count = 0
    #expect(found.groups.count == told.count)
    for (group, peer) in zip(found.groups, told) {
      #expect(group.number == peer.number && group.label == peer.label)
      #expect(group.graphic.rawValue == peer.graphic)
      #expect(
        group.type.map { [$0.value, $0.scheme, $0.meaning] } == peer.type)
      #expect(group.category?.value == "91723000" && group.opticalPaths == nil)
      #expect(group.count == peer.points.count)
      for (index, points) in peer.points.enumerated() {
        let ours = group.points(of: index).map { point in
          let place = group.place(point)
          return found.space == .slide ? [place.x, place.y, place.z] : [place.x, place.y]
        }
        // The same numbers, to the last bit.
        #expect(ours == points, "\(peer.graphic) \(index)")
        count += points.count
      }
    }
    return count
  }

  @Test(
    .needsCorpus, .needsPeers,
    arguments: ["2d-f4", "2d-f8", "3d-f4", "3d-f8", "space-f4", "space-f8"])
  func `every graphic type has highdicom's coordinates, and lies where highdicom puts it`(
    name: String
  ) throws {
    let path = try Self.made.get().url(name + ".dcm").path
    let found = try Self.read(path)
    let told = try Self.told(path)
    #expect(
      told.map(\.graphic).sorted() == DICOMBulkAnnotations.Graphic.allCases.map(\.rawValue).sorted()
    )
    #expect(Self.compare(found, told) > 80)
    let isFlat = name.hasPrefix("2d")
    #expect(found.space == (isFlat ? .matrix : .slide))
    #expect(
      found.groups.allSatisfy { $0.dimensions == (name.hasPrefix("space") && $0.count > 1 ? 3 : 2) }
    )
    let image = try Self.image()
    #expect(found.references.map(\.sopInstanceUID) == [image.header.identity.sopInstanceUID])
    #expect(found.references[0].seriesInstanceUID == image.header.identity.seriesInstanceUID)
    let annotation = DICOMAnnotation.bulkAnnotations(found)
    #expect(
      annotation.framesOfReference
        == (isFlat ? [] : [image.header.identity.frameOfReferenceUID]))
    #expect(annotation.summary == AnnotationSummary(.bulkAnnotations, count: 5))
    try Self.comparePixels(
      found.shapes(on: image), isFlat ? told.map(\.points) : told.map { $0.pixels ?? [] }, told)
  }

  private static func comparePixels(
    _ found: SlideAnnotations, _ pixels: [[[[Double]]]], _ told: [Told]
  ) throws {
    var shapes = found.shapes[...]
    for (group, peer) in zip(pixels, told) {
      func near(_ ours: [EdgePoint], _ theirs: [[Double]]) -> Bool {
        ours.count == theirs.count
          && zip(ours, theirs).allSatisfy { abs($0.x - $1[0]) < 1e-6 && abs($0.y - $1[1]) < 1e-6 }
      }
      for points in peer.graphic == "POINT" ? [group.map { $0[0] }] : group {
        guard let shape = shapes.popFirst() else { throw TestSupportError("A shape is missing.") }
        #expect(shape.name == "Nucleus" && shape.group == peer.label)
        #expect(shape.type?.value == "84640000")
        switch shape.outline {
        case .points(let ours): #expect(peer.graphic == "POINT" && near(ours, points))
        case .lines(let ours):
          #expect(peer.graphic == "POLYLINE" && ours.count == 1 && near(ours[0], points))
        case .polygon(let polygon) where peer.graphic == "ELLIPSE":
          // The ends of the axes are corners; all corners fulfil the ellipse's equation.
          let ring = polygon.rings[0]
          // In 32 bits places 23 mm away lie on a grid of 2e-6 mm, that is 0.004 pixels, and so do the
          // centres of the two axes, whose mean is taken.
          for end in points {
            #expect(ring.contains { abs($0.x - end[0]) < 0.01 && abs($0.y - end[1]) < 0.01 })
          }
          #expect(polygon.area > 0 && polygon.rings.count == 1)
        case .polygon(let polygon):
          #expect(["POLYGON", "RECTANGLE"].contains(peer.graphic) && polygon.rings.count == 1)
          #expect(
            near(polygon.rings[0], points) || near(polygon.rings[0], points.reversed()))
          #expect(polygon.area > 0)
        }
      }
    }
    #expect(shapes.isEmpty)
  }

  @Test(.needsCorpus, .needsPeers) func `a real object says what highdicom reads in it`() throws {
    let path = Self.files + "sm_annotations.dcm"
    let found = try Self.read(path)
    // Two nuclei.
    #expect(Self.compare(found, try Self.told(path)) == 2)
    #expect(found.space == .matrix && !found.groups[0].isOfAllPlanes && found.findings.isEmpty)
    let shapes = try found.shapes(on: Self.image()).shapes
    #expect(shapes.count == 1 && shapes[0].group == "nuclei")
  }

  @Test func `an ellipse is nowhere further from its polygon than is asked for`() {
    for (radius, tolerance) in [(3.0, 0.1), (700.0, 0.1), (700, 0.001), (0.01, 0.1)] {
      let a = (x: radius * 0.6, y: radius * 0.8)
      let b = (x: -0.4 * radius * 0.8, y: 0.4 * radius * 0.6)
      let ring = EdgePolygon(
        ellipse: EdgePoint(x: 50, y: -20), a, b, tolerance: tolerance
      ).rings[0]
      #expect(ring.count == EdgePolygon.corners(ofEllipse: a, b, tolerance: tolerance))
      var worst = 0.0
      for (one, next) in zip(ring, ring.dropFirst() + [ring[0]]) {
        // In the ellipse's own axes, as parts of them.
        func own(_ p: EdgePoint) -> (Double, Double) {
          let (x, y) = (p.x - 50, p.y + 20)
          return ((x * 0.6 + y * 0.8) / radius, (y * 0.6 - x * 0.8) / (0.4 * radius))
        }
        let (u, v) = own(one)
        #expect(abs(u * u + v * v - 1) < 1e-9)
        // The arc's middle is furthest from the edge; half way between two directions of equal length.
        let (s, t) = own(next)
        let length = ((u + s) * (u + s) + (v + t) * (v + t)).squareRoot()
        let middle = ((u + s) / length, (v + t) / length)
        let half = ((u + s) / 2, (v + t) / 2)
        let (dx, dy) = ((middle.0 - half.0) * radius, (middle.1 - half.1) * 0.4 * radius)
        worst = max(worst, (dx * dx + dy * dy).squareRoot())
      }
      #expect(worst <= tolerance && worst > 0)
      #expect(ring.count == 8 || worst > tolerance / 16)
    }
  }

  /// Elements of the object, or of its group of polygons, and what is said of it.
  private static let damage = [
    #"{"FILE.AnnotationCoordinateType": "4D"}"#, #"{"FILE.AnnotationGroupSequence": null}"#,
    #"{"FILE.PixelOriginInterpretation": "DOE"}"#, #"{"FILE.PixelOriginInterpretation": "FRAME"}"#,
    #"{"FILE.ReferencedImageSequence": null}"#, #"{"AnnotationGroupNumber": null}"#,
    #"{"GraphicType": "DOE"}"#, #"{"GraphicType": "POINT"}"#, #"{"GraphicType": "ELLIPSE"}"#,
    #"{"NumberOfAnnotations": null}"#, #"{"NumberOfAnnotations": 4}"#,
    #"{"NumberOfAnnotations": 4294967295}"#, #"{"PointCoordinatesData": null}"#,
    #"{"DoublePointCoordinatesData": ["<f8", 1, 2]}"#,
    #"{"PointCoordinatesData": ["<f4", 1, 2, 3, 4, 5]}"#, #"{"PointCoordinatesData": ["<f4"]}"#,
    #"{"PointCoordinatesData": ["<f4", 1, 2, 3, 4]}"#,
    #"{"LongPrimitivePointIndexList": null}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 7]}"#,
    // From 0; in the middle of a point; twice the same; backwards; behind the end; not from the start.
    #"{"LongPrimitivePointIndexList": ["<u4", 0, 7, 13, 19, 25]}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 8, 13, 19, 25]}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 7, 7, 19, 25]}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 7, 19, 13, 25]}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 7, 13, 19, 4000000001]}"#,
    #"{"LongPrimitivePointIndexList": ["<u4", 3, 9, 15, 21, 27]}"#,
    // As points are counted, which leaves some of them two.
    #"{"LongPrimitivePointIndexList": ["<u4", 1, 5, 9, 13, 17]}"#,
  ]

  @Test(.needsCorpus, .needsPeers, arguments: damage)
  func `an object that contradicts itself is refused`(change: String) throws {
    let folder = try Self.made.get()
    let name = "\(change.hashValue).dcm"
    try Peer.run(script: "bulk_annotations.py", ["change", "2d-f4.dcm", name, change], in: folder)
    #expect {
      _ = try Self.read(folder.url(name).path)
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .damagedHeader && !error.description.contains("Doe")
        && (change.contains("FILE.") || error.message.contains("Annotation group 3"))
    }
  }

  @Test(.needsCorpus, .needsPeers)
  func `what is not said is a finding, and what is not there is refused`()
    throws
  {
    let folder = try Self.made.get()
    try Peer.run(
      script: "bulk_annotations.py",
      ["change", "2d-f4.dcm", "origin.dcm", #"{"FILE.PixelOriginInterpretation": null}"#],
      in: folder)
    let found = try Self.read(folder.url("origin.dcm").path)
    #expect(found.space == .matrix && found.findings.map(\.code) == ["pixel_origin"])
    let image = try Self.image()
    var other = image
    other.header.identity.sopInstanceUID = "1.2"
    other.header.identity.frameOfReferenceUID = "1.3"
    var nowhere = image
    nowhere.origin = nil
    let inSpace = try Self.read(folder.url("3d-f8.dcm").path)
    for (annotations, image) in [(found, other), (inSpace, other), (inSpace, nowhere)] {
      #expect {
        _ = try annotations.shapes(on: image)
      } throws: {
        ($0 as? ImageError)?.code == .annotation
      }
    }
    #expect {
      _ = try found.shapes(on: image, memoryLimit: 5000)
    } throws: {
      ($0 as? ImageError)?.code == .memory
    }
    // Tiles of 10 x 10 in five columns: the eighth, frame 7, begins at column 20 of row 10.
    var inFrame = found
    inFrame.space = .frame
    inFrame.references[0].frames = [7]
    let whole = try found.shapes(on: image).shapes
    for (moved, shape) in zip(try inFrame.shapes(on: image).shapes, whole) {
      let (ours, there) = (try #require(moved.outline.box), try #require(shape.outline.box))
      #expect(abs(ours.x0 - there.x0 - 20) < 1e-9 && abs(ours.y1 - there.y1 - 10) < 1e-9)
    }
  }

  @Test(.needsCorpus, .needsPeers) func `an object that ends early is refused wherever it ends`()
    throws
  {
    let bytes = try Self.made.get().bytes(of: "space-f4.dcm")
    let whole = try Self.read(Self.made.get().url("space-f4.dcm").path)
    var between: [Int] = []
    for end in stride(from: 200, to: bytes.count, by: 2) {
      do {
        guard
          case .bulkAnnotations(let found) = try DICOMAnnotation.read(
            SourceBytes(Array(bytes[..<end])))
        else { throw TestSupportError("It is something else.") }
        // Nothing tells where a data set ends: one that ends between two elements may lack its texts.
        #expect(found.groups == whole.groups, "\(end)")
        between.append(end)
      } catch let error as ImageError {
        #expect(error.code != .unexpected)
      }
    }
    #expect(between.allSatisfy { $0 > bytes.count - 200 })
  }
}
