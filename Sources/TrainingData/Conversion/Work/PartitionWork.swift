import CPlatform
import ImageFormats
import MedicalImaging
import Preprocessing

/// The second of the three commands: one partition becomes one shard, or one part of the
/// statistics that others wait for. Plain, synchronous, and the same wherever it runs.
final class PartitionWork {
  let workspace: Workspace
  let partition: Partition
  let opener: SourceOpener
  let memoryLimit: Int
  /// Told of each source before it is opened, with its size.
  let begin: (_ token: String, _ bytes: Int) -> Void
  let job: Job
  /// Sources that a worker died of.
  let excluded: [String: Exclusions.Exclusion]
  /// Planes of ranged units that could not be read, by unit, as far as other partitions know.
  let gaps: [String: [String]]

  var result: PartitionResult
  /// SHA-256 of the files that a source needed, nearest first, by token.
  var digests: [String: [String]] = [:]
  let colors = ColorTransforms()
  let cropping: PictureCropping
  let cutter: PictureCutter
  /// Of the slide whose tiles are read.
  var slideStain: SlideStain?
  /// What the tiling policy refused of the unit that is worked on, with the instances that it is of.
  var refusals: [(instances: [PlannedInstance], error: ImageError)] = []

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
    cutter = try PictureCutter(job.recipe, memoryLimit: memoryLimit)
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
      for annotation in unit.annotations where annotation.token == token {
        var labels = UnitLabels()
        _ = try? read(annotation, number: 0, of: unit, into: &labels)
      }
      for (index, instance) in unit.instances.enumerated() where instance.token == token {
        let planes = unit.planes.filter { $0.instance == index }
        _ = try? read(instance, of: unit, planes: planes) { _, _ in }
      }
    }
  }

  /// Bytes of decoded planes that are held until their statistics are known.
  private static let mostHeld = 256_000_000

  private static let noLabels = InstanceHeader.Finding(
    "mr_foreground",
    "A volume has no labels for its grey mapping to be taken of; Otsu's threshold stood in.")

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
    on planned: Unit, _ writer: SampleWriter, _ spool: Spool
  ) throws -> [SpooledSample] {
    let labels = try labels(of: planned)
    var unit = planned
    if let rule = job.recipe.slices.labelledRule {
      unit.keepPlanes(by: rule, labels)
    }
    let labeller = PictureLabeller(job.recipe.labels, labels)
    var histograms = [ValueHistogram](repeating: ValueHistogram(), count: unit.displays.count)
    for measure in unit.measures {
      histograms[0].merge(try ValueHistogram(bytes: AtomicFile.read(workspace.measure(measure))))
    }
    let waits = unit.displays.map { $0.needsStatistics && unit.measures.isEmpty }
    /// Of what labels cover, where greys are to be taken of that.
    var labelled = [ValueHistogram](repeating: ValueHistogram(), count: unit.displays.count)
    var renderers: [Int: Renderer] = [:]
    func renderer(_ display: Int, for plane: ShownPlane) throws -> Renderer {
      if let made = renderers[display] { return made }
      var plan = unit.displays[display]
      var histogram = plan.isOfEachPlane ? plane.histogram : histograms[display]
      if plan.foreground == .labels {
        if labelled[display].count > 0 {
          histogram = labelled[display]
        } else {
          plan = plan.measured(in: .otsu)
          count(Self.noLabels)
        }
      }
      let made = try Renderer(
        choice: plan.choice(histogram), job: job, colors: colors, cutter: cutter,
        memoryLimit: memoryLimit)
      made.choice.findings.forEach(count)
      if !plan.isOfEachPlane { renderers[display] = made }
      return made
    }

    /// Those of each sample.
    var pictures: [[RenderedPicture]] = []
    var values: [Fingerprint.Kind: ValueHistogram] = [:]
    /// Of planes that are shown in sections alone, by volume.
    var cutValues: [Int: [Fingerprint.Kind: ValueHistogram]] = [:]
    var films: [Int: ProjectedFilm] = [:]
    var held: [(PlannedInstance, PlannedPlane, DecodedFrame, PictureCropping.Outcome)] = []
    func render(
      _ instance: PlannedInstance, _ plane: PlannedPlane, _ frame: DecodedFrame,
      _ outcome: PictureCropping.Outcome
    ) throws {
      guard let header = partition.headers[instance.token] else { return }
      let volume = unit.volumes[plane.volume]
      let orientation = volume.orientation
      var shown = ShownPlane(
        frame, of: header, frame: plane.frame, isSlice: volume.kind == .volume,
        orientation: orientation, crop: outcome.crop)
      if frame.tile != nil { shown.slideStain = slideStain }
      if frame.tile == nil, let microns = instance.slide?.micronsPerPixel {
        shown.nominalSpacing = PixelSpacing(microns)
      }
      let renderer = try renderer(instance.display, for: shown)
      let encoded = try renderer.encode(shown, note: count)
      outcome.findings.forEach(count)
      let labels =
        instance.slide.map { labeller.labels(ofSlide: $0, tile: frame.tile, shape: encoded.shape) }
        ?? labeller.labels(
          ofPlane: plane.index, volume: plane.volume, crop: outcome.crop,
          orientation: shown.orientation, shape: encoded.shape)
      let picture = RenderedPicture(
        origin: .plane(instance, plane), focalPlane: frame.focalPlane, tile: frame.tile,
        shape: encoded.shape,
        orientation: volume.kind == .volume ? orientation : frame.orientation,
        crop: outcome.crop, areas: outcome.areas,
        isColorConverted: encoded.isColorConverted, stain: encoded.stain,
        choice: renderer.choice, tiling: encoded.tiling, files: try spool.append(encoded.files),
        labels: labels)
      pictures.append([picture])
      result.fingerprint.add(
        picture: frame.plane, header, header.facts(frame: plane.frame))
      addValues(of: frame, outcome, plane, instance, to: &values)
    }

    var heldBytes = 0
    var later: [PlannedPlane] = []
    var blocks = VolumeBlocks(unit, partition.headers, memoryLimit: memoryLimit)
    var unread = try readAll(unit) { instance, plane, frame in
      let outcome = outcome(of: frame, plane, instance, unit)
      if let header = partition.headers[instance.token],
        let home = blocks.put(frame.plane, plane, header), !plane.isSelected
      {
        addValues(of: frame, outcome, plane, instance, to: &cutValues[home, default: [:]])
        if films[home] == nil, unit.volumes[home].kind == .cine {
          films[home] = ProjectedFilm(
            instance, first: frame, of: header, frame: plane.frame, outcome)
        }
      }
      if waits[instance.display] {
        add(
          frame.plane, outcome, plane: plane, of: instance, to: &histograms[instance.display])
        if unit.displays[instance.display].foreground == .labels,
          frame.plane.samplesPerPixel == 1,
          let pixels = labels.pixels(of: frame.plane, volume: plane.volume, index: plane.index)
        {
          add(pixels, .init(), plane: plane, of: instance, to: &labelled[instance.display])
        }
        if plane.isSelected, heldBytes + frame.plane.bytes.count <= Self.mostHeld {
          held.append((instance, plane, frame, outcome))
          heldBytes += frame.plane.bytes.count
        } else if plane.isSelected {
          later.append(plane)
        }
      } else if plane.isSelected {
        try tiled([instance]) { try render(instance, plane, frame, outcome) }
      }
    }
    for (instance, plane, frame, outcome) in held {
      let isRejected = try isRejected([instance]) {
        try render(instance, plane, frame, outcome)
      }
      if isRejected { unread.append(plane) }
    }
    held = []
    // Units that labels keep in one piece may be larger than what is held: they are read once more.
    unread += try readAll(unit, again: later) { instance, plane, frame in
      try tiled([instance]) {
        try render(instance, plane, frame, outcome(of: frame, plane, instance, unit))
      }
    }
    while let block = blocks.next(note: count) {
      for (kind, values) in cutValues[block.volume] ?? [:] {
        result.fingerprint.add(values, of: kind)
      }
      let drawn = try labelVolume(labels, block)
      if let rule = job.recipe.slices.labelledRule {
        unit.keepSections(of: block, by: rule, drawn, labels)
      }
      let instances = Set(block.planes.map(\.instance)).sorted().map { unit.instances[$0] }
      let first = unit.instances[block.planes[0].instance]
      /// A section, or three as the channels of the one in the middle.
      func show(_ group: VolumeBlocks.Block.Group) throws -> RenderedPicture {
        let made = group[group.count / 2]
        let renderer = try renderer(first.display, for: made.shown)
        let encoded =
          group.count == 1
          ? try renderer.encode(made.shown, note: count)
          : try renderer.encode(channels: group.map(\.shown), note: count)
        let planes = VolumeBlocks.Block.planes(of: group)
        return RenderedPicture(
          origin: .section(made.section, made.sections, planes), shape: encoded.shape,
          orientation: .upright, mended: block.mended, projections: made.projections,
          channels: group.count == 1 ? [] : group.map(\.section.index), isColorConverted: false,
          choice: renderer.choice, tiling: encoded.tiling, files: try spool.append(encoded.files),
          labels: labeller.labels(
            ofSection: made.section.index, of: made.sections,
            made.projections.isEmpty ? drawn : nil, shape: encoded.shape))
      }
      /// Sections that were shown: neighbours share them.
      var shown: [PlannedSection: RenderedPicture] = [:]
      try block.sections(
        of: unit, projecting: job.recipe.slices.projection.kind,
        neighbours: job.recipe.slices.neighbours
      ) { group in
        _ = try isRejected(instances) {
          guard job.recipe.slices.neighboursAs == .pictures, group.count > 1 else {
            return pictures.append([try show(group)])
          }
          pictures.append(
            try group.map { made in
              let picture = try shown[made.section] ?? show([made])
              shown[made.section] = picture
              return picture
            })
        }
      }
      if let film = films[block.volume] {
        _ = try isRejected(instances) {
          let shown = film.shown(block)
          let renderer = try renderer(first.display, for: shown)
          let encoded = try renderer.encode(shown, note: count)
          film.outcome.findings.forEach(count)
          pictures.append([
            film.picture(
              block, encoded, choice: renderer.choice, files: try spool.append(encoded.files))
          ])
        }
      }
    }
    // Read once more: a volume that is to be cut is not held to be shown as it was acquired.
    let standIns = unit.standIns(for: blocks.uncut).filter { !unread.contains($0) }
    let unreadNow = try readAll(unit, again: standIns) { instance, plane, frame in
      try tiled([instance]) {
        try render(instance, plane, frame, outcome(of: frame, plane, instance, unit))
      }
    }
    unread += unreadNow
    for (kind, values) in values { result.fingerprint.add(values, of: kind) }
    for (number, volume) in unit.volumes.enumerated() {
      let first = planned.planes.first { $0.volume == number && $0.index == volume.first }
      if let first, let header = partition.headers[unit.instances[first.instance].token] {
        if volume.kind == .volume { result.fingerprint.add(volume: volume, header) }
        // Volumes that share a mapping are one histogram.
        if volume.kind == .volume, number == 0,
          ModalityProfile.row(for: header.description).rule == .foreground,
          let landmarks = renderers[0]?.choice.standardLandmarks
        {
          result.fingerprint.add(landmarks: landmarks, header)
        }
        volume.notes.forEach(count)
      }
    }

    var unreadable = Set(unread.map { PlaneName.of($0) })
    // Rows of a slide's tiles leave no gap in a volume.
    let isRange = unit.isRange && unit.volumes.contains { $0.kind == .volume }
    if isRange { unreadable.formUnion(gaps[unit.id] ?? []) }
    if isRange { result.knownGaps[unit.id] = unreadable.sorted() }
    for annotation in Set(pictures.joined().flatMap(\.labels.annotations)).sorted() {
      let token = unit.annotations[annotation].token
      if !result.usedAnnotations.contains(token) { result.usedAnnotations.append(token) }
    }
    settleRefusals(
      used: Set(pictures.joined().flatMap { $0.instances(of: unit) }.map(\.token)))
    return pictures.map { pictures in
      writer.sample(of: pictures, unit: unit, unreadable: unreadable, digests: digests)
    }
  }
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
