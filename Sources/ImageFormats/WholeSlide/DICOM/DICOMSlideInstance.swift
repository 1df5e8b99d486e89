import MedicalImaging

/// One instance of a DICOM slide (VL Whole Slide Microscopy, PS3.3 A.32.8): its header, pixels not
/// touched. A level of a slide is one instance or several.
public struct DICOMSlideInstance: Codable, Hashable, Sendable {
  /// Where its frames lie, and how they are written: `FrameDecoder` reads them.
  public var header: InstanceHeader
  /// By Image Type, value 3 (PS3.3 C.8.12.4.1.1). An image that has the label in it (Specimen Label
  /// in Image, C.8.12.1) is a label, whatever its type.
  public var picture: SlidePicture
  /// Total Pixel Matrix Columns and Rows; 0 where they are absent.
  public var columns: Int
  public var rows: Int
  public var arrangement: Arrangement
  /// Identifiers of its optical paths, in the order of their sequence; one "" where it has none.
  public var opticalPaths: [String]
  /// ICC profiles of its optical paths, in the order of their sequence; nil for those without one.
  public var colorProfiles: [[UInt8]?]
  /// Total Pixel Matrix Focal Planes, 1 where it is absent.
  public var focalPlanes: Int
  /// Frames that parts of the same concatenation hold before this one (PS3.3 C.7.6.16.2.2.4).
  public var framesBefore: Int
  /// Concatenation UID, which the parts of one share; "" where it is absent.
  public var concatenation = ""
  /// Pixel Spacing in micrometres.
  public var micronsPerPixel: MicronsPerPixel?
  /// Objective Lens Power of its first optical path that has one.
  public var objectivePower: Double?
  /// Image Orientation (Slide), six direction cosines; empty where it is absent.
  public var orientation: [Double]
  /// Total Pixel Matrix Origin: the centre of the first pixel in the slide coordinate system, in
  /// millimetres, z left out; nil where it is absent.
  public var origin: Vector3?

  /// Where frames lie in the total pixel matrix (Dimension Organization Type, PS3.3 C.7.6.17.3).
  public enum Arrangement: Codable, Hashable, Sendable {
    /// TILED_FULL: tiles fill the matrix row by row, then the focal planes, then the optical paths.
    case full
    /// TILED_SPARSE and others: each frame says where it lies.
    case placed([Place])
    /// The header does not say.
    case unknown
  }

  /// Where one frame lies.
  public struct Place: Codable, Hashable, Sendable {
    /// Of the instance, counted from 0.
    public var frame: Int
    /// Column and row of its first pixel in the total pixel matrix, counted from 0.
    public var x, y: Int
    /// Z Offset in Slide Coordinate System, 0 where it is absent.
    public var z: Double
    /// Index in `opticalPaths`.
    public var opticalPath: Int
  }

  /// Reads the header of one instance. `memoryLimit` bounds what a deflated data set may inflate to,
  /// in bytes.
  ///
  /// Throws `.notMedical` where the source is no DICOM, `.unsupportedFormat` where it is no slide, and
  /// otherwise as `DICOMReader.read` does.
  public static func read(_ bytes: SourceBytes, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> DICOMSlideInstance
  {
    let opening = try DICOMOpening(bytes, DICOMStart(bytes), memoryLimit: memoryLimit)
    guard opening.classUID == SOPClass.wholeSlide else {
      throw ImageError(
        .unsupportedFormat, "The source is no DICOM slide.", remedy: "Read it as an image.")
    }
    var reader = try opening.pixelReader()
    return try reader.readSlide()
  }
}
