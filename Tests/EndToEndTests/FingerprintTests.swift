import Foundation
import TestSupport
import Testing

/// What a data set says its pictures are like.
@Suite(.needsPeers) struct FingerprintTests {
  /// A hundred slices weigh more than a shard of 1 MB: they are cut into ranges.
  @Test func `sizes, spacings and values are numpy's, however the job is cut`() throws {
    let made = try TemporaryFolder()
    for patient in 0..<6 {
      try PhantomSeries(
        patient: patient, PhantomSeries.Modality.allCases[patient % 3],
        slices: patient == 0 ? 100 : 3 + patient
      ).write(to: made.url)
    }
    var files: [Data] = []
    for (recipe, jobs) in [("{min_shards: 1}", "1"), ("{shard_megabytes: 1}", "2")] {
      let bench = try Bench(recipe: recipe)
      #expect(try bench.convert(from: [made.url.path], "--jobs", jobs).code == 0)
      let said = try Peer.run(
        script: "fingerprint.py", [bench.dataSet().url.path, made.url.path], in: TemporaryFolder())
      #expect(said.trimmingCharacters(in: .whitespacesAndNewlines) == "3")
      files.append(try Data(contentsOf: bench.dataSet().url.appending(path: "fingerprint.json")))
    }
    #expect(files[0] == files[1])
  }
}
