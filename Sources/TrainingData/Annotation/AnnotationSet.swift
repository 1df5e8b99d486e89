import MedicalImaging

/// What a file of annotations says: classes, pictures, and what is where in them.
///
/// Names come from outside, and pictures are named by files: both may name a person until a table or a
/// pseudonym stands in their place.
public struct AnnotationSet: Hashable, Sendable {
  /// One thing that may be found in pictures.
  public struct Class: Hashable, Sendable {
    /// What stands for it in the file.
    public var number: Int
    public var name: String

    public init(number: Int, name: String) {
      self.number = number
      self.name = name
    }
  }

  /// What annotations are of.
  public struct Picture: Hashable, Sendable {
    /// The name of its file, as the annotations have it.
    public var name: String
    public var columns: Int
    public var rows: Int

    /// Both sides must be at least 1.
    public init(name: String, columns: Int, rows: Int) {
      precondition(columns > 0 && rows > 0)
      self.name = name
      self.columns = columns
      self.rows = rows
    }

    /// All of it.
    public var box: EdgeBox { EdgeBox(columns: 0..<columns, rows: 0..<rows) }

    /// Whether a box lies in it. Exporters round: edges may stand out by less than a pixel.
    func holds(_ other: EdgeBox) -> Bool {
      other.x0 > -1 && other.y0 > -1 && other.x1 < Double(columns + 1)
        && other.y1 < Double(rows + 1)
    }
  }

  public var classes: [Class]
  public var pictures: [Picture]
  /// In the order of the file.
  public var annotations: [PictureAnnotation]

  public init(classes: [Class], pictures: [Picture], annotations: [PictureAnnotation]) {
    self.classes = classes
    self.pictures = pictures
    self.annotations = annotations
  }
}

/// One thing in one picture, as somebody outside marked it.
public struct PictureAnnotation: Hashable, Sendable {
  /// More than a box.
  public enum Outline: Hashable, Sendable {
    /// What any of them covers.
    case polygons([EdgePolygon])
    case runs(MaskRuns)
  }

  /// Of its class.
  public var name: String
  /// As the file has it; it may stand out of the picture by less than a pixel.
  public var box: EdgeBox
  /// Nil where there is only the box.
  public var outline: Outline?
  /// Whether it is a crowd: several things of the class in one (COCO's `iscrowd`).
  public var isCrowd: Bool
  /// Its picture's index.
  public var picture: Int

  public init(
    name: String, box: EdgeBox, outline: Outline? = nil, isCrowd: Bool = false, picture: Int
  ) {
    self.name = name
    self.box = box
    self.outline = outline
    self.isCrowd = isCrowd
    self.picture = picture
  }
}

extension PictureAnnotation.Outline {
  /// The pixels that it covers, in a picture of this size.
  public func mask(columns: Int, rows: Int) -> PlaneMask {
    switch self {
    case .runs(let runs):
      precondition(runs.columns == columns && runs.rows == rows)
      return runs.mask
    case .polygons(let polygons):
      var mask = PlaneMask(columns: columns, rows: rows, filled: false)
      for polygon in polygons {
        let part = polygon.mask(columns: columns, rows: rows)
        for i in mask.bytes.indices { mask.bytes[i] |= part.bytes[i] }
      }
      return mask
    }
  }

  /// The smallest box around it; nil where it covers nothing.
  public var box: EdgeBox? {
    switch self {
    case .runs(let runs): runs.box
    case .polygons(let polygons): EdgeBox(around: polygons.lazy.flatMap { $0.rings.joined() })
    }
  }
}

extension ImageError {
  /// A mistake in a file of annotations.
  static func annotation(_ sentence: String, remedy: String? = nil) -> ImageError {
    ImageError(.annotation, sentence, remedy: remedy)
  }
}
