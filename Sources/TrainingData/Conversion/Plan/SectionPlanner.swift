import ImageFormats
import MedicalImaging
import Preprocessing

/// Decides in which planes a volume is shown: as it was acquired, cut in others, or both.
struct SectionPlanner {
  let slices: Recipe.Slices

  struct Plan {
    /// Which of its acquired planes become samples.
    var acquired: Set<Int>
    /// Which of them do instead of sections, should the volume turn out not to be there as a whole.
    var standIns: Set<Int> = []
    /// The sections that do, plane by plane.
    var sections: [(plane: AnatomicalPlane, index: Int, slab: Range<Int>?)] = []
    /// Where its voxels lie, where it is cut.
    var grid: VoxelGeometry?
    /// The volumes that are shown as one in its place, or its frames that are.
    var projection: PlannedProjection?
    /// How its planes become these voxels, where they are not their slices.
    var resampling: PlannedResampling?
    /// Why it is not shown in a plane that was asked for.
    var notes: [InstanceHeader.Finding] = []
  }

  /// Of one volume and the headers that it was assembled from.
  ///
  /// What cannot be cut without a value being made up is shown as it was acquired, unless the recipe has
  /// values interpolated: with slices missing or uneven, or sheared by a tilt; and always of a single
  /// slice, or in colour. Where the volume stands for several (`isOfSeveral`), slabs are projected, or
  /// slices are shown with their neighbours, what is shown of the acquired planes is cut too.
  func plan(
    _ volume: AssembledVolume, _ headers: [InstanceHeader], isOfSeveral: Bool = false
  ) -> Plan {
    let acquired = Plan(acquired: acquired(volume, headers))
    let isSingle = volume.planes.count == 1
    let projects =
      isOfSeveral || (slices.projection != .none || slices.neighbours > 0) && !isSingle
    var wanted = slices.planes.compactMap(\.anatomical)
    guard projects || !wanted.isEmpty && !isSingle else { return acquired }
    let block: CutVolume
    do throws(Obstacle) {
      block = try cutVolume(volume, headers)
    } catch {
      var plan = acquired
      plan.notes = [error.finding]
      return plan
    }
    var plan = Plan(
      acquired: slices.planes.contains(.acquired) && !projects ? acquired.acquired : [])
    if projects, slices.planes.contains(.acquired) || isSingle, let own = block.ownPlane {
      wanted = [own] + wanted.filter { $0 != own && !isSingle }
    }
    for plane in wanted {
      guard let sections = block.sections(plane) else { continue }
      let areAcquired = sections.areAcquired && !block.isStraightened
      guard !areAcquired || projects else {
        plan.acquired = acquired.acquired
        continue
      }
      guard areAcquired || sections.shorterShare >= slices.edgeRatio else {
        plan.notes.append(Self.narrow)
        continue
      }
      plan.grid = block.geometry
      plan.resampling = block.resampling
      plan.sections += chosen(of: sections).map { (plane, $0.index, $0.slab) }
    }
    if plan.acquired.isEmpty, plan.grid != nil { plan.standIns = acquired.acquired }
    return plan
  }

  /// Which of the planes are chosen, where they are shown as they were acquired.
  func acquired(_ volume: AssembledVolume, _ headers: [InstanceHeader]) -> Set<Int> {
    Set(slices.rule.indices(of: positions(of: volume, headers)))
  }

  /// Which sections are shown, and with which others: of a projection those whose centres lie within half
  /// of the slab's thickness from its own, else its neighbours.
  private func chosen(of sections: VolumeSections) -> [(index: Int, slab: Range<Int>?)] {
    let all = 0..<sections.count
    if slices.projection != .none, slices.slab == nil { return [(sections.count / 2, all)] }
    let positions = all.map { Double($0) * sections.step }
    let indices = slices.rule.indices(of: positions)
    var reach = slices.neighbours
    if slices.projection != .none, let slab = slices.slab {
      // A little less is rounding.
      let steps = slab / 2 / sections.step + 1e-6
      reach = steps < Double(sections.count) ? Int(steps.rounded(.down)) : sections.count
    } else if reach == 0 {
      return indices.map { ($0, nil) }
    }
    return indices.map { ($0, ($0 - reach..<$0 + reach + 1).clamped(to: all)) }
  }

  /// The voxels that are cut, and how the planes become them.
  private struct CutVolume {
    var geometry: VoxelGeometry
    var columns, rows, slices: Int
    var resampling: PlannedResampling?
    /// Whether they lie along the patient's axes, and none is as it was acquired.
    var isStraightened = false
    /// The one that the acquired planes are nearest to.
    var ownPlane: AnatomicalPlane?

    func sections(_ plane: AnatomicalPlane) -> VolumeSections? {
      VolumeSections(plane, of: geometry, columns: columns, rows: rows, slices: slices)
    }
  }

