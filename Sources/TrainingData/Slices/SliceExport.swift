import Glibc
import ImageFormats
import MedicalImaging
import Preprocessing

/// Writes slices of volumes as PNG, with `slices.json` beside them that says what each is.
///
/// They are planned, read and shown by what a conversion does these with, in a folder that is gone
/// afterwards: their bytes are those of a data set by the same recipe.
public struct SliceExport {
  /// What an export is started with.
  public struct Options: Sendable {
    /// The folder to write to: new or empty.
    public var output: String
    /// Series Instance UID of the one series that is meant; nil for all.
    public var series: String?
    /// At least one.
    public var planes = [Recipe.Slices.Plane.acquired]
    /// Which slices of each plane; of frames without a place in the patient `apart` takes all.
    public var select = Recipe.Slices.Select.all
    /// The n of `select`, at least 1.
    public var n = 1
    /// The window of all grey pictures, in their modality values; nil: as a conversion chooses.
    public var window: Window?
    /// How CT in Hounsfield units is shown where there is no window; nil: by its body part.
    public var preset: CTPreset?
    /// With 16 bits no value is cut off, and no pixels are made square.
    public var depth = PictureDepth.eight
    public var workers = WorkerOptions()

    public init(output: String) { self.output = output }
  }

  private let options: Options
  private let worker: WorkerCommand
  private let interruption: Interruption?
  private let progress: (ConversionProgress) -> Void
  /// Keys and identities are never shown: any salt will do.
  private static let salt = Array("slice".utf8)
  private let pseudonyms = Pseudonyms(salt: salt)

  /// - Parameter worker: the program that is started for each worker; see `WorkerLoop`.
  ///
  /// - Throws: `usage` for a window or a preset with 16 bits, and for both at once.
  public init(
    _ options: Options, worker: WorkerCommand, interruption: Interruption? = nil,
    progress: @escaping (ConversionProgress) -> Void = { _ in }
  ) throws(ImageError) {
    if options.depth == .sixteen, options.window != nil || options.preset != nil {
      throw ImageError(
        .usage, "With 16 bits every value is kept, and no window is applied.",
        remedy: "Leave --window and --preset out, or ask for --depth 8.")
    }
    guard options.window == nil || options.preset == nil else {
      throw ImageError(
        .usage, "--window and --preset are two windows.", remedy: "Give one of them.")
    }
    self.options = options
    self.worker = worker
    self.interruption = interruption
    self.progress = progress
  }

  /// Writes the slices of all sources. An error or Ctrl-C leaves nothing behind; only a SIGKILL leaves
  /// a folder in the output.
  ///
  /// Throws `.outputTaken` where the output holds something; `.missing` for a source that is not there;
  /// `.nothingToConvert` where nothing in them has slices, or is of the UID; `.outputFull` or
  /// `.outputFailed` where it cannot be written; and `Interrupted`.
  public func export(_ paths: [String]) throws -> SliceReport {
    // Before anything is read.
    try ExportFolder.check(options.output)
    let temporary = try TemporaryWorkspace()
    defer { withExtendedLifetime(temporary) {} }
    // Nothing of it is needed once the run is over, so it need not reach a disk.
    let state = try PlanState(path: ":memory:")
    let recipe = options.recipe
    try SourceScan(
      workspace: temporary.workspace, state: state, pseudonyms: pseudonyms,
      pool: pool(options.workers), policy: UsePolicy(recipe), progress: progress
    ).run(paths)
    let places = PlaceFinder(
      paths, source: { try state.location(of: $0) }, name: { try state.name(of: $0) })
    let series = try VolumeSeries.all(
      in: state, places, uid: options.series, of: [.dicom, .nifti1, .nifti2, .analyze])
    var rejects = try state.unused(.rejected).compactMap { source in
      source.error.map { VolumeReject(token: source.token, location: source.location, error: $0) }
    }
    guard !series.isEmpty || !rejects.isEmpty && options.series == nil else { throw nothing }

    let folder = try ExportFolder(options.output)
    defer { withExtendedLifetime(folder) {} }
    let workspace = Workspace(
      output: folder.staging, privateFolder: temporary.workspace.privateFolder)
    var plan = try SlicePlan(
      series, window: options.window,
      by: UnitPlanner(
        recipe: recipe, pseudonyms: pseudonyms, parameters: recipe.displayParameters))
    try prepare(workspace, recipe)
    let partitions = try write(plan.units, recipe, workspace, state)
    try Supervisor(
      workspace: workspace, pool: pool(options.workers), alone: pool(options.workers.alone),
      progress: progress
    ).run(partitions)

    var seen = Set<String>()
    for row in partitions {
      let result = try StoredJSON.decode(
        PartitionResult.self, AtomicFile.read(workspace.result(row.id)))
      for reject in result.rejects where seen.insert(reject.token).inserted {
        guard let location = try state.location(of: reject.token) else { continue }
        rejects.append(
          VolumeReject(
            token: reject.token, location: location,
            error: ImageError(reject.code, reject.message, remedy: reject.remedy)))
      }
    }
    let files = try plan.files(SliceRow.all(of: partitions.map(\.id), in: workspace))
    let index = SliceIndex(volumes: plan.volumes, files: files, depth: options.depth)
    if !files.isEmpty {
      for file in files {
        try folder.place("images/\(file.row.image)", as: index.name(of: file))
      }
      try folder.write(index.json, as: "slices.json")
    }
    return SliceReport(
      folder: options.output, volumes: index.summaries,
      rejected: try rejects.map { try $0.report(state, places) }.sorted { $0.place < $1.place })
  }

