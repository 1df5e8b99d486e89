import MedicalImaging

/// Writes annotations as COCO's JSON.
///
/// Polygons without holes are written as they are, and what has holes as run lengths, since COCO has no
/// other way. Numbers of pictures and annotations count from 1; those of classes are their own.
public enum COCOWriter {
  /// Names of annotations must be among the classes, and their pictures among the pictures.
  public static func write(_ set: AnnotationSet) -> [UInt8] {
    var numbers: [String: Int] = [:]
    for own in set.classes where numbers[own.name] == nil { numbers[own.name] = own.number }
    var json = JSONWriter()
    json.object { json in
      json.key("images")
      json.array { json in
        for (index, picture) in set.pictures.enumerated() {
          json.object { json in
            json.member("id", index + 1)
            json.member("file_name", picture.name)
            json.member("width", picture.columns)
            json.member("height", picture.rows)
          }
        }
      }
      json.key("annotations")
      json.array { json in
        for (index, annotation) in set.annotations.enumerated() {
          guard let number = numbers[annotation.name] else {
            preconditionFailure("an annotation's class is among the classes")
          }
          write(
            annotation, index + 1, number, set.pictures[annotation.picture], to: &json)
        }
      }
      json.key("categories")
      json.array { json in
        for own in set.classes {
          json.object { json in
            json.member("id", own.number)
            json.member("name", own.name)
          }
        }
      }
    }
    json.endLine()
    return json.bytes
  }

  private static func write(
    _ annotation: PictureAnnotation, _ id: Int, _ number: Int, _ picture: AnnotationSet.Picture,
    to json: inout JSONWriter
  ) {
    let box = annotation.box
    json.object { json in
      json.member("id", id)
      json.member("image_id", annotation.picture + 1)
      json.member("category_id", number)
      json.key("bbox")
      json.array { json in
        for value in [box.x0, box.y0, box.width, box.height] { json.number(value) }
      }
      switch annotation.outline {
      case nil: write(area: box.area, polygons: [], to: &json)
      case .runs(let runs)?: write(runs, to: &json)
      case .polygons(let polygons)?:
        if polygons.allSatisfy({ $0.rings.count == 1 }) {
          let area = polygons.reduce(0) { $0 + abs($1.area) }
          write(area: area, polygons: polygons, to: &json)
        } else {
          let outline = PictureAnnotation.Outline.polygons(polygons)
          write(MaskRuns(outline.mask(columns: picture.columns, rows: picture.rows)), to: &json)
        }
      }
      json.member("iscrowd", annotation.isCrowd ? 1 : 0)
    }
  }

  private static func write(
    area: Double, polygons: [EdgePolygon], to json: inout JSONWriter
  ) {
    json.member("area", area)
    json.key("segmentation")
    json.array { json in
      for polygon in polygons {
        json.array { json in
          for point in polygon.rings[0] {
            json.number(point.x)
            json.number(point.y)
          }
        }
      }
    }
  }

  private static func write(_ runs: MaskRuns, to json: inout JSONWriter) {
    json.member("area", Double(runs.area))
    json.key("segmentation")
    json.object { json in
      json.key("size")
      json.array { json in
        json.integer(runs.rows)
        json.integer(runs.columns)
      }
      json.member("counts", runs.text)
    }
  }
}
