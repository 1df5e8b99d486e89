import MedicalImaging

/// Reads annotations of COCO (cocodataset.org, data format): boxes, polygons, run lengths in both
/// ways.
///
/// Coordinates there count from the outer corner of the first pixel, as those of labels here do.
public enum COCOReader {
  /// Bytes that a byte of JSON may become: a number of one digit is a node of its own.
  private static let growth = 64

  /// `memoryLimit` bounds, in bytes, what reading takes.
  ///
  /// Throws `.annotation` with the number of the first row that is wrong, counted from 1: what is no
  /// JSON, ids that are missing, repeated or lead nowhere, shapes that are none or leave their picture,
  /// sizes of masks that are not those of their picture. Throws `.memory` where the file is too long.
  public static func read(_ json: [UInt8], memoryLimit: Int = 4 << 30) throws(ImageError)
    -> AnnotationSet
  {
    guard json.count <= memoryLimit / growth else {
      throw ImageError(.memory, "The annotations need more memory than is allowed.")
    }
    let root: JSONValue
    do { root = try JSONValue(json5: json) } catch {
      // The parser's sentence may quote the text.
      let place = "line \(error.position.line), column \(error.position.column)"
      throw .annotation("The annotations are no JSON: the first mistake is in \(place).")
    }
    let pictures = try COCOTable(root, "images", "Image") { row throws(ImageError) in
      AnnotationSet.Picture(
        name: try row.text("file_name"), columns: try row.side("width"),
        rows: try row.side("height"))
    }
    let classes = try COCOTable(root, "categories", "Category") { row throws(ImageError) in
      AnnotationSet.Class(number: try row.integer("id"), name: try row.text("name"))
    }
    var annotations: [PictureAnnotation] = []
    for row in try COCORow.all(root, "annotations", "Annotation") {
      let picture = try pictures.index(row, "image_id")
      let index = try classes.index(row, "category_id")
      annotations.append(
        try row.annotation(
          classes.rows[index].name, of: picture, pictures.rows[picture]))
    }
    return AnnotationSet(
      classes: classes.rows, pictures: pictures.rows, annotations: annotations)
  }
}

/// Rows that others refer to by id.
private struct COCOTable<Element> {
  private(set) var rows: [Element] = []
  private var places: [JSONValue: Int] = [:]

  init(
    _ root: JSONValue, _ key: String, _ word: String,
    _ element: (COCORow) throws(ImageError) -> Element
  ) throws(ImageError) {
    for row in try COCORow.all(root, key, word) {
      let id = try row.id("id")
      guard places.updateValue(rows.count, forKey: id) == nil else {
        throw row.error("has an id that another one has")
      }
      rows.append(try element(row))
    }
  }

  /// Which row one of another table means.
  func index(_ row: COCORow, _ key: String) throws(ImageError) -> Int {
    guard let index = places[try row.id(key)] else {
      throw row.error("names \(key == "image_id" ? "a picture" : "a class") that is not there")
    }
    return index
  }
}
