import Foundation
import TestSupport
import Testing

/// DICOM slides of several instances through the program.
@Suite(.needsPeers) struct DICOMSlideConversionTests {
  /// A bench whose sources are some cases of `make_dicom_slides.py`.
  private static func bench(_ cases: [String], recipe: String = "{}") throws -> Bench {
    let bench = try Bench(recipe: recipe)
    try make(cases, bench)
    return bench
  }

  private static func make(_ cases: [String], _ bench: Bench) throws {
    try Peer.run(script: "make_dicom_slides.py", [bench.sources.path] + cases, in: bench.folder)
  }

  /// The pictures after their bytes were compared with what pydicom makes of all the files that each
  /// names.
  private static func pictures(_ bench: Bench) throws -> [String] {
    try SlideConversionTests.compare(bench.dataSet(), bench.sources.path)
  }

  private static func files(_ bench: Bench) throws -> [Int] {
    try bench.dataSet().rows().map(\.pictures[0].sourceSha256.count).sorted()
  }

  @Test(arguments: [(2048, 0, "0.5"), (310, 1, "1.0"), (64, 2, "2.0")])
  func `the level that fits is chosen, and judged by the slide's largest`(
    side: Int, level: Int, microns: String
  ) throws {
    // 0.5 micrometres under a lens of 20; the smaller levels have 1 and 2, which no lens of 20 has.
    let bench = try Self.bench(["levels"], recipe: "{slides: {longest_side: \(side)}}")
    #expect(try bench.convert().code == 0)
    #expect(try Self.pictures(bench) == ["levels_\(level).dcm \(level) \(microns)"])
    #expect(try bench.dataSet().rejects().isEmpty)
    #expect(try bench.dataSet().leftOut() == ["slide_label": 1, "slide_overview": 1])
    #expect(try Self.files(bench) == [1])
  }

  @Test func `a level alone that says that it was resampled is not held against the lens`() throws {
    let bench = try Self.bench(["lower"])
    #expect(try bench.convert().code == 0)
    #expect(try Self.pictures(bench) == ["lower_0.dcm 0 1.0"])
  }

  @Test func `levels that contradict each other, or say nothing, cost the slide`() throws {
    let bench = try Self.bench(
      ["contradicting", "silent"], recipe: "{slides: {longest_side: 310}}")
    #expect(try bench.convert().code == 3)
    #expect(try Self.pictures(bench).isEmpty)
    #expect(
      try bench.dataSet().rejects().map(\.code) == Array(repeating: "slide_resolution", count: 4))
    #expect(try Program.run("inspect", bench.sources.path).output.contains("4 rejected"))