  private func cutVolume(
    _ volume: AssembledVolume, _ headers: [InstanceHeader]
  ) throws(Obstacle) -> CutVolume {
    if let obstacle = obstacle(of: volume, headers) { throw obstacle }
    let acceptsGaps = slices.gaps == .accept
    let stacks = VolumeStacking(headers, bridgesGaps: acceptsGaps).stacks(of: [volume])
    guard stacks.count == 1, let geometry = stacks[0].geometry else { throw .gaps }
    let format = headers[volume.planes[0].instance].format
    var cut = CutVolume(
      geometry: geometry, columns: format.columns, rows: format.rows, slices: volume.planes.count)
    cut.ownPlane = AnatomicalPlane.allCases.first { cut.sections($0)?.areAcquired ?? false }
    let isTilted = slices.tilt == .correct && volume.findings.contains { $0.kind == .tilt }
    let isOblique = slices.oblique == .straighten && geometry.isOblique && volume.planes.count > 1
    guard acceptsGaps || isTilted || isOblique else { return cut }
    guard
      let made = VolumeResampling(
        of: stacks[0], format, to: .even, always: acceptsGaps || isOblique),
      let frame = PlaneFrame(geometry)
    else {
      // Planes that do not follow one another have nothing between them.
      guard stacks[0].uneven.isEmpty else { throw .gaps }
      return cut
    }
    var resampling = PlannedResampling(
      stack: made.stack, grid: .even(made.grid), mendsGaps: acceptsGaps,
      reasons: (made.mended.contains(.uneven) ? [.gaps] : [])
        + (made.mended.contains(.tilt) ? [.tilt] : []) + (isOblique ? [.oblique] : []))
    if isOblique {
      let own = made.grid.spacing
      let grid = SlantedGrid(
        over: made.stack, in: frame,
        spacing: slices.spacing ?? min(own.betweenColumns, own.betweenRows, own.betweenSlices))
      resampling.grid = .straight(grid)
      cut.geometry = grid.geometry
      cut.isStraightened = true
    } else if !resampling.reasons.isEmpty {
      cut.geometry = made.geometry
    }
    cut.resampling = resampling
    guard !resampling.reasons.isEmpty else { return cut }
    (cut.columns, cut.rows, cut.slices) = resampling.grid.size
    // More than a picture can have, of headers that say anything.
    guard [cut.columns, cut.rows, cut.slices].allSatisfy({ $0 <= 65_535 }) else { throw .size }
    return cut
  }

  /// Where each plane lies along the normal, in millimetres.
  private func positions(of volume: AssembledVolume, _ headers: [InstanceHeader]) -> [Double] {
    let places = volume.planes.map {
      headers[$0.instance].facts(frame: $0.frame).geometry
    }
    guard let normal = places.first??.normal else { return places.map { _ in 0 } }
    return places.map { $0?.position.dot(normal) ?? 0 }
  }

  private func obstacle(of volume: AssembledVolume, _ headers: [InstanceHeader]) -> Obstacle? {
    for finding in volume.findings {
      switch finding.kind {
      case .missing, .uneven, .unreadable: if slices.gaps == .keep { return .gaps }
      case .tilt: if slices.tilt == .keep { return .tilt }
      }
    }
    let first = headers[volume.planes[0].instance]
    return first.format.samplesPerPixel > 1 || first.palette != nil ? .colour : nil
  }

  /// What keeps a volume from being cut.
  private enum Obstacle: Error {
    case gaps, tilt, colour, size

    var finding: InstanceHeader.Finding {
      switch self {
      case .gaps:
        InstanceHeader.Finding(
          "plane_gaps",
          "Slices are missing or lie unevenly; the volume is shown as it was acquired, slice by slice."
        )
      case .tilt:
        InstanceHeader.Finding(
          "plane_tilt",
          "Slices are shifted against each other; the volume is shown as it was acquired, slice by slice."
        )
      case .colour:
        InstanceHeader.Finding(
          "plane_colour", "The volume is in colour; it is shown as it was acquired, slice by slice."
        )
      case .size: VolumeBlocks.memory
      }
    }
  }

  private static let narrow = InstanceHeader.Finding(
    "plane_narrow", "The volume's sections in a plane are too narrow; they were left out.")
}

extension VolumeSections {
  /// The shorter side of each over its longer one, both in millimetres.
  var shorterShare: Double {
    let width = Double(columns) * spacing.betweenColumns
    let height = Double(rows) * spacing.betweenRows
    return min(width, height) / max(width, height)
  }
}

extension Recipe.Slices.Plane {
  /// nil for the plane of acquisition.
  var anatomical: AnatomicalPlane? {
    switch self {
    case .acquired: nil
    case .axial: .axial
    case .coronal: .coronal
    case .sagittal: .sagittal
    }
  }
}

extension VoxelGeometry {
  /// Whether columns, rows or the normal of both lie aslant to the patient's axes, by more than 0.1 degrees.
  fileprivate var isOblique: Bool {
    [alongColumns, alongRows, alongColumns.cross(alongRows)].contains { axis in
      let parts = [axis.x, axis.y, axis.z].map { abs($0) / axis.length }.sorted()
      return (parts[0] * parts[0] + parts[1] * parts[1]).squareRoot() > 0.00175
    }
  }
}
