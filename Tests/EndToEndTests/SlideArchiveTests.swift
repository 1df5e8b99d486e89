import Foundation
import TestSupport
import Testing

/// Slides of microscopes' makers: on disk, in archives, and where OpenSlide is not installed.
@Suite(.needsPeers) struct SlideArchiveTests {
  /// Formats of one file each.
  private static let single = ["aperio", "leica", "ndpi", "philips", "sakura", "ventana"]
  /// Formats of several files; Trestle's overview is one of its own.
  private static let several = ["mirax", "trestle", "vms", "vmu"]

  /// Writes slides into a folder of the bench.
  private static func make(_ names: [String], in folder: String, of bench: Bench) throws -> String {
    let place = bench.folder.url(folder)
    try Peer.run(script: "make_makers.py", [place.path] + names, in: bench.folder)
    return place.path
  }

  /// What `slide_pictures.py` finds of them: the whole tissue of each, and nothing else.
  private static let pictures = [
    "aperio.svs 0 0.5", "hamamatsu.ndpi 0 0.5", "leica.scn 0 0.5", "philips.tiff 0 0.5",
    "sakura.svslide 0 0.5", "ventana.bif 0 0.5",
  ]

  @Test(arguments: [
    ["zip"], ["stored"], ["tar"], ["tar.gz"], ["zip", "zip"], ["tar.gz", "zip"], ["zip", "tar"],
  ])
  func `slides in an archive become the pictures of their plain folder`(_ kinds: [String]) throws {
    // Nothing else is among the sources: ordinary pictures would be used.
    let bench = try Bench()
    let plain = try Self.make(Self.single, in: "plain", of: bench)
    try NestedArchiveTests.nest(bench, "plain", kinds, to: "export")
    for jobs in ["1", "3"] {
      #expect(try bench.convert("set\(jobs)", from: nil, "--jobs", jobs).code == 0)
      #expect(try SlideConversionTests.compare(bench.dataSet("set\(jobs)"), plain) == Self.pictures)
      #expect(try bench.dataSet("set\(jobs)").count("samples") == 6)
      #expect(try bench.dataSet("set\(jobs)").leftOut().isEmpty)
      #expect(bench.unpacked("set\(jobs)").isEmpty)
    }
    try bench.dataSet("set1").expectBytes(of: bench.dataSet("set3"))
    // The data set was deleted, its private folder was not: what is needed is there again.
    try FileManager.default.removeItem(at: bench.dataSet("set1").url)
    #expect(try bench.convert("set1").code == 0)
    try bench.dataSet("set1").expectBytes(of: bench.dataSet("set3"))
    #expect(bench.unpacked("set1").isEmpty)

    let inspected = try Program.run("inspect", bench.sources.path)
    #expect(inspected.code == 0)
    #expect(inspected.output.contains("6 studies, 6 images, 0 rejected, 0 left out"))
  }

