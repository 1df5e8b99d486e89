import MedicalImaging

/// What a data set is made with: fixed at its first run, and the same for every worker.
struct Job: Codable, Sendable, Equatable {
  /// Counts up whenever the data set's or the private folder's form changes.
  static let currentFormatVersion = 1

  var formatVersion: Int
  var toolVersion: String
  var recipe: Recipe
  var recipeSHA256: String
  /// In the order of THE table.
  var formats: [ShardFormatName]
  /// Whether paths in `data_list.json` are written in full.
  var absolutePaths: Bool
  var salt: [UInt8]

  static func read(_ workspace: Workspace) throws(ImageError) -> Job {
    let job = try StoredJSON.decode(Job.self, AtomicFile.read(workspace.job))
    guard job.formatVersion == currentFormatVersion else {
      throw ImageError(
        .outputTaken, "The data set was begun by another version of gmai-prep.")
    }
    return job
  }

  /// What tells this job from the one that a folder was begun with, for people; nil where nothing
  /// does.
  func difference(from other: Job) -> String? {
    if formatVersion != other.formatVersion { return "another version of gmai-prep" }
    if recipeSHA256 != other.recipeSHA256 { return "another recipe" }
    if salt != other.salt { return "another salt" }
    if formats != other.formats || absolutePaths != other.absolutePaths {
      return "another --format or --absolute"
    }
    return nil
  }
}

/// Sources that a worker died of, by token: they are not opened again.
enum Exclusions {
  struct Exclusion: Codable {
    var error: ImageError
    /// nil where not even the digest could be taken.
    var sha256: String?
  }

  static func read(_ workspace: Workspace) throws(ImageError) -> [String: Exclusion] {
    guard AtomicFile.exists(workspace.excluded) else { return [:] }
    return try StoredJSON.decode([String: Exclusion].self, AtomicFile.read(workspace.excluded))
  }

  /// Adds one to those that other processes may be adding to as well.
  static func add(_ source: String, _ exclusion: Exclusion, _ workspace: Workspace) throws {
    let lock = try StateLock(workspace)
    defer { withExtendedLifetime(lock) {} }
    var excluded = try read(workspace)
    excluded[source] = exclusion
    try AtomicFile.write(StoredJSON.encode(excluded), to: workspace.excluded, mode: 0o600)
  }
}

/// Planes of ranged units that could not be read, by unit: their neighbours in other partitions
/// name them in their provenance.
enum Gaps {
  static func read(_ workspace: Workspace) throws(ImageError) -> [String: [String]] {
    guard AtomicFile.exists(workspace.gaps) else { return [:] }
    return try StoredJSON.decode([String: [String]].self, AtomicFile.read(workspace.gaps))
  }

  static func write(_ gaps: [String: [String]], _ workspace: Workspace) throws(ImageError) {
    try AtomicFile.write(StoredJSON.encode(gaps), to: workspace.gaps, mode: 0o600)
  }

  /// Work partitions whose ranged units have unreadable planes that they did not know of; what is
  /// known now, by measuring ones too, is written for them.
  static func stale(
    _ partitions: [PlanState.PartitionRow], _ workspace: Workspace
  ) throws -> [PlanState.PartitionRow] {
    let results = try partitions.map {
      try StoredJSON.decode(PartitionResult.self, AtomicFile.read(workspace.result($0.id)))
    }
    let lock = try StateLock(workspace)
    defer { withExtendedLifetime(lock) {} }
    var gaps = try read(workspace)
    for result in results {
      for (unit, planes) in result.knownGaps where !planes.isEmpty {
        gaps[unit] = Set(gaps[unit] ?? []).union(planes).sorted()
      }
    }
    let stale = zip(partitions, results).filter { row, result in
      row.role == .work && result.knownGaps.contains { unit, planes in planes != gaps[unit] ?? [] }
    }.map(\.0)
    if !stale.isEmpty {
      try write(gaps, workspace)
      for row in stale { PartitionFile.removeResult(workspace, row.id) }
    }
    return stale
  }
}
