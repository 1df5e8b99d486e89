import MedicalImaging

/// Finds the volumes in the instances of one series.
///
/// A series is not a volume: it is split by what makes planes incomparable (type, size, pixels,
/// orientation, spacing, stack, echo, b-value), never by UID or instance number alone. Only where
/// a position then still comes more than once is time looked at: temporal position, acquisition,
/// trigger time, times, and last the order of repetition. So a volume whose slices carry several
/// acquisition numbers stays one, and a dynamic series becomes one volume a time point.
public enum SeriesAssembly {
  /// Planes whose distances along the normal differ by less are at one position, in millimetres.
  static let positionTolerance = 0.01
  /// Largest difference of a direction cosine within one orientation.
  static let orientationTolerance = 1e-3
  /// Largest relative difference of pixel spacing within one volume.
  static let spacingTolerance = 1e-3

  /// The volumes of the instances of one series, in the order of their first images.
  public static func volumes(of instances: [InstanceHeader]) -> [AssembledVolume] {
    let planes = instances.indices.flatMap { index in
      (0..<instances[index].frames).map { Plane(instance: index, frame: $0, of: instances[index]) }
    }.sorted { $0.precedes($1) }

    var splits = Set<SplitReason>()
    var groups = [planes]
    for (reason, same) in hardSplits {
      let finer = groups.flatMap { clusters(of: $0, by: same) }
      if finer.count > groups.count { splits.insert(reason) }
      groups = finer
    }

    var volumes: [(first: Int, volume: AssembledVolume)] = []
    let rank = Dictionary(uniqueKeysWithValues: planes.enumerated().map { ($1.reference, $0) })
    for (number, group) in groups.enumerated() {
      for (extra, members) in timeSplit(group) {
        let reasons = splits.union(extra).sorted()
        volumes.append(
          (rank[members[0].reference] ?? 0, volume(of: members, reasons: reasons, group: number)))
      }
    }
    return volumes.sorted { $0.first < $1.first }.map(\.volume)
  }

  // MARK: What makes planes incomparable

  private static let hardSplits: [(SplitReason, @Sendable (Plane, Plane) -> Bool)] = [
    (.type, { $0.type == $1.type }),
    (.size, { $0.rows == $1.rows && $0.columns == $1.columns }),
    (.pixels, { $0.samples == $1.samples && $0.photometric == $1.photometric }),
    (.geometry, { ($0.geometry == nil) == ($1.geometry == nil) }),
    (
      .multiFrame, { !($0.isAlone || $1.isAlone) || $0.reference.instance == $1.reference.instance }
    ),
    (.orientation, { sameOrientation($0.geometry, $1.geometry) }),
    (.spacing, { sameSpacing($0.spacing, $1.spacing) }),
    (.stack, { $0.stack == $1.stack }),
    (.echo, { $0.echo == $1.echo }),
    (.bValue, { $0.bValue == $1.bValue }),
  ]

  /// Groups by likeness to a group's first member, in the order in which the first members come.
  private static func clusters(of planes: [Plane], by same: (Plane, Plane) -> Bool) -> [[Plane]] {
    var groups: [[Plane]] = []
    for plane in planes {
      if let home = groups.firstIndex(where: { same($0[0], plane) }) {
        groups[home].append(plane)
      } else {
        groups.append([plane])
      }
    }
    return groups
  }

  /// Groups of equal keys, in the order in which the keys come.
  private static func inOrder(_ planes: [Plane], by key: (Plane) -> Double?) -> [[Plane]] {
    var places: [Double?: Int] = [:]
    var groups: [[Plane]] = []
    for plane in planes {
      if let place = places[key(plane)] {
        groups[place].append(plane)
      } else {
        places[key(plane)] = groups.count
        groups.append([plane])
      }
    }
    return groups
  }

  static func sameOrientation(_ a: PlaneGeometry?, _ b: PlaneGeometry?) -> Bool {
    guard let a, let b else { return true }
    func near(_ u: Vector3, _ v: Vector3) -> Bool {
      abs(u.x - v.x) < orientationTolerance && abs(u.y - v.y) < orientationTolerance
        && abs(u.z - v.z) < orientationTolerance
    }
    return near(a.alongRow, b.alongRow) && near(a.alongColumn, b.alongColumn)
  }

  static func sameSpacing(_ a: PixelSpacing?, _ b: PixelSpacing?) -> Bool {
    guard let a, let b else { return a == nil && b == nil }
    func near(_ x: Double, _ y: Double) -> Bool { abs(x - y) <= spacingTolerance * max(x, y) }
    return near(a.betweenRows, b.betweenRows) && near(a.betweenColumns, b.betweenColumns)
  }

  // MARK: Positions that come again

  /// Splits planes of which several share a position; the reason stands with each part.
  private static func timeSplit(_ planes: [Plane]) -> [(Set<SplitReason>, [Plane])] {
    guard planes[0].geometry != nil else { return [([], planes)] }
    let byPosition = positions(of: planes)
    let most = byPosition.map(\.count).max() ?? 1
    guard most > 1 else { return [([], planes)] }

    let keys: [(SplitReason, (Plane) -> Double?)] = [
      (.temporalPosition, { $0.temporalPosition.map(Double.init) }),
      (.acquisition, { $0.acquisition.map(Double.init) }),
      (.triggerTime, { $0.triggerTime }),
      (.time, { $0.acquisitionTime }),
      (.time, { $0.contentTime }),
    ]
    for (reason, key) in keys {
      let values = Set(planes.map(key))
      // A temporal position says what it is; other numbers may differ for other reasons.
      guard !values.contains(nil), values.count == most || reason == .temporalPosition
      else { continue }
      let parts = inOrder(planes, by: key)
      let unique = parts.allSatisfy { positions(of: $0).allSatisfy { $0.count == 1 } }
      if unique { return parts.map { ([reason], $0) } }
    }

    let repeated = byPosition.count { $0.count > 1 }
    guard repeated * 2 >= byPosition.count else {
      return inTurn(byPosition, most).map { ([.duplicatePosition], $0) }
    }
    let passes = passes(over: planes)
    return (passes.count == most ? passes : inTurn(byPosition, most)).map { ([.repetition], $0) }
  }

