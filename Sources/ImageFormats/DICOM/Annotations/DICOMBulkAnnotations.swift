import MedicalImaging

/// Microscopy bulk simple annotations (PS3.3 A.87, C.37.1): shapes on a slide by the million. Measurements are
/// left out.
///
/// Groups are kept as they are stored; `shapes` makes polygons, lines and points of them.
public struct DICOMBulkAnnotations: Sendable {
  /// What coordinates count in (Annotation Coordinate Type, Pixel Origin Interpretation).
  public enum Space: Hashable, Sendable {
    /// Pixels of the total pixel matrix of the first instance of `references`, (0, 0) the outer corner of
    /// its first pixel. It need not be the slide's largest level.
    case matrix
    /// The same of the one frame that the first of `references` names.
    case frame
    /// Millimetres in the slide coordinate system of the frame of reference (C.8.12.2).
    case slide
  }

  public enum Graphic: String, Sendable, CaseIterable {
    case point = "POINT"
    case polyline = "POLYLINE"
    case polygon = "POLYGON"
    /// The ends of one axis and those of the other.
    case ellipse = "ELLIPSE"
    /// Its corners, one after the other.
    case rectangle = "RECTANGLE"
  }

  /// Annotations of one kind (Annotation Group Sequence).
  public struct Group: Hashable, Sendable {
    public var number: Int
    /// Free text of whoever drew it: it may name a person.
    public var label: String
    /// Annotation Property Category; nil where it is absent.
    public var category: CodedConcept?
    /// Annotation Property Type; nil where it is absent.
    public var type: CodedConcept?
    public var graphic: Graphic
    /// Values of each point: 2, or 3 where points of one group lie in several planes of the slide.
    public var dimensions: Int
    /// x, y and, of three dimensions, z of all points, as they are stored.
    public var coordinates: [Double]
    /// Where each polyline or polygon begins, in points counted from 0; empty for other graphics.
    public var starts: [Int]
    /// How many annotations it has.
    public var count: Int
    /// Common Z Coordinate Value, in millimetres: the focal planes that it is of, as far as it names them.
    public var planes: [Double]
    /// Whether it is of all focal planes.
    public var isOfAllPlanes: Bool
    /// Identifiers of the optical paths that it is of; nil where it is of all of them.
    public var opticalPaths: [String]?
  }

  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity
  public var space: Space
  /// In the order of the object.
  public var groups: [Group]
  /// The image that coordinates count in, then what else the object lists, each once.
  public var references: [ImageReference]
  public var findings: [InstanceHeader.Finding]
}

extension DICOMBulkAnnotations.Group {
  /// The points of an annotation, counted from 0.
  public func points(of index: Int) -> Range<Int> {
    switch graphic {
    case .point: index..<index + 1
    case .ellipse, .rectangle: 4 * index..<4 * index + 4
    case .polyline, .polygon:
      starts[index]..<(index + 1 < starts.count ? starts[index + 1] : pointCount)
    }
  }

  /// How many points it has.
  public var pointCount: Int { coordinates.count / dimensions }

  /// A point in millimetres: its z is the first of `planes` where the point has none, 0 without any.
  public func place(_ point: Int) -> Vector3 {
    let at = dimensions * point
    return Vector3(
      coordinates[at], coordinates[at + 1],
      dimensions == 3 ? coordinates[at + 2] : planes.first ?? 0)
  }
}
