import ImageFormats
import MedicalImaging

/// A piece of a file of volumes that a worker is asked for: neighbouring planes, decoded and laid down
/// as voxels.
struct VoxelRequest: Codable, Sendable {
  /// Where the `StoredVolumeFile` lies that all pieces of the file have in common.
  var plan: String
  /// Indices of its planes.
  var planes: Range<Int>
  /// Where the piece goes.
  var path: String
  /// Offset of its first byte in an open file that holds the voxels as they are; nil where the piece
  /// becomes a file of its own, a part of a gzip member.
  var offset: Int?
}

/// What a worker says of a piece: a part of a gzip member, or what was in the way.
struct VoxelAnswer: Codable, Sendable {
  /// Of a piece that was deflated.
  var part: GzipMember.Part?
  /// Planes that could not be read; the piece is not whole then.
  var failures: [Failure] = []
  /// Types of stored values that the voxels' type cannot hold; the piece is not whole then.
  var misfits: [StoredPlane.Sample] = []
  /// What was odd in bitstreams, each as often as planes had it.
  var findings: [InstanceHeader.Finding] = []

  struct Failure: Codable, Sendable {
    /// Index in the file's planes.
    var plane: Int
    var error: ImageError
  }
}

/// All that workers need to know of one file of volumes.
struct StoredVolumeFile: Codable, Sendable {
  var volume: NIfTIVolume
  /// Whether voxels are modality values; otherwise stored ones.
  var holdsModalityValues: Bool
  var instances: [Instance]
  /// In the order of the file; instances are counted in `instances`.
  var planes: [PlaneReference]

  struct Instance: Codable, Sendable {
    var source: WorkerRequest.Source
    /// As `StoredHeader` writes it.
    var header: String
  }
}
