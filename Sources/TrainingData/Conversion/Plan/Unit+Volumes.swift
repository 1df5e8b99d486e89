extension Unit {
  /// Numbers of the volumes of which pictures are made that no plane is.
  var putTogether: [Int] {
    Set(
      sections.map(\.volume)
        + volumes.indices.filter { volumes[$0].projection?.over == .frames }
    ).sorted()
  }

  /// Numbers of the volumes whose planes are put together for a volume's sections: its own, or all that
  /// are shown as one.
  func members(of volume: Int) -> [Int] { volumes[volume].projection?.volumes ?? [volume] }

  /// The acquired planes that are shown in place of what was to be made of these volumes.
  func standIns(for volumes: Set<Int>) -> [PlannedPlane] {
    let all = Set(volumes.flatMap(members))
    let places = all.reduce(into: [Int: Set<Int>]()) { $0[$1] = Set(self.volumes[$1].standIns) }
    return planes.filter { !$0.isSelected && places[$0.volume]?.contains($0.index) == true }
  }
}
