import Glibc
import ImageFormats
import MedicalImaging
import Preprocessing

/// Writes the volumes of DICOM series as NIfTI-1, with a JSON beside each.
///
/// Headers are read and planes decoded by the same workers as of a conversion. Everything is written
/// into a folder beside the output, and named once all of it is there.
public struct VolumeExport {
  /// What an export is started with.
  public struct Options: Sendable {
    /// The file to write; several get numbers before its extension.
    public var output: String
    /// Series Instance UID of the one series that is meant; nil for all.
    public var series: String?
    /// The grid that grey volumes with a place are resampled to; nil for their own.
    public var resampling: ResamplingTarget?
    public var workers = WorkerOptions()

    public init(output: String) {
      self.output = output
    }
  }

  private let options: Options
  private let names: VolumeNames
  private let worker: WorkerCommand
  private let interruption: Interruption?
  private let progress: (ConversionProgress) -> Void

  /// - Parameter worker: the program that is started for each worker; see `WorkerLoop`.
  ///
  /// - Throws: `usage` where the output's name ends neither with .nii nor with .nii.gz.
  public init(
    _ options: Options, worker: WorkerCommand, interruption: Interruption? = nil,
    progress: @escaping (ConversionProgress) -> Void = { _ in }
  ) throws(ImageError) {
    self.options = options
    names = try VolumeNames(options.output)
    self.worker = worker
    self.interruption = interruption
    self.progress = progress
  }

  /// Writes the volumes of all sources. An error or Ctrl-C leaves no file behind, whole or half; only
  /// a SIGKILL leaves the folder beside the output.
  ///
  /// Throws `.missing` for a source that is not there, `.nothingToConvert` where there is no picture
  /// in them, or no series of the UID; `.outputTaken` where a file of the output is there already;
  /// `.outputFull`, `.outputFailed` or `.permission` where it cannot be written; and `Interrupted`.
  public func export(_ paths: [String]) throws -> VolumeReport {
    let temporary = try TemporaryWorkspace()
    defer { withExtendedLifetime(temporary) {} }
    let workspace = temporary.workspace
    // Nothing of it is needed once the run is over, so it need not reach a disk.
    let state = try PlanState(path: ":memory:")
    let pool = pool
    let scan = SourceScan(
      workspace: workspace, state: state,
      // Tokens are never shown: any salt will do.
      pseudonyms: Pseudonyms(salt: Array("volume".utf8)), pool: pool,
      policy: UsePolicy(Self.recipe), progress: progress)
    try scan.run(paths)
    let places = PlaceFinder(
      paths, source: { try state.location(of: $0) }, name: { try state.name(of: $0) })
    // NIfTI volumes are what this makes, and slides are no volumes.
    let series = try VolumeSeries.all(in: state, places, uid: options.series)
    var rejects = try state.unused(.rejected).compactMap { source in
      source.error.map { VolumeReject(token: source.token, location: source.location, error: $0) }
    }
    guard !series.isEmpty || !rejects.isEmpty && options.series == nil else { throw nothing }

    let staging = try StagingFolder(in: names.folder)
    defer { withExtendedLifetime(staging) {} }
    let writing = VolumeWriting(
      series, in: staging.path, isCompressed: names.isCompressed,
      resampledTo: options.resampling, pool: pool, progress: progress)
    try writing.run()
    rejects += writing.rejects
    let files = try place(writing.written)
    return VolumeReport(
      files: files,
      rejected: try rejects.map { try $0.report(state, places) }.sorted { $0.place < $1.place })
  }

  /// A volume of a picture with text is not published: its user decides. What says that there is text of
  /// a person in it is refused all the same. Ordinary pictures are no volumes.
  private static var recipe: Recipe {
    var recipe = Recipe()
    recipe.burnedIn = .accept
    recipe.pictures = .leaveOut
    return recipe
  }

  private var pool: WorkerPool {
    WorkerPool(command: worker, options: options.workers, interruption: interruption)
  }

  private var nothing: ImageError {
    options.series == nil
      ? ImageError(.nothingToConvert, "Nothing in the sources is a DICOM image.")
      : ImageError(
        .nothingToConvert, "No picture in the sources is of the series that --series names.",
        remedy: "Check the Series Instance UID, or leave --series out.")
  }

  /// Gives the files their names: the JSON first, so that no volume stands without it.
  private func place(_ files: [VolumeWriting.Written]) throws(ImageError) -> [VolumeReport.File] {
    let named = files.indices.map { names.paths($0, of: files.count) }
    for paths in named where AtomicFile.exists(paths.volume) || AtomicFile.exists(paths.json) {
      throw ImageError(
        .outputTaken, "A file that would be written is there already.",
        remedy: "Choose another --out, or move what is there away.")
    }
    var made: [VolumeReport.File] = []
    for (file, paths) in zip(files, named) {
      try AtomicFile.fill(file.path + ".json", with: file.sidecar.json)
      for (from, to) in [(file.path + ".json", paths.json), (file.path, paths.volume)] {
        guard unsafe rename(from, to) == 0 else { throw AtomicFile.failure(errno) }
      }
      let draft = file.sidecar.draft
      made.append(
        VolumeReport.File(
          path: paths.volume, jsonPath: paths.json, study: draft.study, series: draft.series,
          kind: draft.stack.kind, volume: draft.volume,
          holdsModalityValues: draft.scaling.linear == nil, resampled: file.sidecar.resampled,
          reasons: draft.stack.reasons,
          differences: draft.stack.differences, part: draft.stack.part,
          findings: draft.stack.findings))
    }
    return made
  }
}

/// A source that an export could not use.
struct VolumeReject {
  var token: String
  var location: SourceLocation
  var error: ImageError

  func report(_ state: PlanState, _ places: PlaceFinder) throws -> InspectionReport.RejectedSource {
    var rejected = InspectionReport.RejectedSource(
      code: error.code, message: error.message, remedy: error.remedy,
      place: try places.place(of: location, named: true), token: nil)
    if error.code == .duplicate, let original = try state.original(ofCopy: token) {
      // The sentence of a data set names the other by its token; here its place is known.
      rejected.message = "The same picture is used already, from another file."
      rejected.original = try places.place(of: original, named: true)
    }
    return rejected
  }
}
