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

  /// What is known of a study's images besides what their headers say.
  struct Marks {
    /// In the order of their identities, each with the images that it is of, by token.
    var annotations: [(annotation: PlannedAnnotation, images: Set<String>)] = []
    /// By token, those that somebody marked, and which of their frames; none where all are meant.
    var keyImages: [String: Set<Int>] = [:]
  }

  /// The units of one study; all whole. Images come sorted by series and token.
  func units(of images: [Image], study: String, subject: String, marks: Marks = Marks()) throws
    -> [Unit]
  {
    var units: [Unit] = []
    var start = 0
    while start < images.count {
      let series = images[start].row.series
      let end = images[start...].firstIndex { $0.row.series != series } ?? images.count
      units += try seriesUnits(
        Array(images[start..<end]), study: study, series: series, subject: subject, marks)
      start = end
    }
    return units
  }

  private func seriesUnits(
    _ images: [Image], study: String, series: String, subject: String, _ marks: Marks
  ) throws -> [Unit] {
    // The order of discovery must not reach the volumes: identities are the same everywhere.
    let all = images.map { (identity($0), $0) }.sorted { $0.0 < $1.0 }.map(\.1)
    let uptake = UptakeSeries(all.filter { $0.row.header.slide == nil }, parameters)
    let volumes = SeriesAssembly.volumes(of: uptake.images.map(\.row.header))
    let choice = VolumeChoice(volumes, uptake.images.map(\.row.header), recipe.volumes)
    let groups = Dictionary(grouping: volumes.indices, by: { volumes[$0].mappingGroup })
    let names = (subject, study, series)
    return try groups.keys.sorted().compactMap { group in
      let members = groups[group] ?? []
      guard !choice.shown.isDisjoint(with: members) else { return nil }
      return try unit(
        of: members, in: volumes, choice, uptake, names: names, group: group,
        marks)
    } + slideUnits(all, names: names, marks)
  }

  private func unit(
    of members: [Int], in series: [AssembledVolume], _ choice: VolumeChoice,
    _ uptake: UptakeSeries, names: (subject: String, study: String, series: String), group: Int,
    _ marks: Marks
  ) throws -> Unit {
    let volumes = members.map { series[$0] }
    let images = uptake.images
    let needed = Set(volumes.flatMap { $0.planes.map(\.instance) }).sorted()
    let place = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    let isShared =
      volumes[0].kind == .volume
      && ModalityProfile.row(for: images[needed[0]].row.header.description).scope == .volume
    let displays =
      try isShared
      ? [display(needed.map { images[$0] }, planes: volumes.flatMap(\.planes), of: uptake)]
      : needed.map { index in
        let planes = volumes.flatMap(\.planes).filter { $0.instance == index }
        return try display([images[index]], planes: planes, of: uptake)
      }

    let headers = images.map(\.row.header)
    let tokens = Set(needed.map { images[$0].source.token })
    let annotations = marks.annotations.filter {
      !$0.annotation.kind.isOfSlides && !$0.images.isDisjoint(with: tokens)
    }.map(\.annotation)
    var planes: [PlannedPlane] = []
    var plans = plans(of: members, in: series, choice, headers)
    let projected = Set(plans.flatMap { $0.projection?.volumes ?? [] })
    for (number, volume) in volumes.enumerated() {
      var plan = plans[number]
      if volume.kind == .volume, recipe.slices.select.needsLabels, annotations.isEmpty {
        plan = .init(acquired: [])
      } else if volume.kind == .volume, recipe.slices.select == .key,
        choice.shown.contains(members[number])
      {
        plan = .init(
          acquired: Set(
            volume.planes.indices.filter { index in
              let plane = volume.planes[index]
              let frames = marks.keyImages[images[plane.instance].source.token]
              return frames.map { $0.isEmpty || $0.contains(plane.frame) } ?? false
            }))
      }
      plans[number] = plan
      for (index, plane) in volume.planes.enumerated() {
        let instance = place[plane.instance] ?? 0
        let isSelected = plan.acquired.contains(index)
        guard
          isSelected || plan.grid != nil || projected.contains(number)
            || displays[isShared ? 0 : instance].needsStatistics
        else { continue }
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
          planeBytes: image.row.header.planeBytes(), uptake: uptake.scales[index])
      },
      planes: planes,
      sections: plans.enumerated().flatMap { number, plan in
        plan.sections.map {
          PlannedSection(volume: number, plane: $0.plane, index: $0.index, slab: $0.slab)
        }
      },
      volumes: volumes.enumerated().map { number, volume in
        let plan = plans[number]
        // The first that is read, where only what is made of several becomes samples.
        let isMade = plan.acquired.isEmpty && (plan.grid != nil || projected.contains(number))
        let first = planes.first { $0.volume == number && ($0.isSelected || isMade) }
        return PlannedVolume(
          kind: volume.kind, planeCount: volume.planes.count, first: first?.index,
          step: volume.step, orientation: orientation(of: volume, images),
          findings: volume.findings, grid: plan.grid, projection: plan.projection,
          resampling: plan.resampling,
          standIns: plan.standIns.sorted(), notes: plan.notes)
      },
      displays: displays, isRange: false, measures: [], annotations: annotations)
  }

  /// By the first plane of a volume: planes that are parallel may still differ by a rounding.
  private func orientation(of volume: AssembledVolume, _ images: [Image]) -> PlaneOrientation {
    guard volume.kind == .volume, recipe.slices.orientation == .display,
      let first = volume.planes.first,
      let geometry = images[first.instance].row.header.facts(frame: first.frame).geometry
    else { return .upright }
    return PlaneOrientation(showing: geometry)
  }

  private func display(
    _ images: [Image], planes: [PlaneReference], of series: UptakeSeries
  ) throws -> DisplayPlan {
    let header = images[0].row.header
    return try DisplayPlan(
      description: header.description, format: header.format,
      frames: planes.map { series.images[$0.instance].row.header.facts(frame: $0.frame) },
      parameters: parameters, withoutUptake: series.refusal)
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
  var weight: Int {
    // A section weighs about what a plane does.
    planes.reduce(sections.count * (instances.first?.planeBytes ?? 0)) {
      $0 + instances[$1.instance].planeBytes
    }
  }

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
