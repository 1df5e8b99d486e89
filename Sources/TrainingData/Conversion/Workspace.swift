import CPlatform
import Glibc
import MedicalImaging

/// The names of everything in a data set's folder and in the private folder beside it.
public struct Workspace: Codable, Sendable {
  /// The data set: what is published.
  public let output: String
  /// The key to its pseudonyms: what is not.
  public let privateFolder: String

  public init(output: String, privateFolder: String? = nil) {
    var output = output
    while output.count > 1 && output.hasSuffix("/") { output.removeLast() }
    self.output = output
    self.privateFolder = privateFolder ?? output + ".private"
  }

  var card: String { output + "/dataset.json" }
  var readme: String { output + "/README.md" }
  var fingerprint: String { output + "/fingerprint.json" }
  var rejects: String { output + "/rejects.jsonl" }
  var shards: String { output + "/shards" }
  var images: String { output + "/images" }
  var annotations: String { output + "/annotations" }
  /// What partitions have made and merge has not named yet; gone once it has.
  var partial: String { output + "/.partial" }
  func partialShard(_ partition: String) -> String { "\(partial)/\(partition).tar" }

  var salt: String { privateFolder + "/salt" }
  var state: String { privateFolder + "/state.sqlite" }
  var job: String { privateFolder + "/job.json" }
  var sources: String { privateFolder + "/sources.jsonl" }
  var unpacked: String { "\(privateFolder)/\(UnpackedFile.folder)" }
  /// Which partition's shard has which final name.
  var names: String { privateFolder + "/names.json" }
  /// Sources whose pixels a worker could not read, so that their neighbours know of the gap.
  var gaps: String { privateFolder + "/gaps.json" }
  /// Names of all partitions.
  var partitionList: String { privateFolder + "/partitions.json" }
  /// Sources that a worker died of.
  var excluded: String { privateFolder + "/excluded.json" }
  func partition(_ id: String) -> String { "\(privateFolder)/partitions/\(id).json" }
  func measure(_ id: String) -> String { "\(privateFolder)/measures/\(id).histogram" }
  func result(_ id: String) -> String { "\(privateFolder)/results/\(id).json" }
  func records(_ id: String, _ format: String) -> String {
    "\(privateFolder)/records/\(id).\(format).json"
  }

  /// The data set's folder from the root of the file system.
  var absoluteOutput: String { absolute(output) }

  /// A path from the root of the file system.
  func absolute(_ path: String) -> String {
    guard !path.hasPrefix("/"), let here = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(here) }
    return unsafe String(cString: here) + "/" + path
  }

  /// Makes the folders that a conversion writes to; the private one for its owner alone.
  func makeFolders() throws(ImageError) {
    try AtomicFile.makeFolder(output)
    try AtomicFile.makeFolder(privateFolder, mode: 0o700)
    // One that was there already may be open to others.
    guard unsafe chmod(privateFolder, 0o700) == 0 else { throw AtomicFile.failure(errno) }
    for name in ["partitions", "measures", "results", "records"] {
      try AtomicFile.makeFolder("\(privateFolder)/\(name)", mode: 0o700)
    }
  }
}

/// A data set's folder, held by one process so that no other writes to it.
final class WorkspaceLock: Sendable {
  private let descriptor: Int32

  /// Throws `.outputLocked` where another run holds the folder. Workers of a cluster share it;
  /// whoever plans or merges has it alone.
  init(_ workspace: Workspace, shared: Bool = false) throws(ImageError) {
    descriptor = unsafe open(workspace.output, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFile.failure(errno) }
    guard flock(descriptor, (shared ? LOCK_SH : LOCK_EX) | LOCK_NB) == 0 else {
      close(descriptor)
      throw ImageError(.outputLocked, "The output folder is being written by another run.")
    }
  }

  deinit { close(descriptor) }
}

/// The files of the private folder that several `work` processes change, held by one of them for as
/// long as it reads, changes and writes one.
final class StateLock: Sendable {
  private let descriptor: Int32

  /// Waits for whoever has it.
  init(_ workspace: Workspace) throws(ImageError) {
    descriptor = unsafe open(workspace.privateFolder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
    guard descriptor >= 0 else { throw AtomicFile.failure(errno) }
    while flock(descriptor, LOCK_EX) != 0 {
      guard errno == EINTR else {
        close(descriptor)
        throw AtomicFile.failure(errno)
      }
    }
  }

  deinit { close(descriptor) }
}
