import CPlatform
import ImageFormats
import MedicalImaging
import Preprocessing

/// The second of the three commands: one partition becomes one shard, or one part of the
/// statistics that others wait for. Plain, synchronous, and the same wherever it runs.
final class PartitionWork {
  private let workspace: Workspace
  private let partition: Partition
  private let opener: SourceOpener
  private let memoryLimit: Int
  /// Told of each source before it is opened, with its size.
  private let begin: (_ token: String, _ bytes: Int) -> Void
  private let job: Job
  /// Sources that a worker died of.
  private let excluded: [String: Exclusions.Exclusion]
  /// Planes of ranged units that could not be read, by unit, as far as other partitions know.
  private let gaps: [String: [String]]

  private var result: PartitionResult
  /// SHA-256 of the files that a source needed, nearest first, by token.
  private var digests: [String: [String]] = [:]
  private let colors = ColorTransforms()
  private let cropping: PictureCropping

  init(
    workspace: Workspace, partition: Partition, opener: SourceOpener, memoryLimit: Int,
    begin: @escaping (String, Int) -> Void
  ) throws {
    self.workspace = workspace
    self.partition = partition
    self.opener = opener
    self.memoryLimit = memoryLimit
    self.begin = begin
    job = try Job.read(workspace)
    cropping = job.recipe.cropping
    excluded = try Exclusions.read(workspace)
    gaps = try Gaps.read(workspace)
    result = PartitionResult(id: partition.id, split: partition.split)
  }

  func run() throws {
    switch partition.role {
    case .measure: try measure()
    case .work: try work()
    }
    try AtomicFile.write(
      StoredJSON.encode(result), to: workspace.result(partition.id), mode: 0o600, byMany: true)
  }

  /// Reads one source as far as its pixels and forgets them: a worker that survives this was not
  /// ended by that source alone.
  func probe(_ token: String) {
    for unit in partition.units {
      for (index, instance) in unit.instances.enumerated() where instance.token == token {
        let planes = unit.planes.filter { $0.instance == index }
        _ = try? read(instance, of: unit, planes: planes) { _, _ in }
      }
    }
  }

  // MARK: Statistics

  private func measure() throws {
    var histogram = ValueHistogram()
    for unit in partition.units {
      let unread = try readAll(unit) { instance, plane, frame in
        let outcome = outcome(of: frame, plane, instance, unit)
        add(frame.plane, outcome, plane: plane, of: instance, to: &histogram)
      }
      // Planes that become no sample are met here alone.
      result.knownGaps[unit.id] = unread.map { PlaneName.of($0) }.sorted()
    }
    try AtomicFile.write(
      histogram.bytes, to: workspace.measure(partition.id), mode: 0o600,
      byMany: true)
  }

  /// Counts what the fingerprint says of the values of pictures.
  private func addValues(
    of frame: DecodedFrame, _ outcome: PictureCropping.Outcome, _ plane: PlannedPlane,
    _ instance: PlannedInstance, to values: inout [Fingerprint.Kind: ValueHistogram]
  ) {
    guard let header = partition.headers[instance.token], header.palette == nil else { return }
    add(
      frame.plane, outcome, plane: plane, of: instance,
      to: &values[Fingerprint.Kind(header), default: ValueHistogram()])
  }

  private func outcome(
    of frame: DecodedFrame, _ plane: PlannedPlane, _ instance: PlannedInstance, _ unit: Unit
  ) -> PictureCropping.Outcome {
    guard let header = partition.headers[instance.token] else { return .init() }
    return cropping.outcome(
      of: frame.plane, header, frame: plane.frame,
      isSlice: unit.volumes[plane.volume].kind == .volume)
  }

  private func count(_ finding: InstanceHeader.Finding) {
    result.findings[finding.code, default: 0] += 1
  }

  /// Counts what is shown of a plane: what was cropped or blanked says nothing of the picture.
  private func add(
    _ stored: StoredPlane, _ outcome: PictureCropping.Outcome, plane: PlannedPlane,
    of instance: PlannedInstance, to histogram: inout ValueHistogram
  ) {
    guard stored.samplesPerPixel == 1, let header = partition.headers[instance.token] else {
      return
    }
    histogram.add(
      plane: outcome.crop?.pixels(of: stored) ?? stored, padding: header.padding,
      modality: header.facts(frame: plane.frame).modality)
  }

  // MARK: Pictures

