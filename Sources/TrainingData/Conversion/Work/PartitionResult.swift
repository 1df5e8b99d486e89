import MedicalImaging

/// What became of a partition: its presence says that the partition is done.
struct PartitionResult: Codable, Sendable {
  var id: String
  var split: String
  /// nil where nothing came of it, and of a measure partition.
  var shard: Shard?
  var rejects: [Reject] = []
  /// Field -> word -> samples: split, modality, department, task, language, and label, of which a sample may
  /// have several words or none.
  var counts: [String: [String: Int]] = [:]
  /// Look-up tables that samples name, by hash.
  var tables: [String: LookupTable] = [:]
  /// Tokens of annotations of which a sample has labels.
  var usedAnnotations: [String] = []
  /// What was odd and how it was taken: code -> occurrences.
  var findings: [String: Int] = [:]
  /// What the pictures are like.
  var fingerprint = Fingerprint()
  /// Planes of ranged units that could not be read, as far as this result took them into account.
  var knownGaps: [String: [String]] = [:]

  struct Shard: Codable, Sendable {
    var samples: Int
    var bytes: Int
    var sha256: String
  }

  init(id: String, split: String) {
    self.id = id
    self.split = split
  }

  /// Counts a sample; what nothing says of it is counted as "unknown".
  mutating func count(_ sample: Sample) {
    for (field, word) in [
      ("split", sample.split), ("modality", sample.modality.rawValue),
      ("department", sample.department ?? "unknown"), ("task", sample.task ?? "unknown"),
      ("language", sample.language),
    ] {
      counts[field, default: [:]][word, default: 0] += 1
    }
    for name in Set(sample.labels.map { $0.structure.name ?? "unknown" }) {
      counts["label", default: [:]][name, default: 0] += 1
    }
    for table in sample.pictures.flatMap(\.tables) { tables[table.sha256] = table }
  }
}
