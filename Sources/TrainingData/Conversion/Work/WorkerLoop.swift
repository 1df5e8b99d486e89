import CPlatform
import Glibc
import ImageFormats
import MedicalImaging

/// The other side of `WorkerPool`: reads requests from standard input, answers on standard output.
public struct WorkerLoop {
  /// Stands for a token where no source is being read, but time must be allowed.
  static let noSource = "-"

  private let output = LineOutput(descriptor: STDOUT_FILENO)
  private let opener: SourceOpener
  private let memoryLimit: Int
  /// Called with each source's token before it is opened; tests make workers misbehave here.
  private let willOpen: (String) -> Void
  private let voxels: VoxelWork
  private let tiles: TileWork

  /// Binds the process to its parent and its memory, then serves until the input ends.
  ///
  /// - Parameters:
  ///   - parent: the process that started this one; when it ends, so does this one.
  ///   - memoryBytes: the address space that this process may have; 0 for no bound.
  public static func run(
    parent: Int, memoryBytes: Int, willOpen: @escaping (String) -> Void = { _ in }
  ) throws {
    gp_die_with_parent(pid_t(parent))
    gp_no_core_file()
    if memoryBytes > 0 { _ = gp_limit_address_space(UInt64(memoryBytes)) }
    // Half of it for one source's pixels: the other half holds its bytes and its picture.
    let limit = memoryBytes > 0 ? memoryBytes / 2 : Int.max / 2
    let loop = WorkerLoop(
      opener: SourceOpener(memoryLimit: limit), memoryLimit: limit, willOpen: willOpen)
    while let line = readLine() {
      do {
        try loop.serve(StoredJSON.decode(WorkerRequest.self, line.utf8))
        loop.output.line(".", [])
      } catch let error as ImageError {
        // Not a source's fault: the run ends with this error.
        loop.output.line("!", StoredJSON.encode(error))
      }
    }
  }

  private init(
    opener: SourceOpener, memoryLimit: Int, willOpen: @escaping (String) -> Void
  ) {
    self.opener = opener
    self.memoryLimit = memoryLimit
    self.willOpen = willOpen
    let output = output
    let begin: (String, Int) -> Void = { token, bytes in
      output.begin(token, bytes)
      willOpen(token)
    }
    voxels = VoxelWork(opener: opener, memoryLimit: memoryLimit, begin: begin)
    tiles = TileWork(opener: opener, memoryLimit: memoryLimit, begin: begin)
  }

  private func serve(_ request: WorkerRequest) throws {
    switch request {
    case .scan(let sources): readEach(sources, scan)
    case .annotations(let sources): readEach(sources, annotation)
    case .digest(let sources, let headers):
      for (index, source) in sources.enumerated() {
        begin(source.token, source.bytes)
        let header = headers.isEmpty ? nil : try StoredHeader.decode(headers[index].utf8)
        output.line("=", StoredJSON.encode(digest(source, header)))
      }
    case .work(let workspace, let id):
      let work = try PartitionWork(
        workspace: workspace, partition: PartitionFile.read(workspace, id), opener: opener,
        memoryLimit: memoryLimit, begin: begin)
      try work.run()
    case .probe(let workspace, let id, let token):
      let work = try PartitionWork(
        workspace: workspace, partition: PartitionFile.read(workspace, id), opener: opener,
        memoryLimit: memoryLimit, begin: begin)
      work.probe(token)
    case .voxels(let request):
      output.line("=", StoredJSON.encode(try voxels.answer(request)))
    case .look(let look):
      output.line("=", StoredJSON.encode(try voxels.answer(look)))
    case .tiles(let request):
      output.line("=", StoredJSON.encode(try tiles.answer(request)))
    }
  }

  private func begin(_ token: String, _ bytes: Int) {
    output.begin(token, bytes)
    if token != Self.noSource { willOpen(token) }
  }

  /// Answers for each source, with what was read of it.
  private func readEach<Read: FieldCoded>(
    _ sources: [WorkerRequest.Source],
    _ read: (WorkerRequest.Source, inout Read?) -> WorkerAnswer
  ) {
    for source in sources {
      begin(source.token, source.bytes)
      var found: Read?
      let answer = read(source, &found)
      let tail = found.map { [UInt8(ascii: "\t")] + StoredFields.encode($0) } ?? []
      output.line("=", StoredJSON.encode(answer) + tail)
    }
  }

