import MedicalImaging

/// What goes into one file of volumes: one volume, or several of one series on one grid, or pictures
/// without a place in the patient.
public struct VolumeStack: Codable, Sendable, Equatable {
  public var kind: AssembledVolume.Kind
  /// Volumes in the order of their first images; in each the planes along their normal. Pictures and
  /// frames without a place are volumes of one plane each.
  public var volumes: [[PlaneReference]]
  /// Where the planes lie: rows and columns as in the pictures, slices along the normal. Nil without a
  /// place or without Pixel Spacing.
  public var geometry: VoxelGeometry?
  /// Where the first pixel of each plane lies, of planes that `geometry` cannot say it of since they do
  /// not lie evenly; empty where they do.
  public var uneven: [Vector3] = []
  /// Why these planes stand apart from the rest of their series.
  public var reasons: [SplitReason]
  /// What the volumes differ in from one another; empty for one.
  public var differences: [SplitReason]
  /// Which planes of the volumes these are, where gaps cut them into several files.
  public var part: Part?
  /// Of the volumes as a whole; planes are counted in them.
  public var findings: [GeometryFinding]

  /// A run of neighbouring planes out of volumes with gaps.
  public struct Part: Codable, Hashable, Sendable {
    /// Counted from 0, and how many there are.
    public var number, of: Int
    /// The index in the volume of its first plane.
    public var firstPlane: Int
  }
}

/// Finds what of one series goes into one file.
public struct VolumeStacking {
  private let headers: [InstanceHeader]
  private let unreadable: Set<PlaneReference>
  private let joinsUneven: Bool
  private let bridgesGaps: Bool

  /// - Parameters:
  ///   - headers: those of the series' instances.
  ///   - unreadable: planes that cannot be used; they leave gaps.
  ///   - joinsUneven: whether planes of grey values that lie unevenly stay in one file, to be resampled;
  ///     `VolumeStack.uneven` says where they lie.
  ///   - bridgesGaps: whether such planes stay in one file too where others are missing between them.
  public init(
    _ headers: [InstanceHeader], without unreadable: Set<PlaneReference> = [],
    joinsUneven: Bool = false, bridgesGaps: Bool = false
  ) {
    self.headers = headers
    self.unreadable = unreadable
    self.joinsUneven = joinsUneven || bridgesGaps
    self.bridgesGaps = bridgesGaps
  }

  /// Files in the order of their first images; what differs in echo, b-value or time alone and lies
  /// on one grid goes into one. Volumes are cut where a plane is missing, and, unless they stay in one
  /// file, where the step changes.
  public func stacks(of volumes: [AssembledVolume]) -> [VolumeStack] {
    let groups = groups(of: volumes)
    return groups.map { $0.map(\.candidate) }.flatMap { group in
      group[0].volume.kind == .volume
        ? files(of: group, isAll: groups.count == 1) : [pictures(group[0])]
    }
  }

  /// Indices of volumes that differ in echo, b-value or time alone and lie on one grid, in the order of
  /// their first images; pictures without a place are on none.
  public func grids(of volumes: [AssembledVolume]) -> [[Int]] {
    groups(of: volumes).filter { $0[0].candidate.volume.kind == .volume }.map { $0.map(\.index) }
  }

  private func groups(of volumes: [AssembledVolume]) -> [[(index: Int, candidate: Candidate)]] {
    var groups: [[(index: Int, candidate: Candidate)]] = []
    for (index, volume) in volumes.enumerated() {
      guard let candidate = Candidate(volume, headers, unreadable) else { continue }
      if let home = groups.firstIndex(where: { $0[0].candidate.isOnGrid(of: candidate) }) {
        groups[home].append((index, candidate))
      } else {
        groups.append([(index, candidate)])
      }
    }
    return groups
  }

  private func pictures(_ candidate: Candidate) -> VolumeStack {
    VolumeStack(
      kind: candidate.volume.kind, volumes: candidate.planes.map { [$0] }, geometry: nil,
      reasons: candidate.volume.reasons, differences: [], part: nil, findings: candidate.findings)
  }

  private func files(of group: [Candidate], isAll: Bool) -> [VolumeStack] {
    let first = group[0]
    let loose = joinsUneven && first.canBeResampled ? UnevenRuns(first.places) : nil
    let runs =
      loose.map { bridgesGaps ? [first.places.indices] : $0.runs(cutBefore: first.cuts) }
      ?? EvenRuns.runs(of: first.places.map(\.position), cutBefore: first.cuts)
    let all = Set(group.flatMap(\.volume.reasons))
    let differences = group.count > 1 ? differences(group) : []
    // Where all of a series went into one group, nothing is split.
    let reasons = isAll ? [] : all.subtracting(differences).sorted()
    let findings = group.flatMap(\.findings).reduce(into: [GeometryFinding]()) {
      if !$0.contains($1) { $0.append($1) }
    }
    return runs.enumerated().map { number, run in
      let uneven = loose?.uneven(run)
      return VolumeStack(
        kind: .volume, volumes: group.map { Array($0.planes[run]) },
        geometry: first.geometry(of: run, step: uneven?.step), uneven: uneven?.positions ?? [],
        reasons: reasons, differences: differences,
        part: runs.count > 1
          ? .init(number: number, of: runs.count, firstPlane: run.lowerBound) : nil,
        findings: findings)
    }
  }

