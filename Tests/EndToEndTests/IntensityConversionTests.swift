import Foundation
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

  @Test func `16 bits are refused where readers would cut them off`() throws {
    let bench = try Bench(recipe: "{picture: {depth: 16}}")
    try PhantomSeries(patient: 1, .ct, slices: 2).write(to: bench.sources)
    let end = try bench.convert("set", from: nil, "--format", "llava")
    #expect(end.code == 64)
    #expect(end.errors.contains("8 bits"))
    #expect(!FileManager.default.fileExists(atPath: bench.dataSet().url.path))
  }
}
