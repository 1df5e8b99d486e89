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
  var conversations: [Turn]
  var modality: ModalityName
  var dicomModality: String?
  var department: String?
  var task: String?
  var granularity: String
  var language: String
  var split: String
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
  /// How its pixels lie in the source's frame.
  var shape: SquarePixels
  /// Column and row of the source's picture that the first pixel is: a mosaic holds many slices. Rows
  /// and columns are in the file's own order: the picture is not flipped.
  var origin = (column: 0, row: 0)
  /// Of the picture's own pixels.
  var pixelToPatient: [[Double]]?
  var tiles: InternVLLayout

  /// 3 x 3: (column, row, 1) of the picture -> of the source's picture.
  var sourceFromPixel: [[Double]] {
    var matrix = shape.sourceFromPixel
    matrix[0][2] += Double(origin.column)
    matrix[1][2] += Double(origin.row)
    return matrix
  }

  struct Selection: Sendable {
    enum Kind: String { case slice, frame }

    var kind: Kind
    var plane: AnatomicalPlane?
    /// Place of the plane in its volume, or of the frame in its file, from 0.
    var index: Int
  }
}
