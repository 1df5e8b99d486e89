import Foundation
import MedicalImaging
import TestSupport
import Testing

/// Shapes of a slide beside what Tests/Peers/slide_shapes.py reads in the same file.
enum SlideShapes {
  struct Told: Decodable {
    var name, group, kind: String
    var points: Int
    var area: Double
    var pixels: [Int]
  }

  /// Compares shapes with the peer's, and gives the number of pixels inside of polygons.
  static func compare(_ found: SlideAnnotations, _ file: String, in folder: TemporaryFolder) throws
    -> Int
  {
    let said = try Peer.run(script: "slide_shapes.py", ["read", file], in: folder)
    let told = try said.split(separator: "\n").map {
      try JSONDecoder().decode(Told.self, from: Data($0.utf8))
    }
    #expect(found.shapes.count == told.count)
    var inside = 0
    for (index, (shape, peer)) in zip(found.shapes, told).enumerated() {
      #expect(shape.name == peer.name && shape.group == peer.group, "\(index)")
      #expect(shape.type == nil && shape.focalPlane == 0)
      var (kind, points) = ("points", 0)
      switch shape.outline {
      case .points(let all): points = all.count
      case .lines(let lines): (kind, points) = ("lines", lines.joined().count)
      case .polygon(let polygon):
        (kind, points) = ("polygon", polygon.rings.joined().count)
        // Outer rings clockwise, holes the other way: only then is the sum the area.
        #expect(abs(polygon.area - peer.area) < 1e-6, "\(index)")
        let mask = polygon.mask(columns: 64, rows: 48)
        #expect(mask.bytes.indices.filter { mask.bytes[$0] != 0 } == peer.pixels, "\(index)")
        inside += peer.pixels.count
      }
      #expect(kind == peer.kind && points == peer.points, "\(index)")
    }
    return inside
  }

  /// Reading ends in an error of code `annotation` that says these words, and nothing of Doe.
  static func expect(
    says words: String, _ read: () throws -> SlideAnnotations,
    sourceLocation: SourceLocation = #_sourceLocation
  ) {
    #expect(sourceLocation: sourceLocation) {
      _ = try read()
    } throws: {
      guard let error = $0 as? ImageError else { return false }
      return error.code == .annotation && (words.isEmpty || error.message.contains(words))
        && !error.description.contains("Doe")
    }
  }
}
