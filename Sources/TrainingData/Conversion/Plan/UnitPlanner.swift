import ImageFormats
import MedicalImaging
import Preprocessing

/// Turns the images of one study into units: volumes, what they are shown with, and which of their
/// planes become samples.
struct UnitPlanner {
  let recipe: Recipe
  let pseudonyms: Pseudonyms
  let parameters: DisplayParameters

  /// One image as the plan holds it.
  struct Image {
    var source: WorkerRequest.Source
    var row: PlanState.ImageRow
  }

  /// The units of one study; all whole. Images come sorted by series and token.
  func units(of images: [Image], study: String, subject: String) throws -> [Unit] {
    var units: [Unit] = []
    var start = 0
    while start < images.count {
      let series = images[start].row.series
      let end = images[start...].firstIndex { $0.row.series != series } ?? images.count
      units += try seriesUnits(
        Array(images[start..<end]), study: study, series: series, subject: subject)
      start = end
    }
    return units
  }

  private func seriesUnits(
    _ images: [Image], study: String, series: String, subject: String
  ) throws -> [Unit] {
    // The order of discovery must not reach the volumes: identities are the same everywhere.
    let all = images.map { (identity($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    let images = all.filter { $0.row.header.slide == nil }
    let volumes = SeriesAssembly.volumes(of: images.map(\.row.header))
    let groups = Dictionary(grouping: volumes, by: \.mappingGroup)
    return try groups.keys.sorted().map { group in
      try unit(
        of: groups[group] ?? [], images: images, names: (subject, study, series), group: group)
    } + slideUnits(all, names: (subject, study, series))
  }

  private func unit(
    of volumes: [AssembledVolume], images: [Image],
    names: (subject: String, study: String, series: String), group: Int
  ) throws -> Unit {
    let needed = Set(volumes.flatMap { $0.planes.map(\.instance) }).sorted()
    let place = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    let isShared =
      volumes[0].kind == .volume
      && ModalityProfile.row(for: images[needed[0]].row.header.description).scope == .volume
    let displays =
      try isShared
      ? [display(needed.map { images[$0] }, planes: volumes.flatMap(\.planes), all: images)]
      : needed.map { index in
        let planes = volumes.flatMap(\.planes).filter { $0.instance == index }
        return try display([images[index]], planes: planes, all: images)
      }

    var planes: [PlannedPlane] = []
    for (number, volume) in volumes.enumerated() {
      let chosen = Set(selection(volume.kind).indices(of: volume.planes.count))
      for (index, plane) in volume.planes.enumerated() {
        let instance = place[plane.instance] ?? 0
        let isSelected = chosen.contains(index)
        guard isSelected || displays[isShared ? 0 : instance].needsStatistics else { continue }
        planes.append(
          PlannedPlane(
            instance: instance, frame: plane.frame, volume: number, index: index,
            isSelected: isSelected))
      }
    }
    return Unit(
      id: pseudonyms.name("unit", "\(names.series)\0\(group)\0\(identity(images[needed[0]]))"),
      subject: names.subject, study: names.study, series: names.series,
      instances: needed.enumerated().map { position, index in
        let image = images[index]
        return PlannedInstance(
          token: image.source.token, identity: identity(image), location: image.source.location,
          bytes: image.source.bytes, display: isShared ? 0 : position,
          planeBytes: image.row.header.planeBytes())
      },
      planes: planes,
      volumes: volumes.enumerated().map { number, volume in
        PlannedVolume(
          kind: volume.kind, planeCount: volume.planes.count,
          first: planes.first { $0.volume == number && $0.isSelected }?.index, step: volume.step,
          findings: volume.findings)
      },
      displays: displays, isRange: false, measures: [])
  }

  private func display(
    _ images: [Image], planes: [PlaneReference], all: [Image]
  ) throws -> DisplayPlan {
    let header = images[0].row.header
    return try DisplayPlan(
      description: header.description, format: header.format,
      frames: planes.map { all[$0.instance].row.header.facts(frame: $0.frame) },
      parameters: parameters)
  }

  private func selection(_ kind: AssembledVolume.Kind) -> SliceSelection {
    switch kind {
    case .volume: recipe.slices.rule
    case .cine: recipe.frames.rule
    case .pictures, .slide: .all
    }
  }

  /// HMAC of the SOP Instance UID; of the file's SHA-256 where that UID is missing or repeated.
  func identity(_ image: Image) -> String {
    let uid = image.row.header.identity.sopInstanceUID
    if uid.isEmpty || image.row.isRepeated {
      return pseudonyms.name("instance", "sha256:" + (image.row.sha256 ?? image.source.token))
    }
    return pseudonyms.name("instance", uid)
  }
}

extension Unit {
  /// Bytes of its decoded planes: what reading, holding and encoding them costs.
  var weight: Int { planes.reduce(0) { $0 + instances[$1.instance].planeBytes } }

  var needsStatistics: Bool { displays.contains(where: \.needsStatistics) }
}

extension InstanceHeader {
  /// Bytes of one decoded plane of so many columns and rows, of pages of unlike sizes those of the
  /// largest; not less than what handling a small one costs, nor more than what no worker decodes, for
  /// headers of pictures can claim more than a number can say.
  func planeBytes(of size: [Int]? = nil) -> Int {
    let page = pixels.largestPage > 0 ? [pixels.largestPage] : [format.columns, format.rows]
    let sample = max(format.bitsAllocated / 8, 1)
    let bytes = ((size ?? page) + [format.samplesPerPixel, sample]).reduce(1) {
      let (product, overflow) = $0.multipliedReportingOverflow(by: $1)
      return overflow ? Self.mostPlaneBytes : min(product, Self.mostPlaneBytes)
    }
    return max(bytes, 16_384)
  }

  private static let mostPlaneBytes = 1 << 32
}
