import MedicalImaging

/// A softcopy presentation state, grey or colour (PS3.3 A.33.1, A.33.2): how pictures were to be shown.
public struct DICOMPresentationState: Sendable {
  /// A VOI transform and the pictures that it is for.
  public struct VOI: Hashable, Sendable {
    /// All that the state references where there are none.
    public var references: [ImageReference]
    public var transform: VOITransform
  }

  /// Display values -> P-values (PS3.3 C.11.6).
  public enum PresentationLUT: Hashable, Sendable {
    case identity
    case inverse
    case table(LookupTable)
  }

  /// The part of pictures that is shown (PS3.3 C.10.4).
  public struct DisplayedArea: Hashable, Sendable {
    /// Presentation Size Mode.
    public enum Mode: String, Sendable {
      case scaleToFit = "SCALE TO FIT"
      case trueSize = "TRUE SIZE"
      case magnify = "MAGNIFY"
    }

    /// All that the state references where there are none.
    public var references: [ImageReference]
    /// The pixel shown in the upper left and the one in the lower right corner, after rotation and
    /// flip; columns and rows count from 0, and may lie outside of the picture.
    public var topLeft: PixelPoint
    public var bottomRight: PixelPoint
    /// Nil where it is none that exists.
    public var mode: Mode?
    /// Height of a pixel over its width; nil where neither spacing nor ratio is given.
    public var pixelAspect: Double?
  }

  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity
  public var isColor: Bool
  /// The pictures that it is for.
  public var references: [ImageReference]
  /// Takes the place of the pictures' own; the identity where the state has none (PS3.4 N.2.1.1).
  public var modality: ModalityTransform
  public var voi: [VOI]
  public var presentationLUT: PresentationLUT
  public var shutter: DisplayShutter?
  public var displayedAreas: [DisplayedArea]
  /// Degrees clockwise, before the flip: 0, 90, 180 or 270.
  public var rotation: Int
  /// Left and right are exchanged, after the rotation.
  public var isFlipped: Bool
  public var annotations: [GraphicAnnotation]
  public var findings: [InstanceHeader.Finding]

  /// How one picture is to be shown.
  public struct Look: Hashable, Sendable {
    /// Stored -> modality values, in place of the picture's own.
    public var modality: ModalityTransform
    /// Modality -> display values, in place of the picture's own; nil: the identity (PS3.4 N.2.1.3).
    public var voi: VOITransform?
    /// After these, in place of what the picture's Photometric Interpretation says.
    public var presentationLUT: PresentationLUT
    public var shutter: DisplayShutter?
    public var displayedArea: DisplayedArea?
    public var rotation: Int
    public var isFlipped: Bool
    public var annotations: [GraphicAnnotation]
  }

  /// How frame `index`, counted from 0, of an instance is to be shown; nil where the state is not for
  /// it.
  public func look(of sopInstanceUID: String, frame index: Int = 0) -> Look? {
    func isFor(_ references: [ImageReference]) -> Bool {
      references.contains { $0.names(sopInstanceUID, frame: index) }
    }
    guard isFor(references) else { return nil }
    func applies(_ own: [ImageReference]) -> Bool { own.isEmpty || isFor(own) }
    // What names the picture itself goes before what is for all.
    let window = voi.first { isFor($0.references) } ?? voi.first { $0.references.isEmpty }
    let area =
      displayedAreas.first { isFor($0.references) }
      ?? displayedAreas.first { $0.references.isEmpty }
    return Look(
      modality: modality, voi: window?.transform, presentationLUT: presentationLUT,
      shutter: shutter, displayedArea: area, rotation: rotation, isFlipped: isFlipped,
      annotations: annotations.filter { applies($0.references) })
  }
}
