import ImageFormats
import MedicalImaging
import Preprocessing

/// Reads the annotations of a unit: which regions they draw on which of its planes.
struct LabelReader {
  let planes: LabelledPlanes
  let names: StructureNames
  let memoryLimit: Int
  /// Opens the picture of a slide in whose pixels an annotation counts.
  let open: (SourceLocation) throws(ImageError) -> SourceBytes

  /// No annotation of structures has more of them.
  private static let mostRegions = 4096

  /// What came of one annotation.
  struct Outcome {
    /// Volumes whose pixels its own lie beside.
    var refused: Set<Int> = []
    /// Volumes that it lies on, as far as it draws anything there.
    var fitted: Set<Int> = []
  }

  /// Adds what annotation number `index` draws. What does not lie on the pixels of a volume is not drawn
  /// there, nor anything else of that annotation.
  ///
  /// Throws what reading it does, and `.annotation` where it has more structures than any has.
  func read(
    _ annotation: PlannedAnnotation, number index: Int, _ files: ImageFiles,
    into labels: inout UnitLabels
  ) throws(ImageError) -> Outcome {
    var outcome = Outcome()
    switch annotation.kind {
    case .segmentation:
      guard
        case .segmentation(let segmentation) = try DICOMAnnotation.read(
          files.header, memoryLimit: memoryLimit)
      else { throw Self.changed }
      try read(segmentation, index, files, &labels, &outcome)
    case .structureSet:
      guard
        case .structureSet(let set) = try DICOMAnnotation.read(
          files.header, memoryLimit: memoryLimit)
      else { throw Self.changed }
      try read(set, index, &labels, &outcome)
    case .labelVolume:
      try read(labelVolume: annotation, index, files, &labels, &outcome)
    case .bulkAnnotations, .slideShapes:
      try read(shapesOf: annotation, index, files, &labels, &outcome)
    }
    for volume in outcome.refused { labels.remove(annotation: index, volume: volume) }
    return outcome
  }

  static let changed = ImageError(
    .unreadable, "The file has changed since the conversion was planned.",
    remedy: "Run the same command again: it takes in what has changed.")

  private func check(_ count: Int) throws(ImageError) {
    guard count <= Self.mostRegions else {
      throw ImageError(
        .annotation, "It draws more than \(Self.mostRegions) structures.",
        remedy: "Leave it out where its values stand for no structures.")
    }
  }

  // MARK: Segmentations

  private func read(
    _ segmentation: DICOMSegmentation, _ index: Int, _ files: ImageFiles,
    _ labels: inout UnitLabels, _ outcome: inout Outcome
  ) throws(ImageError) {
    try check(segmentation.segments.count)
    let header = segmentation.header
    let decoder = try PlaneDecoder(header: header, files: files, memoryLimit: memoryLimit)
    let frame = header.identity.frameOfReferenceUID
    let listed = segmentation.frames.flatMap(\.references).map(\.sopInstanceUID)
    let volumes = planes.volumes(of: listed + segmentation.listed.map(\.sopInstanceUID))
    var fits: [[LabelledPlanes.Fit]] = []
    for (number, own) in segmentation.frames.enumerated() {
      var facts = header.facts(frame: number)
      facts.geometry = own.geometry
      fits.append(
        planes.fits(
          columns: header.format.columns, rows: header.format.rows,
          grid: facts.grid(header.format),
          references: own.references.map { ($0.sopInstanceUID, $0.frame) },
          frameOfReference: frame, volumes: volumes))
    }
    // Region by region, so that those of a plane come in their order.
    let segments = segmentation.segments.sorted { $0.number < $1.number }
    if segmentation.kind == .labelmap {
      try draw(
        (0..<header.frames).map { $0 }, fits, decoder, header, &outcome,
        regions: Dictionary(
          segments.filter { $0.type?.value != "125040" && $0.number > 0 }.map {
            (Int32(clamping: $0.number), $0)
          }, uniquingKeysWith: { first, _ in first }
        ).sorted { $0.key < $1.key }.map {
          ($0.key, labels.add(region(of: $0.value, index)))
        }, &labels)
      return
    }
    for segment in segments {
      let region = labels.add(region(of: segment, index))
      for number in segmentation.frames.indices
      where segmentation.frames[number].segment == segment.number && !fits[number].isEmpty {
        let plane = try decoder.decode(frame: number).plane
        var mask = PlaneMask(columns: plane.columns, rows: plane.rows, filled: false)
        let numbers = try LabelPlane(plane).numbers
        let least: Int32 =
          if case .fractional(let maximum) = segmentation.kind {
            // Half of what is certain, or full.
            Int32(clamping: (maximum + 1) / 2)
          } else { 1 }
        for at in numbers.indices where numbers[at] >= least { mask.bytes[at] = 1 }
        draw(mask, of: region, fits[number], &labels, &outcome)
      }
    }
  }

  private func region(of segment: DICOMSegmentation.Segment, _ annotation: Int)
    -> UnitLabels.Region
  {
    .init(annotation: annotation, structure: names.name(of: segment), number: segment.number)
  }

