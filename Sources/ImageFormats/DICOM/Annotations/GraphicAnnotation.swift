import MedicalImaging

/// What is drawn and written over pictures (PS3.3 C.10.5).
public struct GraphicAnnotation: Hashable, Sendable {
  /// What coordinates count in.
  public enum Units: String, Sendable {
    /// Pixels of the picture.
    case pixel = "PIXEL"
    /// Pixels of a slide's whole matrix.
    case matrix = "MATRIX"
    /// Parts of the displayed area: (0, 0) its upper left, (1, 1) its lower right corner.
    case display = "DISPLAY"
  }

  public struct Graphic: Hashable, Sendable {
    public var units: Units
    /// Points of units `.display` are parts of the area, not pixels.
    public var shape: ImageRegion
    public var isFilled: Bool
  }

  /// A box that text is written in.
  public struct Box: Hashable, Sendable {
    public var units: Units
    public var topLeft: PixelPoint
    public var bottomRight: PixelPoint
  }

  /// A point that text speaks of.
  public struct Anchor: Hashable, Sendable {
    public var units: Units
    public var point: PixelPoint
  }

  /// Coordinates of units `.display` are parts of the area, not pixels.
  public struct Text: Hashable, Sendable {
    /// Free text: it may hold personal data.
    public var text: String
    public var box: Box?
    public var anchor: Anchor?
  }

  /// The pictures that it is of; all that the state references where there are none.
  public var references: [ImageReference]
  /// Graphic Layer, upper case.
  public var layer: String
  public var graphics: [Graphic]
  public var texts: [Text]
}
