import MedicalImaging

/// Results that were made before something was known that bears on them. They are removed, to be
/// made again: what a data set holds must not depend on which partition came first.
enum StaleResults {
  /// Removes those of `partitions`, all of which are done, and returns whose they were.
  static func remove(
    among partitions: [PlanState.PartitionRow], _ workspace: Workspace
  ) throws -> [PlanState.PartitionRow] {
    let results = try partitions.map {
      try StoredJSON.decode(PartitionResult.self, AtomicFile.read(workspace.result($0.id)))
    }
    let used = try usedExclusions(zip(partitions, results), workspace)
    let gaps = try unknownGaps(zip(partitions, results), workspace)
    let stale = partitions.filter { used.contains($0.id) || gaps.contains($0.id) }
    for row in stale { PartitionFile.removeResult(workspace, row.id) }
    return stale
  }

  private typealias Done = Zip2Sequence<[PlanState.PartitionRow], [PartitionResult]>

  /// Partitions that used frames of a source that ended a worker elsewhere, and those that show
  /// pictures by statistics which did.
  private static func usedExclusions(_ done: Done, _ workspace: Workspace) throws -> Set<String> {
    let excluded = try Exclusions.read(workspace)
    if excluded.isEmpty { return [] }
    var stale = Set<String>()
    var waits: [(id: String, measures: [String])] = []
    for (row, result) in done {
      let plan = try PartitionFile.read(workspace, row.id, withHeaders: false)
      let isStale = plan.tokens.contains { token in
        guard let exclusion = excluded[token] else { return false }
        return !result.rejects.contains { $0.token == token && $0.code == exclusion.error.code }
      }
      if isStale { stale.insert(row.id) }
      waits.append((row.id, plan.waitsFor))
    }
    for (id, measures) in waits where measures.contains(where: stale.contains) { stale.insert(id) }
    return stale
  }

  /// Work partitions whose ranged units have unreadable planes that they did not know of; what is
  /// known now, by measuring ones too, is written for them.
  private static func unknownGaps(_ done: Done, _ workspace: Workspace) throws -> Set<String> {
    let lock = try StateLock(workspace)
    defer { withExtendedLifetime(lock) {} }
    var gaps = try Gaps.read(workspace)
    for (_, result) in done {
      for (unit, planes) in result.knownGaps where !planes.isEmpty {
        gaps[unit] = Set(gaps[unit] ?? []).union(planes).sorted()
      }
    }
    let stale = done.filter { row, result in
      row.role == .work && result.knownGaps.contains { unit, planes in planes != gaps[unit] ?? [] }
    }
    if !stale.isEmpty { try Gaps.write(gaps, workspace) }
    return Set(stale.map(\.0.id))
  }
}
