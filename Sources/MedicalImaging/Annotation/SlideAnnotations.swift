/// What a file draws on a slide.
///
/// Places count in pixels from the outer corner of the first one: of the slide's largest level, but for
/// those of DICOM, which count in the level that they name, and are `scaled` to another.
public struct SlideAnnotations: Hashable, Sendable {
  public struct Shape: Hashable, Sendable {
    public var outline: Outline
    /// What it is, as the file says it; "" where it says nothing. Free text of whoever drew: personal
    /// data until it is mapped to a known word.
    public var name: String
    /// What it is one of, as the file says it: QuPath's type of object, ASAP's group of its group, the
    /// label of DICOM's annotation group. "" where there is none; free text, as the name.
    public var group: String
    /// The code of what it is; nil where the file has none.
    public var type: CodedConcept?
    /// Index of the focal plane that it was drawn in; 0 where the format knows none.
    public var focalPlane: Int

    public init(
      _ outline: Outline, name: String = "", group: String = "", type: CodedConcept? = nil,
      focalPlane: Int = 0
    ) {
      self.outline = outline
      self.name = name
      self.group = group
      self.type = type
      self.focalPlane = focalPlane
    }
  }

  /// Where it is.
  public enum Outline: Hashable, Sendable {
    /// The only one with an area. It may have several outer rings; parts that overlap cancel out.
    case polygon(EdgePolygon)
    /// Places joined in their order, two or more in each line.
    case lines([[EdgePoint]])
    case points([EdgePoint])
  }

  /// In the order of the file.
  public var shapes: [Shape]

  public init(shapes: [Shape] = []) { self.shapes = shapes }

  /// The same in pixels of another level: `x` of its columns stand for one, and `y` of its rows.
  ///
  /// Both must be above zero and finite.
  public func scaled(x: Double, y: Double) -> SlideAnnotations {
    precondition(x > 0 && y > 0 && x.isFinite && y.isFinite)
    var scaled = self
    for index in shapes.indices {
      scaled.shapes[index].outline = shapes[index].outline.mapped {
        EdgePoint(x: $0.x * x, y: $0.y * y)
      }
    }
    return scaled
  }
}

extension SlideAnnotations.Outline {
  /// The smallest box around it; nil where it has no point.
  public var box: EdgeBox? {
    switch self {
    case .polygon(let polygon): polygon.box
    case .lines(let lines): EdgeBox(around: lines.joined())
    case .points(let points): EdgeBox(around: points)
    }
  }

  /// The same with every place moved by a map that keeps the direction of rings.
  fileprivate func mapped(_ move: (EdgePoint) -> EdgePoint) -> Self {
    switch self {
    case .polygon(let polygon): .polygon(EdgePolygon(rings: polygon.rings.map { $0.map(move) }))
    case .lines(let lines): .lines(lines.map { $0.map(move) })
    case .points(let points): .points(points.map(move))
    }
  }
}
