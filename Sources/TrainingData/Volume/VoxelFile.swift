import Glibc
import ImageFormats
import MedicalImaging

/// The supervisor's side of a file of volumes: cut into pieces, which workers make in any order, and
/// put together. Of a file that is resampled workers look at all planes before.
///
/// A piece is of the same slices for any number of workers, so that the bytes are the same.
final class VoxelFile {
  /// About so many bytes of voxels are one piece.
  private static let pieceBytes = 4 << 20

  let draft: VolumeDraft
  /// Where the whole file lies until it gets its name.
  let path: String
  /// The planes of each look, and the slices of each piece; tasks are numbered in this order.
  private let looks, pieces: [Range<Int>]
  private let plan: String
  private let isCompressed: Bool
  /// Of the gzip member while it is put together; -1 otherwise.
  private var descriptor: Int32
  private var parts: [GzipMember.Part?]
  /// Parts that are in the file already.
  private var appended = 0
  private var waiting: Int
  private var isAbandoned = false
  /// The lowest value of all planes, of a file that is resampled.
  private var lowest: Double?
  private(set) var failures: [VoxelAnswer.Failure] = []
  private(set) var misfits: [StoredPlane.Sample] = []
  /// What was odd in bitstreams.
  private(set) var findings: [InstanceHeader.Finding] = []

  /// Begins a file in a folder of its own; `stem` is its name there.
  init(
    _ draft: VolumeDraft, of series: VolumeSeries, in folder: String, stem: String,
    isCompressed: Bool
  ) throws(ImageError) {
    self.draft = draft
    self.isCompressed = isCompressed
    path = "\(folder)/\(stem).nii"
    plan = "\(folder)/\(stem).plan"
    let volume = draft.volume
    pieces = Self.cut(volume.slices * volume.volumes, each: volume.bytesPerSlice)
    // Of Double, as they are resampled.
    looks =
      draft.resampling.map {
        Self.cut(draft.planes.count, each: $0.stack.columns * $0.stack.rows * 8)
      } ?? []
    parts = [GzipMember.Part?](repeating: nil, count: pieces.count)
    waiting = looks.isEmpty ? pieces.count : looks.count
    let head = try draft.volume.header()
    try AtomicFile.fill(plan, with: Self.stored(draft, series))
    descriptor = try AtomicFile.create(path)
    if isCompressed {
      try AtomicFile.append(GzipMember.head, to: descriptor)
      try appendHead(head)
    } else {
      try AtomicFile.append(head, to: descriptor)
      let size = NIfTIVolume.voxelOffset + draft.volume.voxelBytes
      guard ftruncate(descriptor, off_t(size)) == 0 else { throw AtomicFile.failure(errno) }
      finish()
    }
  }

  /// Runs of some of all, of about `pieceBytes`.
  private static func cut(_ total: Int, each bytes: Int) -> [Range<Int>] {
    let count = max(1, pieceBytes / max(bytes, 1))
    return stride(from: 0, to: total, by: count).map { $0..<min($0 + count, total) }
  }

  /// Has the file go once no worker writes to it any more: when nobody holds this any more.
  func abandon() { isAbandoned = true }

  deinit {
    finish()
    if isAbandoned { unsafe unlink(path) }
  }

  private func finish() {
    if descriptor >= 0 { close(descriptor) }
    descriptor = -1
  }

  var isDone: Bool { waiting == 0 }
  /// Whether every piece came whole.
  var isWhole: Bool { isDone && failures.isEmpty && misfits.isEmpty }

  private static func stored(_ draft: VolumeDraft, _ series: VolumeSeries) -> [UInt8] {
    let needed = Set(draft.planes.map(\.instance)).sorted()
    let place = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    return StoredVolumeFile.encode(
      draft.volume, holdsModalityValues: draft.scaling.linear == nil,
      planes: draft.planes.map {
        PlaneReference(instance: place[$0.instance] ?? 0, frame: $0.frame)
      },
      resampling: draft.resampling.map { .init(stack: $0.stack, grid: $0.grid) },
      instances: needed.map {
        StoredVolumeFile.Instance(
          source: series.images[$0].source, header: StoredHeader.encode(series.headers[$0])[...])
      })
  }

  // MARK: Tasks

  /// What workers may be asked for from the beginning.
  var firstTasks: Range<Int> { looks.isEmpty ? lastTasks : looks.indices }
  private var lastTasks: Range<Int> { looks.count..<looks.count + pieces.count }

  /// The value outside of the source: the lowest of the picture, which is air or the edge of what was
  /// measured; 0 where nothing is picture.
  var fill: Float {
    let most = Double(Float.greatestFiniteMagnitude)
    return Float(min(max(lowest ?? 0, -most), most))
  }

  func request(_ task: Int) -> WorkerRequest {
    if task < looks.count { return .look(VoxelLook(plan: plan, planes: looks[task])) }
    let piece = task - looks.count
    let first = NIfTIVolume.voxelOffset + pieces[piece].lowerBound * draft.volume.bytesPerSlice
    return .voxels(
      VoxelRequest(
        plan: plan, slices: pieces[piece], path: isCompressed ? "\(path).\(piece)" : path,
        offset: isCompressed ? nil : first, fill: fill))
  }

  /// Takes what a worker said of a task, and gives back those that can be asked for now.
  func take(_ answer: VoxelAnswer, of task: Int) throws(ImageError) -> Range<Int> {
    waiting -= 1
    defer { if isDone { finish() } }
    failures += answer.failures
    misfits += answer.misfits
    findings += answer.findings
    if task < looks.count {
      lowest = [lowest, answer.lowest].compactMap(\.self).min()
      guard isWhole else { return 0..<0 }
      waiting = pieces.count
      return lastTasks
    }
    parts[task - looks.count + headParts] = answer.part
    guard isCompressed, failures.isEmpty, misfits.isEmpty else { return 0..<0 }
    try appendParts()
    if isDone {
      try AtomicFile.append(GzipMember.tail(of: parts.compactMap(\.self)), to: descriptor)
    }
    return 0..<0
  }

  /// Takes that a task could not be done because of some planes.
  func takeFailure(planes: [Int], _ error: ImageError) {
    waiting -= 1
    failures += planes.map { .init(plane: $0, error: error) }
  }

  // MARK: gzip

  /// The header is a part of its own, before those of the pieces.
  private var headParts: Int { parts.count - pieces.count }

  private func appendHead(_ head: [UInt8]) throws(ImageError) {
    var packed: [UInt8] = []
    let part = unsafe head.span.withUnsafeBytes { head in
      unsafe GzipPartWriter().part(of: head) { unsafe packed = Array($0) }
    }
    try AtomicFile.append(packed, to: descriptor)
    parts.insert(part, at: 0)
    appended = 1
  }

  /// Appends what follows on from what is there.
  private func appendParts() throws(ImageError) {
    while appended < parts.count, let part = parts[appended] {
      let path = "\(path).\(appended - headParts)"
      let bytes = try AtomicFile.read(path)
      guard bytes.count == part.packedBytes else {
        throw ImageError(.outputFailed, "A temporary file of the output is not what was written.")
      }
      try AtomicFile.append(bytes, to: descriptor)
      unsafe unlink(path)
      appended += 1
    }
  }
}
