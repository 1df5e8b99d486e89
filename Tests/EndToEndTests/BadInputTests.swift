import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Sources that are not what they should be: one sentence for each, and the rest of the run goes on.
@Suite struct BadInputTests {
  @Test func `every file that cannot be used is named with its reason, and the rest goes on`()
    throws
  {
    let bench = try Bench()
    let good = PhantomSeries(patient: 1, slices: 3)
    try good.write(to: bench.sources)
    let other = PhantomSeries(patient: 2, slices: 3)
    let whole = try other.file(0)

    try bench.write([], to: "bad/empty")
    // Within the preamble's magic word, the header, and the pixel data.
    try bench.write(Array(whole[..<400]), to: "bad/header")
    try bench.write(Array(whole.dropLast(100)), to: "bad/pixels")
    try bench.write(
      other.object(1).file(
        syntax: "1.2.840.10008.1.2.4.50",
        fragments: [[0xFF, 0xD8, 0xFF, 0xDB] + Array(repeating: 7, count: 60)]), to: "bad/jpeg")
    var zero = other.object(2)
    zero.set(.rows, 0)
    try bench.write(DICOMWriter.file(zero), to: "bad/zero-rows")
    try bench.write(DICOMWriter.file(other.object(2).without(.pixelWords)), to: "bad/no-pixels")
    try bench.write(Array("PK\u{3}\u{4}".utf8) + Array(repeating: 9, count: 500), to: "bad/zip")
    try bench.write(
      [0x1F, 0x8B, 8] + (0..<500).map { UInt8(truncatingIfNeeded: $0 * 37) }, to: "bad/gzip")
    try bench.write(Array("Patient Quixotic was here.\n".utf8), to: "bad/notes.txt")
    try FileManager.default.createSymbolicLink(
      atPath: bench.sources.path + "/bad/link", withDestinationPath: "nowhere")
    var index = DICOMDirectoryWriter(fileSetID: "PHANTOM")
    try index.add(good.object(0), file: ["PAT1", "ST1", "SE1", "IM1001"])
    try index.add(other.object(0), file: ["PAT2", "ST1", "SE1", "IM1001"])
    try bench.write(index.file(), to: "DICOMDIR")

    let end = try bench.convert()
    #expect(end.code == 3)
    let rejects = try bench.dataSet().rejects()
    func reject(_ name: String) -> DataSetFolder.Reject? {
      rejects.first { $0.source == Bench.token("bad/" + name) }
    }
    #expect(reject("empty")?.message == "The file is empty.")
    #expect(reject("empty")?.code == "empty")
    #expect(reject("header")?.message == "The source ends within its header.")
    #expect(reject("header")?.code == "truncated")
    #expect(reject("pixels")?.message == "The source ends before the frame does.")
    #expect(reject("pixels")?.code == "truncated")
    #expect(reject("pixels")?.remedy == "Copy the file again: its end is missing.")
    #expect(reject("jpeg")?.code == "damaged_pixels")
    #expect(reject("zero-rows")?.code == "damaged_header")
    #expect(reject("no-pixels")?.code == "no_pixels")
    #expect(reject("zip")?.code == "broken_archive")
    #expect(reject("gzip")?.code == "unsupported_format")
    #expect(reject("link")?.code == "missing")
    #expect(reject("link")?.message == "A link leads to a file that is not there.")
    // The text is left out, the directory's own file is not there.
    #expect(reject("notes.txt") == nil)
    let absent = Bench.token(Bench.token("DICOMDIR") + "/PAT2/ST1/SE1/IM1001")
    #expect(
      rejects.first { $0.source == absent }?.message
        == "A DICOMDIR names a file that is not there.")
    #expect(rejects.count == 10)
    #expect(rejects.allSatisfy { $0.remedy.hasSuffix(".") })
    #expect(try bench.dataSet().rows().count == 3)
    // What can be read at all has its digest.
    let unread = rejects.filter { $0.sourceSha256 == nil }.map(\.code).sorted()
    #expect(unread == ["empty", "missing", "missing"])
    for word in ["bad/", "DICOMDIR/", "IM1001", "notes", "Quixotic", bench.sources.path] {
      for reject in rejects {
        #expect(!reject.message.contains(word) && !reject.remedy.contains(word))
      }
    }
  }

  @Test func `where nothing is a medical picture the run ends with 2, each time`() throws {
    let bench = try Bench()
    try bench.write(Array("just text\n".utf8), to: "a.txt")
    try bench.write(Array("<html></html>".utf8), to: "b/index.html")
    for _ in 0..<2 {
      let end = try bench.convert()
      #expect(end.code == 2)
      #expect(end.errors.contains("Nothing in the sources is a medical picture."))
      #expect(end.errors.contains("Name a folder, file, DICOMDIR or archive that holds DICOM."))
    }
    #expect(!FileManager.default.fileExists(atPath: bench.folder.url("set/dataset.json").path))
    try FileManager.default.createDirectory(
      at: bench.folder.url("nothing"), withIntermediateDirectories: true)
    #expect(try bench.convert("other", from: [bench.folder.url("nothing").path]).code == 2)
    // With pictures it goes on as if nothing had been.
    try PhantomSeries(patient: 1).write(to: bench.sources)
    #expect(try bench.convert().code == 0)
  }

  @Test func `a source that is not there is named, and nothing is begun`() throws {
    let bench = try Bench()
    let path = bench.folder.url("typo").path
    let end = try bench.convert(from: [bench.sources.path, path])
    #expect(end.code == 1)
    #expect(end.errors.contains("\(path) cannot be found."))
    #expect(end.errors.contains("Check how the source is spelled."))
    #expect(!FileManager.default.fileExists(atPath: bench.dataSet().url.path))
    #expect(!FileManager.default.fileExists(atPath: bench.dataSet().privateFolder.path))
  }

  // MARK: A bad slice inside a volume

  /// Ways to spoil the file of a slice, and the reason that it is rejected with.
  static let damages: [(code: String, spoil: @Sendable (PhantomSeries, Int) throws -> [UInt8])] = [
    ("truncated", { try $0.file($1).dropLast(100) }),
    (
      "damaged_pixels",
      {
        try $0.object($1).file(
          syntax: "1.2.840.10008.1.2.4.90",
          fragments: [[0xFF, 0x4F, 0xFF, 0x51] + Array(repeating: 3, count: 60)])
      }
    ),
  ]

  @Test(arguments: [0, 1])
  func `a bad slice is a gap in the record of every other slice of its volume`(_ number: Int) throws
  {
    let (code, spoil) = Self.damages[number]
    let bench = try Bench()
    let series = PhantomSeries(patient: 1, .mr, slices: 6)
    try series.write(to: bench.sources)
    try bench.write(spoil(series, 2), to: series.path(2))
    try PhantomSeries(patient: 2, slices: 2).write(to: bench.sources)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rejects().map(\.code) == [code])
    #expect(try bench.dataSet().rejects().map(\.source) == [Bench.token(series.path(2))])
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 7)
    for row in rows {
      // Slices lie 2.5 mm apart: without the third there are 5 mm between its neighbours.
      #expect(
        row.provenance.gaps
          == (row.dicomModality == "MR"
            ? [.init(kind: "unreadable", after: 1, planes: 1, millimetres: 5)] : []))
    }
  }

  @Test func `the gap reaches the ranges of a volume that is spread over many partitions`() throws {
    // Shards of 1 MB hold 61 small planes.
    let bench = try Bench(recipe: "{shard_megabytes: 1, min_shards: 1}")
    let series = PhantomSeries(patient: 1, .mr, slices: 200)
    try series.write(to: bench.sources)
    for (slice, damage) in [(199, 0), (70, 1)] {
      try bench.write(Self.damages[damage].spoil(series, slice), to: series.path(slice))
    }
    #expect(try bench.convert("three", from: nil, "--jobs", "3").code == 3)
    let set = bench.dataSet("three")
    #expect(try set.shards().count >= 3)
    #expect(try set.rejects().map(\.code).sorted() == ["damaged_pixels", "truncated"])
    let rows = try set.rows()
    #expect(rows.count == 198)
    for row in rows {
      #expect(
        row.provenance.gaps == [
          .init(kind: "unreadable", after: 69, planes: 1, millimetres: 5),
          .init(kind: "unreadable", after: 198, planes: 1, millimetres: 5),
        ])
    }
    #expect(try bench.convert("one", from: nil, "--jobs", "1").code == 3)
    try bench.dataSet("one").expectBytes(of: set)
  }

  // MARK: Files that claim gigabytes

  /// Bytes of a number, the highest first.
  private static func big(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }

  @Test func `files that claim gigabytes are refused, in a gigabyte`() throws {
    let bench = try Bench(recipe: "{burned_in: \"accept\"}")
    let series = PhantomSeries(patient: 1, slices: 2)
    try series.write(to: bench.sources)
    func claim(_ number: Int, _ frames: Int) -> DICOMObject {
      var object = PhantomSeries(patient: 2, study: number, .cr).object(0)
      object.set(.rows, 65_535)
      object.set(.columns, 65_535)
      object.set(.numberOfFrames, frames)
      return object
    }
    try bench.write(DICOMWriter.file(claim(1, 1)), to: "native")
    try bench.write(DICOMWriter.file(claim(2, 2_000_000_000)), to: "frames")
    var small = claim(3, 2_000_000_000)
    small.set(.rows, 1)
    small.set(.columns, 1)
    try bench.write(DICOMWriter.file(small), to: "small-frames")

    let side = Self.big(65_535, 2)
    // SOF0 and SOF2 of 8 bits, SOF3 of 16, each with one component.
    for (name, marker, bits) in [
      ("baseline", 0xC0, 8), ("progressive", 0xC2, 8), ("lossless", 0xC3, 16),
    ] {
      let jpeg =
        [0xFF, 0xD8, 0xFF, UInt8(marker), 0, 11, UInt8(bits)] + side + side + [1, 1, 0x11, 0]
        + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0x3F, 0, 0, 0, 0xFF, 0xD9]
      try bench.write(
        claim(4, 1).file(syntax: "1.2.840.10008.1.2.4.50", fragments: [jpeg]), to: name)
    }
    // JPEG-LS: SOF55 and a scan.
    let ls =
      [0xFF, 0xD8, 0xFF, 0xF7, 0, 11, 16] + side + side + [1, 1, 0x11, 0]
      + [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0, 0, 0xFF, 0xD9]
    try bench.write(claim(5, 1).file(syntax: "1.2.840.10008.1.2.4.80", fragments: [ls]), to: "ls")
    // JPEG 2000: SIZ of 2^31 - 1 squared, in one tile and in tiles of one pixel.
    for (name, tile) in [("j2k", Int(Int32.max)), ("j2k-tiles", 1)] {
      let sizes: [Int] = [Int(Int32.max), Int(Int32.max), 0, 0, tile, tile, 0, 0]
      var stream: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0]
      for size in sizes { stream += Self.big(size, 4) }
      stream += [0, 1, 15, 1, 1, 0xFF, 0x90] + Array(repeating: 0, count: 40)
      try bench.write(
        claim(6, 1).file(syntax: "1.2.840.10008.1.2.4.90", fragments: [stream]), to: name)
    }
    // RLE: one segment of runs.
    let rle =
      [2, 0, 0, 0, 64, 0, 0, 0, 70, 0, 0, 0] + Array(repeating: UInt8(0), count: 52)
      + Array(repeating: 0x81, count: 20)
    try bench.write(claim(7, 1).file(syntax: "1.2.840.10008.1.2.5", fragments: [rle]), to: "rle")
    let names = [
      "native", "frames", "baseline", "progressive", "lossless", "ls", "j2k", "j2k-tiles", "rle",
    ]

    // The program has as much address space as its one worker may have.
    let run = try Program(
      words: bench.words("set", ["--jobs", "1", "--memory", "1"]),
      wrapper: ["/usr/bin/env", "prlimit", "--as=1073741824"])
    #expect(try run.end().code == 3)
    let rejects = try bench.dataSet().rejects()
    for name in names {
      let reject = rejects.first { $0.source == Bench.token(name) }
      #expect(
        ["memory", "truncated", "damaged_pixels"].contains(reject?.code), "\(name) is no reject")
    }
    for name in ["native", "baseline", "progressive", "lossless", "ls", "j2k", "rle"] {
      #expect(rejects.first { $0.source == Bench.token(name) }?.code == "memory", "\(name)")
    }
    #expect(rejects.count == names.count)
    // Of the smallest frames, 640 bytes hold 320: 16 are evenly spread over those, and it is said
    // that the others are not there.
    let rows = try bench.dataSet().rows()
    #expect(rows.count { $0.dicomModality == "CR" } == 16)
    #expect(rows.count == 18)
    let card = try String(contentsOf: bench.folder.url("set/dataset.json"), encoding: .utf8)
    #expect(card.contains("\"frames_missing\": "))
  }

  // MARK: What the machine refuses

  @Test(
    .enabled("needs setpriv where the tests run as root") { getuid() != 0 || Privileges.canDrop })
  func
    `a file and a folder that may not be read are rejects, an output that may not be written ends it`()
    throws
  {
    let bench = try Bench()
    let series = PhantomSeries(patient: 1, slices: 3)
    try series.write(to: bench.sources)
    try PhantomSeries(patient: 2, slices: 2).write(to: bench.sources)
    let files = FileManager.default
    let (closed, folder) = (series.path(1), "PAT2/ST1")
    for name in [closed, folder] {
      try files.setAttributes(
        [.posixPermissions: 0], ofItemAtPath: bench.sources.path + "/" + name)
    }
    try files.setAttributes([.posixPermissions: 0o777], ofItemAtPath: bench.folder.url.path)
    defer {
      _ = try? files.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: bench.sources.path + "/" + folder)
    }
    let end = try Program(words: bench.words(), wrapper: Privileges.dropped).end()
    #expect(end.code == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["permission", "permission"])
    #expect(Set(rejects.map(\.source)) == [Bench.token(closed), Bench.token(folder + "/")])
    #expect(
      Set(rejects.map(\.message)) == ["The file may not be read.", "The folder cannot be opened."])
    #expect(try bench.dataSet().rows().count == 2)
    // Once they may be read, the same command takes them in.
    for name in [closed, folder] {
      try files.setAttributes(
        [.posixPermissions: 0o755], ofItemAtPath: bench.sources.path + "/" + name)
    }
    #expect(try Program(words: bench.words(), wrapper: Privileges.dropped).end().code == 0)
    #expect(try bench.dataSet().rows().count == 5)

    let shut = bench.folder.url("shut")
    try files.createDirectory(at: shut, withIntermediateDirectories: false)
    try files.setAttributes([.posixPermissions: 0o555], ofItemAtPath: shut.path)
    let refused = try Program(words: bench.words("shut/set"), wrapper: Privileges.dropped).end()
    #expect(refused.code == 1)
    #expect(refused.errors.contains("The output folder cannot be written to."))
    #expect(refused.errors.contains("Choose another --out, or give this user the right"))
  }

  @Test(.enabled("needs the right to mount a tmpfs") { Mount.isAllowed }, arguments: [true, false])
  func `a full disk is said, leaves nothing half-written, and the run goes on when there is room`(
    _ isOutput: Bool
  ) throws {
    let bench = try Bench()
    for patient in 1...3 {
      var series = PhantomSeries(patient: patient, slices: 12)
      series.rows = 96
      series.columns = 96
      try series.write(to: bench.sources)
    }
    let formats = ["--format", "webdataset,llava"]
    let whole = try Program(words: bench.words("whole", formats)).end()
    #expect(whole.code == 0)

    let disk = try Mount(bench.folder.url("disk"), kilobytes: isOutput ? 256 : 64)
    defer { disk.end() }
    let words =
      isOutput
      ? bench.words("disk/set", formats + ["--private", bench.folder.url("key").path])
      : bench.words("set", formats + ["--private", bench.folder.url("disk/key").path])
    let full = try Program(words: words).end()
    #expect(full.code == 1)
    #expect(full.errors.contains(" is full."))
    #expect(full.errors.contains("Make room on the disk and run the same command again"))
    // What has a final name is whole.
    let set = bench.dataSet(isOutput ? "disk/set" : "set")
    #expect(!FileManager.default.fileExists(atPath: set.url.path + "/dataset.json"))
    let expected = try bench.dataSet("whole").contents()
    for (name, digest) in try set.contents()
    where !name.contains(".part") && !name.hasPrefix(".") {
      #expect(expected[name] == digest, "\(name) is not what it will be")
    }
    try disk.grow(megabytes: 64)
    #expect(try Program(words: words).end().code == 0)
    try set.expectBytes(expected)
  }
}

/// What a user without rights may do, where the tests run as root.
private enum Privileges {
  static let canDrop = FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv")
  static let dropped =
    getuid() == 0
    ? ["/usr/bin/setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"] : ["/usr/bin/env"]
}

/// A small disk in memory.
final class Mount {
  private let place: URL

  static let isAllowed: Bool = {
    guard getuid() == 0, let folder = try? TemporaryFolder(),
      let disk = try? Mount(folder.url("disk"), kilobytes: 64)
    else { return false }
    disk.end()
    return true
  }()

  init(_ place: URL, kilobytes: Int) throws {
    self.place = place
    try FileManager.default.createDirectory(at: place, withIntermediateDirectories: true)
    let status = unsafe mount("tmpfs", place.path, "tmpfs", 0, "size=\(kilobytes)k")
    guard status == 0 else { throw TestSupportError("A tmpfs cannot be mounted.") }
  }

  func grow(megabytes: Int) throws {
    let status = unsafe mount(
      "tmpfs", place.path, "tmpfs", UInt(MS_REMOUNT), "size=\(megabytes)m")
    guard status == 0 else { throw TestSupportError("The tmpfs cannot be made larger.") }
  }

  func end() { unsafe umount2(place.path, Int32(MNT_DETACH)) }
}
