import MedicalImaging

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
}