  // MARK: Single sources

  private func scan(
    _ source: WorkerRequest.Source, _ header: inout InstanceHeader?
  ) -> WorkerAnswer {
    let token = source.token
    var isPicture = false
    do throws(ImageError) {
      if let kind = try opener.archive(in: source.location) {
        guard try !opener.isVoxels(source.location) else {
          return .leftOut(token: token, kind: "voxels")
        }
        return try scan(archive: kind, source)
      }
      if try opener.isTooLargeSlide(source.location) { return .copyOut(token: token) }
      let bytes = try opener.open(source.location)
      let format = ImageFormats.recognise(head: bytes.head(ImageFormats.headCount))
      if format?.role != .dicom {
        guard try !opener.isVoxels(source.location) else {
          return .leftOut(token: token, kind: "voxels")
        }
        if let answer = try scan(slide: bytes, source, &header) { return answer }
      }
      switch format?.role {
      case nil: return .leftOut(token: token, kind: "other")
      case .leftOut(let kind): return .leftOut(token: token, kind: kind)
      case .archive(let kind): return try scan(archive: kind, source)
      case .refused:
        throw ImageError(
          .unsupportedFormat, "It is \(format?.name ?? ""), which is not read.",
          remedy: "Convert it to NIfTI or DICOM, or leave it out.")
      case .volume:
        let volume = try NIfTIReader.read(bytes)
        guard !volume.isLabels else { return .leftOut(token: token, kind: "labels") }
        guard volume.isPair else {
          header = try volume.instance(of: bytes)
          return .image(token: token)
        }
        let files = try opener.pair(source.location)
        header = try NIfTIReader.read(files.header, matrix: files.matrix)
          .instance(of: files.voxels)
        return .image(token: token)
      case .picture:
        isPicture = true
        let picture = try PictureReader.instance(
          of: bytes, named: source.location.member == nil ? source.location.path : nil,
          memoryLimit: memoryLimit)
        // Whole numbers have a white; which number is white in other colours, nothing says.
        guard picture.format.samplesPerPixel == 1 || !picture.format.isFloat else {
          throw ImageError(
            .unsupportedPixels, "The picture has colours in floating-point numbers.",
            remedy: "Save it again with 8 or 16 bits a colour, or leave it out.")
        }
        header = picture
        return .image(token: token)
      case .dicom: return scan(dicom: bytes, source, &header)
      }
    } catch {
      return .rejected(token: token, error, ofPicture: isPicture)
    }
  }

  /// What is no image says at least which instance it is: others may refer to it.
  private func scan(
    dicom bytes: SourceBytes, _ source: WorkerRequest.Source, _ header: inout InstanceHeader?
  ) -> WorkerAnswer {
    let token = source.token
    func leftOut(_ kind: String) -> WorkerAnswer {
      .leftOut(
        token: token, kind: kind, instance: DICOMReader.instanceUID(ofMetaHeader: bytes))
    }
    do throws(ImageError) {
      switch try DICOMReader.read(bytes, memoryLimit: memoryLimit) {
      case .image(let found):
        header = found
        return .image(token: token)
      case .leftOut(let kind): return leftOut(kind.rawValue)
      case .slide:
        let (picture, found) = try SlideReader.instance(
          bytes, path: source.location.member == nil ? source.location.path : nil,
          memoryLimit: memoryLimit)
        guard let found else { return leftOut("slide_\(picture.rawValue)") }
        header = found
        return .image(token: token)
      case .mediaDirectory: return .directory(token: token, files: try DICOMDirectory.read(bytes))
      }
    } catch {
      return .rejected(
        token: token, error, ofPicture: false,
        instance: DICOMReader.instanceUID(ofMetaHeader: bytes))
    }
  }

