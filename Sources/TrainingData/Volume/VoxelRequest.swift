import ImageFormats
import MedicalImaging
import Preprocessing

/// A piece of a file of volumes that a worker is asked for: neighbouring slices, laid down as voxels.
struct VoxelRequest: Codable, Sendable {
  /// Where the `StoredVolumeFile` lies that all pieces of the file have in common.
  var plan: String
  /// Indices of its slices, those of each volume in turn: its planes, unless they are resampled.
  var slices: Range<Int>
  /// Where the piece goes.
  var path: String
  /// Offset of its first byte in an open file that holds the voxels as they are; nil where the piece
  /// becomes a file of its own, a part of a gzip member.
  var offset: Int?
  /// Of a file that is resampled the value outside of the source.
  var fill: Float = 0
}

/// A look that a worker is asked for at neighbouring planes of a file that is to be resampled.
struct VoxelLook: Codable, Sendable {
  /// Where the `StoredVolumeFile` lies.
  var plan: String
  /// Indices of its planes.
  var planes: Range<Int>
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
  /// Of a look the lowest modality value that is picture; nil where nothing is.
  var lowest: Double?

  struct Failure: Codable, Sendable {
    /// Index in the file's planes.
    var plane: Int
    var error: ImageError
  }
}

/// All that workers need to know of one file of volumes.
///
/// It is kept in lines: one that all pieces need, and one an instance, of which a worker reads only
/// those that its pieces need.
struct StoredVolumeFile {
  private(set) var volume: NIfTIVolume
  /// Whether voxels are modality values; otherwise stored ones.
  private(set) var holdsModalityValues: Bool
  /// In the order of the file; instances are counted from 0.
  private(set) var planes: [PlaneReference]
  /// Nil where its slices are its planes.
  private(set) var resampling: Resampling?
  private let lines: [ArraySlice<UInt8>]

  /// From where to where one volume of it is resampled.
  struct Resampling: Codable {
    var stack: PlaneStack
    var grid: ResamplingGrid

    /// Bytes that a slice of the grid takes beside its voxels: two planes with their weights, and its
    /// values before they are laid down.
    var memory: Int { 2 * 16 * stack.columns * stack.rows + 4 * grid.columns * grid.rows }
  }

  struct Instance {
    var source: WorkerRequest.Source
    /// As `StoredHeader` writes it.
    var header: ArraySlice<UInt8>
  }

  private struct Head: Codable {
    var volume: NIfTIVolume
    var holdsModalityValues: Bool
    /// Instance and frame of each plane in turn.
    var planes: [Int]
    var resampling: Resampling?
  }

  /// Throws `.unreadable` where the bytes are not what `encode` writes.
  init(_ bytes: [UInt8]) throws(ImageError) {
    var lines = bytes.split(separator: UInt8(ascii: "\n"))
    guard !lines.isEmpty else { throw FieldCoder.damaged }
    let head = try StoredJSON.decode(Head.self, lines.removeFirst())
    volume = head.volume
    holdsModalityValues = head.holdsModalityValues
    planes = stride(from: 0, to: head.planes.count - 1, by: 2).map {
      PlaneReference(instance: head.planes[$0], frame: head.planes[$0 + 1])
    }
    resampling = head.resampling
    self.lines = lines
  }

  func instance(_ index: Int) throws(ImageError) -> Instance {
    guard lines.indices.contains(index),
      let tab = lines[index].firstIndex(of: UInt8(ascii: "\t"))
    else { throw FieldCoder.damaged }
    return Instance(
      source: try StoredJSON.decode(WorkerRequest.Source.self, lines[index][..<tab]),
      header: lines[index][tab...].dropFirst())
  }

  static func encode(
    _ volume: NIfTIVolume, holdsModalityValues: Bool, planes: [PlaneReference],
    resampling: Resampling?, instances: [Instance]
  ) -> [UInt8] {
    let head = Head(
      volume: volume, holdsModalityValues: holdsModalityValues,
      planes: planes.flatMap { [$0.instance, $0.frame] }, resampling: resampling)
    var bytes = StoredJSON.encode(head)
    for instance in instances {
      bytes.append(UInt8(ascii: "\n"))
      // JSON escapes the tab inside a text.
      bytes += StoredJSON.encode(instance.source)
      bytes.append(UInt8(ascii: "\t"))
      bytes += instance.header
    }
    return bytes
  }
}
