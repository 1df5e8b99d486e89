import Foundation
import ImageFormats
import TestSupport
import Testing

/// Archives in archives: one level is read as if it were unpacked, a second one is refused.
@Suite(.needsPeers) struct NestedArchiveTests {
  /// Every pair of kinds, the outer one first, and the compressions of an inner tar.
  static let pairs = [
    ["zip", "zip"], ["stored", "zip"], ["zip", "tar"], ["zip", "tar.gz"], ["zip", "tar.bz2"],
    ["zip", "tar.xz"], ["tar", "zip"], ["tar.gz", "zip"], ["tar", "tar"], ["tar.gz", "tar.gz"],
  ]
  /// One of each way to lie: in place in a copy, unpacked from one, in place and unpacked in a tar.
  static let four = [["zip", "zip"], ["zip", "tar.gz"], ["tar", "zip"], ["tar", "tar"]]

  static func study(_ patient: Int, slices: Int = 4) -> PhantomSeries {
    PhantomSeries(patient: patient, PhantomSeries.Modality.allCases[patient % 3], slices: slices)
  }

  /// Packs a folder of the bench into a file of its sources.
  static func nest(_ bench: Bench, _ folder: String, _ kinds: [String], to name: String)
    throws
  {
    let place = bench.sources.appending(path: name)
    try FileManager.default.createDirectory(
      at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Peer.run(
      script: "nest_archives.py", [bench.folder.url(folder).path, place.path] + kinds,
      in: bench.folder)
  }

  /// Writes some slices below a folder of the bench.
  static func write(
    _ series: PhantomSeries, _ slices: [Int], to folder: String, of bench: Bench
  ) throws {
    for slice in slices {
      try series.write(to: bench.folder.url(folder), slices: slice..<slice + 1)
    }
  }

  /// An export with a DICOMDIR, a file in gzip and a read-me.
  private static func export(_ bench: Bench, in folder: String) throws {
    let place = bench.folder.url(folder)
    var index = DICOMDirectoryWriter(fileSetID: "PHANTOM")
    for patient in 0..<3 {
      let series = Self.study(patient)
      try series.write(to: place)
      for slice in 0..<4 {
        try index.add(
          series.object(slice), file: series.path(slice).split(separator: "/").map(String.init))
      }
    }
    try Data(index.file()).write(to: place.appending(path: "DICOMDIR"))
    try Data("read me\n".utf8).write(to: place.appending(path: "README"))
    let lone = Self.study(3, slices: 1)
    try Data(lone.file(0)).write(to: place.appending(path: "lone.dcm"))
    try Peer.run(
      "import gzip, os, sys; p = sys.argv[1]; f = open(p, 'rb').read(); "
        + "open(p + '.gz', 'wb').write(gzip.compress(f)); os.remove(p)",
      place.appending(path: "lone.dcm").path)
  }

  // MARK: One level

  @Test(arguments: pairs)
  func `an archive in an archive gives the bytes of its plain folder, each time`(_ kinds: [String])
    throws
  {
    let bench = try Bench()
    try Self.export(bench, in: "plain")
    #expect(try bench.convert("reference", from: [bench.folder.url("plain").path]).code == 0)
    #expect(try bench.dataSet("reference").count("samples") == 13)
    try Self.nest(bench, "plain", kinds, to: "export")
    for jobs in ["1", "3"] {
      #expect(try bench.convert("set\(jobs)", from: nil, "--jobs", jobs).code == 0)
      // Samples are named by the images' UIDs: nothing tells where the files lay.
      try bench.dataSet("set\(jobs)").expectBytes(of: bench.dataSet("reference"))
      #expect(bench.unpacked("set\(jobs)").isEmpty)
    }
    #expect(try bench.convert("set1").code == 0)
    try bench.dataSet("set1").expectBytes(of: bench.dataSet("reference"))
    #expect(bench.unpacked("set1").isEmpty)
  }

  @Test func `tokens are the same wherever an export is moved to, for any number of workers`()
    throws
  {
    let bench = try Bench()
    try Self.write(Self.study(0), [0, 1, 2, 3], to: "plain", of: bench)
    try Data().write(to: bench.folder.url("plain/empty"))
    for (number, kinds) in Self.four.enumerated() {
      try Self.nest(bench, "plain", kinds, to: "disc\(number)/export")
    }
    // Two files of one name in a tar, each of them no picture.
    var tar = TarWriter()
    for _ in 0..<2 { try tar.append(name: "twice", bytes: [UInt8]().span) }
    try bench.write(tar.finishInMemory(), to: "twice.tar")
    #expect(try bench.convert("here", from: nil, "--jobs", "1").code == 3)
    let moved = bench.folder.url("elsewhere/moved")
    try FileManager.default.createDirectory(
      at: moved.deletingLastPathComponent(), withIntermediateDirectories: true)
    try FileManager.default.moveItem(at: bench.sources, to: moved)
    #expect(try bench.convert("there", from: [moved.path], "--jobs", "3").code == 3)
    try bench.dataSet("there").expectBytes(of: bench.dataSet("here"))
    // And where only the private folder of the first run knows of them.
    #expect(try bench.convert("here", from: [moved.path]).code == 3)
    try bench.dataSet("here").expectBytes(of: bench.dataSet("there"))

    // Four copies of four slices, one of each is used; and six empty files.
    let rejects = try bench.dataSet("here").rejects()
    #expect(rejects.count { $0.code == "duplicate" } == 12)
    #expect(rejects.count { $0.code == "empty" } == 6)
    #expect(Set(rejects.map(\.source)).count == 18)
    // In a zip, the number of a member stands behind its name: 0 is that of the inner archive, 4
    // that of the empty file behind four slices.
    let inner = Bench.token(Bench.token("disc0/export") + "/Quixotic/inner.zip\0" + "0")
    let empty = Bench.token(inner + "/empty\0" + "4")
    #expect(rejects.contains { $0.source == empty && $0.code == "empty" })
    let text = try String(
      contentsOf: bench.folder.url("here/rejects.jsonl"), encoding: .utf8)
    for word in ["Quixotic", "inner", "PAT0", "IM1001", "export", "unpacked"] {
      #expect(!text.contains(word), "\(word) is in a reject")
    }
  }

  @Test(arguments: four)
  func `files of an inner archive are there again when a later run needs them`(_ kinds: [String])
    throws
  {
    let bench = try Bench()
    let series = Self.study(0, slices: 6)
    try Self.write(series, [0, 1, 2], to: "plain", of: bench)
    try Self.nest(bench, "plain", kinds, to: "old")
    #expect(try bench.convert().code == 0)
    let first = try bench.dataSet().contents()
    // The data set was deleted, its private folder was not.
    try FileManager.default.removeItem(at: bench.dataSet().url)
    #expect(try bench.convert().code == 0)
    try bench.dataSet().expectBytes(first)
    // More of the same study, and a copy of what is in the archive.
    try series.write(to: bench.sources, slices: 2..<6)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().count("samples") == 6)
    #expect(try bench.dataSet().rejects().map(\.code) == ["duplicate"])
    #expect(bench.unpacked().isEmpty)
  }

