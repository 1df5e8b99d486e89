import Foundation
import ImageFormats
import TestSupport
import Testing

/// The same data set again, with more than before.
@Suite struct GrowthTests {
  private static func study(_ patient: Int, slices: Int = 5) -> PhantomSeries {
    PhantomSeries(patient: patient, PhantomSeries.Modality.allCases[patient % 3], slices: slices)
  }

  @Test(.needsPeers)
  func `new studies become new shards; what is done keeps its bytes`() throws {
    let bench = try Bench(recipe: "{min_shards: 2}")
    for patient in 0..<6 { try Self.study(patient).write(to: bench.sources) }
    #expect(try bench.convert().code == 0)
    let half = try bench.dataSet().contents().filter { $0.key.hasPrefix("shards/") }
    for patient in 6..<12 { try Self.study(patient).write(to: bench.sources) }
    #expect(try bench.convert().code == 0)

    let whole = try bench.dataSet().contents()
    for (name, digest) in half { #expect(whole[name] == digest, "\(name) has changed") }
    #expect(whole.keys.filter { $0.hasPrefix("shards/") }.count > half.count)
    #expect(try bench.dataSet().count("samples") == 60)
    // webdataset reads all of it; no key stands twice, no name of the export anywhere.
    let said = try Peer.run(
      script: "data_set.py", [bench.dataSet().url.path, "--source", bench.sources.path],
      in: bench.folder)
    #expect(said.hasPrefix("60 samples"))
  }

  @Test func `a study that gained a slice is made anew, and stands once`() throws {
    let bench = try Bench()
    for patient in 0..<4 {
      try Self.study(patient, slices: 8).write(to: bench.sources, slices: 0..<5)
    }
    #expect(try bench.convert().code == 0)
    let before = try bench.dataSet().rows()
    #expect(before.count == 20)
    // Patient 1 is of MR: its grey values come of the whole volume.
    try Self.study(1, slices: 8).write(to: bench.sources, slices: 5..<8)
    #expect(try bench.convert().code == 0)
    let after = try bench.dataSet().rows()
    #expect(after.count == 23)
    #expect(Set(after.map(\.id)).count == 23)
    #expect(Set(after.map(\.id)).isSuperset(of: before.map(\.id)))
    let series = after.filter { $0.dicomModality == "MR" }
    #expect(series.map(\.pictures[0].selection.index).sorted() == Array(0..<8))
    // The same series converted at once is shown in the same grey.
    #expect(try bench.convert("fresh").code == 0)
    let fresh = Set(try bench.dataSet("fresh").pictures("MR"))
    #expect(fresh.count == 8)
    #expect(Set(try bench.dataSet().pictures("MR")) == fresh)
  }

  @Test func `a study that grows keeps its split, and no patient is in two`() throws {
    let bench = try Bench(recipe: "{splits: {train: 0.5, test: 0.5}}")
    for patient in 0..<10 { try Self.study(patient, slices: 2).write(to: bench.sources) }
    #expect(try bench.convert().code == 0)
    func splits() throws -> [String: Set<String>] {
      Dictionary(grouping: try bench.dataSet().rows(), by: \.provenance.subject).mapValues {
        Set($0.map(\.split))
      }
    }
    let before = try splits()
    #expect(before.count == 10)
    #expect(Set(before.values.flatMap(\.self)) == ["train", "test"])
    for patient in 0..<10 {
      var more = Self.study(patient, slices: 2)
      more.study = 2
      try more.write(to: bench.sources)
    }
    #expect(try bench.convert().code == 0)
    let after = try splits()
    #expect(after == before)
    #expect(try bench.dataSet().count("samples") == 40)
  }

  @Test func `files that only moved are no new ones, and other sources lead to no copies`() throws {
    let bench = try Bench()
    let parts = ["one", "two"].map { bench.sources.appending(path: $0) }
    for patient in 0..<4 { try Self.study(patient).write(to: parts[patient % 2]) }
    // Named part by part, then as a whole, then the whole and a part of it.
    let (one, two) = (parts[0].path, parts[1].path)
    #expect(try bench.convert(from: [one]).code == 0)
    #expect(try bench.convert(from: [one, two]).code == 0)
    let made = try bench.dataSet().contents()
    #expect(try bench.convert(from: [bench.sources.path]).code == 0)
    #expect(try bench.convert(from: [two, bench.sources.path, one]).code == 0)
    try bench.dataSet().expectBytes(made)
    let moved = bench.folder.url("moved")
    try FileManager.default.moveItem(at: bench.sources, to: moved)
    #expect(
      try bench.convert(from: ["one", "two"].map { moved.appending(path: $0).path }).code == 0)
    try bench.dataSet().expectBytes(made)
    #expect(try bench.dataSet().rejects().isEmpty)
  }