    // A table beside them knows the smaller level of one: the larger has half of it, either is used.
    try bench.write(
      Array("file,microns_per_pixel\nsilent_1.dcm,0.5\n".utf8), to: "microns_per_pixel.csv")
    #expect(try bench.convert().code == 3)
    #expect(try Self.pictures(bench) == ["silent_1.dcm 1 0.5"])
    #expect(try bench.dataSet().rejects().count == 2)
    let knowing = try Bench(recipe: "{slides: {longest_side: 310, microns_per_pixel: 0.3}}")
    try Self.make(["silent"], knowing)
    #expect(try knowing.convert().code == 0)
    #expect(try Self.pictures(knowing) == ["silent_1.dcm 1 0.6"])
  }

  @Test func `a level in several instances is one picture of all of them`() throws {
    let bench = try Self.bench(["concatenation", "sparse"])
    #expect(try bench.convert().code == 0)
    #expect(try Self.pictures(bench) == ["concatenation_0.dcm 0 0.5", "sparse_0.dcm 0 0.5"])
    #expect(try Self.files(bench) == [2, 3])
    #expect(try bench.dataSet().findings().isEmpty)
    // In whatever archive, by however many workers.
    for (number, kinds) in [["zip"], ["tar.gz"], ["tar", "zip"]].enumerated() {
      try NestedArchiveTests.nest(bench, "sources", kinds, to: "../export\(number)")
      let export = bench.folder.url("export\(number)").path
      #expect(try bench.convert("set\(number)", from: [export], "--jobs", "3").code == 0)
      try bench.dataSet("set\(number)").expectBytes(of: bench.dataSet())
    }
    // The data set was deleted, its private folder was not.
    try FileManager.default.removeItem(at: bench.dataSet("set1").url)
    let export = bench.folder.url("export1").path
    #expect(try bench.convert("set1", from: [export]).code == 0)
    try bench.dataSet("set1").expectBytes(of: bench.dataSet())

    let small = try Self.bench(["concatenation"], recipe: "{slides: {longest_side: 200}}")
    #expect(try small.convert().code == 0)
    #expect(try Self.pictures(small) == ["concatenation_3.dcm 1 2.0"])
  }

  @Test func `a part that is missing leaves background and a finding, until it comes`() throws {
    let bench = try Self.bench(["torn"])
    #expect(try bench.convert().code == 0)
    #expect(try Self.pictures(bench) == ["torn_0.dcm 0 0.5"])
    #expect(try Self.files(bench) == [2])
    #expect(try bench.dataSet().findings() == ["tiles_missing": 1])
    let strict = try Self.bench(["torn"], recipe: "{truncated: \"reject\"}")
    #expect(try strict.convert().code == 3)
    #expect(try strict.dataSet().rejects().map(\.code) == ["truncated"])
    #expect(try strict.dataSet().count("samples") == 0)
    for once in [bench, strict] {
      try Self.make(["mended"], once)
      #expect(try once.convert().code == 0)
      #expect(try Self.pictures(once) == ["torn_0.dcm 0 0.5"])
      #expect(try Self.files(once) == [3])
      #expect(try once.dataSet().findings().isEmpty)
    }
  }

  @Test func `each optical path is a picture, in the middle focal plane, or what is named`() throws
  {
    let bench = try Self.bench(["paths", "planes"])
    #expect(try bench.convert().code == 0)
    let third = "paths_1.dcm 0 0.5 optical_path 2"
    // Of three planes the second, of four the second.
    #expect(
      try Self.pictures(bench) == [
        "paths_0.dcm 0 0.5 optical_path 0 focal_plane 1",
        "paths_0.dcm 0 0.5 optical_path 1 focal_plane 1", third,
        "planes_0.dcm 0 0.5 focal_plane 1",
      ])
    #expect(try Self.files(bench) == [1, 1, 1, 2])

    let named = try Self.bench(
      ["paths"], recipe: "{slides: {optical_path: \"b\", focal_plane: 2}}")
    #expect(try named.convert().code == 0)
    #expect(try Self.pictures(named) == ["paths_0.dcm 0 0.5 optical_path 1 focal_plane 2"])
    // What has one path or one plane is taken as it is.
    let single = try Self.bench(
      ["sparse", "planes"], recipe: "{slides: {optical_path: \"b\", focal_plane: 3}}")
    #expect(try single.convert().code == 0)
    #expect(
      try Self.pictures(single) == ["planes_0.dcm 0 0.5 focal_plane 3", "sparse_0.dcm 0 0.5"])
    let lacking = try Self.bench(
      ["paths", "planes"], recipe: "{slides: {optical_path: \"z\", focal_plane: 4}}")
    #expect(try lacking.convert().code == 3)
    let rejects = try lacking.dataSet().rejects()
    #expect(rejects.map(\.code) == Array(repeating: "unsupported_pixels", count: 3))
    #expect(try lacking.dataSet().count("samples") == 0)
  }

  @Test func `grey of 8 and 12 bits is shown by the percentiles of its optical path`() throws {
    let bench = try Self.bench(["grey"])
    #expect(try bench.convert().code == 0)
    #expect(
      try Self.pictures(bench) == [
        "grey_0.dcm 0 0.5 optical_path 0", "grey_0.dcm 0 0.5 optical_path 1",
        "grey_1.dcm 0 0.5 optical_path 2",
      ])
  }

  @Test func `whole images of one size are pictures of their own, and so are other shapes`() throws
  {
    let bench = try Self.bench(["twice"])
    #expect(try bench.convert().code == 0)
    #expect(
      try Self.pictures(bench) == ["twice_0.dcm 0 0.5", "twice_1.dcm 0 0.5", "twice_2.dcm 0 0.5"])
  }
}
