import ImageFormats
import MedicalImaging

/// What a supervisor asks of a worker: one line of JSON.
enum WorkerRequest: Codable, Sendable {
  /// Read the headers of these.
  case scan([Source])
  /// Read what these annotations are of.
  case annotations([Source])
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
  /// Cut an ordinary picture into tiles.
  case tiles(TileRequest)

  /// A source as workers know it: by token and place.
  struct Source: Codable, Sendable, Hashable {
    var token: String
    var location: SourceLocation
    var bytes: Int
    /// Of a member of an archive that is looked at first: its name in there.
    var member: String?
  }
}

/// What a worker says of one source: a line of JSON, and behind a tab what it read of an image or an
/// annotation, as it is stored. That is coded once, by whoever read it; the supervisor hands its bytes
/// on.
enum WorkerAnswer: Codable, Sendable {
  /// Its header is read.
  case image(token: String)
  /// Its record is read.
  case annotation(token: String)
  /// `instance`: SOP Instance UID, as far as it is known.
  case leftOut(token: String, kind: String, instance: String = "")
  /// An archive, or the files that a DICOMDIR names.
  case archive(token: String, kind: ArchiveKind)
  case directory(token: String, files: [[String]])
  /// A member of a zip that has to be a file of its own: slides of makers are opened by their path.
  case copyOut(token: String)
  /// `ofPicture`: of an ordinary picture, which the recipe may not want.
  case rejected(token: String, ImageError, ofPicture: Bool, instance: String = "")
  case digest(token: String, sha256: String?, pixels: String?)

  /// The answer, and what is stored of a line.
  static func parse(_ line: ArraySlice<UInt8>) throws(ImageError)
    -> (answer: WorkerAnswer, stored: [UInt8])
  {
    // JSON escapes the tab inside a text.
    let tab = line.firstIndex(of: UInt8(ascii: "\t")) ?? line.endIndex
    return (
      try StoredJSON.decode(WorkerAnswer.self, line[..<tab]), Array(line[tab...].dropFirst())
    )
  }

  var token: String {
    switch self {
    case .image(let token), .annotation(let token), .leftOut(let token, _, _),
      .archive(let token, _), .directory(let token, _), .copyOut(let token),
      .rejected(let token, _, _, _),
      .digest(let token, _, _):
      token
    }
  }
}