  private func work() throws {
    try AtomicFile.makeFolder(workspace.partial)
    let spool = Spool(in: workspace.partial)
    let writer = try SampleWriter(job: job, partition: partition)
    var samples: [SpooledSample] = []
    for unit in partition.units {
      samples += try work(on: unit, writer, spool)
    }
    samples.sort { $0.sample.key < $1.sample.key }
    for sample in samples { result.count(sample.sample) }
    for format in job.formats where !samples.isEmpty {
      begin(WorkerLoop.noSource, spool.count)
      let shard = try format.implementation.write(
        samples, from: spool, partition: partition.id, to: workspace)
      result.shard = result.shard ?? shard
    }
  }

  private func work(
    on unit: Unit, _ writer: SampleWriter, _ spool: Spool
  ) throws -> [SpooledSample] {
    var histograms = [ValueHistogram](repeating: ValueHistogram(), count: unit.displays.count)
    for measure in unit.measures {
      histograms[0].merge(try ValueHistogram(bytes: AtomicFile.read(workspace.measure(measure))))
    }
    let waits = unit.displays.map { $0.needsStatistics && unit.measures.isEmpty }
    var renderers: [Int: Renderer] = [:]
    func renderer(_ display: Int) throws -> Renderer {
      if let made = renderers[display] { return made }
      let made = try Renderer(
        choice: unit.displays[display].choice(histograms[display]), job: job,
        colors: colors, memoryLimit: memoryLimit)
      made.choice.findings.forEach(count)
      renderers[display] = made
      return made
    }

    var pictures: [RenderedPicture] = []
    var values: [Fingerprint.Kind: ValueHistogram] = [:]
    var held: [(PlannedInstance, PlannedPlane, DecodedFrame, PictureCropping.Outcome)] = []
    func render(
      _ instance: PlannedInstance, _ plane: PlannedPlane, _ frame: DecodedFrame,
      _ outcome: PictureCropping.Outcome
    ) throws {
      guard let header = partition.headers[instance.token] else { return }
      let renderer = try renderer(instance.display)
      let volume = unit.volumes[plane.volume]
      let orientation = volume.orientation
      let shown = ShownPlane(
        frame, of: header, frame: plane.frame, isSlice: volume.kind == .volume,
        orientation: orientation, crop: outcome.crop)
      let encoded = try renderer.encode(shown, note: count)
      outcome.findings.forEach(count)
      pictures.append(
        RenderedPicture(
          origin: .plane(instance, plane), focalPlane: frame.focalPlane, shape: encoded.shape,
          orientation: volume.kind == .volume ? orientation : frame.orientation,
          crop: outcome.crop, areas: outcome.areas,
          isColorConverted: encoded.isColorConverted, choice: renderer.choice,
          bytes: try spool.append(encoded.bytes)))
      result.fingerprint.add(
        picture: frame.plane, header, header.facts(frame: plane.frame))
      addValues(of: frame, outcome, plane, instance, to: &values)
    }

    var blocks = VolumeBlocks(unit, partition.headers, memoryLimit: memoryLimit)
    var unread = try readAll(unit) { instance, plane, frame in
      let outcome = outcome(of: frame, plane, instance, unit)
      if blocks.put(frame.plane, plane), !plane.isSelected {
        addValues(of: frame, outcome, plane, instance, to: &values)
      }
      if waits[instance.display] {
        add(
          frame.plane, outcome, plane: plane, of: instance, to: &histograms[instance.display])
        if plane.isSelected { held.append((instance, plane, frame, outcome)) }
      } else if plane.isSelected {
        try render(instance, plane, frame, outcome)
      }
    }
    for (instance, plane, frame, outcome) in held {
      do {
        try render(instance, plane, frame, outcome)
      } catch let error as ImageError where !error.isOfTheRun {
        reject(instance, error, sha256: digests[instance.token]?.last)
        unread.append(plane)
      }
    }
    held = []
    for (block, volume) in blocks.finished(note: count) {
      let first = unit.instances[block.planes[0].instance]
      let renderer = try renderer(first.display)
      try block.sections(of: unit, volume) { section, sections, shown in
        let encoded = try renderer.encode(shown, note: count)
        pictures.append(
          RenderedPicture(
            origin: .section(section, sections, block.planes), shape: encoded.shape,
            orientation: .upright, isColorConverted: false, choice: renderer.choice,
            bytes: try spool.append(encoded.bytes)))
      }
    }
    for (kind, values) in values { result.fingerprint.add(values, of: kind) }
    for (number, volume) in unit.volumes.enumerated() where volume.kind == .volume {
      let first = unit.planes.first { $0.volume == number && $0.index == volume.first }
      if let first, let header = partition.headers[unit.instances[first.instance].token] {
        result.fingerprint.add(volume: volume, header)
        volume.notes.forEach(count)
      }
    }

    var unreadable = Set(unread.map { PlaneName.of($0) })
    if unit.isRange { unreadable.formUnion(gaps[unit.id] ?? []) }
    if unit.isRange { result.knownGaps[unit.id] = unreadable.sorted() }
    return pictures.map { picture in
      writer.sample(of: picture, unit: unit, unreadable: unreadable, digests: digests)
    }
  }

