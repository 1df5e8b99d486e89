import Glibc
import ImageFormats
import MedicalImaging

/// The worker's side of a file of volumes: decodes planes and writes them as voxels.
///
/// The file's plan, the instance that was read last and the memory of a piece are kept from one piece
/// to the next.
final class VoxelWork {
  private let opener: SourceOpener
  private let memoryLimit: Int
  private let begin: (_ token: String, _ bytes: Int) -> Void
  private lazy var gzip = GzipPartWriter()
  private var plan: (path: String, file: StoredVolumeFile)?
  private var open: (instance: Int, decoder: FrameDecoder)?
  private var memory: [UInt8] = []
  /// The instance of this piece that was named as begun.
  private var begun: Int?

  init(
    opener: SourceOpener, memoryLimit: Int, begin: @escaping (_ token: String, _ bytes: Int) -> Void
  ) {
    self.opener = opener
    self.memoryLimit = memoryLimit
    self.begin = begin
  }

  /// - Throws: `outputFull`, `outputFailed` or `permission` where the piece cannot be written, and
  ///   what reading the plan throws: none of them is a source's fault.
  func answer(_ request: VoxelRequest) throws(ImageError) -> VoxelAnswer {
    let file = try file(request.plan)
    let slice = file.volume.bytesPerSlice
    let size = slice * request.planes.count
    begun = nil
    guard size <= memoryLimit else { return tooLarge(file, request) }
    if memory.count < size { memory = [UInt8](repeating: 0, count: size) }
    var answer = VoxelAnswer()
    for (index, plane) in request.planes.enumerated() {
      let place = index * slice..<(index + 1) * slice
      do throws(ImageError) {
        let outcome = try pack(file, file.planes[plane], place, &answer)
        if case .doesNotFit(let sample) = outcome { answer.misfits.append(sample) }
      } catch {
        answer.failures.append(.init(plane: plane, error: error))
      }
    }
    guard answer.failures.isEmpty, answer.misfits.isEmpty else { return answer }
    answer.part = try write(size, request)
    return answer
  }

  private func tooLarge(_ file: StoredVolumeFile, _ request: VoxelRequest) -> VoxelAnswer {
    let error = ImageError(.memory, "A frame needs more memory than is allowed.")
    return VoxelAnswer(failures: request.planes.map { .init(plane: $0, error: error) })
  }

  private func file(_ path: String) throws(ImageError) -> StoredVolumeFile {
    if let plan, plan.path == path { return plan.file }
    let file = try StoredVolumeFile(AtomicFile.read(path))
    plan = (path, file)
    open = nil
    return file
  }

  // MARK: Reading

  private func pack(
    _ file: StoredVolumeFile, _ plane: PlaneReference, _ place: Range<Int>,
    _ answer: inout VoxelAnswer
  ) throws(ImageError) -> VoxelPacker.Outcome {
    let decoder = try decoder(file, plane.instance)
    let header = decoder.header
    let transform =
      file.holdsModalityValues ? header.facts(frame: plane.frame).modality : nil
    let packer = VoxelPacker(file.volume)
    let quick = try unsafe memory.withBytes(in: place) { (out) throws(ImageError) in
      try unsafe packer.pack(frame: plane.frame, of: decoder, transform, into: out)
    }
    if let quick { return quick }
    let frame = try decoder.decode(frame: plane.frame)
    answer.findings += frame.findings
    var picture = frame.plane
    if let palette = header.palette, picture.samplesPerPixel == 1 {
      picture = PaletteColor.rgb(picture, palette)
    }
    return try unsafe memory.withBytes(in: place) { (out) throws(ImageError) in
      try unsafe packer.pack(picture, transform, into: out)
    }
  }

  private func decoder(_ file: StoredVolumeFile, _ instance: Int) throws(ImageError)
    -> FrameDecoder
  {
    let stored = try file.instance(instance)
    // Once a piece: where it ends this process, it is known to have done so.
    if begun != instance { begin(stored.source.token, stored.source.bytes) }
    begun = instance
    if let open, open.instance == instance { return open.decoder }
    open = nil
    let bytes = try opener.open(stored.source.location)
    guard bytes.count == stored.source.bytes else {
      // Where its header says that pixels are, there may be anything now.
      throw ImageError(
        .unreadable, "The file has changed since its header was read.",
        remedy: "Run the same command again.")
    }
    let header = try StoredHeader.decode(stored.header)
    let decoder = try FrameDecoder(header: header, bytes: bytes, memoryLimit: memoryLimit)
    open = (instance, decoder)
    return decoder
  }

  // MARK: Writing

  private func write(_ size: Int, _ request: VoxelRequest) throws(ImageError) -> GzipMember.Part? {
    let flags = request.offset == nil ? O_CREAT | O_TRUNC : 0
    let descriptor = unsafe Glibc.open(request.path, flags | O_WRONLY | O_CLOEXEC, 0o600)
    guard descriptor >= 0 else { throw AtomicFile.failure(errno) }
    defer { close(descriptor) }
    return try unsafe memory.withBytes(in: 0..<size) { (piece) throws(ImageError) in
      let bytes = UnsafeRawBufferPointer(piece)
      if let offset = request.offset {
        try unsafe AtomicFile.write(bytes, to: descriptor, at: offset)
        return nil
      }
      return try unsafe gzip.part(of: bytes) { (packed) throws(ImageError) in
        try unsafe AtomicFile.write(packed, to: descriptor, at: 0)
      }
    }
  }
}

extension [UInt8] {
  /// Calls `body` with a range of the array's memory; typed errors pass through.
  fileprivate mutating func withBytes<Result>(
    in range: Range<Int>,
    _ body: (UnsafeMutableRawBufferPointer) throws(ImageError) -> Result
  ) throws(ImageError) -> Result {
    // The standard library's own function forgets the type of an error.
    let result = unsafe withUnsafeMutableBytes { all -> Swift.Result<Result, ImageError> in
      do throws(ImageError) {
        return .success(try unsafe body(UnsafeMutableRawBufferPointer(rebasing: all[range])))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }
}