  private func pool(_ workers: WorkerOptions) -> WorkerPool {
    WorkerPool(command: worker, options: workers, interruption: interruption)
  }

  private var nothing: ImageError {
    options.series == nil
      ? ImageError(
        .nothingToConvert, "Nothing in the sources has slices: no DICOM image, no NIfTI volume.")
      : ImageError(
        .nothingToConvert, "No picture in the sources is of the series that --series names.",
        remedy: "Check the Series Instance UID, or leave --series out.")
  }

  /// What workers are told of a conversion. Its rows and pictures are those of the LLaVA layout, in which
  /// pictures are files: they are moved, and nothing of them is copied.
  private func prepare(_ workspace: Workspace, _ recipe: Recipe) throws(ImageError) {
    try workspace.makeFolders()
    let job = Job(
      formatVersion: Job.currentFormatVersion, toolVersion: ToolVersion.current, recipe: recipe,
      recipeSHA256: recipe.sha256.hex, formats: [.llava], absolutePaths: false, salt: Self.salt)
    try AtomicFile.write(StoredJSON.encode(job), to: workspace.job, mode: 0o600)
  }

  /// Cuts units into partitions and writes them for the workers.
  private func write(
    _ units: [Unit], _ recipe: Recipe, _ workspace: Workspace, _ state: PlanState
  ) throws -> [PlanState.PartitionRow] {
    let planner = PartitionPlanner(
      partitionBytes: recipe.shardMegabytes * 1_000_000, leastPartitions: recipe.minShards,
      seed: recipe.seed, pseudonyms: pseudonyms)
    let partitions = planner.partitions(of: units, split: recipe.splits[0].name)
    for (position, partition) in partitions.enumerated() {
      let tokens = Set(partition.units.flatMap { $0.instances.map(\.token) }).sorted()
      try PartitionFile.write(
        partition, headers: tokens.map { ($0, try state.header($0)) }, workspace)
      try state.add(partition, generation: 0, position: position)
    }
    let rows = try state.partitions()
    progress(.planned(planes: rows.filter { $0.role == .work }.reduce(0) { $0 + $1.planes }))
    return rows
  }
}

extension SliceExport.Options {
  /// What a conversion would be told to show the same.
  ///
  /// A slice of a picture with text is not published: its user decides. What says that there is text of
  /// a person in it is refused all the same.
  var recipe: Recipe {
    var recipe = Recipe()
    recipe.burnedIn = .accept
    recipe.pictures = .leaveOut
    recipe.slices.planes = Recipe.Slices.Plane.allCases.filter(planes.contains)
    recipe.slices.select = select
    recipe.slices.n = n
    recipe.frames = Recipe.Selection(.init(rawValue: select.rawValue) ?? .all, n: n)
    if let window { recipe.intensity.ct = .window(window) }
    if let preset { recipe.intensity.ct = .preset(preset) }
    recipe.picture.depth = depth.rawValue
    // Values that are kept are not mixed with their neighbours.
    recipe.slices.squarePixels = depth == .eight
    recipe.text.questions = [.caption]
    return recipe
  }
}
