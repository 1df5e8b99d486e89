import MedicalImaging

/// Writes the boxes of one picture as Pascal VOC has them: pixels counted from 1, the last one
/// included. Polygons, masks and crowds have no place there.
public enum VOCWriter {
  /// The picture `index` of a set, whose pixels have so many samples. Boxes of whole pixels give whole
  /// numbers, others fractions.
  ///
  /// Throws `.annotation` where a name holds what XML cannot.
  public static func write(_ set: AnnotationSet, picture index: Int, samples: Int = 3)
    throws(ImageError) -> [UInt8]
  {
    let picture = set.pictures[index]
    var text = """
      <annotation>
        <filename>\(try escaped(picture.name))</filename>
        <size>
          <width>\(picture.columns)</width>
          <height>\(picture.rows)</height>
          <depth>\(samples)</depth>
        </size>

      """
    for annotation in set.annotations where annotation.picture == index {
      let box = annotation.box
      text += """
          <object>
            <name>\(try escaped(annotation.name))</name>
            <bndbox>
              <xmin>\(number(box.x0 + 1))</xmin>
              <ymin>\(number(box.y0 + 1))</ymin>
              <xmax>\(number(box.x1))</xmax>
              <ymax>\(number(box.y1))</ymax>
            </bndbox>
          </object>

        """
    }
    return Array((text + "</annotation>\n").utf8)
  }

  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? value.description
  }

  /// XML 1.0, 2.2 and 2.4.
  private static func escaped(_ text: String) throws(ImageError) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\t", "\n", "\r": escaped += "&#\(scalar.value);"
      case "\u{00}"..<" ", "\u{FFFE}", "\u{FFFF}":
        throw .annotation("A name holds a character that XML cannot hold.")
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }
}
