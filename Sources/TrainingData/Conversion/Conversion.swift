import MedicalImaging

/// A conversion from sources to a data set: plan, work and merge, one after the other or apart.
public struct Conversion {
  /// What a run is started with.
  public struct Options: Sendable {
    public var output: String
    /// nil: beside the output.
    public var privateFolder: String?
    public var recipe: Recipe
    public var formats: [ShardFormatName]
    public var absolutePaths: Bool
    /// nil: the private folder's own, made at the first run.
    public var salt: [UInt8]?
    public var workers = WorkerOptions()

    public init(output: String, recipe: Recipe = Recipe()) {
      self.output = output
      self.recipe = recipe
      formats = [.webdataset]
      absolutePaths = false
    }
  }

  /// What came of a run.
  public struct Outcome: Sendable {
    public var samples = 0
    public var rejected = 0
    public var shards = 0
    /// Field -> word -> samples.
    public var counts: [String: [String: Int]] = [:]
    /// Code -> rejects.
    public var rejectCodes: [String: Int] = [:]
    /// Kind -> files.
    public var leftOut: [(kind: String, count: Int)] = []
  }

  /// One partition, for whoever spreads them over machines.
  public struct PartitionName: Sendable {
    public var id: String
    /// True for those that must all be done before any other.
    public var measures: Bool
    public var isDone: Bool
  }

  private let options: Options
  private let workspace: Workspace
  private let worker: WorkerCommand
  private let interruption: Interruption?
  private let progress: (ConversionProgress) -> Void
  /// One set of workers for all steps.
  private let pool: WorkerPool

  /// - Parameter worker: the program that is started for each worker; see `WorkerLoop`.
  public init(
    _ options: Options, worker: WorkerCommand, interruption: Interruption? = nil,
    progress: @escaping (ConversionProgress) -> Void = { _ in }
  ) {
    self.options = options
    self.worker = worker
    self.interruption = interruption
    self.progress = progress
    workspace = Workspace(output: options.output, privateFolder: options.privateFolder)
    pool = WorkerPool(command: worker, options: options.workers, interruption: interruption)
  }

  /// All three, on this machine. Called again on the same output it goes on, or takes in what is
  /// new.
  ///
  /// Throws `.outputTaken`, `.outputLocked`, `.outputFull`, `.missing` for a source that is not
  /// there, and `Interrupted`.
  public func convert(_ paths: [String]) throws -> Outcome {
    // Before anything is begun: a mistyped source leaves nothing behind.
    try SourceDiscovery.check(paths)
    let lock = try begin()
    defer { withExtendedLifetime(lock) {} }
    let job = try fixJob()
    let state = try PlanState(path: workspace.state)
    try plan(paths, job: job, state: state)
    try supervisor().run(try state.partitions())
    return try merge(job: job, state: state)
  }

  /// The first of three: scans and writes partitions; returns their names in an order that works.
  public func plan(_ paths: [String]) throws -> [PartitionName] {
    try SourceDiscovery.check(paths)
    let lock = try begin()
    defer { withExtendedLifetime(lock) {} }
    let job = try fixJob()
    let state = try PlanState(path: workspace.state)
    try plan(paths, job: job, state: state)
    return try names(state)
  }

  /// The second: works the named partitions, or all that are not done.
  public func work(_ ids: [String]) throws {
    let lock = try WorkspaceLock(workspace, shared: true)
    defer { withExtendedLifetime(lock) {} }
    _ = try Job.read(workspace)
    let list = try PartitionList.read(workspace)
    for id in ids where !list.contains(where: { $0.id == id }) {
      throw ImageError(
        .usage, "The plan has no partition \(id).",
        remedy: "`gmai-prep plan` prints their names.")
    }
    let wanted = list.filter { ids.isEmpty || ids.contains($0.id) }
    // Statistics that are not there yet are taken here: the same bytes, whoever takes them.
    var needed = Set<String>()
    for row in wanted where row.role == .work {
      needed.formUnion(try PartitionFile.read(workspace, row.id).waitsFor)
    }
    // Each once: two workers at one partition would write to one file.
    needed.formUnion(wanted.map(\.id))
    try supervisor().run(list.filter { needed.contains($0.id) })
  }

  /// The third: final names, `dataset.json` last.
  public func merge() throws -> Outcome {
    let lock = try WorkspaceLock(workspace)
    defer { withExtendedLifetime(lock) {} }
    return try merge(job: Job.read(workspace), state: PlanState(path: workspace.state))
  }

  // MARK: Steps

  private func begin() throws(ImageError) -> WorkspaceLock {
    guard
      !(workspace.absolute(workspace.privateFolder) + "/").hasPrefix(
        workspace.absoluteOutput + "/")
    else {
      throw ImageError(
        .usage, "The private folder would lie in the data set, and be published with it.",
        remedy: "Choose a folder for --private that is not --out, nor below it.")
    }
    // Its reader turns such pictures into 8 bits by cutting off all above.
    guard options.recipe.picture.depth == 8 || !options.formats.contains(.llava) else {
      throw ImageError(
        .usage, "Pictures of 16 bits are not for the LLaVA layout: its readers take 8 bits.",
        remedy: "Leave llava out of --format, or set picture.depth of the recipe to 8.")
    }
    let isNew = !AtomicFile.exists(workspace.job)
    if isNew, let entries = FolderTree.entries(workspace.output), !entries.isEmpty {
      throw ImageError(
        .outputTaken,
        "The output folder holds something that was not begun with this private "
          + "folder.")
    }
    try workspace.makeFolders()
    return try WorkspaceLock(workspace)
  }

