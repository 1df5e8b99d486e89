import MedicalImaging

/// Reads annotations of Pascal VOC: an XML text for each picture (Everingham et al., VOC2012
/// Development Kit, 8.2).
///
/// Its pixels are counted from 1, and `xmax` and `ymax` are the last ones: a box from 1 to 1 is the
/// first pixel, 0...1 here. Boxes of parts (`part`), poses and flags are left out.
public enum VOCReader {
  /// One picture; its classes are those that it has, numbered from 1 in the order of their first box.
  ///
  /// Throws `.annotation` with the number of the first object that is wrong, counted from 1, or where
  /// it is no such text.
  public static func read(_ xml: [UInt8]) throws(ImageError) -> AnnotationSet {
    let root = try XMLReader.read(xml)
    guard root.name == "annotation", let name = root["filename"]?.trimmed, let size = root["size"],
      let columns = side(size["width"]), let rows = side(size["height"])
    else {
      throw .annotation("The XML is no annotation of VOC with file name, width and height.")
    }
    let picture = AnnotationSet.Picture(name: name, columns: columns, rows: rows)
    var set = AnnotationSet(classes: [], pictures: [picture], annotations: [])
    for (index, object) in root.all("object").enumerated() {
      let place = "Object \(index + 1) (line \(object.line))"
      guard let name = object["name"]?.trimmed, !name.isEmpty else {
        throw .annotation("\(place) has no name.")
      }
      let box = try box(object["bndbox"], of: picture, place)
      set.annotations.append(PictureAnnotation(name: name, box: box, picture: 0))
      if !set.classes.contains(where: { $0.name == name }) {
        set.classes.append(.init(number: set.classes.count + 1, name: name))
      }
    }
    return set
  }

  private static func side(_ element: XMLElement?) -> Int? {
    guard let side = element.flatMap({ Int($0.trimmed) }), (1...1 << 24).contains(side) else {
      return nil
    }
    return side
  }

  private static func box(
    _ element: XMLElement?, of picture: AnnotationSet.Picture, _ place: String
  ) throws(ImageError) -> EdgeBox {
    let numbers = ["xmin", "ymin", "xmax", "ymax"].compactMap {
      element?[$0].flatMap { Double($0.trimmed) }
    }
    guard numbers.count == 4, numbers.allSatisfy(\.isFinite) else {
      throw .annotation("\(place) has no box of four numbers.")
    }
    let box = EdgeBox(x0: numbers[0] - 1, y0: numbers[1] - 1, x1: numbers[2], y1: numbers[3])
    guard !box.isEmpty else { throw .annotation("\(place) has a box without pixels.") }
    guard box.intersection(picture.box) == box else {
      throw .annotation(
        "\(place) has a box that leaves its picture.",
        remedy: "Mend it; pixels of VOC are counted from 1, and its boxes hold their last one.")
    }
    return box
  }
}
