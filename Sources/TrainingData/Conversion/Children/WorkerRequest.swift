import ImageFormats
import MedicalImaging

/// What a supervisor asks of a worker: one line of JSON.
enum WorkerRequest: Codable, Sendable {
  /// Read the headers of these.
  case scan([Source])
  /// The SHA-256 of these files, and of their decoded pixels where their stored headers stand
  /// beside them.
  case digest([Source], headers: [String])
  /// Turn a partition into a shard, or into statistics.
  case work(workspace: Workspace, partition: String)
  /// Read one source of a partition, alone, as far as its pixels.
  case probe(workspace: Workspace, partition: String, token: String)
  /// Write neighbouring slices of a file of volumes as voxels.
  case voxels(VoxelRequest)
  /// Find the lowest value of neighbouring planes of such a file.
  case look(VoxelLook)

  /// A source as workers know it: by token and place.
  struct Source: Codable, Sendable, Hashable {
    var token: String
    var location: SourceLocation
    var bytes: Int
  }
}

/// What a worker says of one source: a line of JSON, and behind a tab, of an image, its header as it
/// is stored. The header is coded once, by whoever read it; the supervisor hands its bytes on.
enum WorkerAnswer: Codable, Sendable {
  case image(token: String)
  case leftOut(token: String, kind: String)
  /// An archive, or the files that a DICOMDIR names.
  case archive(token: String, kind: ArchiveKind)
  case directory(token: String, files: [[String]])
  /// `ofPicture`: of an ordinary picture, which the recipe may not want.
  case rejected(token: String, ImageError, ofPicture: Bool)
  case digest(token: String, sha256: String?, pixels: String?)

  /// The answer and the stored header of a line.
  static func parse(_ line: ArraySlice<UInt8>) throws(ImageError)
    -> (answer: WorkerAnswer, header: [UInt8])
  {
    // JSON escapes the tab inside a text.
    let tab = line.firstIndex(of: UInt8(ascii: "\t")) ?? line.endIndex
    return (
      try StoredJSON.decode(WorkerAnswer.self, line[..<tab]), Array(line[tab...].dropFirst())
    )
  }

  var token: String {
    switch self {
    case .image(let token), .leftOut(let token, _), .archive(let token, _),
      .directory(let token, _), .rejected(let token, _, _), .digest(let token, _, _):
      token
    }
  }
}
