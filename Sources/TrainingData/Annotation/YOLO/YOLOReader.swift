import MedicalImaging

/// Reads annotations as YOLO has them (Ultralytics, detect and segment data sets): lines of text for
/// each picture, its sides as 1.
///
/// A line is the number of a class and either the centre, width and height of a box, or the points of
/// a polygon, all of them in parts of the picture.
public enum YOLOReader {
  /// One picture. `classes` are the names by number, from 0.
  ///
  /// Throws `.annotation` with the number of the first line that is wrong, counted from 1.
  public static func read(
    _ text: [UInt8], of picture: AnnotationSet.Picture, classes: [String]
  ) throws(ImageError) -> AnnotationSet {
    guard let text = String(validating: text, as: UTF8.self) else {
      throw .annotation("The annotations are not UTF-8.", remedy: "Save them as UTF-8.")
    }
    var annotations: [PictureAnnotation] = []
    let lines = text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
    for (index, line) in lines.enumerated() {
      let words = line.split(whereSeparator: \.isWhitespace)
      guard !words.isEmpty else { continue }
      let place = "Line \(index + 1)"
      guard let number = Int(words[0]), classes.indices.contains(number) else {
        throw .annotation("\(place) begins with no number of a class.")
      }
      // What is no number of this range takes nan and inf along.
      let parts = words.dropFirst().compactMap { Double($0) }.filter { (0...1).contains($0) }
      guard parts.count == words.count - 1 else {
        throw .annotation("\(place) has a coordinate that is no number from 0 to 1.")
      }
      annotations.append(try annotation(classes[number], parts, of: picture, place))
    }
    return AnnotationSet(
      classes: classes.enumerated().map { .init(number: $0, name: $1) }, pictures: [picture],
      annotations: annotations)
  }

  private static func annotation(
    _ name: String, _ parts: [Double], of picture: AnnotationSet.Picture, _ place: String
  ) throws(ImageError) -> PictureAnnotation {
    let (width, height) = (Double(picture.columns), Double(picture.rows))
    if parts.count == 4 {
      let box = EdgeBox(
        x0: (parts[0] - parts[2] / 2) * width, y0: (parts[1] - parts[3] / 2) * height,
        x1: (parts[0] + parts[2] / 2) * width, y1: (parts[1] + parts[3] / 2) * height)
      guard !box.isEmpty else { throw .annotation("\(place) has a box without area.") }
      guard picture.holds(box) else {
        throw .annotation("\(place) has a box that leaves its picture.")
      }
      return PictureAnnotation(name: name, box: box, picture: 0)
    }
    guard parts.count >= 6, parts.count.isMultiple(of: 2) else {
      throw .annotation("\(place) is neither a box of four numbers nor a polygon of points.")
    }
    let ring = stride(from: 0, to: parts.count, by: 2).map {
      EdgePoint(x: parts[$0] * width, y: parts[$0 + 1] * height)
    }
    guard let box = EdgeBox(around: ring) else { throw .annotation("\(place) has no points.") }
    return PictureAnnotation(
      name: name, box: box, outline: .polygons([EdgePolygon(ring: ring)]), picture: 0)
  }
}
