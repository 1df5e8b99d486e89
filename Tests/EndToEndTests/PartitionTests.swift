import Foundation
import TestSupport
import Testing

/// A conversion in three commands, as an engine spreads it.
@Suite struct PartitionTests {
  /// Small series, and one that is cut into ranges and measured first: shards of 1 MB hold 61
  /// planes, since a small plane counts as 16,384 bytes.
  private static func bench() throws -> Bench {
    let bench = try Bench(recipe: "{shard_megabytes: 1, splits: {train: 0.7, test: 0.3}}")
    for patient in 1...3 {
      try PhantomSeries(patient: patient, .ct, slices: 6).write(to: bench.sources)
    }
    try PhantomSeries(patient: 5, .mr, slices: 130).write(to: bench.sources)
    return bench
  }

  private static func plan(_ bench: Bench, _ name: String) throws -> [(id: String, role: String)] {
    let words = ["plan"] + bench.words(name).dropFirst()
    let end = try Program(words: words).end()
    #expect(end.code == 0, "\(end.errors)")
    return end.output.split(separator: "\n").map {
      let words = $0.split(separator: " ").map(String.init)
      return (words[0], words[1])
    }
  }

  @Test func `plan, work and merge give the bytes of convert`() throws {
    let bench = try Self.bench()
    #expect(try bench.convert("whole").code == 0)
    let whole = try bench.dataSet("whole").contents()

    // All that is there, in one call and several workers.
    let roles = try Self.plan(bench, "all").map(\.role)
    #expect(roles.filter { $0 == "measure" }.count > 1)
    let set = ["--out", bench.folder.url("all").path, "--quiet"]
    #expect(try Program(words: ["work", "--jobs", "4"] + set).end().code == 0)
    #expect(try Program(words: ["merge"] + set).end().code == 0)
    try bench.dataSet("all").expectBytes(whole)

    // One by one, statistics first; merge waits for the last.
    let out = ["--out", bench.folder.url("each").path, "--quiet"]
    let partitions = try Self.plan(bench, "each")
    for partition in partitions {
      let early = try Program(words: ["merge"] + out).end()
      #expect(early.code == 1)
      #expect(early.errors.contains("A partition of the plan has not been worked yet."))
      #expect(try Program(words: ["work", partition.id] + out).end().code == 0)
    }
    #expect(try Program(words: ["merge"] + out).end().code == 0)
    try bench.dataSet("each").expectBytes(whole)
    #expect(try Program(words: ["work", "0123456789abcdef"] + out).end().code == 64)
  }
}