  @Test func `the order of sources changes no byte`() throws {
    let bench = try Bench()
    let parts = ["one", "two", "three"].map { bench.sources.appending(path: $0).path }
    for (number, part) in parts.enumerated() {
      try Self.study(number).write(to: URL(filePath: part))
      // The same name below each, and something to be rejected.
      try FileManager.default.createDirectory(atPath: part, withIntermediateDirectories: true)
      try Data().write(to: URL(filePath: part + "/empty"))
    }
    #expect(try bench.convert("forth", from: parts).code == 3)
    #expect(try bench.convert("back", from: parts.reversed()).code == 3)
    #expect(try bench.dataSet("forth").rejects().map(\.code) == ["empty", "empty", "empty"])
    try bench.dataSet("forth").expectBytes(of: bench.dataSet("back"))
  }

  private static func tar(of series: PhantomSeries, slices: Range<Int>) throws -> [UInt8] {
    var tar = TarWriter()
    for slice in slices {
      let bytes = try series.file(slice)
      try tar.append(name: series.path(slice), bytes: bytes.span)
    }
    return tar.finishInMemory()
  }

  @Test func `a study that is spread over a tar and a folder grows as any other`() throws {
    let bench = try Bench()
    let series = Self.study(0, slices: 6)
    try bench.write(Self.tar(of: series, slices: 0..<3), to: "old.tar")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().count("samples") == 3)
    #expect(bench.unpacked.isEmpty)
    // Its members are needed again, and so is their digest for a copy of one of them.
    try series.write(to: bench.sources, slices: 2..<6)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().count("samples") == 6)
    #expect(try bench.dataSet().rejects().map(\.code) == ["duplicate"])
    #expect(bench.unpacked.isEmpty)
  }

  @Test(.needsPeers)
  func `an archive that has changed is read anew`() throws {
    let bench = try Bench()
    let series = Self.study(0, slices: 6)
    let place = bench.sources.appending(path: "export.zip").path
    func pack(_ slices: [Int]) throws {
      let folder = bench.folder.url("packed-\(slices.count)")
      for slice in slices { try series.write(to: folder, slices: slice..<slice + 1) }
      try Peer.run(
        "import shutil, sys; shutil.make_archive(sys.argv[1], 'zip', sys.argv[2])",
        String(place.dropLast(4)), folder.path)
    }
    try pack([1, 2, 3, 4])
    #expect(try bench.convert().code == 0)
    try FileManager.default.removeItem(atPath: place)
    // Every member has another place in the archive now, and one is gone.
    try pack([0, 1, 2, 4, 5])
    #expect(try bench.convert().code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 5)
    #expect(try bench.dataSet().rejects().isEmpty)
    #expect(rows[0].provenance.gaps.map(\.kind) == ["missing"])
  }

  @Test func `a study whose files hold something else now leaves the data set`() throws {
    let bench = try Bench(recipe: "{min_shards: 1, splits: {train: 1}}")
    for patient in 0..<2 {
      try Self.study(patient, slices: 6).write(to: bench.sources, slices: 0..<4)
    }
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().shards().map(\.rows.count) == [8])
    // Both stand in one shard; the other one must be written again for its new slices.
    for slice in 0..<4 {
      try bench.write(Array("moved to the archive\n".utf8), to: Self.study(0).path(slice))
    }
    try Self.study(1, slices: 6).write(to: bench.sources, slices: 4..<6)
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().map(\.dicomModality) == Array(repeating: "MR", count: 6))
    #expect(try bench.convert("fresh").code == 0)
    #expect(
      try Set(bench.dataSet().pictures("MR")) == Set(bench.dataSet("fresh").pictures("MR")))
  }

  @Test(arguments: ["webdataset", "llava", "webdataset,llava"])
  func `a data set that was deleted without its private folder is made again`(_ formats: String)
    throws
  {
    let bench = try Bench()
    for patient in 0..<3 { try Self.study(patient).write(to: bench.sources) }
    try bench.write(Self.tar(of: Self.study(3), slices: 0..<3), to: "more.tar")
    #expect(try bench.convert("set", from: nil, "--format", formats).code == 0)
    let made = try bench.dataSet().contents()
    try FileManager.default.removeItem(at: bench.dataSet().url)
    #expect(try bench.convert("set", from: nil, "--format", formats).code == 0)
    try bench.dataSet().expectBytes(made)
    #expect(bench.unpacked.isEmpty)
  }

  @Test func `what a DICOMDIR missed is taken in when it has come`() throws {
    let bench = try Bench()
    let series = Self.study(0, slices: 2)
    var index = DICOMDirectoryWriter(fileSetID: "PHANTOM")
    for slice in 0..<2 {
      try index.add(series.object(slice), file: ["PAT0", "ST1", "SE1", "IM100\(slice + 1)"])
    }
    try bench.write(index.file(), to: "DICOMDIR")
    try series.write(to: bench.sources, slices: 0..<1)
    let medium = bench.sources.appending(path: "DICOMDIR").path
    #expect(try bench.convert(from: [medium]).code == 3)
    try series.write(to: bench.sources, slices: 1..<2)
    #expect(try bench.convert(from: [medium]).code == 0)
    #expect(try bench.dataSet().rows().count == 2)
    #expect(try bench.dataSet().rejects().isEmpty)

    // A file behind it that has other pixels now, while the DICOMDIR is the same.
    let before = try bench.dataSet().rows().flatMap(\.pictures[0].sourceSha256)
    var other = series.object(1)
    other.set(.pixelWords, .bytes([UInt8](repeating: 1, count: 16 * 20 * 2)))
    try bench.write(DICOMWriter.file(other), to: series.path(1))
    #expect(try bench.convert(from: [medium]).code == 0)
    let after = try bench.dataSet().rows().flatMap(\.pictures[0].sourceSha256)
    #expect(after.count == 2)
    #expect(Set(before).intersection(after).count == 1)
  }

  // MARK: Another data set

  @Test(arguments: [
    ("recipe", ["--recipe", "other.json5"]), ("salt", ["--salt-file", "other.salt"]),
    ("--format", ["--format", "llava"]),
  ])
  func `the same folder is refused to another data set, and it is said why`(
    _ name: String, _ words: [String]
  ) throws {
    let bench = try Bench()
    try Self.study(0).write(to: bench.sources)
    #expect(try bench.convert().code == 0)
    let made = try bench.dataSet().contents()
    try bench.folder.write(Array("{seed: 2}".utf8), to: "other.json5")
    try bench.folder.write(Array("another salt for tests".utf8), to: "other.salt")
    var call = bench.words()
    if let place = call.firstIndex(of: words[0]) { call.removeSubrange(place...place + 1) }
    let end = try Program(words: call + words, in: bench.folder.url).end()
    #expect(end.code == 1)
    #expect(end.errors.contains("The output folder was begun with another \(name)"))
    #expect(end.errors.contains("Repeat the first run's options, or choose another --out."))
    try bench.dataSet().expectBytes(made)
  }

  @Test(arguments: ["set", "set/key"])
  func `a private folder within the data set is refused`(_ name: String) throws {
    let bench = try Bench()
    try Self.study(0).write(to: bench.sources)
    let end = try bench.convert("set", from: nil, "--private", bench.folder.url(name).path)
    #expect(end.code == 64)
    #expect(end.errors.contains("The private folder would lie in the data set"))
    #expect(!FileManager.default.fileExists(atPath: bench.dataSet().url.path))
  }

  @Test func `a folder that holds something else is left alone`() throws {
    let bench = try Bench()
    try Self.study(0).write(to: bench.sources)
    let output = bench.dataSet()
    try FileManager.default.createDirectory(at: output.url, withIntermediateDirectories: true)
    try Data("mine".utf8).write(to: output.url.appending(path: "notes.txt"))
    let end = try bench.convert()
    #expect(end.code == 1)
    #expect(end.errors.contains("was not begun with this private folder"))
    #expect(end.errors.contains("Choose another --out."))
    #expect(try output.contents().keys.sorted() == ["notes.txt"])
    #expect(!FileManager.default.fileExists(atPath: output.privateFolder.path))
  }
}

extension Bench {
  /// What is unpacked in the private folder.
  fileprivate var unpacked: [String] {
    FileManager.default.entries(dataSet().privateFolder.appending(path: "unpacked"))
  }
}
