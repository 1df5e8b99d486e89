import ImageFormats
import MedicalImaging

/// Has workers write the files of some series. A series of which a plane turns out to be unreadable,
/// or to hold values that no header announced, is planned and written again without it, or wider.
final class VolumeWriting {
  /// A file that is whole, in the staging folder.
  struct Written {
    var path: String
    var sidecar: VolumeSidecar
  }

  /// What could not be read, each source once.
  private(set) var rejects: [VolumeReject] = []
  private var series: [VolumeSeries]
  /// By series.
  private var open: [[VoxelFile]]
  /// Pieces that no worker has yet; the last comes first.
  private var queue: [Piece] = []
  private var asked: [Int: Piece] = [:]
  private var deaths: [String: Int] = [:]
  private var nameless = 0
  private var files = 0
  private let folder: String
  private let isCompressed: Bool
  private let pool: WorkerPool
  private let progress: (ConversionProgress) -> Void

  private struct Piece {
    var series: Int
    var file: VoxelFile
    var number: Int
  }

  init(
    _ series: [VolumeSeries], in folder: String, isCompressed: Bool, pool: WorkerPool,
    progress: @escaping (ConversionProgress) -> Void
  ) {
    self.series = series
    open = [[VoxelFile]](repeating: [], count: series.count)
    self.folder = folder
    self.isCompressed = isCompressed
    self.pool = pool
    self.progress = progress
  }

  /// The files in the order of their series.
  var written: [Written] {
    open.enumerated().flatMap { index, files in
      files.map {
        Written(
          path: $0.path,
          sidecar: VolumeSidecar(
            draft: $0.draft, frameFindings: $0.findings,
            unreadable: Set(series[index].unreadable.map(\.instance)).count))
      }
    }
  }

  func run() throws {
    progress(.planned(planes: series.reduce(0) { $0 + $1.images.count }))
    // A series is begun when a worker is free for it: what is planned at once stays small.
    var next = 0
    var number = 0
    try pool.run {
      while queue.isEmpty, next < series.count {
        try begin(next)
        next += 1
      }
      guard let piece = queue.popLast() else { return nil }
      number += 1
      asked[number] = piece
      return (number, StoredJSON.encode(WorkerRequest.voxels(piece.file.request(piece.number))))
    } handle: { event in
      try handle(event)
    }
  }

  /// Plans a series, and has its pieces made; whatever was made of it before is forgotten.
  private func begin(_ index: Int) throws(ImageError) {
    queue.removeAll { $0.series == index }
    for file in open[index] { file.abandon() }
    open[index] = []
    do throws(ImageError) {
      for draft in try series[index].drafts() {
        files += 1
        open[index].append(
          try VoxelFile(
            draft, of: series[index], in: folder, stem: "\(files)", isCompressed: isCompressed))
      }
    } catch  where error.code == .unsupportedPixels {
      open[index] = []
      for image in series[index].images { reject(image, error) }
      return
    }
    let pieces = open[index].flatMap { file in
      file.pieces.indices.map { Piece(series: index, file: file, number: $0) }
    }
    queue = pieces.reversed() + queue
  }

  // MARK: Answers

  private func handle(_ event: WorkerPool.Event) throws {
    switch event {
    case .begun(let source, let bytes): progress(.begun(source: source, bytes: bytes))
    case .answer(let request, let line):
      guard let piece = asked[request] else { return }
      try piece.file.take(StoredJSON.decode(VoxelAnswer.self, line), of: piece.number)
      try close(piece)
    case .finished(let request): asked[request] = nil
    case .failed(let request, let source, let code):
      guard let piece = asked.removeValue(forKey: request) else { return }
      try bury(piece, source, code)
    }
  }

  /// A worker ended: the piece is tried once more; then the source that it ended at is not read.
  private func bury(_ piece: Piece, _ source: String?, _ code: ErrorCode) throws {
    let images = series[piece.series].images
    guard let source, let culprit = images.firstIndex(where: { $0.source.token == source }) else {
      // It died of no source: of the machine, now and then.
      nameless += 1
      guard nameless < 3 else { throw ImageError.workersDie(code) }
      queue.append(piece)
      return
    }
    deaths[source, default: 0] += 1
    progress(.workerDied)
    if deaths[source] == 1 {
      queue.append(piece)
    } else {
      let planes = piece.file.draft.planes.indices.filter {
        piece.file.draft.planes[$0].instance == culprit
      }
      piece.file.takeFailure(of: piece.number, planes: planes, .endOfWorker(code))
      try close(piece)
    }
  }

  /// After a file's last piece: where something was in the way, its series is begun again.
  private func close(_ piece: Piece) throws(ImageError) {
    let file = piece.file
    // One that was begun again is nobody's any more.
    guard file.isDone, !file.isWhole, open[piece.series].contains(where: { $0 === file }) else {
      return
    }
    for failure in file.failures {
      let plane = file.draft.planes[failure.plane]
      series[piece.series].unreadable.insert(plane)
      reject(series[piece.series].images[plane.instance], failure.error)
    }
    series[piece.series].wider += file.misfits
    try begin(piece.series)
  }

  private func reject(_ image: UnitPlanner.Image, _ error: ImageError) {
    guard !rejects.contains(where: { $0.token == image.source.token }) else { return }
    rejects.append(
      VolumeReject(token: image.source.token, location: image.source.location, error: error))
  }
}
