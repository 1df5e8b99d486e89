import ImageFormats
import MedicalImaging
import Preprocessing

/// Volumes of some series as they are told, and the units of a conversion that show them.
struct SlicePlan {
  /// One volume, or what stands in its place, in the order of its series.
  struct Volume {
    /// As `inspect` counts them, from 1.
    var study, series: Int
    var kind: AssembledVolume.Kind
    var modality: ModalityName
    var dicomModality: String?
    var planes: Int
    /// Millimetres from plane to plane; nil for one, or without a place in the patient.
    var step: Double?
    /// Why it is not one with the rest of its series.
    var reasons: [SplitReason]
    var findings: [GeometryFinding]
    /// What kept it from being cut in a plane that was asked for.
    var notes: [InstanceHeader.Finding]
  }

  /// A slice that was written.
  struct File {
    /// Index of its volume.
    var volume: Int
    /// Place in its volume, or among the sections of its plane, from 0.
    var index: Int
    var row: SliceRow
  }

  private(set) var units: [Unit] = []
  private(set) var volumes: [Volume] = []
  /// Volume and index of each slice that is to be shown, by its key.
  private var places: [String: (volume: Int, index: Int)] = [:]

  /// - Parameter window: that of all grey pictures; nil: as the planner chooses.
  ///
  /// - Throws: `unsupportedPixels` for colour of more bits than can be shown.
  init(_ series: [VolumeSeries], window: Window?, by planner: UnitPlanner) throws {
    for series in series {
      let images = series.images.sorted { planner.identity($0) < planner.identity($1) }
      let shown = UptakeSeries(images, planner.parameters).images
      let assembled = SeriesAssembly.volumes(of: shown.map(\.row.header))
      let first = volumes.count
      volumes += assembled.map { Volume($0, of: series, shown) }

      // A unit holds the volumes of one mapping, groups in their order.
      let groups = Dictionary(grouping: assembled.indices) { assembled[$0].mappingGroup }
      let made = try planner.units(of: images, study: "\(series.study)", subject: "")
      for (unit, group) in zip(made, groups.keys.sorted()) {
        let numbers = (groups[group] ?? []).map { first + $0 }
        add(unit, numbers, planner.pseudonyms)
        var unit = unit
        if let window { unit.displays = try unit.displays.map { try $0.through(window) } }
        units.append(unit)
      }
    }
  }

  /// Takes the slices of a unit, whose volumes have these numbers.
  private mutating func add(_ unit: Unit, _ numbers: [Int], _ pseudonyms: Pseudonyms) {
    func take(_ name: String, _ volume: Int, _ index: Int) {
      places[pseudonyms.key(ofPicture: name, task: "caption")] = (numbers[volume], index)
    }
    var first: [Int: PlannedPlane] = [:]
    for plane in unit.planes {
      if plane.index < first[plane.volume]?.index ?? .max { first[plane.volume] = plane }
      guard plane.isSelected else { continue }
      let identity = unit.instances[plane.instance].identity
      take(PictureSource.name(of: identity, frame: plane.frame), plane.volume, plane.index)
    }
    for section in unit.sections {
      guard let plane = first[section.volume] else { continue }
      let identity = unit.instances[plane.instance].identity
      take(
        PictureSource.name(of: section, first: identity, frame: plane.frame), section.volume,
        section.index)
    }
    for (number, volume) in zip(numbers, unit.volumes) { volumes[number].notes = volume.notes }
  }

  /// What was written of the plan, in the order of volumes, planes and places; volumes learn of planes that
  /// could not be read.
  mutating func files(_ rows: [SliceRow]) -> [File] {
    let files = rows.compactMap { row in
      places[row.key].map { File(volume: $0.volume, index: $0.index, row: row) }
    }
    for file in files { volumes[file.volume].findings = file.row.findings }
    return files.sorted { ($0.volume, $0.word, $0.index) < ($1.volume, $1.word, $1.index) }
  }
}

extension SlicePlan.File {
  /// The plane in which it is shown; of what has none what it is.
  var word: String { row.picture.selection.plane ?? row.picture.selection.kind }
}

extension SlicePlan.Volume {
  fileprivate init(
    _ volume: AssembledVolume, of series: VolumeSeries, _ images: [UnitPlanner.Image]
  ) {
    study = series.study
    self.series = series.number
    kind = volume.kind
    let description = images[volume.planes[0].instance].row.header.description
    modality = ModalityName(description)
    dicomModality = DICOMModality.known(description.modality)
    planes = volume.planes.count
    step = volume.step
    reasons = volume.reasons
    findings = volume.findings
    notes = []
  }
}