  @Test(arguments: four)
  func `what is in a changed archive counts as changed, what is in it no more is forgotten`(
    _ kinds: [String]
  ) throws {
    let bench = try Bench()
    try Self.write(Self.study(0, slices: 6), [1, 2, 3, 4], to: "before", of: bench)
    try Self.write(Self.study(1), [0, 1, 2, 3], to: "before", of: bench)
    try Self.nest(bench, "before", kinds, to: "export")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().count("samples") == 8)
    // Every file has another number now, one is gone, two have come, and a study is not there.
    try Self.write(Self.study(0, slices: 6), [0, 1, 2, 4, 5], to: "after", of: bench)
    try Self.nest(bench, "after", kinds, to: "export")
    #expect(try bench.convert().code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 5)
    #expect(Set(rows.map(\.dicomModality)) == ["CT"])
    #expect(rows.first?.provenance.gaps.map(\.kind) == ["missing"])
    #expect(try bench.dataSet().rejects().isEmpty)
    // The inner archive is gone from the outer one: so is what it held.
    try Self.write(Self.study(2, slices: 3), [0, 1, 2], to: "other", of: bench)
    try Self.nest(bench, "other", [kinds[0]], to: "export")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().map(\.dicomModality) == ["CR", "CR", "CR"])
    // Nor is anything left of what an archive held that is none any more.
    try bench.write(Array("PK\u{3}\u{4}".utf8) + Array(repeating: 9, count: 500), to: "export")
    try Self.study(4).write(to: bench.sources)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().map(\.dicomModality) == Array(repeating: "MR", count: 4))
    #expect(try bench.dataSet().rejects().map(\.code) == ["broken_archive"])
  }

  // MARK: Interrupted

  @Test(arguments: [true, false])
  func `a run that was killed goes on to the same bytes, its unpacked files there or not`(
    _ isKept: Bool
  ) throws {
    let bench = try Bench(recipe: "{min_shards: 4}")
    for patient in 0..<4 {
      try Self.write(
        Self.study(patient, slices: 40), Array(0..<40), to: "plain\(patient)", of: bench)
      try Self.nest(bench, "plain\(patient)", Self.four[patient], to: "disc\(patient)")
    }
    try bench.write([], to: "empty")
    #expect(try bench.convert("whole").code == 3)
    let moments: [(String, (DataSetFolder) -> Bool)] = [
      ("unpacking", { !bench.unpacked($0.url.lastPathComponent).isEmpty }),
      ("unpacked", { bench.unpacked($0.url.lastPathComponent).count > 3 }),
      (
        "working",
        { !FileManager.default.entries($0.privateFolder.appending(path: "results")).isEmpty }
      ),
    ]
    for (name, isReached) in moments {
      let run = try Program(words: bench.words(name))
      while run.isRunning, !isReached(bench.dataSet(name)) { usleep(200) }
      run.send(SIGKILL)
      #expect(try run.end().signal == SIGKILL, "not killed while \(name)")
      let unpacked = bench.dataSet(name).privateFolder.appending(path: "unpacked")
      if !isKept { try? FileManager.default.removeItem(at: unpacked) }
      #expect(try bench.convert(name).code == 3)
      try bench.dataSet(name).expectBytes(of: bench.dataSet("whole"))
      #expect(bench.unpacked(name).isEmpty)
    }
  }

  // MARK: Inspect

  @Test(arguments: [
    (["zip", "zip"], "inner.zip"), (["zip", "tar.gz"], "inner.tar.gz"),
    (["tar", "zip"], "inner.zip"), (["tar", "tar"], "inner.tar"),
  ])
  func `inspect shows a member behind both archives, and finds it by its token`(
    _ kinds: [String], _ inner: String
  ) throws {
    let bench = try Bench()
    try Self.write(Self.study(0), [0, 1, 2, 3], to: "plain", of: bench)
    try Data().write(to: bench.folder.url("plain/ZERO"))
    try Self.nest(bench, "plain", kinds, to: "export")
    let path = bench.sources.appending(path: "export").path
    let shown = "\(path): Quixotic/\(inner): ZERO"
    let inspected = try Program.run("inspect", bench.sources.path)
    #expect(inspected.code == 3)
    #expect(inspected.output.contains("\n    \(shown)\n"))
    #expect(inspected.output.contains("1 study, 4 images, 1 rejected, 0 left out"))

    #expect(try bench.convert().code == 3)
    let token = try #require(try bench.dataSet().rejects().first).source
    let set = bench.dataSet().url.path
    #expect(
      try Program.run("inspect", "--source", token, "--out", set).output == shown + "\n")
    let json = try Program.run("inspect", "--source", token, "--out", set, "--json").output
    #expect(
      json == """
        {
          "source": "\(token)",
          "path": "\(path)",
          "member": {
            "index": 0,
            "name": "Quixotic/\(inner)",
            "member": {
              "index": 4,
              "name": "ZERO",
              "member": null
            }
          }
        }

        """)
    // Its token is known to an inspection that is given the data set.
    let known = try Program.run("inspect", bench.sources.path, "--out", set, "--json").output
    #expect(known.contains("\"source\": \"\(token)\""))
  }
}

extension Bench {
  /// What is unpacked in the private folder of a data set.
  func unpacked(_ name: String = "set") -> [String] {
    FileManager.default.entries(dataSet(name).privateFolder.appending(path: "unpacked"))
  }
}
