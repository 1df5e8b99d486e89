import ImageFormats
import MedicalImaging

/// Looks at sources as a conversion would, and writes nothing that stays.
///
/// Headers are read, archives opened and copies compared by the same workers; pixels only where
/// copies are told apart by them. So what only decoding shows (a codestream that is damaged inside)
/// is not foreseen.
public struct Inspection {
  /// What an inspection is started with.
  public struct Options: Sendable {
    /// Decides on what is left out, and on pictures that text may be burned into.
    public var recipe: Recipe
    /// A data set whose tokens are to stand beside the paths; nil for none.
    public var dataSet: Workspace?
    public var workers = WorkerOptions()

    public init(recipe: Recipe = Recipe()) {
      self.recipe = recipe
    }
  }

  private let options: Options
  private let worker: WorkerCommand
  private let interruption: Interruption?
  private let progress: (ConversionProgress) -> Void

  /// - Parameter worker: the program that is started for each worker; see `WorkerLoop`.
  public init(
    _ options: Options, worker: WorkerCommand, interruption: Interruption? = nil,
    progress: @escaping (ConversionProgress) -> Void = { _ in }
  ) {
    self.options = options
    self.worker = worker
    self.interruption = interruption
    self.progress = progress
  }

  /// What is in the sources; empty where nothing was found.
  ///
  /// What is unpacked and remembered meanwhile lies in a folder below TMPDIR for this user alone,
  /// and is gone at the end, by an error or Ctrl-C too; only a SIGKILL leaves it.
  ///
  /// Throws `.missing` for a source that is not there, or for a data set that is not, `.outputFull`
  /// where the temporary folder has no room, and `Interrupted`.
  public func inspect(_ paths: [String]) throws -> InspectionReport {
    let salt = try options.dataSet.map { try DataSetSources.salt($0) }
    let temporary = try TemporaryWorkspace()
    defer { withExtendedLifetime(temporary) {} }
    let state = try PlanState(path: temporary.workspace.state)
    let scan = SourceScan(
      workspace: temporary.workspace, state: state,
      // Without a data set tokens are never shown, and any salt will do.
      pseudonyms: Pseudonyms(salt: salt ?? Array("inspection".utf8)), pool: pool,
      policy: UsePolicy(options.recipe),
      progress: progress)
    try scan.run(paths)
    try scan.readAnnotations()
    let places = PlaceFinder(
      paths, source: { try state.location(of: $0) }, name: { try state.name(of: $0) })
    var numbers = ReportNumbers()
    return InspectionReport(
      studies: try studies(state, places, &numbers),
      annotations: try annotations(state, places, numbers, showingTokens: salt != nil),
      rejected: try rejected(state, places, showingTokens: salt != nil),
      leftOut: try leftOut(state, places, showingTokens: salt != nil))
  }

  private var pool: WorkerPool {
    WorkerPool(command: worker, options: options.workers, interruption: interruption)
  }

  // MARK: What is used

  private func studies(
    _ state: PlanState, _ places: PlaceFinder, _ numbers: inout ReportNumbers
  ) throws -> [InspectionReport.StudySummary] {
    var found: [(first: SourcePlace, name: String, series: [String], summary: [SeriesSummary])] = []
    for (study, _, _) in try state.studies() {
      let series = Dictionary(grouping: try state.images(ofStudy: study), by: \.row.series)
      var summaries: [(number: Int, first: SourcePlace, name: String, series: SeriesSummary)] = []
      for (name, images) in series {
        let first = try images.map { try places.place(of: $0.source.location, named: false) }.min()
        guard let first else { continue }
        let number = images.compactMap { $0.row.header.order.seriesNumber }.min() ?? .max
        summaries.append((number, first, name, SeriesSummary(images)))
      }
      summaries.sort { ($0.number, $0.first) < ($1.number, $1.first) }
      guard let first = summaries.map(\.first).min() else { continue }
      found.append((first, study, summaries.map(\.name), summaries.map(\.series)))
    }
    return found.sorted { $0.first < $1.first }.map { study in
      numbers.append(study: study.name, series: study.series)
      return .init(series: study.summary)
    }
  }

  // MARK: What is not

  private func rejected(_ state: PlanState, _ places: PlaceFinder, showingTokens: Bool) throws
    -> [InspectionReport.RejectedSource]
  {
    try state.unused(.rejected).compactMap { source in
      guard let error = source.error else { return nil }
      // Its labels go into samples of these.
      if error.code == .segmentation, try !state.join(of: source.token).parts.isEmpty { return nil }
      var rejected = InspectionReport.RejectedSource(
        code: error.code, message: error.message, remedy: error.remedy,
        place: try places.place(of: source.location, named: true),
        token: showingTokens ? source.token : nil)
      if error.code == .segmentation {
        // Here all are told as one.
        rejected.message =
          "The source is a DICOM segmentation; what it is of stands under Annotations."
        rejected.remedy = "Convert it together with the images that it is of."
      }
      if error.code == .duplicate,
        let original = try state.original(ofCopy: source.token)
      {
        // The sentence of a data set names the other by its token; here its place is known.
        rejected.message = "The same picture is used already, from another file."
        rejected.original = try places.place(of: original, named: true)
      }
      return rejected
    }.sorted { $0.place < $1.place }
  }

  private func leftOut(_ state: PlanState, _ places: PlaceFinder, showingTokens: Bool) throws
    -> [InspectionReport.LeftOutSource]
  {
    try state.unused(.leftOut).map { source in
      InspectionReport.LeftOutSource(
        kind: source.kind, place: try places.place(of: source.location, named: true),
        token: showingTokens ? source.token : nil)
    }.sorted { $0.place < $1.place }
  }
}
