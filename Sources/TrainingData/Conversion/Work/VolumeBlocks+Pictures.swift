import ImageFormats
import MedicalImaging
import Preprocessing

/// What one picture is the largest, least or mean values of.
struct PictureProjection: Sendable {
  var kind: ValueProjection.Kind
  var over: PlannedProjection.Over
  /// Of how many slices, volumes or frames.
  var count: Int
}

extension VolumeBlocks.Block {
  /// A picture before it is encoded.
  struct Picture {
    var section: PlannedSection
    var sections: VolumeSections
    /// The planes that are in it, nearest first.
    var planes: [PlannedPlane]
    var projections: [PictureProjection]
    var shown: ShownPlane
  }

  /// A section with those around it, in their order, itself in the middle; alone where none are wanted.
  typealias Group = [Picture]

  /// Sections that are cut at once: what is read for one of them is read for its neighbours too.
  private static let batch = 32

  /// Each section of a unit's volume that becomes a sample, in the order of the plan, with as many
  /// `neighbours` on either side, of which the last of the volume stand in for those behind them; slabs are
  /// `projecting` their sections.
  func sections(
    of unit: Unit, projecting kind: ValueProjection.Kind?, neighbours: Int,
    _ use: (Group) throws -> Void
  ) throws {
    guard let grid = unit.volumes[volume].grid else { return }
    let wanted = unit.sections.filter { $0.volume == volume }
    for plane in AnatomicalPlane.allCases {
      guard
        let sections = VolumeSections(
          plane, of: grid, columns: block.volume.columns, rows: block.volume.rows,
          slices: block.volume.slices)
      else { continue }
      var rest = wanted.filter { $0.plane == plane }[...]
      /// Sections that were cut for one and are neighbours of the next.
      var window: [Int: StoredPlane] = [:]
      while let first = rest.first {
        if let kind, let slab = first.slab {
          rest = rest.dropFirst()
          try use([picture(first, sections, projected(slab, of: sections, kind), kind)])
          continue
        }
        if let around = first.slab {
          rest = rest.dropFirst()
          window = window.filter { around.contains($0.key) }
          let missing = around.filter { window[$0] == nil }
          if let least = missing.first, let most = missing.last {
            for (index, plane) in zip(least..., planes(of: sections, least..<most + 1)) {
              window[index] = plane
            }
          }
          let group = (first.index - neighbours...first.index + neighbours).compactMap { index in
            let index = min(max(index, around.lowerBound), around.upperBound - 1)
            let own = PlannedSection(volume: first.volume, plane: first.plane, index: index)
            return window[index].map { picture(own, sections, $0, nil) }
          }
          try use(group)
          continue
        }
        let batch = rest.prefix { $0.index < first.index + Self.batch }
        rest = rest.dropFirst(batch.count)
        let last = batch.last?.index ?? first.index
        let cut = planes(of: sections, first.index..<last + 1)
        for section in batch {
          try use([picture(section, sections, cut[section.index - first.index], nil)])
        }
      }
    }
  }

  /// The planes that are in some sections, each once, those of the one in the middle first.
  static func planes(of group: Group) -> [PlannedPlane] {
    var seen = Set<PlannedPlane>()
    return ([group[group.count / 2]] + group).flatMap(\.planes).filter { seen.insert($0).inserted }
  }

  /// Of a film the one picture.
  var frame: StoredPlane {
    StoredPlane(
      columns: block.volume.columns, rows: block.volume.rows, samplesPerPixel: 1,
      sample: block.volume.sample, bytes: block.volume.bytes)
  }

  private func picture(
    _ section: PlannedSection, _ sections: VolumeSections, _ stored: StoredPlane,
    _ kind: ValueProjection.Kind?
  ) -> Picture {
    // Projected values are modality values.
    let shown = ShownPlane(
      section: stored, modality: kind == nil ? block.modality : .identity,
      padding: kind == nil ? block.padding : nil, spacing: sections.spacing, bitsStored: bitsStored)
    let slab = kind.map {
      PictureProjection(kind: $0, over: .slices, count: section.slab?.count ?? 1)
    }
    return Picture(
      section: section, sections: sections, planes: needed(for: section, sections),
      projections: projections + (slab.map { [$0] } ?? []), shown: shown)
  }

  /// All planes for what is across them or interpolated; of the volume's own slices theirs.
  private func needed(for section: PlannedSection, _ sections: VolumeSections) -> [PlannedPlane] {
    guard sections.areAcquired, mended.isEmpty else { return planes }
    let slices = sections.slices(of: section.slab ?? section.index..<section.index + 1)
    let ends = slices.lowerBound + slices.upperBound - 1
    return planes.filter { slices.contains($0.index) }.sorted {
      (abs(2 * $0.index - ends), $0.volume, $0.index) < (
        abs(2 * $1.index - ends), $1.volume, $1.index
      )
    }
  }

  private func planes(of sections: VolumeSections, _ range: Range<Int>) -> [StoredPlane] {
    let cut = sections.cut(range, of: block.volume)
    let size = cut.columns * cut.rows * cut.sample.size
    return range.indices.map { index in
      let start = (index - range.lowerBound) * size
      return StoredPlane(
        columns: cut.columns, rows: cut.rows, samplesPerPixel: 1, sample: cut.sample,
        bytes: Array(cut.bytes[start..<start + size]))
    }
  }

  private func projected(
    _ slab: Range<Int>, of sections: VolumeSections, _ kind: ValueProjection.Kind
  ) -> StoredPlane {
    var projection = ValueProjection(kind, columns: sections.columns, rows: sections.rows)
    for start in stride(from: slab.lowerBound, to: slab.upperBound, by: Self.batch) {
      for plane in planes(of: sections, start..<min(start + Self.batch, slab.upperBound)) {
        projection.add(plane, modality: block.modality, padding: block.padding)
      }
    }
    return projection.plane
  }
}
