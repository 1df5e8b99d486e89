import Testing

@testable import TrainingData

@Suite struct PartitionPlannerTests {
  private static func planner(bytes: Int, least: Int = 1, seed: Int = 1) -> PartitionPlanner {
    PartitionPlanner(
      partitionBytes: bytes, leastPartitions: least, seed: seed, pseudonyms: Units.pseudonyms)
  }

  /// Series of every kind and size, some larger than a partition of a million bytes.
  private static func units() throws -> [Unit] {
    var units: [Unit] = []
    for patient in 0..<20 {
      let planes = 1 + patient * patient % 47
      units.append(
        try Units.unit(patient: patient, series: "CT", planes: 3 * planes, bytes: 20_000))
      units.append(
        try Units.unit(
          patient: patient, series: "MR", planes: 2 * planes, bytes: 30_000, measured: true,
          selected: { $0 % 2 == 0 }))
      units.append(
        try Units.unit(
          patient: patient, series: "CR", planes: 1 + patient % 3, bytes: 150_000, each: true))
    }
    return units
  }

  private static func planes(_ partitions: [Partition]) -> [String] {
    partitions.flatMap(\.units).flatMap { unit in
      unit.planes.map { "\(unit.series) \(unit.instances[$0.instance].token) \($0.index)" }
    }.sorted()
  }

  @Test func `every selected plane is worked once, and no other`() throws {
    let units = try Self.units()
    let selected = units.flatMap { unit in
      unit.planes.filter(\.isSelected).map {
        "\(unit.series) \(unit.instances[$0.instance].token) \($0.index)"
      }
    }.sorted()
    for (bytes, least) in [(1_000_000, 1), (200_000, 8), (1 << 40, 1), (1 << 40, 8), (1, 1)] {
      let all = Self.planner(bytes: bytes, least: least).partitions(of: units, split: "train")
      let work = all.filter { $0.role == .work }
      // Planes that are read for statistics alone stay with a whole unit.
      let worked = Self.planes(work).filter { Set(selected).contains($0) }
      #expect(worked == selected)
      for unit in work.flatMap(\.units) where !unit.measures.isEmpty {
        #expect(unit.planes.allSatisfy { $0.isSelected })
      }
    }
  }

  @Test func `a range knows its own instances and displays, and none besides`() throws {
    let all = Self.planner(bytes: 200_000).partitions(of: try Self.units(), split: "train")
    for unit in all.flatMap(\.units) {
      #expect(Set(unit.planes.map(\.instance)) == Set(unit.instances.indices))
      #expect(unit.instances.allSatisfy { unit.displays.indices.contains($0.display) })
      #expect(unit.displays.count == 1 || unit.displays.count == unit.instances.count)
    }
  }