  private func differences(_ group: [Candidate]) -> [SplitReason] {
    func differ<Value: Equatable>(_ value: (Candidate) -> Value) -> Bool {
      group.contains { value($0) != value(group[0]) }
    }
    var found = Set(group.flatMap(\.volume.reasons)).intersection(Candidate.timeReasons)
    if differ(\.echo) { found.insert(.echo) }
    if differ(\.bValue) { found.insert(.bValue) }
    return found.sorted()
  }
}

/// A volume without the planes that cannot be used, and what tells whether others lie on its grid.
private struct Candidate {
  let volume: AssembledVolume
  let planes: [PlaneReference]
  let places: [PlaneGeometry]
  let spacing: PixelSpacing?
  /// From slice to slice where there is but one.
  let pitch: Double?
  let format: PixelFormat
  let type: [String]
  let stack: String
  let echo: [Double?]
  let bValue: Double?
  let findings: [GeometryFinding]
  /// Indices in `planes` before which a plane is lost.
  let cuts: Set<Int>

  static let timeReasons: Set<SplitReason> = [
    .temporalPosition, .acquisition, .triggerTime, .time, .repetition,
  ]

  /// Nil where no plane is left.
  init?(
    _ volume: AssembledVolume, _ headers: [InstanceHeader], _ unreadable: Set<PlaneReference>
  ) {
    planes = volume.planes.filter { !unreadable.contains($0) }
    guard let first = planes.first else { return nil }
    self.volume = volume
    let header = headers[first.instance]
    let facts = header.facts(frame: first.frame)
    places =
      volume.kind == .volume
      ? planes.compactMap { headers[$0.instance].facts(frame: $0.frame).geometry } : []
    spacing = facts.spacing
    pitch = facts.spacingBetweenSlices ?? facts.sliceThickness
    format = header.format
    type = Array(header.description.imageType.prefix(4))
    stack = facts.stackID.isEmpty ? header.order.stackID : facts.stackID
    echo = [header.order.echoNumber.map(Double.init), facts.echoTime ?? header.order.echoTime]
    bValue = facts.bValue ?? header.order.bValue
    var cuts = Set<Int>()
    var kept = 0
    for plane in volume.planes {
      if unreadable.contains(plane) { cuts.insert(kept) } else { kept += 1 }
    }
    self.cuts = cuts
    let lost = volume.planes.indices.filter { unreadable.contains(volume.planes[$0]) }
    findings =
      volume.findings
      + lost.map {
        GeometryFinding(
          .unreadable, after: $0 - 1, planes: 1, millimetres: 2 * (volume.step ?? 0))
      }
  }

  func isOnGrid(of other: Candidate) -> Bool {
    guard volume.kind == .volume, other.volume.kind == .volume,
      !volume.reasons.contains(.duplicatePosition),
      !other.volume.reasons.contains(.duplicatePosition), places.count == other.places.count,
      cuts == other.cuts,
      type == other.type, stack == other.stack, format.rows == other.format.rows,
      format.columns == other.format.columns,
      format.samplesPerPixel == other.format.samplesPerPixel,
      format.photometric == other.format.photometric,
      SeriesAssembly.sameSpacing(spacing, other.spacing)
    else { return false }
    return zip(places, other.places).allSatisfy {
      ($0.position - $1.position).length < SeriesAssembly.positionTolerance
        && SeriesAssembly.sameOrientation($0, $1)
    }
  }

  /// Whether its pixels are numbers, and have a size.
  var canBeResampled: Bool {
    spacing != nil && format.samplesPerPixel == 1 && format.photometric != .paletteColor
  }

  /// Of a run of planes, with the step of those that lie unevenly; nil without Pixel Spacing.
  func geometry(of run: Range<Int>, step: Vector3?) -> VoxelGeometry? {
    guard let spacing else { return nil }
    let first = places[run.lowerBound]
    let step =
      step ?? EvenRuns.step(of: places[run].map(\.position)[...])
      ?? first.normal * (volume.step ?? pitch ?? 1)
    return VoxelGeometry(
      position: first.position, alongColumns: first.alongRow * spacing.betweenColumns,
      alongRows: first.alongColumn * spacing.betweenRows, alongSlices: step)
  }
}
