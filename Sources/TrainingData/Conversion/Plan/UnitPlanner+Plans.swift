import ImageFormats
import MedicalImaging
import Preprocessing

/// Which planes of volumes, or of what stands in their place, become samples.
extension UnitPlanner {
  /// Of the volumes of one unit, which are `members` of a series; volumes are numbered as they are there.
  func plans(
    of members: [Int], in series: [AssembledVolume], _ choice: VolumeChoice,
    _ headers: [InstanceHeader]
  ) -> [SectionPlanner.Plan] {
    let number = Dictionary(uniqueKeysWithValues: members.enumerated().map { ($1, $0) })
    var plans = [SectionPlanner.Plan?](repeating: nil, count: members.count)
    for (first, group) in choice.projections {
      guard let place = number[first], let kind = recipe.volumes.projection.kind else { continue }
      let planner = SectionPlanner(slices: recipe.slices)
      var plan = planner.plan(series[first], headers, isOfSeveral: true)
      // What cannot be put together is shown as it was acquired, volume by volume.
      guard plan.grid != nil else { continue }
      let numbers = group.compactMap { number[$0] }
      plan.projection = PlannedProjection(kind: kind, over: .volumes, volumes: numbers)
      for (index, other) in zip(group, numbers) {
        plans[other] = .init(acquired: [], standIns: planner.acquired(series[index], headers))
      }
      plans[place] = plan
    }
    return members.enumerated().map { place, index in
      if let plan = plans[place] { return plan }
      guard choice.shown.contains(index) else { return .init(acquired: []) }
      return plan(series[index], number: place, headers)
    }
  }

  private func plan(
    _ volume: AssembledVolume, number: Int, _ headers: [InstanceHeader]
  ) -> SectionPlanner.Plan {
    switch volume.kind {
    case .volume: return SectionPlanner(slices: recipe.slices).plan(volume, headers)
    case .cine: return film(volume, number: number, headers[volume.planes[0].instance])
    case .pictures, .slide: return .init(acquired: Set(volume.planes.indices))
    }
  }

  private func film(
    _ volume: AssembledVolume, number: Int, _ header: InstanceHeader
  ) -> SectionPlanner.Plan {
    let chosen = Set(recipe.frames.rule.indices(of: volume.planes.count))
    var plan = SectionPlanner.Plan(acquired: chosen)
    guard let kind = recipe.frames.projection.kind, volume.planes.count > 1 else { return plan }
    guard header.format.samplesPerPixel == 1, header.palette == nil else {
      plan.notes = [Self.colour]
      return plan
    }
    plan.acquired = []
    plan.standIns = chosen
    plan.projection = PlannedProjection(kind: kind, over: .frames, volumes: [number])
    return plan
  }

  private static let colour = InstanceHeader.Finding(
    "projection_colour", "The film is in colour; its frames are shown one by one.")
}
