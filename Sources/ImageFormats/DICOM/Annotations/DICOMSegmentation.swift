import MedicalImaging

/// A segmentation (PS3.3 A.51, C.8.20): which pixels of other images belong to which structure.
///
/// Frames are decoded with `FrameDecoder` and `header`; what their values mean is in `kind`.
public struct DICOMSegmentation: Sendable {
  public enum Kind: Hashable, Sendable {
    /// A frame is of one segment: 1 inside, 0 outside.
    case binary
    /// A frame is of one segment: its value over `maximum` is the part, or the probability, of the
    /// segment in the pixel.
    case fractional(maximum: Int)
    /// A frame holds all segments: its values are their numbers.
    case labelmap
  }

  /// One structure (PS3.3 C.8.20.4).
  public struct Segment: Hashable, Sendable {
    public var number: Int
    /// Segmented Property Category; nil where it is absent.
    public var category: CodedConcept?
    /// Segmented Property Type; nil where it is absent.
    public var type: CodedConcept?
    /// Segment Label, free text of whoever drew it: it may name a person.
    public var label: String
  }

  /// A picture that a frame was drawn on.
  public struct Reference: Hashable, Sendable {
    public var sopInstanceUID: String
    /// Its frame, counted from 0; nil where the whole instance is meant.
    public var frame: Int?
  }

  public struct Frame: Hashable, Sendable {
    /// The number of its segment; nil in a label map.
    public var segment: Int?
    /// Where it lies in the patient: nil on slides and projections.
    public var geometry: PlaneGeometry?
    /// The pictures that it was drawn on; none where only its place says them.
    public var references: [Reference]
  }

  public var header: InstanceHeader
  public var kind: Kind
  public var segments: [Segment]
  /// One entry a frame of `header`.
  public var frames: [Frame]
  /// All instances that it lists as those that it is of, a frame on them or not: where none is,
  /// nothing was found (PS3.3 C.12.2).
  public var listed: [ImageReference] = []

  /// Reads the header of a segmentation. `memoryLimit` bounds what a deflated data set may inflate to,
  /// in bytes.
  ///
  /// Throws `.unsupportedFormat` where the source is no segmentation, `.damagedHeader` where a frame
  /// names no segment that is described, and otherwise as `DICOMReader.read` does.
  public static func read(_ bytes: SourceBytes, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> DICOMSegmentation
  {
    let plain = bytes.isGzip ? try bytes.inflated(limit: memoryLimit) : bytes
    var segmentation = try read(
      DICOMOpening(plain, DICOMStart(plain), memoryLimit: memoryLimit))
    segmentation.header.pixels.isGzip = bytes.isGzip
    return segmentation
  }

  /// The same of a source that is open already; what says that it came in gzip is left to the caller.
  static func read(_ opening: DICOMOpening) throws(ImageError) -> DICOMSegmentation {
    guard SOPClass.segmentations.contains(opening.classUID) else {
      throw ImageError(
        .unsupportedFormat, "The source is no DICOM segmentation.", remedy: "Read it as an image.")
    }
    var reader = try opening.pixelReader()
    var segmentation = try reader.readSegmentation()
    var lists = try AnnotationReader(opening)
    segmentation.listed = lists.listCommonInstances()
    return segmentation
  }
}
