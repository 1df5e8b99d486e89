import Foundation
import TestSupport
import Testing

/// Shapes on slides arrive with the pictures and tiles that show them.
@Suite(.needsPeers) struct SlideLabelTests {
  private struct Counts: Decodable {
    var pictures, labelled, labels, pixels: Int
    /// Names and codes, each once.
    var names: [[String]]
  }

  private static func compare(_ bench: Bench, names: String = #"{"Tumor": "tumor"}"#) throws
    -> Counts
  {
    let said = try Peer.run(
      script: "slide_labels.py",
      ["check", bench.dataSet().url.path, bench.sources.path, names], in: TemporaryFolder())
    return try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
  }

  /// A slide of Aperio with shapes of QuPath and ASAP beside it.
  private static func bench(_ slides: String) throws -> Bench {
    let bench = try Bench(recipe: "{labels: {names: {Tumor: 'tumor'}}, slides: \(slides)}")
    let made = try TemporaryFolder()
    try Peer.run(script: "slide_tiles.py", ["make", "section"], in: made)
    try Peer.run(script: "slide_labels.py", ["draw", made.url("section.svs").path], in: made)
    for name in try FileManager.default.contentsOfDirectory(atPath: made.url.path) {
      try FileManager.default.moveItem(
        at: made.url(name), to: bench.sources.appending(path: name))
    }
    return bench
  }

  @Test(arguments: [
    ("{}", 1, 4),
    ("{pictures: 'tiles', tile_size: 224, least_tissue: 0.2}", 48, 42),
    (
      """
      {pictures: 'tiles', tile_size: 150, tile_microns_per_pixel: 0.77, tile_overlap: 31,
        least_tissue: 0.1}
      """, 76, 59
    ),
  ])
  func `GeoJSON and ASAP's XML beside a slide become labels of its level and its tiles`(
    _ slides: String, _ pictures: Int, _ labels: Int
  ) throws {
    let bench = try Self.bench(slides)
    #expect(try bench.convert().code == 0)
    let counts = try Self.compare(bench)
    #expect(counts.pictures == pictures)
    #expect(counts.labels == labels)
    #expect(counts.pixels > 50_000)
    // A class that is no known word has no name.
    #expect(counts.names == [["", ""], ["tumor", ""]])
    #expect(try bench.dataSet().leftOut().isEmpty)
  }

  @Test(.needsCorpus, arguments: ["2d-f8.dcm", "3d-f4.dcm", "space-f8.dcm"])
  func `bulk annotations of a DICOM slide become its labels`(_ name: String) throws {
    let bench = try Bench()
    let image = Corpus.location.appending(
      path: "ImagingDataCommons__highdicom/data/test_files/sm_image.dcm")
    try FileManager.default.copyItem(at: image, to: bench.sources.appending(path: "image.dcm"))
    let made = try TemporaryFolder()
    try Peer.run(script: "bulk_annotations.py", ["make", image.path], in: made)
    try FileManager.default.copyItem(
      at: made.url(name), to: bench.sources.appending(path: "annotations.dcm"))
    #expect(try bench.convert().code == 0)
    let counts = try Self.compare(bench, names: "{}")
    #expect(counts.pictures == 1)
    // Five polygons, five rectangles, five ellipses; points and lines have no area.
    #expect(counts.labels == 15)
    #expect(try bench.dataSet().leftOut().isEmpty)
  }

  @Test func `shapes that are none, or lie beside their slide, are rejected and cost themselves`()
    throws
  {
    let bench = try Self.bench("{}")
    try bench.write(Array("<Annotations><Annotation/></Annotations>".utf8), to: "section.xml")
    let far = """
      {"type": "Feature", "geometry": {"type": "Polygon",
        "coordinates": [[[1e6, 1e6], [1000009, 1e6], [1e6, 1000009], [1e6, 1e6]]]}}
      """
    try bench.write(Array(far.utf8), to: "section.geojson")
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().map(\.labels.count) == [0])
    // ImageScope's XML is another's; it is left out as before.
    #expect(try bench.dataSet().rejects().map(\.source) == [Bench.token("section.geojson")])
    #expect(try bench.dataSet().rejects().map(\.code) == ["annotation"])
    #expect(try bench.dataSet().findings() == ["label_geometry": 1])

    try bench.write(Array(far.dropLast(9).utf8), to: "section.geojson")
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().map(\.labels.count) == [0])
    #expect(try bench.dataSet().rejects().map(\.code) == ["annotation"])
  }
}
