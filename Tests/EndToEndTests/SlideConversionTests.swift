import Foundation
import TestSupport
import Testing

/// Microscope slides through the program.
@Suite struct SlideConversionTests {
  /// File, level and microns per pixel of each picture, after its bytes were compared.
  static func compare(_ set: DataSetFolder, _ sources: String) throws -> [String] {
    let said = try Peer.run(
      script: "slide_pictures.py", [set.url.path, sources], in: TemporaryFolder())
    let rows = try #require(
      JSONSerialization.jsonObject(with: Data(said.utf8)) as? [[Any]])
    return rows.map { row in row.map { "\($0)" }.joined(separator: " ") }
  }

  @Test(.needsPeers, .needsCorpus)
  func `slides of the corpus are shown as OpenSlide and pydicom show them`() throws {
    let bench = try Bench()
    for path in [
      "libvips__libvips/test/test-suite/images/CMU-1-Small-Region.svs",
      "ImagingDataCommons__highdicom/data/test_files/sm_image.dcm",
      "ImagingDataCommons__highdicom/data/test_files/sm_image_control.dcm",
      "ImagingDataCommons__highdicom/data/test_files/sm_image_dots.dcm",
      "ImagingDataCommons__highdicom/data/test_files/sm_image_grayscale.dcm",
      "ImagingDataCommons__highdicom/data/test_files/sm_image_jpegls.dcm",
    ] {
      let from = Corpus.location.appending(path: path)
      try bench.write([UInt8](Data(contentsOf: from)), to: from.lastPathComponent)
    }
    #expect(try bench.convert().code == 0)
    let found = try Self.compare(bench.dataSet(), bench.sources.path)
    #expect(found.contains("CMU-1-Small-Region.svs 0 0.499"))
    // One of them is grey of 16 bits.
    #expect(found.count == 6)
    #expect(try bench.dataSet().rows().allSatisfy { $0.dicomModality == "SM" })
  }

  @Test(.needsPeers, .needsCorpus, arguments: ["macenko", "reinhard"])
  func `stains of real slides become those of the target, and the record says how`(method: String)
    throws
  {
    let bench = try Bench()
    for path in [
      "libvips__libvips/test/test-suite/images/CMU-1-Small-Region.svs",
      "ImagingDataCommons__highdicom/data/test_files/sm_image.dcm",
      "ImagingDataCommons__highdicom/data/test_files/sm_image_grayscale.dcm",
    ] {
      let from = Corpus.location.appending(path: path)
      try bench.write([UInt8](Data(contentsOf: from)), to: from.lastPathComponent)
    }
    #expect(try bench.convert("plain").code == 0)
    try bench.folder.write(Array("{slides: {stain: '\(method)'}}".utf8), to: "recipe.json5")
    #expect(try bench.convert("stained").code == 0)
    let said = try Peer.run(
      script: "stains.py",
      ["set", bench.dataSet("plain").url.path, bench.dataSet("stained").url.path, method],
      in: TemporaryFolder())
    // The small region; a picture of glass and a grey one stay. torchstain cuts fractions off, so that a grey
    // may lie one above its own.
    #expect(said == (method == "macenko" ? "1 1 2\n" : "1 0 2\n"))
    #expect(try bench.dataSet("stained").findings()["stain"] == 1)
    #expect(try bench.dataSet("plain").findings()["stain"] == nil)
  }

  @Test(.needsPeers)
  func `the level that fits becomes the picture, and nothing is guessed of its resolution`() throws
  {
    let bench = try Bench(recipe: "{slides: {longest_side: 310}}")
    let made = try TemporaryFolder()
    try Peer.run(script: "slide_pictures.py", ["pyramid"], in: made)
    #expect(try bench.convert(from: [made.url.path]).code == 3)
    // Half of the size, so twice the microns.
    #expect(try Self.compare(bench.dataSet(), made.url.path) == ["stated.svs 1 1.0"])
    #expect(try bench.dataSet().rejects().map(\.code) == ["slide_resolution"])

    // A table beside the slides knows more; it is taken in by a second call.
    try made.write(
      Array("file,microns_per_pixel\nsilent.svs,0.25\n".utf8), to: "microns_per_pixel.csv")
    #expect(try bench.convert(from: [made.url.path]).code == 0)
    #expect(
      try Self.compare(bench.dataSet(), made.url.path) == ["silent.svs 1 0.5", "stated.svs 1 1.0"])

    // So does the recipe, of those that do not say it.
    let knowing = try Bench(recipe: "{slides: {longest_side: 200, microns_per_pixel: 2}}")
    try FileManager.default.removeItem(at: made.url("microns_per_pixel.csv"))
    #expect(try knowing.convert(from: [made.url.path]).code == 0)
    #expect(
      try Self.compare(knowing.dataSet(), made.url.path) == [
        "silent.svs 2 8.0", "stated.svs 2 2.0",
      ])
  }
}