  // MARK: Reading

  /// Decodes the planes of a unit, each instance opened once; returns the planes that could not be
  /// read, whose instances are rejects then.
  @discardableResult
  private func readAll(
    _ unit: Unit,
    _ use: (PlannedInstance, PlannedPlane, DecodedFrame) throws -> Void
  ) throws -> [PlannedPlane] {
    let byInstance = Dictionary(grouping: unit.planes, by: \.instance)
    var unread: [PlannedPlane] = []
    for (index, instance) in unit.instances.enumerated() {
      guard let planes = byInstance[index] else { continue }
      if let exclusion = excluded[instance.token] {
        reject(instance, exclusion.error, sha256: exclusion.sha256)
        unread += planes
        continue
      }
      begin(instance.token, instance.allBytes)
      var done = Set<PlannedPlane>()
      do {
        try read(instance, of: unit, planes: planes) { plane, frame in
          try use(instance, plane, frame)
          done.insert(plane)
        }
      } catch let error as ImageError where !error.isOfTheRun {
        reject(instance, error, sha256: digests[instance.token]?.last)
      }
      unread += planes.filter { !done.contains($0) }
    }
    return unread
  }

  /// Decodes some planes of one instance; those that cannot be decoded are left out, and the first
  /// reason is thrown after the others are used.
  private func read(
    _ instance: PlannedInstance, of unit: Unit, planes: [PlannedPlane],
    _ use: (PlannedPlane, DecodedFrame) throws -> Void
  ) throws {
    guard let header = partition.headers[instance.token] else { return }
    let files = try opener.files(instance, of: header)
    // A header that is no pair's may have the name of one, with voxels of others beside it.
    let isUnchanged =
      try files.count == instance.allBytes
      || !files.isPair && opener.bytes(instance.location) == instance.bytes
    guard isUnchanged else {
      // Where its header says that pixels are, there may be anything now.
      throw ImageError(
        .unreadable, "The file has changed since the conversion was planned.",
        remedy: "Run the same command again: it takes in what has changed.")
    }
    if digests[instance.token] == nil { digests[instance.token] = files.sha256 }
    let decoder = try PlaneDecoder(
      header: header, files: files, memoryLimit: memoryLimit,
      focalPlane: job.recipe.slides.focalPlane.map { .ofSeveral($0) } ?? .middle)
    var failure: ImageError?
    // In the order of the file: a compressed volume is inflated once.
    for plane in planes.sorted(by: { $0.frame < $1.frame }) {
      do {
        let frame = try decoder.decode(frame: plane.frame)
        guard frame.plane.samplesPerPixel == header.format.samplesPerPixel else {
          throw ImageError(
            .damagedPixels,
            "The header says grey and the pixel data colour, or the other way round.")
        }
        guard job.recipe.truncated == .accept || !frame.lacksTiles else {
          throw ImageError(
            .truncated, "Tiles of the slide are missing, and the recipe rejects such sources.",
            remedy: "Export the whole series again.")
        }
        frame.findings.forEach(count)
        try use(plane, frame)
      } catch let error as ImageError where !error.isOfTheRun {
        failure = failure ?? error
      }
    }
    if let failure { throw failure }
  }

  private func reject(_ instance: PlannedInstance, _ error: ImageError, sha256: String?) {
    guard !result.rejects.contains(where: { $0.token == instance.token }) else { return }
    result.rejects.append(Reject(token: instance.token, sha256: sha256, error: error))
  }
}

extension DecodedFrame {
  fileprivate var lacksTiles: Bool { findings.contains { $0.code == "tiles_missing" } }
}

/// How a plane of a unit is called in the list of gaps.
enum PlaneName {
  static func of(_ plane: PlannedPlane) -> String { "\(plane.volume).\(plane.index)" }
}

extension ImageError {
  /// Whether it ends the run rather than costing one source.
  var isOfTheRun: Bool {
    [.outputFull, .outputFailed, .outputTaken, .outputLocked].contains(code)
  }
}
