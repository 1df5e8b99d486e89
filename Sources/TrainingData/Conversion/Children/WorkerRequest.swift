import ImageFormats
import MedicalImaging

/// What a supervisor asks of a worker: one line of JSON.
enum WorkerRequest: Codable, Sendable {
  /// Read the headers of these.
  case scan([Source])
  /// The SHA-256 of these files, and of their decoded pixels where `pixels` is true.
  case digest([Source], pixels: Bool)
  /// Turn a partition into a shard, or into statistics.
  case work(workspace: Workspace, partition: String)
  /// Read one source of a partition, alone, as far as its pixels.
  case probe(workspace: Workspace, partition: String, token: String)

  /// A source as workers know it: by token and place.
  struct Source: Codable, Sendable, Hashable {
    var token: String
    var location: SourceLocation
    var bytes: Int
  }
}

/// What a worker says of one source.
enum WorkerAnswer: Codable, Sendable {
  case image(token: String, header: InstanceHeader)
  case leftOut(token: String, kind: String)
  /// An archive, or the files that a DICOMDIR names.
  case archive(token: String, kind: ArchiveKind)
  case directory(token: String, files: [[String]])
  case rejected(token: String, ImageError)
  case digest(token: String, sha256: String?, pixels: String?)

  var token: String {
    switch self {
    case .image(let token, _), .leftOut(let token, _), .archive(let token, _),
      .directory(let token, _), .rejected(let token, _), .digest(let token, _, _):
      token
    }
  }
}