  /// Nothing in the headers tells them apart: the k-th image of a position belongs to volume k.
  private static func inTurn(_ byPosition: [[Plane]], _ most: Int) -> [[Plane]] {
    var volumes = [[Plane]](repeating: [], count: most)
    for position in byPosition {
      for (k, plane) in position.enumerated() { volumes[k].append(plane) }
    }
    return volumes
  }

  /// Planes in reading order, a new volume wherever a position comes that the last one has: a slice
  /// that one repetition lacks is not taken from the next.
  private static func passes(over planes: [Plane]) -> [[Plane]] {
    var place: [PlaneReference: Int] = [:]
    for (number, position) in positions(of: planes).enumerated() {
      for plane in position { place[plane.reference] = number }
    }
    var passes: [[Plane]] = []
    var taken = Set<Int>()
    for plane in planes {
      let position = place[plane.reference] ?? 0
      if passes.isEmpty || taken.contains(position) {
        passes.append([])
        taken = []
      }
      passes[passes.count - 1].append(plane)
      taken.insert(position)
    }
    return passes
  }

  /// The planes of each position, in the order of their distances; within one, in reading order.
  private static func positions(of planes: [Plane]) -> [[Plane]] {
    let sorted = planes.enumerated().sorted {
      ($0.element.distance, $0.offset) < ($1.element.distance, $1.offset)
    }
    var found: [(start: Double, planes: [(offset: Int, element: Plane)])] = []
    for plane in sorted {
      if let last = found.last, plane.element.distance - last.start < positionTolerance {
        found[found.count - 1].planes.append(plane)
      } else {
        found.append((plane.element.distance, [plane]))
      }
    }
    return found.map { $0.planes.sorted { $0.offset < $1.offset }.map(\.element) }
  }

  // MARK: The volume

  private static func volume(
    of planes: [Plane], reasons: [SplitReason], group: Int
  ) -> AssembledVolume {
    guard planes[0].geometry != nil else {
      return AssembledVolume(
        kind: planes[0].isSlide ? .slide : planes[0].isCine ? .cine : .pictures,
        planes: planes.map(\.reference),
        reasons: reasons, step: nil, findings: [], mappingGroup: group)
    }
    let ordered = positions(of: planes).flatMap { $0 }
    let (step, findings) = VolumeGeometry.inspect(ordered.compactMap(\.geometry))
    return AssembledVolume(
      kind: .volume, planes: ordered.map(\.reference), reasons: reasons, step: step,
      findings: findings, mappingGroup: group)
  }
}

/// What assembly looks at in one plane.
private struct Plane {
  let reference: PlaneReference
  let geometry: PlaneGeometry?
  let spacing: PixelSpacing?
  let rows, columns, samples: Int
  let photometric: PhotometricInterpretation
  let isCine, isSlide: Bool
  let type: [String]
  let stack: String
  let echo: [Double?]
  let bValue: Double?
  let temporalPosition, acquisition, instanceNumber: Int?
  let triggerTime, acquisitionTime, contentTime: Double?
  let uid: String
  /// Along the plane's own normal, in millimetres.
  let distance: Double

  /// Whether its instance is a volume of its own.
  var isAlone: Bool { isCine || isSlide }

  init(instance: Int, frame: Int, of header: InstanceHeader) {
    let facts = header.facts(frame: frame)
    reference = PlaneReference(instance: instance, frame: frame)
    // One position for many frames is a film of one place, unless the frames have their own.
    let isFilm = header.frames > 1 && header.perFrame.isEmpty
    geometry = isFilm ? nil : facts.geometry
    spacing = facts.spacing
    rows = header.format.rows
    columns = header.format.columns
    samples = header.format.samplesPerPixel
    photometric = header.format.photometric
    isCine = header.frames > 1 && geometry == nil
    isSlide = header.slide != nil
    type = Array(header.description.imageType.prefix(4))
    stack = facts.stackID.isEmpty ? header.order.stackID : facts.stackID
    echo = [header.order.echoNumber.map(Double.init), facts.echoTime ?? header.order.echoTime]
    bValue = facts.bValue ?? header.order.bValue
    temporalPosition = facts.temporalPosition ?? header.order.temporalPosition
    acquisition = header.order.acquisitionNumber
    instanceNumber = header.order.instanceNumber
    triggerTime = facts.triggerTime ?? header.order.triggerTime
    acquisitionTime = header.order.acquisitionTime
    contentTime = header.order.contentTime
    uid = header.identity.sopInstanceUID
    distance = geometry?.distance ?? 0
  }

  /// The order in which a reader would page through: instance number, time, UID, frame.
  func precedes(_ other: Plane) -> Bool {
    let last = Int.max
    let mine = (instanceNumber ?? last, acquisitionTime ?? .infinity, contentTime ?? .infinity)
    let theirs = (
      other.instanceNumber ?? last, other.acquisitionTime ?? .infinity,
      other.contentTime ?? .infinity
    )
    if mine != theirs { return mine < theirs }
    if uid != other.uid { return uid < other.uid }
    if reference.instance != other.reference.instance {
      return reference.instance < other.reference.instance
    }
    return reference.frame < other.reference.frame
  }
}
