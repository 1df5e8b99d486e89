import Glibc
import ImageFormats
import MedicalImaging
import Preprocessing

/// The worker's side of a file of volumes: decodes planes and writes them as voxels, or slices that are
/// resampled from them.
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
  /// Of the plan, where it is resampled.
  private var resampled: ResampledSlices?
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
    let bytes = file.volume.bytesPerSlice
    let size = bytes * request.slices.count
    begun = nil
    guard size + (file.resampling?.memory ?? 0) <= memoryLimit else {
      return tooLarge(file, request)
    }
    if memory.count < size { memory = [UInt8](repeating: 0, count: size) }
    var answer = VoxelAnswer()
    for (index, slice) in request.slices.enumerated() {
      let place = index * bytes..<(index + 1) * bytes
      if let resampling = file.resampling {
        resample(slice, of: file, resampling, request.fill, place, &answer)
        continue
      }
      do throws(ImageError) {
        let outcome = try pack(file, file.planes[slice], place, &answer)
        if case .doesNotFit(let sample) = outcome { answer.misfits.append(sample) }
      } catch {
        answer.failures.append(.init(plane: slice, error: error))
      }
    }
    guard answer.failures.isEmpty, answer.misfits.isEmpty else { return answer }
    answer.part = try write(size, request)
    return answer
  }

  /// Of planes that are to be resampled the lowest value, and what was odd in them.
  ///
  /// - Throws: what reading the plan throws.
  func answer(_ look: VoxelLook) throws(ImageError) -> VoxelAnswer {
    let file = try file(look.plan)
    begun = nil
    var answer = VoxelAnswer()
    for plane in look.planes {
      do throws(ImageError) {
        let lowest = try modalityPlane(file, plane, &answer.findings).lowest
        answer.lowest = [answer.lowest, lowest].compactMap(\.self).min()
      } catch {
        answer.failures.append(.init(plane: plane, error: error))
      }
    }
    return answer
  }

  private func tooLarge(_ file: StoredVolumeFile, _ request: VoxelRequest) -> VoxelAnswer {
    guard file.resampling == nil else {
      // No plane is at fault, and none is of use.
      let error = ImageError(
        .memory, "A slice of the grid that --resample asks for needs more memory than is allowed.",
        remedy: "Ask for a larger spacing, or give more by --memory.")
      return VoxelAnswer(failures: file.planes.indices.map { .init(plane: $0, error: error) })
    }
    let error = ImageError(.memory, "A frame needs more memory than is allowed.")
    return VoxelAnswer(failures: request.slices.map { .init(plane: $0, error: error) })
  }

  private func file(_ path: String) throws(ImageError) -> StoredVolumeFile {
    if let plan, plan.path == path { return plan.file }
    let file = try StoredVolumeFile(AtomicFile.read(path))
    plan = (path, file)
    open = nil
    resampled = nil
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

  // MARK: Resampling

  private func resample(
    _ slice: Int, of file: StoredVolumeFile, _ resampling: StoredVolumeFile.Resampling,
    _ fill: Float, _ place: Range<Int>, _ answer: inout VoxelAnswer
  ) {
    var slices = resampled ?? ResampledSlices(resampling, fill: fill)
    resampled = nil
    defer { resampled = slices }
    // What is odd in planes was said when they were looked at.
    var said: [InstanceHeader.Finding] = []
    var failed: Int?
    do throws(ImageError) {
      try slices.prepare(slice) { (plane) throws(ImageError) in
        failed = plane
        return try modalityPlane(file, plane, &said)
      }
      unsafe memory.withUnsafeMutableBytes {
        unsafe slices.write(slice, to: UnsafeMutableRawBufferPointer(rebasing: $0[place]))
      }
    } catch {
      let isKnown = answer.failures.contains { $0.plane == failed }
      if let failed, !isKnown { answer.failures.append(.init(plane: failed, error: error)) }
    }
  }

  private func modalityPlane(
    _ file: StoredVolumeFile, _ index: Int, _ findings: inout [InstanceHeader.Finding]
  ) throws(ImageError) -> ModalityPlane {
    let plane = file.planes[index]
    let decoder = try decoder(file, plane.instance)
    let header = decoder.header
    let frame = try decoder.decode(frame: plane.frame)
    let format = header.format
    guard frame.plane.columns == format.columns, frame.plane.rows == format.rows,
      frame.plane.samplesPerPixel == 1
    else {
      throw ImageError(
        .damagedPixels, "A frame has another size or other colours than its header says.")
    }
    findings += frame.findings
    return ModalityPlane(
      frame.plane, modality: header.facts(frame: plane.frame).modality, padding: header.padding)
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