  @Test func `weights are balanced`() throws {
    let units = try Self.units()
    let total = units.reduce(0) { $0 + $1.weight }
    let work = Self.planner(bytes: 1_000_000).partitions(of: units, split: "train")
      .filter { $0.role == .work }
    // Pieces of MR lose the planes that are read for statistics alone, so partitions are lighter.
    #expect(work.count == (total + 999_999) / 1_000_000)
    let weights = work.map { $0.units.reduce(0) { $0 + $1.weight } }
    let mean = weights.reduce(0, +) / weights.count
    // The last pieces go where least is: two differ by one piece at most, which is a unit of MR of
    // up to 1.5 partitions; here the largest uncut is 48 planes of 30,000 bytes.
    for weight in weights { #expect(abs(weight - mean) < 48 * 30_000, "\(weights)") }
    #expect(weights.sorted()[weights.count / 2] < 1_300_000)
  }

  @Test func `a split has its least number of shards where it has as many planes`() throws {
    for (planes, least, expected) in [(20, 8, 8), (5, 8, 5), (1, 8, 1), (20, 1, 1)] {
      let unit = try Units.unit(patient: 1, series: "CT", planes: planes, bytes: 100)
      let partitions = Self.planner(bytes: 1_000_000, least: least).partitions(
        of: [unit], split: "test")
      #expect(partitions.count == expected, "\(planes) planes, \(least) shards")
      #expect(partitions.allSatisfy { $0.split == "test" && $0.role == .work })
    }
    #expect(Self.planner(bytes: 1).partitions(of: [], split: "train").isEmpty)
  }

  @Test func `a large series that needs statistics is measured first, range by range`() throws {
    let unit = try Units.unit(
      patient: 1, series: "MR", planes: 100, bytes: 30_000, measured: true,
      selected: { $0 % 10 == 0 })
    let all = Self.planner(bytes: 1_000_000).partitions(of: [unit], split: "train")
    let (measure, work) = (all.filter { $0.role == .measure }, all.filter { $0.role == .work })
    // 3 MB in partitions of 1 MB: three, of 34, 33 and 33 planes.
    #expect(measure.map { $0.units[0].planes.count } == [34, 33, 33])
    #expect(all.prefix(3).map(\.id) == measure.map(\.id))
    #expect(measure.flatMap { $0.units[0].planes.map(\.index) } == Array(0..<100))
    // Every tenth is shown, and waits for all three.
    #expect(work.flatMap(\.units).flatMap(\.planes).count == 10)
    for partition in work { #expect(partition.waitsFor == measure.map(\.id).sorted()) }
    #expect(all.flatMap(\.units).allSatisfy { $0.isRange })
  }

  @Test func `a range without a chosen plane is measured and gives no shard`() throws {
    let unit = try Units.unit(
      patient: 1, series: "MR", planes: 100, bytes: 30_000, measured: true, selected: { $0 == 99 })
    let all = Self.planner(bytes: 1_000_000).partitions(of: [unit], split: "train")
    #expect(all.filter { $0.role == .measure }.count == 3)
    #expect(all.filter { $0.role == .work }.count == 1)
  }

  @Test func `a volume that waits for itself is never held beyond 256 MB`() throws {
    let unit = try Units.unit(
      patient: 1, series: "MR", planes: 2000, bytes: 1_000_000, measured: true)
    let all = Self.planner(bytes: 16_000_000_000).partitions(of: [unit], split: "train")
    // 2 GB in pieces of 256 MB: eight are measured, whatever the shard's size.
    #expect(all.filter { $0.role == .measure }.count == 8)
    for partition in all where partition.role == .measure {
      #expect(partition.units.allSatisfy { $0.weight <= 384_000_000 })
    }
  }

  @Test func `frames of a file that is shown on its own stay together`() throws {
    var unit = try Units.unit(
      patient: 1, series: "XA", planes: 6, bytes: 100_000, each: true)
    unit.planes = unit.instances.indices.flatMap { instance in
      (0..<20).map {
        PlannedPlane(instance: instance, frame: $0, volume: instance, index: $0, isSelected: true)
      }
    }
    let all = Self.planner(bytes: 500_000).partitions(of: [unit], split: "train")
    #expect(all.count > 1)
    for piece in all.flatMap(\.units) { #expect(piece.planes.count.isMultiple(of: 20)) }
  }

  @Test func `the order of units changes nothing, seed and content change names`() throws {
    let units = try Self.units()
    let planner = Self.planner(bytes: 1_000_000)
    let ids = planner.partitions(of: units, split: "train").map(\.id)
    #expect(Set(ids).count == ids.count)
    #expect(
      Set(planner.partitions(of: units.reversed(), split: "train").map(\.id)) == Set(ids))
    #expect(
      Set(Self.planner(bytes: 1_000_000, seed: 2).partitions(of: units, split: "train").map(\.id))
        != Set(ids))
    #expect(planner.partitions(of: units, split: "test").map(\.id) != ids)
    var fewer = units
    fewer[0].planes.removeLast()
    #expect(Set(planner.partitions(of: fewer, split: "train").map(\.id)) != Set(ids))
  }

  /// A trainer that reads shards one after the other sees what is in one for a while.
  ///
  /// 40 patients, each with a CT of 300 slices of half a megabyte, an MR of 60 of an eighth and a
  /// radiograph of 8 MB, are 28 shards of 256 MB. A CT is cut into five, so that there are 280
  /// pieces, seven a patient. Of ten pieces that are dealt blindly
  /// 40 (1 - C(273, 10) / C(280, 10)) = 9.08 patients are expected.
  @Test func `a shard of a usual size holds as many patients as blind dealing gives it`() throws {
    let units = try (0..<40).flatMap { patient in
      [
        try Units.unit(patient: patient, series: "CT", planes: 300, bytes: 524_288),
        try Units.unit(patient: patient, series: "MR", planes: 60, bytes: 131_072, measured: true),
        try Units.unit(patient: patient, series: "CR", planes: 1, bytes: 8_000_000),
      ]
    }
    let shards = Self.planner(bytes: 256_000_000, least: 8).partitions(of: units, split: "train")
    #expect(shards.count == 28)
    #expect(shards.reduce(0) { $0 + $1.units.count } == 280)
    let patients = shards.map { Set($0.units.map(\.subject)).count }
    let mean = Double(patients.reduce(0, +)) / 28
    #expect(mean / 9.08 > 0.95, "\(mean) patients a shard")
    #expect((patients.min() ?? 0) >= 6)
    // 40 MR in 28 shards by blind dealing leave 28 (27/28)^40 = 6.5 without one.
    let modalities = shards.map { Set($0.units.map { $0.series.suffix(2) }).count }
    #expect(modalities.filter { $0 >= 2 }.count >= 26)
    #expect(modalities.filter { $0 == 3 }.count >= 14)
  }
}
