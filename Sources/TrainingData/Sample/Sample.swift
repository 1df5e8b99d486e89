import ImageFormats
import MedicalImaging
import Preprocessing

/// One row of a data set: a picture, a conversation about it, and everything that leads back from
/// its pixels to the source.
struct Sample: Sendable {
  /// [a-z0-9_-]; orders the samples of a shard.
  var key: String
  var id: String
  /// Names of the pictures, in order.
  var images: [String]
  /// Whether samples of its set may have several: then `image` is a list in each of them.
  var areSeveral = false
  var conversations: [Turn]
  var modality: ModalityName
  var dicomModality: String?
  var department: String?
  var task: String?
  var granularity: String
  var language: String
  var split: String
  var labels: [PictureLabel] = []
  var pictures: [PictureRecord]
  var provenance: Provenance

  struct Provenance: Sendable {
    var subject, study, series: String
    var gaps: [GeometryFinding]
    var template: String
    var seed: Int
    var recipeSHA256: String
    var toolVersion: String
  }
}

/// What is recorded of one picture: enough to get from any of its pixels back to the source file,
/// the modality value and the place in the patient.
struct PictureRecord: Sendable {
  var width, height: Int
  /// SHA-256 of the files that it needed, nearest first.
  var sources: [String]
  /// Pseudonyms of their SOP Instance UIDs.
  var instances: [String]
  var selection: Selection
  var modality: ModalityTransform?
  var units: ModalityUnits
  var mapping: DisplayMapping
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted = false
  /// How colours became those of another slide; nil where they did not.
  var stain: StainNormalization?
  /// 3 x 3, row by row: (column, row, 1) of a pixel -> column and row of the source's picture, as its
  /// file holds it. A mosaic holds many slices; a volume's slices and cameras' pictures are turned to
  /// be upright; pictures are cropped, and resized where their pixels are not square. Nil for a section across the slices
  /// of a volume, which no file holds.
  var sourceFromPixel: [[Double]]?
  /// Of the picture's own pixels.
  var pixelToPatient: [[Double]]?
  /// Patient Orientation of a picture without a place in the patient: where rows and columns run to.
  var patientOrientation: [String] = []
  var tiles: TileLayout
  /// Which of the tiles the picture is, from 0; nil for a picture that is stored whole.
  var tile: Int?

  struct Selection: Sendable {
    enum Kind: String { case slice, frame, region }

    var kind: Kind
    var plane: AnatomicalPlane?
    /// Place of the plane in its volume, or of the frame in its file, from 0.
    var index: Int
    /// Which frame of its file it is, from 0; nil where the file has one.
    var frame: Int?
    /// Of a slide, from 0 for the largest.
    var level: Int?
    /// Of a slide's level, or of what is shown of a frame: its first column and row, and those behind its
    /// last; nil where a frame is shown whole.
    var rect: [Int]?
    /// What the frame was cropped to: the rectangle holds it, and what is outside of it is black.
    var areas: [PictureArea] = []
    /// What of its volume was mended by interpolation before it was cut: `gaps`, `tilt`,
    /// `oblique`.
    var mended: [String] = []
    /// What its values are the largest, least or mean ones of, in the order in which they became it.
    var projections: [PictureProjection] = []
    /// Of three slices as red, green and blue: which ones they are.
    var channels: [Int] = []
    /// Of a slide: mean of both sides, the shorter where pixels were made square.
    var micronsPerPixel: Double?
    /// Of a slide of several, from 0 in the order of their identifiers.
    var opticalPath: Int?
    /// Of a slide of several, from 0, nearest the glass first.
    var focalPlane: Int?
    /// Of a slide's tile: the share that is tissue, 0 to 1.
    var tissue: Double?
  }
}

extension PictureRecord.Selection {
  /// Of a part of the picture, whose pixels may have another size.
  func resized(by part: PictureMap) -> Self {
    var selection = self
    let matrix = part.sourceFromPixel
    selection.micronsPerPixel = micronsPerPixel.map { $0 * (matrix[0][0] + matrix[1][1]) / 2 }
    return selection
  }
}
