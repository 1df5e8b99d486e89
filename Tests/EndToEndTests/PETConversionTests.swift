import Foundation
import TestSupport
import Testing

/// PET from its files to pictures and records, whose values a peer works out for itself.
@Suite(.needsPeers) struct PETConversionTests {
  private struct Checked: Decodable {
    var pictures, inside: Int
  }

  private func check(_ bench: Bench, _ source: URL, _ words: String...) throws -> Checked {
    let said = try Peer.run(
      script: "pet_suv.py", ["check", bench.dataSet().url.path, source.path] + words,
      in: bench.folder)
    return try JSONDecoder().decode(Checked.self, from: Data(said.utf8))
  }

  /// A volume of six slices, each with a slope of its own.
  private func bench(_ recipe: String) throws -> Bench {
    let bench = try Bench(recipe: recipe)
    let made = try TemporaryFolder()
    try Peer.run(script: "pet_suv.py", ["series"], in: made)
    for number in 0..<6 { try bench.write(made.bytes(of: "\(number).dcm"), to: "\(number).dcm") }
    return bench
  }

  @Test(arguments: [
    ("{}", "suv_bw", "0", "10"),
    ("{intensity: {pet: 'suv_lbm', pet_range: [0.5, 7]}}", "suv_lbm", "0.5", "7"),
    ("{intensity: {pet: 'suv_lbm_james'}}", "suv_lbm_james", "0", "10"),
    ("{intensity: {pet: 'suv_bsa', pet_range: [0, 2]}}", "suv_bsa", "0", "2"),
  ])
  func `Picture and record lead back to uptake values within half a step`(
    recipe: String, measure: String, low: String, high: String
  ) throws {
    let bench = try bench(recipe)
    #expect(try bench.convert().code == 0)
    let checked = try check(bench, bench.sources, measure, low, high)
    #expect(checked.pictures == 6)
    #expect(checked.inside > 200)
    let findings = try bench.dataSet().findings()
    #expect(findings.keys.filter { $0.hasPrefix("suv_") } == [])
    #expect(try bench.dataSet().text("fingerprint.json").contains("SUV"))
  }

  @Test func `Sections across slices with slopes of their own are uptake values`() throws {
    let bench = try bench("{slices: {planes: ['coronal']}}")
    #expect(try bench.convert().code == 0)
    let records = try bench.dataSet().modalityValues()
    // Eight rows of the slices; values are uptake values before they are cut.
    #expect(records.count == 8)
    for record in records {
      #expect(record.slope == 1 && record.intercept == 0 && record.units == "g/ml{SUVbw}")
    }
  }

  @Test func `What is missing is a finding, and the series stays in its own unit`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(script: "pet_suv.py", ["make"], in: folder)
    for (name, recipe, code) in [
      ("no_weight", "{}", "suv_weight"), ("decay_none", "{}", "suv_corrections"),
      ("dose_in_megabecquerels", "{}", "suv_dose"),
      ("other_sex", "{intensity: {pet: 'suv_lbm'}}", "suv_sex"),
      ("start_time", "{intensity: {pet: 'header'}}", nil),
    ] as [(String, String, String?)] {
      let bench = try Bench(recipe: recipe)
      try bench.write(folder.bytes(of: name + ".dcm"), to: name)
      #expect(try bench.convert().code == 0)
      let findings = try bench.dataSet().findings().filter { $0.key.hasPrefix("suv_") }
      #expect(findings == (code.map { [$0: 1] } ?? [:]), "\(name)")
      let records = try bench.dataSet().modalityValues()
      #expect(records.map(\.units) == ["BQML"])
      #expect(records.map(\.slope) == [0.5])
    }
  }

  @Test func `Slices of a series that contradict each other stay in their own unit`() throws {
    // Such findings are counted by shard.
    let bench = try bench("{min_shards: 1}")
    let other = try TemporaryFolder()
    try Peer.run(script: "pet_suv.py", ["make"], in: other)
    // A lighter woman among the slices of a man; the UIDs of the series are the same.
    try FileManager.default.removeItem(at: bench.sources.appending(path: "0.dcm"))
    try bench.write(other.bytes(of: "woman.dcm"), to: "woman.dcm")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().findings()["suv_contradiction"] == 1)
    #expect(try bench.dataSet().modalityValues().allSatisfy { $0.units == "BQML" })
  }

  @Test(.needsCorpus) func `Real PET is shown in uptake values`() throws {
    let bench = try Bench()
    let inventory = try String(
      contentsOf: Corpus.location.appending(path: "inventory.csv"), encoding: .utf8)
    let paths = inventory.split(whereSeparator: \.isNewline).filter {
      $0.contains(",PT,Positron Emission")
    }
    .map { String($0.prefix { $0 != "," }) }
    #expect(!paths.isEmpty)
    for (number, path) in paths.enumerated() {
      let bytes = try [UInt8](Data(contentsOf: Corpus.location.appending(path: path)))
      try bench.write(bytes, to: "\(number).dcm")
    }
    #expect(try bench.convert().code == 0)
    #expect(try check(bench, bench.sources, "suv_bw", "0", "10").pictures == paths.count)
  }
}

extension DataSetFolder {
  /// Of every sample's picture, in the order of shards.
  func modalityValues() throws -> [Row.ModalityValues] {
    try rows().flatMap(\.pictures).compactMap(\.modalityValues)
  }

  func text(_ name: String) throws -> String {
    try String(contentsOf: url.appending(path: name), encoding: .utf8)
  }
}
