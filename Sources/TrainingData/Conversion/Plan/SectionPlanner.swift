import ImageFormats
import MedicalImaging
import Preprocessing

/// Decides in which planes a volume is shown: as it was acquired, cut in others, or both.
struct SectionPlanner {
  let slices: Recipe.Slices

  struct Plan {
    /// Which of its acquired planes become samples.
    var acquired: Set<Int>
    /// The sections that do, plane by plane.
    var sections: [(plane: AnatomicalPlane, index: Int)] = []
    /// Where its voxels lie, where it is cut.
    var grid: VoxelGeometry?
    /// Why it is not shown in a plane that was asked for.
    var notes: [InstanceHeader.Finding] = []
  }

  /// Of one volume and the headers that it was assembled from.
  ///
  /// What cannot be cut without a value being made up is shown as it was acquired: with slices missing
  /// or uneven, sheared by a tilt, of a single slice, or in colour.
  func plan(_ volume: AssembledVolume, _ headers: [InstanceHeader]) -> Plan {
    let acquired = Plan(acquired: Set(slices.rule.indices(of: positions(of: volume, headers))))
    let wanted = slices.planes.compactMap(\.anatomical)
    guard !wanted.isEmpty, volume.planes.count > 1 else { return acquired }
    if let obstacle = obstacle(of: volume, headers) {
      var plan = acquired
      plan.notes = [obstacle]
      return plan
    }
    let stacks = VolumeStacking(headers).stacks(of: [volume])
    guard stacks.count == 1, let grid = stacks[0].geometry else {
      var plan = acquired
      plan.notes = [Self.gaps]
      return plan
    }
    let format = headers[volume.planes[0].instance].format
    var plan = Plan(acquired: slices.planes.contains(.acquired) ? acquired.acquired : [])
    for plane in wanted {
      guard
        let sections = VolumeSections(
          plane, of: grid, columns: format.columns, rows: format.rows, slices: volume.planes.count)
      else { continue }
      guard !sections.areAcquired else {
        plan.acquired = acquired.acquired
        continue
      }
      guard sections.shorterShare >= slices.edgeRatio else {
        plan.notes.append(Self.narrow)
        continue
      }
      plan.grid = grid
      let positions = (0..<sections.count).map { Double($0) * sections.step }
      plan.sections += slices.rule.indices(of: positions).map { (plane, $0) }
    }
    return plan
  }

  /// Where each plane lies along the normal, in millimetres.
  private func positions(of volume: AssembledVolume, _ headers: [InstanceHeader]) -> [Double] {
    let places = volume.planes.map {
      headers[$0.instance].facts(frame: $0.frame).geometry
    }
    guard let normal = places.first??.normal else { return places.map { _ in 0 } }
    return places.map { $0?.position.dot(normal) ?? 0 }
  }

  private func obstacle(of volume: AssembledVolume, _ headers: [InstanceHeader])
    -> InstanceHeader.Finding?
  {
    for finding in volume.findings {
      switch finding.kind {
      case .missing, .uneven, .unreadable: return Self.gaps
      case .tilt: return Self.tilt
      }
    }
    let first = headers[volume.planes[0].instance]
    return first.format.samplesPerPixel > 1 || first.palette != nil ? Self.colour : nil
  }

  private static let gaps = InstanceHeader.Finding(
    "plane_gaps", "Slices are missing or lie unevenly; the volume was not cut in other planes.")
  private static let tilt = InstanceHeader.Finding(
    "plane_tilt",
    "Slices are shifted against each other; the volume was not cut in other planes.")
  private static let colour = InstanceHeader.Finding(
    "plane_colour", "The volume is in colour; it was not cut in other planes.")
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
