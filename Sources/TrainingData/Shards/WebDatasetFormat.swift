import Glibc
import ImageFormats
import MedicalImaging

/// WebDataset tar files: `<key>.json` and `<key>.<n>.png|jpg` side by side.
struct WebDatasetFormat: ShardFormat {
  func write(
    _ samples: [SpooledSample], from spool: Spool, partition: String, to workspace: Workspace
  ) throws -> PartitionResult.Shard? {
    let path = workspace.partialShard(partition)
    let file = try AtomicFile.create(path + ".part")
    defer { close(file) }
    do {
      var tar = TarWriter(descriptor: file)
      for spooled in samples {
        var json = JSONWriter()
        spooled.sample.write(to: &json)
        try tar.append(name: "\(spooled.sample.key).json", bytes: json.bytes.span)
        for (name, range) in zip(spooled.sample.images, spooled.pictures) {
          try spool.copy(range, to: &tar, name: name)
        }
      }
      let summary = try tar.finish()
      guard fsync(file) == 0, unsafe rename(path + ".part", path) == 0 else {
        throw AtomicFile.failure(errno)
      }
      return PartitionResult.Shard(
        samples: samples.count, bytes: summary.bytes, sha256: summary.sha256.hex)
    } catch {
      unsafe unlink(path + ".part")
      throw error
    }
  }

  /// Names shards split by split without gaps. A shard is either where its worker left it or under
  /// the name that `names.json` gives it, which is written before anything is renamed: a merge that
  /// was cut short is taken up by the next.
  func merge(
    _ partitions: [PartitionResult], job: Job, in workspace: Workspace
  ) throws -> [NamedShard] {
    var numbers: [String: Int] = [:]
    var shards: [(id: String, shard: NamedShard)] = []
    for result in partitions {
      guard let shard = result.shard else { continue }
      let number = numbers[result.split, default: 0]
      numbers[result.split] = number + 1
      let digits = String(number)
      let name =
        result.split + "-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
      shards.append(
        (
          result.id,
          NamedShard(
            path: "shards/\(name).tar", split: result.split, samples: shard.samples,
            bytes: shard.bytes, sha256: shard.sha256)
        ))
    }
    try AtomicFile.makeFolder(workspace.shards)
    try AtomicFile.makeFolder(workspace.partial)

    let old = try names(workspace)
    let new = Dictionary(uniqueKeysWithValues: shards.map { ($0.id, $0.shard.path) })
    for (id, path) in old where new[id] != path {
      let there = workspace.output + "/" + path
      if new[id] == nil {
        unsafe unlink(there)
      } else if !AtomicFile.exists(workspace.partialShard(id)) {
        guard unsafe rename(there, workspace.partialShard(id)) == 0 else {
          throw AtomicFile.failure(errno)
        }
      }
    }
    try AtomicFile.write(StoredJSON.encode(new), to: workspace.names, mode: 0o600)
    for (id, shard) in shards where AtomicFile.exists(workspace.partialShard(id)) {
      guard unsafe rename(workspace.partialShard(id), workspace.output + "/" + shard.path) == 0
      else {
        throw AtomicFile.failure(errno)
      }
    }
    return shards.map(\.shard).sorted { $0.path < $1.path }
  }

  func isThere(_ partition: PartitionResult, in workspace: Workspace) throws -> Bool {
    guard let shard = partition.shard else { return false }
    let name = try names(workspace)[partition.id].map { workspace.output + "/" + $0 }
    return [name, workspace.partialShard(partition.id)].contains {
      $0.map(AtomicFile.size) == shard.bytes
    }
  }

  private func names(_ workspace: Workspace) throws(ImageError) -> [String: String] {
    guard AtomicFile.exists(workspace.names) else { return [:] }
    return try StoredJSON.decode([String: String].self, AtomicFile.read(workspace.names))
  }
}
