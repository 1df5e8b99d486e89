import ImageFormats
import MedicalImaging

/// Has workers cut pictures, each into a folder of its own in the staging folder.
final class TileWriting {
  /// What became of each picture, by its number.
  private(set) var answers: [Int: TileAnswer] = [:]
  private let pictures: [TileSources.Picture]
  private let settings: TileSettings
  private let folder: String
  private let pool: WorkerPool
  private let progress: (ConversionProgress) -> Void
  /// Pictures that no worker has yet; the last comes first.
  private var queue: [Int]
  private var deaths: [Int: Int] = [:]
  private var nameless = 0

  init(
    _ pictures: [TileSources.Picture], _ settings: TileSettings, in folder: String,
    pool: WorkerPool, progress: @escaping (ConversionProgress) -> Void
  ) {
    self.pictures = pictures
    self.settings = settings
    self.folder = folder
    self.pool = pool
    self.progress = progress
    queue = pictures.indices.reversed()
  }

  /// The folder of a picture, in the staging folder.
  static func name(_ number: Int) -> String { "\(number)" }

  func run() throws {
    progress(.planned(planes: pictures.count))
    try pool.run {
      guard let number = queue.popLast() else { return nil }
      progress(.begun(source: "\(number)", bytes: 0))
      return (number, StoredJSON.encode(request(number)))
    } handle: { event in
      switch event {
      case .begun, .finished: break
      case .answer(let number, let line):
        let answer = try StoredJSON.decode(TileAnswer.self, line)
        if answer.error != nil { forget(number) }
        answers[number] = answer
      case .failed(let number, let source, let code):
        guard source != nil else {
          // It died of no source: of the machine, now and then.
          nameless += 1
          guard nameless < 3 else { throw ImageError.workersDie(code) }
          queue.append(number)
          return
        }
        bury(number, code)
      }
    }
  }

  private func request(_ number: Int) -> WorkerRequest {
    let path = pictures[number].path
    return .tiles(
      TileRequest(
        source: WorkerRequest.Source(
          token: "\(number)", location: SourceLocation(path: path),
          bytes: SourceDiscovery.bytes(path)),
        settings: settings, folder: "\(folder)/\(Self.name(number))"))
  }

  /// A worker ended: the picture is tried once more.
  private func bury(_ number: Int, _ code: ErrorCode) {
    forget(number)
    progress(.workerDied)
    deaths[number, default: 0] += 1
    if deaths[number] == 1 {
      queue.append(number)
    } else {
      answers[number] = TileAnswer(error: .endOfWorker(code))
    }
  }

  /// Removes what was written of a picture.
  private func forget(_ number: Int) { FolderTree.remove("\(folder)/\(Self.name(number))") }
}