  @Test func `what is in a changed archive of slides counts as changed`() throws {
    let bench = try Bench()
    var plain = try Self.make(["aperio", "leica"], in: "before", of: bench)
    try NestedArchiveTests.nest(bench, "before", ["zip", "zip"], to: "export")
    #expect(try bench.convert().code == 0)
    #expect(try SlideConversionTests.compare(bench.dataSet(), plain).count == 2)
    plain = try Self.make(["leica", "philips"], in: "after", of: bench)
    try NestedArchiveTests.nest(bench, "after", ["zip", "zip"], to: "export")
    #expect(try bench.convert().code == 0)
    #expect(
      try SlideConversionTests.compare(bench.dataSet(), plain) == [
        "leica.scn 0 0.5", "philips.tiff 0 0.5",
      ])
  }

  @Test func `a reject and its place are those of the member of the archive`() throws {
    let bench = try Bench()
    let made = bench.folder.url("plain").path
    try FileManager.default.createDirectory(atPath: made, withIntermediateDirectories: true)
    let folder = try TemporaryFolder()
    try Peer.run(script: "slide_pictures.py", ["pyramid"], in: folder)
    try FileManager.default.moveItem(
      at: folder.url("silent.svs"), to: URL(filePath: made + "/silent.svs"))
    try NestedArchiveTests.nest(bench, "plain", ["zip"], to: "export.zip")
    #expect(try bench.convert().code == 3)
    let reject = try #require(try bench.dataSet().rejects().first)
    #expect(reject.code == "slide_resolution" && reject.sourceSha256 != nil)
    let path = bench.sources.appending(path: "export.zip").path
    #expect(
      try Program.run("inspect", "--source", reject.source, "--out", bench.dataSet().url.path)
        .output == "\(path): silent.svs\n")
  }

  @Test(arguments: [["zip"], ["tar.gz"], ["tar", "zip"]])
  func `slides of several files in an archive are refused, and no part of them is a picture`(
    _ kinds: [String]
  ) throws {
    let bench = try Bench(recipe: "{pictures: \"use\"}")
    let plain = try Self.make(Self.several, in: "plain", of: bench)
    try NestedArchiveTests.nest(bench, "plain", kinds, to: "export")
    #expect(try bench.convert().code == 3)
    // Trestle's tissue is one file.
    #expect(try SlideConversionTests.compare(bench.dataSet(), plain) == ["trestle.tif 0 0.5"])
    #expect(try bench.dataSet().count("samples") == 1)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == Array(repeating: "unsupported_format", count: 3))
    #expect(Set(rejects.map(\.remedy)) == ["Unpack the archive and name the folder."])
    // MIRAX has 3, VMS 4, VMU 3, Trestle its overview.
    #expect(try bench.dataSet().leftOut() == ["slide_part": 11])
  }

  @Test func `slides of several files on disk are read, and their parts are no pictures`() throws {
    let bench = try Bench(recipe: "{pictures: \"use\"}")
    let plain = try Self.make(Self.several, in: "sources", of: bench)
    #expect(try bench.convert().code == 0)
    let pictures = [
      "hamamatsu.vms 0 0.5", "hamamatsu.vmu 0 0.5", "mirax.mrxs 0 0.5", "trestle.tif 0 0.5",
    ]
    #expect(try SlideConversionTests.compare(bench.dataSet(), plain) == pictures)
    #expect(try bench.dataSet().count("samples") == 4)
    #expect(try bench.dataSet().leftOut() == ["slide_part": 11])
    // All files of a slide made its picture, the overview that is never read among them: 1 of Trestle,
    // 4 of MIRAX, 5 of VMS, 4 of VMU.
    #expect(
      try bench.dataSet().rows().map(\.pictures[0].sourceSha256.count).sorted() == [1, 4, 4, 5])
    // A change of one of them is a change of the slide: its digest is that of the file as it is now.
    let data = URL(filePath: plain + "/mirax/Data0000.dat")
    try (Data(contentsOf: data) + [0]).write(to: data)
    #expect(try bench.convert().code == 0)
    #expect(try SlideConversionTests.compare(bench.dataSet(), plain) == pictures)
    // The overview named by itself is no picture either.
    let alone = try bench.convert("alone", from: [plain + "/vms_macro.jpg"])
    #expect(alone.code == 2)
  }

  @Test func `an overview that was used is none any more once its slide has come`() throws {
    let bench = try Bench()
    let made = try Self.make(["vms"], in: "made", of: bench)
    let names = try FileManager.default.contentsOfDirectory(atPath: made)
    for name in names where name.hasSuffix(".jpg") {
      try bench.write([UInt8](Data(contentsOf: URL(filePath: made + "/" + name))), to: name)
    }
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().count("samples") == 4)
    let key = try [UInt8](Data(contentsOf: URL(filePath: made + "/hamamatsu.vms")))
    try bench.write(key, to: "hamamatsu.vms")
    #expect(try bench.convert().code == 0)
    #expect(try SlideConversionTests.compare(bench.dataSet(), made) == ["hamamatsu.vms 0 0.5"])
    #expect(try bench.dataSet().count("samples") == 1)
    #expect(try bench.dataSet().leftOut() == ["slide_part": 4])
  }

  @Test func `without OpenSlide a slide is refused and other files are what they are`() throws {
    let bench = try Bench(recipe: "{pictures: \"use\"}")
    let plain = try Self.make(["aperio", "philips", "vms", "mirax"], in: "sources", of: bench)
    try Peer.run(
      """
      import numpy, sys, tifffile
      tifffile.imwrite(sys.argv[1] + "/ordinary.tif", numpy.zeros((600, 600, 3), "u1"), tile=(256, 256),
                       photometric="rgb")
      open(sys.argv[1] + "/notes.txt", "w").write("[Notes]\\nof a day\\n")
      """, plain)
    // Another library under its name has none of its functions.
    let empty = bench.folder.url("libraries").path
    try FileManager.default.createDirectory(atPath: empty, withIntermediateDirectories: true)
    try Peer.run(
      "import ctypes.util, shutil, sys, zlib; shutil.copy(zlib.__file__, sys.argv[1])"
        + " if hasattr(zlib, '__file__') else shutil.copy('/lib/x86_64-linux-gnu/libz.so.1', sys.argv[1])",
      empty + "/libopenslide.so.0")
    let program = try Program(
      words: bench.words(from: nil),
      wrapper: ["/usr/bin/env", "LD_LIBRARY_PATH=\(empty)"])
    #expect(try program.end().code == 3)
    #expect(try bench.dataSet().count("samples") == 1)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == Array(repeating: "unsupported_format", count: 4))
    #expect(rejects.allSatisfy { $0.remedy.contains("libopenslide0") })
    #expect(try bench.dataSet().leftOut() == ["slide_part": 7, "text": 1])
  }
}
