import MedicalImaging

/// A scanned microscope slide: the picture of its tissue in levels, of which parts are read.
///
/// Label, overview and thumbnail are told apart from the tissue and never read: the label names a
/// person.
public protocol WholeSlide: Sendable {
  /// The tissue's picture in its sizes, the largest first; never empty.
  var levels: [SlideLevel] { get }
  /// Of level 0, as the source states it; nil where it does not. Use `resolution(given:)`.
  var micronsPerPixel: MicronsPerPixel? { get }
  /// Magnification of the objective lens that scanned level 0, as the source states it.
  var objectivePower: Double? { get }
  /// What stands where nothing was scanned.
  var background: SlideColor { get }
  /// The ICC profile of the tissue's colours, which regions are not transformed by: `ColorTransform`
  /// does that. Nil where there is none.
  var colorProfile: [UInt8]? { get }
  /// What the source holds beside the tissue, in its order.
  var pictures: [SlidePicture] { get }
  /// What was odd and how it was taken, as codes without header values.
  var findings: [InstanceHeader.Finding] { get }

  /// A part of a level. `x` and `y` are the column and row of its first pixel in that level, counted
  /// from 0; it may lie outside of the level, partly or wholly, where it shows the background.
  ///
  /// `level` must be one of `levels`, `columns` and `rows` above 0. Throws `.memory` where the part
  /// would take more than the slide's memory limit, `.damagedPixels` or `.truncated` where tiles in
  /// it cannot be decoded. A tile that no source holds shows the background, and a DICOM slide that
  /// should have it says so by a finding.
  func region(level: Int, x: Int, y: Int, columns: Int, rows: Int) throws(ImageError)
    -> SlideRegion
}

/// A part of a slide, as it is shown: 8-bit red, green and blue.
public struct SlideRegion: Hashable, Sendable {
  public var columns: Int
  public var rows: Int
  /// Row by row, red, green and blue of a pixel side by side: rows x columns x 3.
  public var bytes: [UInt8]
  /// How many of its pixels lie outside of the slide or were not scanned: they show the background.
  public var uncovered: Int
  /// What was odd in the bitstreams of its tiles, each kind once.
  public var findings: [InstanceHeader.Finding]

  public init(
    columns: Int, rows: Int, bytes: [UInt8], uncovered: Int,
    findings: [InstanceHeader.Finding] = []
  ) {
    precondition(bytes.count == columns * rows * 3)
    self.columns = columns
    self.rows = rows
    self.bytes = bytes
    self.uncovered = uncovered
    self.findings = findings
  }
}

/// 8-bit red, green and blue.
public struct SlideColor: Codable, Hashable, Sendable {
  public var red, green, blue: UInt8

  public init(red: UInt8, green: UInt8, blue: UInt8) {
    self.red = red
    self.green = green
    self.blue = blue
  }

  public static let white = SlideColor(red: 255, green: 255, blue: 255)
}

/// What a picture that came with a slide shows.
public enum SlidePicture: String, Codable, CaseIterable, Sendable {
  /// The tissue, in one of its levels: the only kind that is read.
  case tissue
  /// The label, with names and numbers on it.
  case label
  /// The whole glass, label and all: a macro image.
  case overview
  /// The tissue made small, for lists.
  case thumbnail
  case other
}
