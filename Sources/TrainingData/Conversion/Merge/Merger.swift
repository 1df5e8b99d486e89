import Glibc
import MedicalImaging

/// The third of the three commands: gives final names to what workers made and writes what is said
/// of the whole.
struct Merger {
  let workspace: Workspace
  let job: Job
  let state: PlanState

  /// Counts of a whole data set, for whoever ran it.
  struct Summary {
    var samples = 0
    var rejected = 0
    var leftOut: [(kind: String, count: Int)] = []
    var counts: [String: [String: Int]] = [:]
    var rejectCodes: [String: Int] = [:]
    var shards = 0
    var burnedInAccepted = 0
    var studiesStandingForPatients = 0
  }

  /// Throws where a partition is not done, or must be done again for something that it did not know of.
  func run() throws -> Summary {
    let partitions = try state.partitions()
    let all = try partitions.map { row in
      guard AtomicFile.exists(workspace.result(row.id)) else {
        throw ImageError(
          .unreadable, "A partition of the plan has not been worked yet.",
          remedy: "Run `gmai-prep work` for every partition, then merge again.")
      }
      return try StoredJSON.decode(
        PartitionResult.self, AtomicFile.read(workspace.result(row.id)))
    }
    let results = zip(partitions, all).filter { $0.0.role == .work }.map(\.1)
    guard try StaleResults.remove(among: partitions, workspace).isEmpty else {
      throw ImageError(
        .unreadable,
        "Partitions used or described slices that another one could not read.",
        remedy: "Run `gmai-prep work` once more, then merge again.")
    }
    // What it says is true only of the shards that it was written for.
    unsafe unlink(workspace.card)
    var shards: [NamedShard] = []
    for format in job.formats {
      shards += try format.implementation.merge(results, job: job, in: workspace)
    }

    // What was refused for one volume and used for another is used. Why an annotation was refused by what
    // it is of says more than what it is.
    let used = all.reduce(into: Set<String>()) { $0.formUnion($1.usedAnnotations) }
    var rejects: [String: Reject] = [:]
    for reject in try all.flatMap(\.rejects) + state.rejects()
    where rejects[reject.token] == nil && !used.contains(reject.token) {
      rejects[reject.token] = reject
    }
    try writeRejects(rejects.values.sorted { $0.token < $1.token })

    var summary = Summary()
    summary.leftOut = try state.leftOut(without: used.union(rejects.keys))
    summary.rejected = rejects.count
    summary.shards = shards.count
    summary.burnedInAccepted = try state.burnedInAccepted()
    summary.studiesStandingForPatients = try state.studiesStandingForPatients()
    for result in results {
      for (field, counts) in result.counts {
        summary.counts[field, default: [:]].merge(counts, uniquingKeysWith: +)
      }
    }
    summary.samples = summary.counts["split"]?.values.reduce(0, +) ?? 0
    for reject in rejects.values { summary.rejectCodes[reject.code.rawValue, default: 0] += 1 }

    let card = DataSetCard(
      job: job, summary: summary, shards: shards,
      tables: results.reduce(into: [:]) { $0.merge($1.tables) { first, _ in first } },
      findings: results.reduce(into: try state.findings()) {
        $0.merge($1.findings, uniquingKeysWith: +)
      })
    let fingerprint = results.reduce(into: Fingerprint()) { $0.merge($1.fingerprint) }
    try AtomicFile.write(fingerprint.json, to: workspace.fingerprint)
    try AtomicFile.write(card.readme, to: workspace.readme)
    // Last, and renamed when whole: where it stands, the data set is complete.
    try AtomicFile.write(card.json, to: workspace.card)
    FolderTree.remove(workspace.partial)
    FolderTree.remove(workspace.unpacked)
    return summary
  }

  private func writeRejects(_ rejects: [Reject]) throws {
    var json: [UInt8] = []
    for reject in rejects {
      var line = JSONWriter()
      line.object { json in
        json.member("source_sha256", reject.sourceSHA256)
        json.member("source", reject.token)
        json.member("code", reject.code.rawValue)
        json.member("message", reject.message)
        json.member("remedy", reject.remedy)
      }
      line.endLine()
      json += line.bytes
    }
    try AtomicFile.write(json, to: workspace.rejects)
  }
}
