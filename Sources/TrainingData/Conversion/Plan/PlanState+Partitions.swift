/// Partitions: which there are, in which order, and which studies each holds.
extension PlanState {
  /// One row of the plan.
  struct PartitionRow: Codable, Equatable {
    var id, split: String
    var role: Partition.Role
    var generation, position, planes: Int
  }

  /// All partitions in the order in which shards are numbered.
  func partitions() throws -> [PartitionRow] {
    try database.rows(
      """
      SELECT id, split, role, generation, position, planes FROM partition
      ORDER BY generation, position
      """
    ).map {
      PartitionRow(
        id: $0[0].text, split: $0[1].text, role: Partition.Role(rawValue: $0[2].text) ?? .work,
        generation: $0[3].integer, position: $0[4].integer, planes: $0[5].integer)
    }
  }

  func partitions(holding study: String) throws -> [String] {
    try database.rows(
      "SELECT DISTINCT partition FROM partition_study WHERE study = ? ORDER BY partition",
      [.text(study)]
    ).map { $0[0].text }
  }

  func add(_ partition: Partition, generation: Int, position: Int) throws {
    try database.run(
      """
      INSERT INTO partition (id, generation, position, split, role, planes)
      VALUES (?, ?, ?, ?, ?, ?)
      """,
      [
        .text(partition.id), .integer(generation), .integer(position), .text(partition.split),
        .text(partition.role.rawValue),
        .integer(partition.units.reduce(0) { $0 + $1.planes.count + $1.sections.count }),
      ])
    for study in Set(partition.units.map(\.study)) {
      try database.run(
        "INSERT INTO partition_study (partition, study) VALUES (?, ?)",
        [.text(partition.id), .text(study)])
    }
  }

  func remove(partition id: String) throws {
    try database.run("DELETE FROM partition WHERE id = ?", [.text(id)])
    try database.run("DELETE FROM partition_study WHERE partition = ?", [.text(id)])
  }

  func nextGeneration() throws -> Int {
    try database.rows("SELECT coalesce(max(generation), -1) + 1 FROM partition")[0][0].integer
  }
}
