import Foundation
import ImageFormats
import TestSupport
import Testing

/// Ways to show grey that a recipe asks for, beside pydicom's modality values.
@Suite struct IntensityConversionTests {
  private static func compared(_ bench: Bench, _ source: String) throws -> [String: Int] {
    let said = try Peer.run(
      script: "back_to_values.py", [bench.dataSet().url.path, source], in: bench.folder)
    return try JSONDecoder().decode([String: Int].self, from: Data(said.utf8))
  }

  @Test(.needsPeers, .needsCorpus)
  func `pictures of 16 bits give every modality value back, those of CT without any error`() throws
  {
    let bench = try Bench(recipe: "{picture: {depth: 16}}")
    let source = Corpus.location.appending(path: "QIICR__dcmqi").path
    #expect(try bench.convert(from: [source]).code == 3)
    let compared = try Self.compared(bench, source)
    #expect(compared["sixteen_bits"] ?? 0 >= 10)
    // Whole numbers of up to 16 bits are a grey each: the step is the slope, 1 HU.
    let channels = try bench.dataSet().rows().filter { $0.dicomModality == "CT" }
      .compactMap(\.pictures[0].display.channels.first)
    #expect(!channels.isEmpty)
    for channel in channels { #expect(channel.high - channel.low == 65535) }
  }

  @Test(.needsPeers, .needsCorpus)
  func `three windows of CT are red, green and blue, of Hounsfield units alone`() throws {
    let bench = try Bench(recipe: "{intensity: {ct: 'three_window'}}")
    let source = Corpus.location.appending(path: "QIICR__dcmqi").path
    #expect(try bench.convert(from: [source]).code == 3)
    let compared = try Self.compared(bench, source)
    let rows = try bench.dataSet().rows().filter { $0.pictures[0].display.channels.count == 3 }
    #expect(compared["three_windows"] == rows.count)
    #expect(rows.count > 2 && rows.allSatisfy { $0.dicomModality == "CT" })
    let windows = rows[0].pictures[0].display.channels.map { [$0.low, $0.high] }
    #expect(windows == [[-1024, 1024], [-135, 215], [0, 80]])
  }

  /// Of MR as it is stored, so that pixels compare: two series, and one that is cut into ranges.
  private static func compareMR(_ intensity: String, _ arguments: String...) throws {
    let bench = try Bench(
      recipe: "{shard_megabytes: 1, slices: {square_pixels: false, orientation: 'stored'}, "
        + "intensity: {\(intensity)}}")
    for patient in 1...2 {
      try PhantomSeries(patient: patient, .mr, slices: 5 * patient).write(to: bench.sources)
    }
    try PhantomSeries(patient: 3, .mr, slices: 100).write(to: bench.sources)
    try PhantomSeries(patient: 4, .ct, slices: 3).write(to: bench.sources)
    #expect(try bench.convert().code == 0)
    let said = try Peer.run(
      script: "mr_pictures.py", [bench.dataSet().url.path, bench.sources.path] + arguments,
      in: bench.folder)
    #expect(said == "115\n")
  }

  @Test(.needsPeers)
  func `MR by z-score is what the package intensity-normalization makes of the pixels`() throws {
    try Self.compareMR("mr: 'z_score'", "z_score", "-3", "3")
    try Self.compareMR("mr: 'z_score', z_range: [-5, 5]", "z_score", "-5", "5")
  }

  @Test(.needsPeers)
  func `landmarks of a first run's fingerprint make of another what training would`() throws {
    let first = try Bench()
    for patient in 1...3 {
      try PhantomSeries(patient: patient, .mr, slices: 4).write(to: first.sources)
    }
    #expect(try first.convert().code == 0)
    let file = first.dataSet().url.appending(path: "fingerprint.json")
    let groups = try #require(
      try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [[String: Any]])
    let pairs = try #require(groups[0]["landmarks"])
    let text = String(
      decoding: try JSONSerialization.data(withJSONObject: pairs), as: UTF8.self)
    try Self.compareMR("mr: 'landmarks', landmarks: \(text)", "landmarks", file.path)
  }

  @Test(.needsPeers, .needsCorpus)
  func `real MR by landmarks leads back to every modality value`() throws {
    let bench = try Bench(
      recipe: "{slices: {square_pixels: false}, intensity: {mr: 'landmarks', "
        + "landmarks: [[1, 3], [10, 20], [50, 50], [90, 80], [99, 95]]}}")
    let source = Corpus.location.appending(path: "neurolabusc__dcm_qa_nih").path
    try bench.convert(from: [source])
    let shown = try bench.dataSet().rows().filter { $0.dicomModality == "MR" }.count
    #expect(shown > 100)
    #expect(try Self.compared(bench, source)["landmarks"] == shown)
  }

  @Test(.needsPeers)
  func `sa-med2d shows each plane from its least to its greatest value, padding included`() throws {
    let bench = try Bench(
      recipe: "{slices: {planes: ['acquired', 'coronal'], square_pixels: false, "
        + "orientation: 'stored'}, picture: {square_pixels: false}, intensity: {mode: 'sa-med2d'}}")
    for (patient, modality) in PhantomSeries.Modality.allCases.enumerated() {
      let series = PhantomSeries(patient: patient, modality, slices: 4)
      for slice in 0..<4 {
        // A row of padding, far above all others, and each slice darker than the one before it.
        var object = series.object(slice)
        let values = series.storedValues(slice).enumerated().map { place, value in
          place < series.columns ? 4000 : value / UInt16(slice + 1)
        }
        object.set(.pixelPaddingValue, 4000)
        object.set(.pixelWords, .bytes(values.flatMap { [UInt8($0 & 255), UInt8($0 >> 8)] }))
        try bench.write(DICOMWriter.file(object), to: series.path(slice))
      }
    }
    #expect(try bench.convert().code == 0)
    // Of CT and MR 16 rows each, which are sections.
    let said = try Peer.run(
      script: "plane_extremes.py", [bench.dataSet().url.path, bench.sources.path],
      in: TemporaryFolder())
    #expect(said == "12 32\n")
  }

  @Test func `16 bits are refused where readers would cut them off`() throws {
    let bench = try Bench(recipe: "{picture: {depth: 16}}")
    try PhantomSeries(patient: 1, .ct, slices: 2).write(to: bench.sources)
    let end = try bench.convert("set", from: nil, "--format", "llava")
    #expect(end.code == 64)
    #expect(end.errors.contains("8 bits"))
    #expect(!FileManager.default.fileExists(atPath: bench.dataSet().url.path))
  }
}
