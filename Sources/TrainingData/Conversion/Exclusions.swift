import MedicalImaging

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
