import ImageFormats
import MedicalImaging
import Preprocessing

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
  /// Tasks that no worker has yet; the last comes first.
  private var queue: [Task] = []
  private var asked: [Int: Task] = [:]
  private var deaths: [String: Int] = [:]
  private var nameless = 0
  private var files = 0
  private let folder: String
  private let isCompressed: Bool
  private let target: ResamplingTarget?
  private let pool: WorkerPool
  private let progress: (ConversionProgress) -> Void

  private struct Task {
    var series: Int
    var file: VoxelFile
    var number: Int
  }

  init(
    _ series: [VolumeSeries], in folder: String, isCompressed: Bool,
    resampledTo target: ResamplingTarget?, pool: WorkerPool,
    progress: @escaping (ConversionProgress) -> Void
  ) {
    self.series = series
    open = [[VoxelFile]](repeating: [], count: series.count)
    self.folder = folder
    self.isCompressed = isCompressed
    self.target = target
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
            draft: $0.draft, fill: $0.fill, frameFindings: $0.findings,
            unreadable: Set(series[index].unreadable.map(\.instance)).count))
      }
    }
  }

  func run() throws {
    // What is resampled is read twice.
    let images = series.reduce(0) { $0 + $1.images.count }
    progress(.planned(planes: target == nil ? images : 2 * images))
    // A series is begun when a worker is free for it: what is planned at once stays small.
    var next = 0
    var number = 0
    try pool.run {
      while queue.isEmpty, next < series.count {
        try begin(next)
        next += 1
      }
      guard let task = queue.popLast() else { return nil }
      number += 1
      asked[number] = task
      return (number, StoredJSON.encode(task.file.request(task.number)))
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
      for draft in try series[index].drafts(target) {
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
    let tasks = open[index].flatMap { file in
      file.firstTasks.map { Task(series: index, file: file, number: $0) }
    }
    queue = tasks.reversed() + queue
  }

  // MARK: Answers

  private func handle(_ event: WorkerPool.Event) throws {
    switch event {
    case .begun(let source, let bytes): progress(.begun(source: source, bytes: bytes))
    case .answer(let request, let line):
      guard let task = asked[request] else { return }
      let more = try task.file.take(
        StoredJSON.decode(VoxelAnswer.self, line), of: task.number)
      if isOpen(task) {
        queue += more.reversed().map { Task(series: task.series, file: task.file, number: $0) }
      }
      try close(task)
    case .finished(let request): asked[request] = nil
    case .failed(let request, let source, let code):
      guard let task = asked.removeValue(forKey: request) else { return }
      try bury(task, source, code)
    }
  }

  /// A worker ended: the task is tried once more; then the source that it ended at is not read.
  private func bury(_ task: Task, _ source: String?, _ code: ErrorCode) throws {
    let images = series[task.series].images
    guard let source, let culprit = images.firstIndex(where: { $0.source.token == source }) else {
      // It died of no source: of the machine, now and then.
      nameless += 1
      guard nameless < 3 else { throw ImageError.workersDie(code) }
      queue.append(task)
      return
    }
    deaths[source, default: 0] += 1
    progress(.workerDied)
    if deaths[source] == 1 {
      queue.append(task)
    } else {
      let planes = task.file.draft.planes.indices.filter {
        task.file.draft.planes[$0].instance == culprit
      }
      task.file.takeFailure(planes: planes, .endOfWorker(code))
      try close(task)
    }
  }

  /// Whether a task's file is still to be written: one that was begun again is nobody's any more.
  private func isOpen(_ task: Task) -> Bool {
    open[task.series].contains { $0 === task.file }
  }

  /// After a file's last task: where something was in the way, its series is begun again.
  private func close(_ task: Task) throws(ImageError) {
    let file = task.file
    guard file.isDone, !file.isWhole, isOpen(task) else { return }
    for failure in file.failures {
      let plane = file.draft.planes[failure.plane]
      series[task.series].unreadable.insert(plane)
      reject(series[task.series].images[plane.instance], failure.error)
    }
    series[task.series].wider += file.misfits
    try begin(task.series)
  }

  private func reject(_ image: UnitPlanner.Image, _ error: ImageError) {
    guard !rejects.contains(where: { $0.token == image.source.token }) else { return }
    rejects.append(
      VolumeReject(token: image.source.token, location: image.source.location, error: error))
  }
}
