import MedicalImaging

/// One object of a list in COCO's JSON, and which it is for messages.
struct COCORow {
  /// As messages name it: "Annotation 3".
  private let name: String
  private let value: JSONValue

  static func all(_ root: JSONValue, _ key: String, _ word: String) throws(ImageError) -> [COCORow]
  {
    guard case .array(let elements)? = root[key] else {
      throw .annotation("The annotations have no list \(key).")
    }
    return elements.enumerated().map { COCORow(name: "\(word) \($0 + 1)", value: $1) }
  }

  func error(_ words: String) -> ImageError { .annotation("\(name) \(words).") }

  func text(_ key: String) throws(ImageError) -> String {
    guard case .string(let text)? = value[key] else { throw error("has no text \(key)") }
    return text
  }

  func integer(_ key: String) throws(ImageError) -> Int {
    guard case .integer(let number)? = value[key] else {
      throw error("has no whole number \(key)")
    }
    return number
  }

  /// Of a picture, in pixels.
  func side(_ key: String) throws(ImageError) -> Int {
    let side = try integer(key)
    // So that no product of two overflows, and coordinates keep their digits.
    guard (1...1 << 24).contains(side) else { throw error("has an impossible \(key)") }
    return side
  }

  /// A number; some exports have texts.
  func id(_ key: String) throws(ImageError) -> JSONValue {
    switch value[key] {
    case .integer?, .string?: return value[key] ?? .null
    default: throw error("has no \(key)")
    }
  }

  /// The annotation that it is.
  func annotation(
    _ name: String, of picture: Int, _ size: AnnotationSet.Picture
  ) throws(ImageError) -> PictureAnnotation {
    let outline = try outline(size)
    guard let box = try box() ?? outline?.box else { throw error("has neither box nor outline") }
    guard size.holds(box) else { throw error("lies outside of its picture") }
    return PictureAnnotation(
      name: name, box: box, outline: outline, isCrowd: try isCrowd(), picture: picture)
  }

  private func isCrowd() throws(ImageError) -> Bool {
    switch value["iscrowd"] {
    case nil, .null?, .integer(0)?, .bool(false)?: return false
    case .integer(1)?, .bool(true)?: return true
    default: throw error("has an iscrowd that is neither 0 nor 1")
    }
  }

  /// Nil where it has none.
  private func box() throws(ImageError) -> EdgeBox? {
    guard let list = value["bbox"], list != .null, list != .array([]) else { return nil }
    let numbers = try numbers(list)
    guard numbers.count == 4, numbers[2] > 0, numbers[3] > 0 else {
      throw error("has a box that is no x, y, width and height above zero")
    }
    return EdgeBox(
      x0: numbers[0], y0: numbers[1], x1: numbers[0] + numbers[2], y1: numbers[1] + numbers[3])
  }

  private func numbers(_ list: JSONValue) throws(ImageError) -> [Double] {
    guard case .array(let elements) = list else { throw error("has no list of coordinates") }
    var numbers: [Double] = []
    for element in elements {
      switch element {
      case .integer(let number): numbers.append(Double(number))
      case .number(let number): numbers.append(number)
      default: throw error("has a coordinate that is no number")
      }
    }
    return numbers
  }

  private func outline(_ size: AnnotationSet.Picture) throws(ImageError)
    -> PictureAnnotation.Outline?
  {
    switch value["segmentation"] {
    case nil, .null?, .array([])?: return nil
    case .array(let lists)?: return .polygons(try polygons(lists, size))
    case .object?: return .runs(try runs(size))
    default: throw error("has an outline that is neither polygons nor runs")
    }
  }

  private func polygons(_ lists: [JSONValue], _ size: AnnotationSet.Picture) throws(ImageError)
    -> [EdgePolygon]
  {
    var polygons: [EdgePolygon] = []
    for list in lists {
      let numbers = try numbers(list)
      guard numbers.count >= 6, numbers.count.isMultiple(of: 2) else {
        throw error("has a polygon that is no three points or more")
      }
      let ring = stride(from: 0, to: numbers.count, by: 2).map {
        EdgePoint(x: numbers[$0], y: numbers[$0 + 1])
      }
      guard EdgeBox(around: ring).map(size.holds) == true else {
        throw error("has a polygon outside of its picture")
      }
      polygons.append(EdgePolygon(ring: ring))
    }
    return polygons
  }

  private func runs(_ size: AnnotationSet.Picture) throws(ImageError) -> MaskRuns {
    let runs = value["segmentation"]
    guard runs?["size"] == .array([.integer(size.rows), .integer(size.columns)]) else {
      throw error("has a mask of another size than its picture")
    }
    do {
      switch runs?["counts"] {
      case .string(let text)?:
        return try MaskRuns(columns: size.columns, rows: size.rows, text: text)
      case .array(let elements)?:
        let counts = elements.compactMap { if case .integer(let count) = $0 { count } else { nil } }
        guard counts.count == elements.count else { break }
        return try MaskRuns(columns: size.columns, rows: size.rows, counts: counts)
      default: break
      }
    } catch {
      throw .annotation("\(name): \(error.message)")
    }
    throw error("has a mask without runs")
  }
}