  private func annotation(_ source: WorkerRequest.Source, _ record: inout AnnotationRecord?)
    -> WorkerAnswer
  {
    do throws(ImageError) {
      let bytes = try opener.open(source.location)
      record = try DICOMAnnotation.read(bytes, memoryLimit: memoryLimit).record()
      return .annotation(token: source.token)
    } catch {
      return .rejected(token: source.token, error, ofPicture: false)
    }
  }

  private func scan(archive kind: ArchiveKind, _ source: WorkerRequest.Source)
    throws(ImageError) -> WorkerAnswer
  {
    if kind == .compressed, !(try opener.isTar(source.location)) {
      if let kind = ImageFormats.leftOut(inGzip: try opener.head(source.location)) {
        return .leftOut(token: source.token, kind: kind)
      }
      throw ImageError(
        .unsupportedFormat, "It is a compressed file that holds no tar.",
        remedy: "Unpack it and name what is in it.")
    }
    return .archive(token: source.token, kind: kind)
  }

  /// What becomes of a slide of a microscope's maker; nil where it is none.
  private func scan(
    slide bytes: SourceBytes, _ source: WorkerRequest.Source, _ header: inout InstanceHeader?
  ) throws(ImageError) -> WorkerAnswer? {
    let path = source.location.path
    let claim = SlideClaim(bytes, named: source.member ?? path)
    if claim == .several, source.member != nil {
      throw ImageError(
        .unsupportedFormat, "It is a slide of several files, and in an archive they have no place.",
        remedy: "Unpack the archive and name the folder.")
    }
    if source.location.member != nil {
      return claim == .slide || claim == .database ? .copyOut(token: source.token) : nil
    }
    guard try SlideReader.recognises(path: path, claim: claim) else { return nil }
    header = try SlideReader.instance(path: path, memoryLimit: memoryLimit)
    return .image(token: source.token)
  }

  private func digest(
    _ source: WorkerRequest.Source, _ header: InstanceHeader?
  ) -> WorkerAnswer {
    let token = source.token
    let opened =
      header.map { header in try? opener.files(source.location, of: header) }
      ?? (try? opener.open(source.location)).map { ImageFiles($0) }
    guard let files = opened else { return .digest(token: token, sha256: nil, pixels: nil) }
    let digests = files.sha256
    // Of a pair, both files make it what it is.
    let sha256 = digests.count == 1 ? digests[0] : SHA256.hash(digests.joined()).hex
    // What has no UID has no twin by it either, and nothing to compare pixels with.
    let pixels = header.flatMap { header in
      header.identity.sopInstanceUID.isEmpty ? nil : try? pixelDigest(files, header)
    }
    return .digest(token: token, sha256: sha256, pixels: pixels)
  }

  /// SHA-256 of what makes a picture of stored values, and the stored values of all frames.
  private func pixelDigest(_ files: ImageFiles, _ header: InstanceHeader) throws -> String {
    let decoder = try PlaneDecoder(header: header, files: files, memoryLimit: memoryLimit)
    var hash = SHA256()
    var meaning = Array(header.format.photometric.rawValue.utf8)
    for table in header.palette ?? [] { meaning += Array(table.sha256.utf8) }
    meaning += header.colorProfile ?? []
    unsafe meaning.withUnsafeBytes { unsafe hash.update($0) }
    for frame in 0..<header.frames {
      let plane = try decoder.decode(frame: frame).plane
      let shape = Array(
        "\(plane.rows) \(plane.columns) \(plane.samplesPerPixel) \(plane.sample)\0".utf8)
      unsafe shape.withUnsafeBytes { unsafe hash.update($0) }
      unsafe plane.bytes.withUnsafeBytes { unsafe hash.update($0) }
    }
    return hash.finish().hex
  }
}

/// Lines to a descriptor, each written whole.
struct LineOutput {
  let descriptor: Int32

  /// Says that a source is begun.
  func begin(_ token: String, _ bytes: Int) { line(">", Array("\(token) \(bytes)".utf8)) }

  /// A line of one mark, a space and bytes without a line feed.
  func line(_ mark: Character, _ bytes: [UInt8]) {
    // A parent that is gone takes this process with it; nothing is left to be told.
    try? AtomicFile.append(Array("\(mark) ".utf8) + bytes + [UInt8(ascii: "\n")], to: descriptor)
  }
}
