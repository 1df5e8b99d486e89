import MedicalImaging

/// A form in which a data set is written: how a worker stores a partition's samples, and how merge
/// gives them their final names.
protocol ShardFormat: Sendable {
  /// Stores samples that come sorted by key. What it writes has its final name only when it is
  /// whole, or a name that merge changes.
  func write(
    _ samples: [SpooledSample], from spool: Spool, partition: String, to workspace: Workspace
  ) throws -> PartitionResult.Shard?

  /// Whether what was written of a partition that gave samples is still where it was left, or where
  /// merge has put it.
  func isThere(_ partition: PartitionResult, in workspace: Workspace) throws -> Bool

  /// Makes the final files of all partitions, which come in the order of the plan, and removes
  /// whatever belongs to none of them. Called again it changes nothing.
  func merge(_ partitions: [PartitionResult], job: Job, in workspace: Workspace) throws
    -> [NamedShard]
}

/// A shard under its final name, as `dataset.json` lists it.
struct NamedShard: Equatable {
  var path: String
  var split: String
  var samples, bytes: Int
  var sha256: String
}

/// THE table of formats: the words of --format.
public enum ShardFormatName: String, Codable, CaseIterable, Sendable {
  case webdataset, llava

  var implementation: any ShardFormat {
    switch self {
    case .webdataset: WebDatasetFormat()
    case .llava: LLaVAFormat()
    }
  }
}
