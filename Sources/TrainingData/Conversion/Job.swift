import MedicalImaging

/// What a data set is made with: fixed at its first run, and the same for every worker.
struct Job: Codable, Sendable, Equatable {
  /// Counts up whenever the data set's or the private folder's form changes.
  static let currentFormatVersion = 6

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
