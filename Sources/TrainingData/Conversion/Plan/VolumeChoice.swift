import ImageFormats
import MedicalImaging

/// Which of the volumes of a series are shown, and which are shown as one.
struct VolumeChoice {
  /// Indices of those that are shown, on their own or as a part of one.
  private(set) var shown: Set<Int>
  /// By the index of its first volume, all volumes that one is made of; none where each is shown.
  private(set) var projections: [Int: [Int]] = [:]

  /// Volumes on one grid are chosen among. Those that differ in time alone, so that their values compare,
  /// are projected.
  init(_ volumes: [AssembledVolume], _ headers: [InstanceHeader], _ recipe: Recipe.Volumes) {
    shown = Set(volumes.indices)
    guard recipe != Recipe.Volumes() else { return }
    for grid in VolumeStacking(headers).grids(of: volumes) where grid.count > 1 {
      guard recipe.projection == .none else {
        for group in Dictionary(grouping: grid, by: { volumes[$0].mappingGroup }).values
        where group.count > 1 {
          projections[group[0]] = group
        }
        continue
      }
      switch recipe.select {
      case .all: break
      case .first: shown.subtract(grid.dropFirst())
      case .middle: shown.subtract(grid.filter { $0 != grid[grid.count / 2] })
      case .last: shown.subtract(grid.dropLast())
      }
    }
  }
}
