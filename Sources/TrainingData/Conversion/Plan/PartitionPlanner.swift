import MedicalImaging

/// Cuts units into pieces of about equal weight and deals them to partitions, so that a shard
/// holds many patients and modalities.
///
/// Nothing here depends on how many processes there are, on memory, or on the order of discovery.
struct PartitionPlanner {
  /// The most that one partition weighs, in bytes of decoded planes.
  let partitionBytes: Int
  /// At least so many partitions, where there are so many planes.
  let leastPartitions: Int
  let seed: Int
  let pseudonyms: Pseudonyms

  /// Bytes of decoded planes that a worker may hold until their statistics are known, about.
  private static let mostHeld = 256_000_000

  /// Pieces that a shard has at least, where they are of series in single files. Each piece more is
  /// a partition more that is worked again where a slice turns out to be damaged.
  private static let piecesAShard = 8

  /// The partitions of one split, measuring ones first.
  func partitions(of units: [Unit], split: String) -> [Partition] {
    let total = units.reduce(0) { $0 + $1.weight }
    let planes = units.reduce(0) { $0 + $1.planes.count }
    guard planes > 0 else { return [] }
    let count = max(
      (total + partitionBytes - 1) / partitionBytes, min(leastPartitions, planes))
    let target = max(total / count, 1)

    var measures: [Partition] = []
    var pieces: [(order: Digest, unit: Unit)] = []
    for unit in units {
      var cut = self.cut(unit, into: pieceBytes(of: unit, in: target))
      if cut.count > 1 && unit.needsStatistics && unit.displays.count == 1 {
        let measuring = cut.map { named([$0], .measure, split) }
        measures += measuring
        for index in cut.indices { cut[index].measures = measuring.map(\.id) }
      }
      for piece in cut {
        let chosen = piece.selectedOnly
        guard !chosen.planes.isEmpty else { continue }
        pieces.append((pseudonyms.digest("deal", "\(seed)\0\(Self.name(chosen))"), chosen))
      }
    }

    // In seeded order, each piece goes where least is yet.
    pieces.sort { $0.order < $1.order }
    var hands = [(weight: Int, units: [Unit])](repeating: (0, []), count: min(count, pieces.count))
    for (_, unit) in pieces {
      guard let lightest = hands.indices.min(by: { hands[$0].weight < hands[$1].weight })
      else { break }
      hands[lightest].weight += unit.weight
      hands[lightest].units.append(unit)
    }
    return measures + hands.filter { !$0.units.isEmpty }.map { named($0.units, .work, split) }
  }

  /// What one piece of a unit weighs, about.
  ///
  /// Series are finely dealt where that costs nothing, so that a shard is not one or two patients.
  /// Statistics would have every piece read twice; a file of many frames would be opened and
  /// digested for every piece.
  private func pieceBytes(of unit: Unit, in target: Int) -> Int {
    // A volume that waits for its own statistics is held whole: never more than this.
    if unit.needsStatistics { return min(target, Self.mostHeld) }
    return unit.planes.count > unit.instances.count ? target : max(target / Self.piecesAShard, 1)
  }

  /// Ranges of about `target` bytes in the order of the volumes; the frames of an instance that is
  /// mapped on its own stay together, and so does a volume of which sections are cut or that has labels:
  /// whether these fit it, all of its planes say.
  private func cut(_ unit: Unit, into target: Int) -> [Unit] {
    let count = (unit.weight + target / 2) / target
    guard count > 1, unit.putTogether.isEmpty,
      unit.annotations.isEmpty || unit.volumes.allSatisfy({ $0.kind == .slide })
    else { return [unit] }
    let share = unit.weight / count
    var pieces: [[PlannedPlane]] = [[]]
    var weight = 0
    for plane in unit.planes {
      let isBound = unit.displays.count > 1 && pieces.last?.last?.instance == plane.instance
      if weight >= share * pieces.count && !isBound { pieces.append([]) }
      pieces[pieces.count - 1].append(plane)
      weight += unit.instances[plane.instance].planeBytes
    }
    guard pieces.count > 1 else { return [unit] }
    return pieces.map { unit.range($0) }
  }

  private static func name(_ unit: Unit) -> String {
    unit.id + unit.planes.prefix(1).map { "\0\($0.volume)\0\($0.index)" }.joined()
  }

  private func named(_ units: [Unit], _ role: Partition.Role, _ split: String) -> Partition {
    Partition(
      id: Self.name(units, role, split, pseudonyms), role: role, split: split, units: units)
  }

  /// A partition's name says what is in it: the same planes, the same name.
  static func name(
    _ units: [Unit], _ role: Partition.Role, _ split: String, _ pseudonyms: Pseudonyms
  ) -> String {
    let content = units.map { unit in
      name(unit)
        + unit.planes.map { ",\(unit.instances[$0.instance].identity).\($0.frame)" }.joined()
        + unit.instances.flatMap { $0.slide?.parts ?? [] }.map { "+\($0.identity)" }.joined()
        + unit.annotations.map { "*\($0.identity)" }.joined()
    }
    let words = ["\(role)", split] + content
    return String(pseudonyms.name("partition", words.joined(separator: "\0")).prefix(16))
  }
}

extension Unit {
  /// The unit with some of its planes, and of its instances and displays those that they need.
  func range(_ planes: [PlannedPlane]) -> Unit {
    var part = self
    part.isRange = true
    part.keep(planes)
    return part
  }

  /// Without the planes that were to be read for statistics, where others have taken these.
  fileprivate var selectedOnly: Unit {
    guard !measures.isEmpty else { return self }
    var part = self
    part.keep(planes.filter(\.isSelected))
    return part
  }

  private mutating func keep(_ kept: [PlannedPlane]) {
    let needed = Set(kept.map(\.instance)).sorted()
    let place = Dictionary(uniqueKeysWithValues: needed.enumerated().map { ($1, $0) })
    planes = kept.map {
      var plane = $0
      plane.instance = place[$0.instance] ?? 0
      return plane
    }
    let isShared = displays.count == 1
    displays = isShared ? displays : needed.map { displays[instances[$0].display] }
    instances = needed.enumerated().map { position, index in
      var instance = instances[index]
      instance.display = isShared ? 0 : position
      return instance
    }
  }
}