  /// The job of this data set: written by the first run, compared by every other.
  private func fixJob() throws(ImageError) -> Job {
    let names = ShardFormatName.allCases.filter { options.formats.contains($0) }
    let job = Job(
      formatVersion: Job.currentFormatVersion, toolVersion: ToolVersion.current,
      recipe: options.recipe, recipeSHA256: options.recipe.sha256.hex, formats: names,
      absolutePaths: options.absolutePaths, salt: try salt())
    guard AtomicFile.exists(workspace.job) else {
      try AtomicFile.write(StoredJSON.encode(job), to: workspace.job, mode: 0o600)
      return job
    }
    let begun = try Job.read(workspace)
    if let difference = job.difference(from: begun) {
      throw ImageError(
        .outputTaken, "The output folder was begun with \(difference).",
        remedy: "Repeat the first run's options, or choose another --out.")
    }
    return begun
  }

  private func salt() throws(ImageError) -> [UInt8] {
    if let salt = options.salt { return salt }
    if AtomicFile.exists(workspace.salt) { return try AtomicFile.read(workspace.salt) }
    var generator = SystemRandomNumberGenerator()
    let salt = Array(
      (0..<4).map { _ in String(generator.next() as UInt64, radix: 16) }.joined().utf8)
    try AtomicFile.write(salt, to: workspace.salt, mode: 0o600)
    return salt
  }

  private func plan(_ paths: [String], job: Job, state: PlanState) throws {
    let pseudonyms = Pseudonyms(salt: job.salt)
    let isUnpackedGone = !AtomicFile.exists(workspace.unpacked)
    let scan = SourceScan(
      workspace: workspace, state: state, pseudonyms: pseudonyms, pool: pool,
      policy: UsePolicy(job.recipe),
      progress: progress)
    try Planner(
      workspace: workspace, recipe: job.recipe, pseudonyms: pseudonyms, state: state, scan: scan,
      progress: progress
    ).run(paths)
    try forgetLost(job: job, state: state, scan: scan)
    // An earlier run may have been cut short, and what it unpacked removed by someone.
    if isUnpackedGone {
      for row in try state.partitions() where !AtomicFile.exists(workspace.result(row.id)) {
        let units = try PartitionFile.read(workspace, row.id, withHeaders: false).units
        try scan.restore(units.flatMap(\.locations))
      }
    }
    try PartitionList.write(state.partitions(), workspace)
    guard try !state.isEmpty() else {
      throw ImageError(.nothingToConvert, "Nothing in the sources is a medical picture.")
    }
  }

  /// Has partitions made again whose shards were deleted since: the private folder outlives the data
  /// set where someone removes that alone.
  private func forgetLost(job: Job, state: PlanState, scan: SourceScan) throws {
    for row in try state.partitions()
    where row.role == .work && AtomicFile.exists(workspace.result(row.id)) {
      let result = try StoredJSON.decode(
        PartitionResult.self, AtomicFile.read(workspace.result(row.id)))
      guard !result.counts.isEmpty,
        try !job.formats.allSatisfy({ try $0.implementation.isThere(result, in: workspace) })
      else { continue }
      PartitionFile.removeResult(workspace, row.id)
      let units = try PartitionFile.read(workspace, row.id).units
      try scan.restore(units.flatMap(\.locations))
    }
  }

  private func merge(job: Job, state: PlanState) throws -> Outcome {
    let summary = try Merger(workspace: workspace, job: job, state: state).run()
    return Outcome(
      samples: summary.samples, rejected: summary.rejected, shards: summary.shards,
      counts: summary.counts, rejectCodes: summary.rejectCodes, leftOut: summary.leftOut)
  }

  private func names(_ state: PlanState) throws -> [PartitionName] {
    try state.partitions().map {
      PartitionName(
        id: $0.id, measures: $0.role == .measure,
        isDone: AtomicFile.exists(workspace.result($0.id)))
    }.sorted { $0.measures && !$1.measures }
  }

  private func supervisor() -> Supervisor {
    Supervisor(
      workspace: workspace, pool: pool,
      alone: WorkerPool(
        command: worker, options: options.workers.alone, interruption: interruption),
      progress: progress)
  }
}

/// The plan's partitions as a list beside them, for workers that must not open the database.
enum PartitionList {
  static func read(_ workspace: Workspace) throws(ImageError) -> [PlanState.PartitionRow] {
    try StoredJSON.decode([PlanState.PartitionRow].self, AtomicFile.read(workspace.partitionList))
  }

  static func write(_ rows: [PlanState.PartitionRow], _ workspace: Workspace) throws(ImageError) {
    try AtomicFile.write(StoredJSON.encode(rows), to: workspace.partitionList, mode: 0o600)
  }
}