  private func draw(
    _ mask: PlaneMask, of region: Int, _ fits: [LabelledPlanes.Fit], _ labels: inout UnitLabels,
    _ outcome: inout Outcome
  ) {
    for fit in fits {
      switch fit {
      case .beside(let volume): outcome.refused.insert(volume)
      case .aligned(let plane, let map):
        outcome.fitted.insert(plane.volume)
        labels.add(map.mask(mask), of: region, volume: plane.volume, index: plane.index)
      }
    }
  }

  // MARK: Numbers of structures in pixels

  /// Draws frames whose pixels hold the numbers of regions.
  private func draw(
    _ frames: [Int], _ fits: [[LabelledPlanes.Fit]], _ decoder: PlaneDecoder,
    _ header: InstanceHeader, _ outcome: inout Outcome, regions: [(label: Int32, region: Int)],
    _ labels: inout UnitLabels
  ) throws(ImageError) {
    for number in frames where !fits[number].isEmpty {
      let plane = try LabelPlane(decoder.decode(frame: number).plane)
      let present = Set(plane.numbers)
      for (label, region) in regions where present.contains(label) {
        draw(plane.mask(of: label), of: region, fits[number], &labels, &outcome)
      }
      // What shows nothing may lie beside all the same.
      for case .beside(let volume) in fits[number] { outcome.refused.insert(volume) }
    }
  }

  private func read(
    labelVolume annotation: PlannedAnnotation, _ index: Int, _ files: ImageFiles,
    _ labels: inout UnitLabels, _ outcome: inout Outcome
  ) throws(ImageError) {
    let volume = try NIfTIReader.read(files.header, matrix: files.matrix)
    let header = try volume.instance(of: files.isPair ? files.voxels : files.header)
    guard header.facts(frame: 0).modality.isIdentity else {
      throw ImageError(
        .annotation, "The volume of labels scales its numbers, which is no way to name structures.",
        remedy: "Save it without a slope.")
    }
    let fits = (0..<header.frames).map { number in
      planes.fits(
        columns: header.format.columns, rows: header.format.rows,
        grid: header.facts(frame: number).grid(header.format), references: [],
        frameOfReference: nil)
    }
    // A volume of labels is of a whole volume: each of its slices has one of the other's, and none is over.
    for (volume, own) in Dictionary(grouping: planes.planes, by: \.volume) {
      let drawn = fits.joined().compactMap { fit -> Int? in
        guard case .aligned(let plane, _) = fit, plane.volume == volume else { return nil }
        return plane.index
      }
      if drawn.count != own.count || Set(drawn).count != own.count
        || fits.count != planes.planeCounts[volume]
      {
        outcome.refused.insert(volume)
      }
    }
    let decoder = try PlaneDecoder(header: header, files: files, memoryLimit: memoryLimit)
    let table =
      try annotation.location.member == nil
      ? LabelTableReader.read(beside: annotation.location.path) : nil
    // In the order in which slices show them first, those of a slice by number.
    var regions: [Int32: Int] = [:]
    for number in fits.indices where !fits[number].isEmpty {
      let plane = try LabelPlane(decoder.decode(frame: number).plane)
      for label in Set(plane.numbers).subtracting([0]).sorted() {
        let region =
          regions[label]
          ?? labels.add(
            .init(
              annotation: index, structure: names.name(ofNumber: Int(label), table),
              number: Int(label)))
        regions[label] = region
        try check(regions.count)
        draw(plane.mask(of: label), of: region, fits[number], &labels, &outcome)
      }
    }
  }

  // MARK: Structure sets

  private func read(
    _ set: DICOMStructureSet, _ index: Int, _ labels: inout UnitLabels, _ outcome: inout Outcome
  ) throws(ImageError) {
    try check(set.structures.count)
    let named = planes.volumes(of: set.references.map(\.sopInstanceUID))
    let own = planes.planes.filter { $0.grid != nil && named?.contains($0.volume) ?? true }
    let byVolume = Dictionary(grouping: own, by: \.volume)
    for structure in set.structures {
      let region = labels.add(
        .init(annotation: index, structure: names.name(of: structure), number: structure.number))
      for (volume, own) in byVolume.sorted(by: { $0.key < $1.key }) {
        let frame = structure.frameOfReferenceUID
        guard frame.isEmpty || own[0].frameOfReference == frame else { continue }
        let found = structure.masks(on: own.compactMap(\.grid))
        for (plane, mask) in zip(own, found.masks) {
          guard let mask else { continue }
          outcome.fitted.insert(volume)
          labels.add(mask, of: region, volume: volume, index: plane.index)
        }
      }
    }
  }
}

extension ModalityTransform {
  fileprivate var isIdentity: Bool { self == .identity }
}

extension LabelReader {
  static let beside = InstanceHeader.Finding(
    "label_geometry",
    "The pixels of an annotation lie beside those of the images that it is of; it was not used there."
  )

  static let besideAll = ImageError(
    .annotation, "Its pixels lie beside those of the images that it is of.",
    remedy: "Export it in the geometry of its images: whole pixels of both must lie on each other.")
}
