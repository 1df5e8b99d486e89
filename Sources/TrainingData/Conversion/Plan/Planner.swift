import Glibc
import MedicalImaging
import Preprocessing

/// The first of the three commands: from sources to partitions.
///
/// Called again on the same data set it plans what is new or has changed; what is done stays.
struct Planner {
  let workspace: Workspace
  let recipe: Recipe
  let pseudonyms: Pseudonyms
  let state: PlanState
  let scan: SourceScan
  let progress: (ConversionProgress) -> Void

  /// Scans `paths` and writes the partitions of whatever is new in them.
  func run(_ paths: [String]) throws {
    try scan.run(paths)
    try scan.readAnnotations()
    let units = UnitPlanner(
      recipe: recipe, pseudonyms: pseudonyms, parameters: recipe.displayParameters)
    let rule = SplitRule(
      shares: recipe.splits.map { ($0.name, $0.share) }, seed: recipe.splitSeed)
    let ambiguous = try state.ambiguousSubjects()
    let labels = try LabelFileJoins(state)
    var fresh: [String: [Unit]] = [:]
    var changed: [Change] = []
    var touched = Set<String>()
    for (study, subject, content) in try state.studies() {
      let fingerprint = content + labels.text(ofStudy: study)
      let known = try state.knownStudy(study)
      if known?.fingerprint == fingerprint { continue }
      let images = try state.images(ofStudy: study)
      let isKnownPerson = !subject.isEmpty && !ambiguous.contains(subject)
      // Where nobody can say whose it is, the study stands for its patient.
      let whose = isKnownPerson ? subject : "study\0" + identity(of: images)
      let split = known?.split ?? rule.split(of: whose)
      touched.formUnion(try state.partitions(holding: study))
      fresh[split, default: []] += try units.units(
        of: images, study: study, subject: pseudonyms.name("subject", whose),
        marks: marks(ofStudy: study, images, labels))
      changed.append(
        Change(
          study: study, split: split, fingerprint: fingerprint, standsForPatient: !isKnownPerson))
    }
    // Their sources are there no more, or hold something else now.
    let vanished = try state.vanishedStudies()
    for study in vanished { touched.formUnion(try state.partitions(holding: study)) }
    try scan.digestRejects()
    let reduced = try reduce(touched, without: Set(changed.map(\.study) + vanished))
    let made = fresh.values.flatMap { $0 } + reduced.flatMap { $0.left?.units ?? [] }
    try scan.restore(made.flatMap(\.locations))
    try state.transaction {
      for (row, left) in reduced {
        try state.remove(partition: row.id)
        guard let left else { continue }
        try write(left)
        try state.add(left, generation: row.generation, position: row.position)
      }
      for study in vanished { try state.forget(study: study) }
      for change in changed {
        try state.recordStudy(
          change.study, split: change.split, fingerprint: change.fingerprint,
          standsForPatient: change.standsForPatient)
      }
      try add(fresh)
    }
    // Only now: a run that is cut short before finds everything as it was.
    let planned = Set(try state.partitions().map(\.id))
    for (row, _) in reduced where !planned.contains(row.id) {
      PartitionFile.remove(workspace, row.id)
    }
    try writeSources()
    progress(
      .planned(
        planes: try state.partitions().filter { $0.role == .work }.reduce(0) { $0 + $1.planes }))
  }

  /// What is known of a study's images besides what their headers say.
  private func marks(
    ofStudy study: String, _ images: [UnitPlanner.Image], _ labels: LabelFileJoins
  ) throws -> UnitPlanner.Marks {
    var marks = UnitPlanner.Marks()
    let sources = Set(recipe.labels.sources)
    for annotation in try state.annotations(ofStudy: study) {
      let kind: PlannedAnnotation.Kind? =
        switch annotation.kind {
        case .segmentation where sources.contains(.segmentation): .segmentation
        case .structureSet where sources.contains(.structureSet): .structureSet
        case .bulkAnnotations where sources.contains(.slideAnnotations): .bulkAnnotations
        default: nil
        }
      guard let kind else { continue }
      let uid = annotation.sopInstanceUID
      marks.annotations.append(
        (
          PlannedAnnotation(
            token: annotation.token,
            identity: uid.isEmpty ? annotation.token : pseudonyms.name("instance", uid),
            location: annotation.location, bytes: annotation.bytes, kind: kind), annotation.images
        ))
    }
    marks.annotations += labels.annotations(of: images.map(\.source.token)).filter {
      sources.contains($0.annotation.kind == .labelVolume ? .labelVolume : .slideAnnotations)
    }
    marks.annotations.sort {
      ($0.annotation.identity, $0.annotation.token)
        < ($1.annotation.identity, $1.annotation.token)
    }
    if recipe.slices.select == .key { marks.keyImages = try state.keyImages(ofStudy: study) }
    return marks
  }

  /// A study that is new, or other than it was.
  private struct Change {
    var study, split, fingerprint: String
    var standsForPatient: Bool
  }

  private func identity(of images: [UnitPlanner.Image]) -> String {
    let uid = images[0].row.header.identity.studyInstanceUID
    return uid.isEmpty ? images[0].row.sha256 ?? images[0].source.token : uid
  }

  private func add(_ fresh: [String: [Unit]]) throws {
    let generation = try state.nextGeneration()
    var position = 0
    for split in recipe.splits.map(\.name) {
      let planner = PartitionPlanner(
        partitionBytes: recipe.shardMegabytes * 1_000_000, leastPartitions: recipe.minShards,
        seed: recipe.seed, pseudonyms: pseudonyms)
      for partition in planner.partitions(of: fresh[split] ?? [], split: split) {
        try write(partition)
        try state.add(partition, generation: generation, position: position)
        position += 1
      }
    }
  }

  /// The partitions that hold studies which have changed, and what is left of each without them:
  /// their neighbours are made again, in the same place.
  private func reduce(_ touched: Set<String>, without studies: Set<String>) throws
    -> [(row: PlanState.PartitionRow, left: Partition?)]
  {
    try state.partitions().filter { touched.contains($0.id) }.map { row in
      var partition = try PartitionFile.read(workspace, row.id)
      partition.units.removeAll { studies.contains($0.study) }
      guard !partition.units.isEmpty else { return (row, nil) }
      partition.id = PartitionPlanner.name(
        partition.units, partition.role, partition.split, pseudonyms)
      return (row, partition)
    }
  }

  private func write(_ partition: Partition) throws {
    // What an earlier plan made under this name is of no use to this one.
    PartitionFile.removeResult(workspace, partition.id)
    let tokens = Set(partition.units.flatMap { $0.instances.map(\.token) }).sorted()
    try PartitionFile.write(
      partition, headers: tokens.map { ($0, try state.header($0)) }, workspace)
  }

  private func writeSources() throws {
    var lines: [UInt8] = []
    try state.locations { token, location, name in
      lines += StoredJSON.encode(
        SourceLine(source: token, path: location.path, member: location.member, name: name))
      lines.append(UInt8(ascii: "\n"))
    }
    try AtomicFile.write(lines, to: workspace.sources, mode: 0o600)
  }
}

/// A line of `sources.jsonl`.
struct SourceLine: Codable {
  var source: String
  var path: String
  var member: Int?
  /// Of a member of an archive: its name in there.
  var name: String?

  var location: SourceLocation { SourceLocation(path: path, member: member) }
}
