import Glibc
import MedicalImaging

/// The layout that the seed trainer reads: pictures as files, one JSON list of rows a split, and
/// `data_list.json`.
struct LLaVAFormat: ShardFormat {
  /// Pictures go to a folder of the partition's own, renamed when it is whole; rows wait in the
  /// private folder for merge.
  func write(
    _ samples: [SpooledSample], from spool: Spool, partition: String, to workspace: Workspace
  ) throws -> PartitionResult.Shard? {
    let folder = workspace.images + "/" + partition
    let beside = workspace.images + "/." + partition + ".part"
    FolderTree.remove(beside)
    try AtomicFile.makeFolder(beside)
    var rows: [UInt8] = []
    for spooled in samples {
      var sample = spooled.sample
      for (name, range) in zip(sample.images, spooled.pictures) {
        let file = try AtomicFile.create(beside + "/" + name)
        defer { close(file) }
        try AtomicFile.append(spool.read(range), to: file)
      }
      sample.images = sample.images.map { partition + "/" + $0 }
      var json = JSONWriter()
      sample.write(to: &json)
      json.endLine()
      rows += json.bytes
    }
    FolderTree.remove(folder)
    guard unsafe rename(beside, folder) == 0 else { throw AtomicFile.failure(errno) }
    try AtomicFile.write(rows, to: workspace.records(partition, "llava"), mode: 0o600)
    return nil
  }

  func merge(
    _ partitions: [PartitionResult], job: Job, in workspace: Workspace
  ) throws -> [NamedShard] {
    try AtomicFile.makeFolder(workspace.annotations)
    try AtomicFile.makeFolder(workspace.images)
    for split in job.recipe.splits.map(\.name) {
      let length = try writeRows(of: partitions.filter { $0.split == split }, split, workspace)
      try writeList(split: split, length: length, job: job, workspace)
    }
    let present = Set(
      partitions.map(\.id).filter { AtomicFile.exists(workspace.records($0, "llava")) })
    for folder in FolderTree.entries(workspace.images) ?? []
    where !present.contains(folder) {
      FolderTree.remove(workspace.images + "/" + folder)
    }
    return []
  }

  func isThere(_ partition: PartitionResult, in workspace: Workspace) throws -> Bool {
    AtomicFile.exists(workspace.records(partition.id, "llava"))
      && AtomicFile.exists(workspace.images + "/" + partition.id)
  }

  /// One JSON list of all rows of a split, a row a line; returns how many.
  private func writeRows(
    of partitions: [PartitionResult], _ split: String, _ workspace: Workspace
  ) throws -> Int {
    let path = "\(workspace.annotations)/\(split).json"
    let file = try AtomicFile.create(path + ".part")
    defer { close(file) }
    var count = 0
    var text = Array("[\n".utf8)
    for partition in partitions {
      let records = workspace.records(partition.id, "llava")
      guard AtomicFile.exists(records) else { continue }
      for row in try AtomicFile.read(records).split(separator: UInt8(ascii: "\n")) {
        if count > 0 { text += Array(",\n".utf8) }
        text += row
        count += 1
        if text.count > 1 << 20 {
          try AtomicFile.append(text, to: file)
          text.removeAll(keepingCapacity: true)
        }
      }
    }
    text += Array("\n]\n".utf8)
    try AtomicFile.append(text, to: file)
    guard fsync(file) == 0, unsafe rename(path + ".part", path) == 0 else {
      throw AtomicFile.failure(errno)
    }
    return count
  }

  /// The training split alone stands in `data_list.json`; the others in lists of their own.
  private func writeList(split: String, length: Int, job: Job, _ workspace: Workspace) throws {
    let root = job.absolutePaths ? workspace.absoluteOutput + "/" : ""
    var json = JSONWriter(.indented)
    json.object { json in
      json.key(job.recipe.name)
      json.object { json in
        json.member("image_dir", root + "images")
        json.member("annotations", root + "annotations/\(split).json")
        json.member("sample_ratio", 1.0)
        json.member("length", length)
        json.member("data_augment", false)
      }
    }
    json.endLine()
    let name = split == "train" ? "data_list.json" : "data_list.\(split).json"
    try AtomicFile.write(json.bytes, to: workspace.output + "/" + name)
  }
}
