import Foundation
import TestSupport
import Testing

/// What a trainer sees that reads shards one after the other.
@Suite struct MixingTests {
  /// Patients, each with 5 slices of CT, 4 of MR and a radiograph.
  private static func bench(patients: Int) throws -> Bench {
    let bench = try Bench(recipe: "{splits: {train: 1}}")
    for patient in 0..<patients {
      for (number, (modality, slices)) in [
        (PhantomSeries.Modality.ct, 5), (.mr, 4), (.cr, 1),
      ].enumerated() {
        var series = PhantomSeries(patient: patient, modality, slices: slices)
        series.number = number
        try series.write(to: bench.sources)
      }
    }
    return bench
  }

  @Test func `a shard mixes patients, modalities and neighbours`() throws {
    // 400 samples in 8 shards.
    let bench = try Self.bench(patients: 40)
    #expect(try bench.convert().code == 0)
    let shards = try bench.dataSet().shards().map(\.rows)
    #expect(shards.count == 8)
    #expect(shards.reduce(0) { $0 + $1.count } == 400)

    // Small series are not cut: 120 of them, three a patient, 15 a shard. By blind dealing
    // 40 (1 - C(117, 15) / C(120, 15)) = 13.3 patients are expected in one.
    let patients = shards.map { Set($0.map(\.provenance.subject)).count }
    let mean = Double(patients.reduce(0, +)) / 8
    #expect(mean / 13.3 > 0.9, "\(mean) patients a shard")
    #expect((patients.min() ?? 0) >= 10)
    // Every shard has all three modalities: 40 series of each in 8 shards.
    for shard in shards { #expect(Set(shard.map(\.dicomModality)) == ["CT", "MR", "CR"]) }

    // Samples are stored by keys that know nothing of series. With n of a series among N, chance
    // makes sum n (n - 1) / N pairs of neighbours from one; twice that is beyond 4 standard
    // deviations of the some 44 that are expected of 392.
    var (same, expected) = (0, 0.0)
    for shard in shards {
      same +=
        zip(shard, shard.dropFirst()).filter {
          $0.provenance.series == $1.provenance.series
        }.count
      for (_, rows) in Dictionary(grouping: shard, by: \.provenance.series) {
        expected += Double(rows.count * (rows.count - 1)) / Double(shard.count)
      }
    }
    #expect(Double(same) < 2 * expected, "\(same) of \(expected)")
    #expect(expected < 60)
  }

  @Test func `another salt gives other names and the same splits`() throws {
    let bench = try Self.bench(patients: 12)
    try bench.folder.write(Array("{splits: {a: 0.5, b: 0.3, c: 0.2}}".utf8), to: "recipe.json5")
    try bench.folder.write(Array("another salt for tests".utf8), to: "other.salt")
    #expect(try bench.convert("one").code == 0)
    let words = bench.words("two").map {
      $0.hasSuffix("/salt") ? bench.folder.url("other.salt").path : $0
    }
    #expect(try Program(words: words).end().code == 0)
    func splits(_ name: String) throws -> [String: String] {
      Dictionary(
        uniqueKeysWithValues: try bench.dataSet(name).rows().map {
          ($0.pictures[0].sourceSha256[0], $0.split)
        })
    }
    let one = try splits("one")
    #expect(one.count == 120)
    #expect(Set(one.values) == ["a", "b", "c"])
    #expect(try splits("two") == one)
    let names = try Set(bench.dataSet("one").rows().map(\.provenance.subject))
    #expect(names.count == 12)
    #expect(try names.isDisjoint(with: bench.dataSet("two").rows().map(\.provenance.subject)))
  }

  @Test(.needsPeers)
  func `the LLaVA layout loads with datasets, from the folder where trainers are started`() throws {
    let bench = try Self.bench(patients: 5)
    #expect(try bench.convert("set", from: nil, "--format", "llava").code == 0)
    let root = bench.dataSet().url
    #expect(!FileManager.default.fileExists(atPath: root.appending(path: "shards").path))
    #expect(try Peer.run(script: "data_set.py", [root.path], in: bench.folder).contains("50 rows"))
    let program = """
      import json, math, os, sys
      os.environ["HF_DATASETS_OFFLINE"] = "1"
      os.environ["HF_HOME"] = sys.argv[2]
      import datasets
      datasets.disable_progress_bars()
      os.chdir(sys.argv[1])
      features = datasets.Features.from_dict(json.load(open("dataset.json"))["features"])
      rows = datasets.load_dataset("json", data_files="annotations/train.json", split="train",
        features=features, cache_dir=sys.argv[2])
      (name, entry), = json.load(open("data_list.json")).items()
      assert sorted(entry) == ["annotations", "data_augment", "image_dir", "length", "sample_ratio"]
      assert entry["length"] == len(rows) == 50
      assert all(os.path.exists(os.path.join(entry["image_dir"], row["image"])) for row in rows)
      def same(a, b):
        if isinstance(a, dict): return a.keys() == b.keys() and all(same(a[k], b[k]) for k in a)
        if isinstance(a, list): return len(a) == len(b) and all(map(same, a, b))
        # datasets reads lists with pandas, which keeps ten digits behind the point of a long fraction.
        return math.isclose(a, b, rel_tol=1e-14, abs_tol=5e-11) if isinstance(a, float) else a == b
      assert same(list(rows), json.load(open(entry["annotations"])))
      print(name, len(rows))
      """
    #expect(
      try Peer.run(program, words: [root.path, bench.folder.url("home").path]) == "dataset 50")
  }
}
