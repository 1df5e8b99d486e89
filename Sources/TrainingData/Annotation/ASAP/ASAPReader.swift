import MedicalImaging

/// Reads shapes on a slide from the XML of ASAP (Automated Slide Analysis Platform), in which CAMELYON16 and
/// CAMELYON17 come.
///
/// Places are pixels of the largest level, from the upper left corner of the picture. The class of a shape
/// is its `PartOfGroup`; its group is the group that this one is part of. No group means anything by its
/// name: "Exclusion", "normal" or "_2", which CAMELYON cuts out of "Tumor", "metastases", or "_0" and "_1",
/// are shapes of their own, to be taken out by who draws them.
public enum ASAPReader {
  private static let limits = XMLReader.Limits(bytes: 512 << 20, elements: 1 << 24)

  /// Throws `.annotation` with the number of the first annotation that is wrong, counted from 1, or with
  /// the line where it is no XML: types that ASAP does not have, polygons of fewer than three points,
  /// coordinates that are no numbers, or whose order has a gap. Throws `.memory` where the text is too
  /// long.
  public static func read(_ xml: [UInt8]) throws(ImageError) -> SlideAnnotations {
    var file = ASAPFile()
    try XMLReader.walk(xml, limits, attributes: true) { event throws(ImageError) in
      switch event {
      case .open(let name, let line, let attributes): try file.open(name, line, attributes)
      case .close: try file.close()
      case .text: break
      }
    }
    return try file.annotations()
  }
}

/// What was read of a file so far.
private struct ASAPFile {
  private var path: [String] = []
  private var shapes: [SlideAnnotations.Shape] = []
  private var current: ASAPAnnotation?
  /// What each group is part of.
  private var groups: [String: String] = [:]

  mutating func open(
    _ name: String, _ line: Int, _ attributes: [(name: String, value: String)]
  ) throws(ImageError) {
    if path.isEmpty, name != "ASAP_Annotations" {
      throw .annotation("The XML is no file of ASAP: its root is another.")
    }
    path.append(name)
    func value(_ key: String) -> String? { attributes.first { $0.name == key }?.value }
    switch path.dropFirst() {
    case ["Annotations", "Annotation"]:
      current = try ASAPAnnotation(
        number: shapes.count + 1, line, type: value("Type"), group: Self.group(value("PartOfGroup"))
      )
    case ["Annotations", "Annotation", "Coordinates", "Coordinate"]:
      try current?.add(order: value("Order"), x: value("X"), y: value("Y"))
    case ["AnnotationGroups", "Group"]:
      groups[value("Name") ?? ""] = Self.group(value("PartOfGroup"))
    default: break
    }
  }

  mutating func close() throws(ImageError) {
    if path.count == 3, let done = current {
      shapes.append(try done.shape())
      current = nil
    }
    path.removeLast()
  }

  /// Groups stand behind what is part of them.
  func annotations() throws(ImageError) -> SlideAnnotations {
    SlideAnnotations(
      shapes: shapes.map { shape in
        var shape = shape
        shape.group = groups[shape.name] ?? ""
        return shape
      })
  }

  /// "None" is what ASAP writes where there is none.
  private static func group(_ name: String?) -> String { name == "None" ? "" : name ?? "" }
}

/// One annotation.
private struct ASAPAnnotation {
  private enum Kind: String {
    case polygon = "Polygon"
    case rectangle = "Rectangle"
    /// Drawn smooth on the screen; ASAP's masks take the polygon through its points, and so does this.
    case spline = "Spline"
    case dot = "Dot"
    case pointSet = "PointSet"
    /// A distance between two places.
    case measurement = "Measurement"
    /// Of no type: places that enclose nothing.
    case none = "None"
  }

  private let place: String
  private let kind: Kind
  private let group: String
  private var points: [(order: Int, point: EdgePoint)] = []

  init(number: Int, _ line: Int, type: String?, group: String) throws(ImageError) {
    place = "Annotation \(number) (line \(line))"
    guard let kind = type.flatMap(Kind.init) else {
      throw .annotation("\(place) is of a type that ASAP does not have.")
    }
    self.kind = kind
    self.group = group
  }

  mutating func add(order: String?, x: String?, y: String?) throws(ImageError) {
    guard let order = order.flatMap({ Int($0) }) else {
      throw .annotation("\(place) has a coordinate without a place in the order.")
    }
    guard let x = Self.number(x), let y = Self.number(y) else {
      throw .annotation("\(place) has a coordinate that is no number.")
    }
    points.append((order, EdgePoint(x: x, y: y)))
  }

  /// With a decimal point, or the comma of the language that ASAP ran in.
  private static func number(_ text: String?) -> Double? {
    guard let text, let number = Double(text) ?? Double(text.replacing(",", with: ".")),
      abs(number) <= 1e9
    else { return nil }
    return number
  }

  func shape() throws(ImageError) -> SlideAnnotations.Shape {
    let sorted = points.sorted { $0.order < $1.order }
    guard sorted.enumerated().allSatisfy({ $0.offset == $0.element.order }) else {
      throw .annotation("\(place) has an order of coordinates with a gap, or a number twice.")
    }
    return SlideAnnotations.Shape(try outline(sorted.map(\.point)), name: group)
  }

  private func outline(_ points: [EdgePoint]) throws(ImageError) -> SlideAnnotations.Outline {
    guard !points.isEmpty else { throw .annotation("\(place) has no coordinates.") }
    switch kind {
    case .polygon, .rectangle, .spline:
      do { return .polygon(try EdgePolygon(parts: [[points]])) } catch {
        throw .annotation("\(place) \(error.words).")
      }
    case .measurement where points.count >= 2: return .lines([points])
    case .dot, .pointSet, .measurement, .none: return .points(points)
    }
  }
}
