import ImageFormats
import MedicalImaging
import Preprocessing

/// Cuts ordinary pictures into tiles, each picture into a folder of its own with a `layout.json` that says
/// where its tiles lie.
///
/// Pictures are read by child processes, as those of a conversion are: one that ends its reader costs
/// itself. In memory `PictureTiler` gives the same tiles.
public struct TileExport {
  /// What an export is started with.
  public struct Options: Sendable {
    /// The folder to write to: new or empty.
    public var output: String
    public var settings = TileSettings()
    public var workers = WorkerOptions()

    public init(output: String) { self.output = output }
  }

  private let options: Options
  private let worker: WorkerCommand
  private let interruption: Interruption?
  private let progress: (ConversionProgress) -> Void

  /// - Parameter worker: the program that is started for each worker; see `WorkerLoop`.
  ///
  /// - Throws: `usage` where there is no such policy, where its numbers make no rule, where it needs to know
  ///   how large pixels are, and where the file of a tensor cannot hold such numbers.
  public init(
    _ options: Options, worker: WorkerCommand, interruption: Interruption? = nil,
    progress: @escaping (ConversionProgress) -> Void = { _ in }
  ) throws(ImageError) {
    do throws(ImageError) {
      try options.settings.check()
    } catch {
      throw ImageError(
        .usage, error.message, remedy: "See --help for what the policy and the files take.")
    }
    self.options = options
    self.worker = worker
    self.interruption = interruption
    self.progress = progress
  }

  /// Writes the tiles of pictures, and of the pictures in folders. An error or Ctrl-C leaves nothing behind;
  /// only a SIGKILL leaves a folder in the output.
  ///
  /// Throws `.outputTaken` where the output holds something; `.missing` for a picture that is not there;
  /// `.usage` where two pictures would get one folder; `.nothingToConvert` where folders hold no picture;
  /// `.outputFull` or `.outputFailed` where tiles cannot be written; and `Interrupted`.
  public func export(_ paths: [String]) throws -> TileReport {
    // Before anything is read.
    try ExportFolder.check(options.output)
    let sources = try TileSources(paths)
    guard !sources.pictures.isEmpty || !sources.rejected.isEmpty else {
      throw ImageError(
        .nothingToConvert, "Nothing in the folders is a PNG, JPEG, TIFF or JPEG 2000 picture.",
        remedy: "Name pictures, or the folder that they lie in.")
    }
    let folder = try ExportFolder(options.output)
    defer { withExtendedLifetime(folder) {} }
    let writing = TileWriting(
      sources.pictures, options.settings, in: folder.staging,
      pool: WorkerPool(command: worker, options: options.workers, interruption: interruption),
      progress: progress)
    try writing.run()
    var report = TileReport(
      folder: options.output, pictures: [], rejected: sources.rejected,
      passedOver: sources.passedOver)
    for (number, picture) in sources.pictures.enumerated() {
      let answer = writing.answers[number] ?? TileAnswer()
      if let error = answer.error {
        report.rejected.append(TileSources.rejected(picture.place, error))
      } else {
        try folder.place(TileWriting.name(number), as: picture.stem)
        report.pictures.append(.init(name: picture.stem, pages: answer.pages))
      }
    }
    report.rejected.sort { $0.place < $1.place }
    return report
  }
}
