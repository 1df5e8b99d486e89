import MedicalImaging
import Preprocessing

/// A structure in a picture: one of its parts that hang together.
struct PictureLabel: Hashable, Sendable {
  var structure: StructureName
  /// In pixels of the picture, from its corner.
  var box: EdgeBox
  /// The same, exact along the edges of the source's pixels.
  var polygon: EdgePolygon
  /// The part of the picture that it covers, 0...1.
  var areaFraction: Double
  /// Place of the picture in its sample.
  var picture = 0

  /// The parts of a structure that a picture shows, in the order in which it shows them first, row by row.
  ///
  /// `mask` is in pixels of the picture before it was resized, which `shape` says. Parts of less than
  /// `leastPixels` of these are left out; places of outlines move by `tolerance` of them at most.
  static func parts(
    of structure: StructureName, in mask: PlaneMask, shape: SquarePixels, leastPixels: Int,
    tolerance: Double
  ) -> [PictureLabel] {
    guard mask.bytes.contains(1) else { return [] }
    let found = ConnectedComponents(LabelPlane(mask))
    let polygons = found.polygons()
    return found.components.indices.compactMap { index in
      let component = found.components[index]
      guard component.area >= leastPixels, let box = shape.map.box(component.box)?.box else {
        return nil
      }
      let exact = polygons[index]
      let outline = tolerance > 0 ? exact.simplified(tolerance: tolerance) : exact
      guard let polygon = shape.map.polygon(outline)?.polygon else { return nil }
      return PictureLabel(
        structure: structure, box: box, polygon: polygon, areaFraction: component.areaFraction)
    }
  }

  /// What a part of the picture shows of it, in pixels of that; nil where it shows nothing.
  func seen(in part: PictureMap, picture: Int) -> PictureLabel? {
    guard !part.steps.isEmpty else { return self }
    guard let seen = part.polygon(polygon)?.polygon, let box = seen.box else { return nil }
    return PictureLabel(
      structure: structure, box: box, polygon: seen,
      areaFraction: seen.area / Double(part.columns * part.rows), picture: picture)
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("name", structure.name)
      json.member("code", structure.code)
      json.key("box")
      json.array { json in
        for side in [box.x0, box.y0, box.x1, box.y1] { json.number(side) }
      }
      json.key("polygon")
      json.array { json in
        for ring in polygon.rings {
          json.array { json in
            for point in ring {
              json.array { json in
                json.number(point.x)
                json.number(point.y)
              }
            }
          }
        }
      }
      json.member("area_fraction", areaFraction)
      json.member("picture", picture)
    }
  }
}
