import MedicalImaging

/// Writes the annotations of one picture as YOLO has them: lines of text, the picture's sides as 1.
public enum YOLOWriter {
  /// What a line says of an annotation; data sets have one kind alone.
  public enum Kind: Sendable {
    case boxes
    case polygons
  }

  /// The picture `index` of a set; classes are numbered from 0 in their order. What stands out of the
  /// picture is cut off.
  ///
  /// Throws `.annotation` with the number of the first annotation of the set, counted from 1, that lies
  /// outside of its picture, or as a polygon is not one ring.
  public static func write(_ set: AnnotationSet, picture index: Int, as kind: Kind)
    throws(ImageError) -> [UInt8]
  {
    let picture = set.pictures[index]
    var text = ""
    for (row, annotation) in set.annotations.enumerated() where annotation.picture == index {
      guard let number = set.classes.firstIndex(where: { $0.name == annotation.name }) else {
        preconditionFailure("an annotation's class is among the classes")
      }
      let numbers: [Double]
      switch kind {
      case .boxes:
        let box = annotation.box.intersection(picture.box)
        guard !box.isEmpty else {
          throw .annotation("Annotation \(row + 1) lies outside of its picture.")
        }
        let center = EdgePoint(x: (box.x0 + box.x1) / 2, y: (box.y0 + box.y1) / 2)
        numbers =
          parts([center], of: picture)
          + parts([EdgePoint(x: box.width, y: box.height)], of: picture)
      case .polygons:
        guard case .polygons(let polygons)? = annotation.outline, polygons.count == 1,
          polygons[0].rings.count == 1
        else { throw .annotation("Annotation \(row + 1) is no polygon of one ring.") }
        numbers = parts(polygons[0].rings[0], of: picture)
      }
      let words = numbers.map { min(max($0, 0), 1).description }
      text += "\(number) \(words.joined(separator: " "))\n"
    }
    return Array(text.utf8)
  }

  private static func parts(_ points: [EdgePoint], of picture: AnnotationSet.Picture) -> [Double] {
    points.flatMap { [$0.x / Double(picture.columns), $0.y / Double(picture.rows)] }
  }
}
