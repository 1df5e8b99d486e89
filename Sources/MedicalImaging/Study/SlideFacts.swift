/// What is known of a scanned microscope slide before its pixels are read: the sizes in which its
/// tissue is there, and how large a pixel is.
public struct SlideFacts: Codable, Hashable, Sendable {
  /// The largest first; the frames of the image. Of an instance of a DICOM slide the level that it is,
  /// whose optical paths are the frames.
  public var levels: [SlideLevel]
  /// Of the first of `levels`; nil where it is not known. Of an instance of a DICOM slide as it is stated
  /// or given: only with the others of its series it can be judged.
  public var micronsPerPixel: MicronsPerPixel?
  /// Why it is not known, as a sentence without header values; "" where it is.
  public var unknownBecause: String
  /// Nil but for an instance of a DICOM slide.
  public var instance: Instance?

  /// What is known of one instance of a DICOM slide, and says something of the slide only beside the
  /// other instances of the series.
  public struct Instance: Codable, Hashable, Sendable {
    /// Identifiers of the optical paths, at least one; "" for one without. Free text.
    public var opticalPaths = [""]
    /// Of Objective Lens Power; nil where it is absent.
    public var objectivePower: Double?
    /// Whether the size of its pixels is not its own word, but that of somebody who knows better.
    public var isGiven = false
    /// Whether it may hold only some of its level's tiles.
    public var isPart = false
    /// Concatenation UID, which the parts of one share; "" where it is absent.
    public var concatenation = ""

    public init() {}
  }

  public init(levels: [SlideLevel], micronsPerPixel: MicronsPerPixel?, unknownBecause: String = "")
  {
    self.levels = levels
    self.micronsPerPixel = micronsPerPixel
    self.unknownBecause = unknownBecause
  }

  /// The largest level whose sides are at most so many pixels; the smallest where all are larger.
  public func level(longestSide: Int) -> Int {
    levels.indices.first { max(levels[$0].columns, levels[$0].rows) <= longestSide }
      ?? levels.count - 1
  }
}
