import Glibc
import MedicalImaging
import Preprocessing

/// Partitions as they lie in the private folder: a line of JSON, then a line for each header, its
/// token, a tab, and the header as it was stored; whoever reads it gets uptake values where they were
/// planned.
enum PartitionFile {
  static func read(
    _ workspace: Workspace, _ id: String, withHeaders: Bool = true
  ) throws(ImageError) -> Partition {
    let lines = try AtomicFile.read(workspace.partition(id)).split(separator: UInt8(ascii: "\n"))
    guard let first = lines.first else {
      throw ImageError(.unreadable, "A partition of the plan is empty.", remedy: "Plan again.")
    }
    var partition = try StoredJSON.decode(Partition.self, first)
    for line in lines.dropFirst() where withHeaders {
      guard let tab = line.firstIndex(of: UInt8(ascii: "\t")) else { continue }
      let token = String(decoding: line[..<tab], as: UTF8.self)
      partition.headers[token] = try StoredHeader.decode(line[tab...].dropFirst())
    }
    // Units may share an instance, which is scaled once.
    var scales: [String: UptakeScale] = [:]
    for instance in partition.units.flatMap(\.instances) {
      scales[instance.token] = instance.uptake
    }
    for (token, scale) in scales {
      partition.headers[token] = partition.headers[token].map(scale.applied)
    }
    return partition
  }

  static func write(
    _ partition: Partition, headers: [(token: String, stored: [UInt8])], _ workspace: Workspace
  ) throws(ImageError) {
    var bytes = StoredJSON.encode(partition)
    for (token, stored) in headers {
      bytes += Array("\n\(token)\t".utf8) + stored
    }
    try AtomicFile.write(bytes, to: workspace.partition(partition.id), mode: 0o600)
  }

  /// Removes a partition and whatever came of it.
  static func remove(_ workspace: Workspace, _ id: String) {
    unsafe unlink(workspace.partition(id))
    removeResult(workspace, id)
  }

  /// Removes what came of a partition, so that it is worked again.
  static func removeResult(_ workspace: Workspace, _ id: String) {
    let made =
      [workspace.result(id), workspace.measure(id), workspace.partialShard(id)]
      + ShardFormatName.allCases.map { workspace.records(id, $0.rawValue) }
    for path in made { unsafe unlink(path) }
  }
}
