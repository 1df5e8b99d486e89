import Foundation
import TestSupport
import Testing

/// Runs that end early, and what the next call makes of them.
@Suite(.serialized) struct InterruptionTests {
  /// An export with a series that is cut into ranges and measured, and neighbours for it: shards
  /// of 1 MB hold 61 planes, since a small plane counts as 16,384 bytes.
  private static func bench() throws -> Bench {
    let bench = try Bench(recipe: "{shard_megabytes: 1, splits: {train: 0.7, test: 0.3}}")
    for patient in 1...4 {
      try PhantomSeries(patient: patient, .ct, slices: 12).write(to: bench.sources)
    }
    let long = PhantomSeries(patient: 5, .mr, slices: 150)
    try long.write(to: bench.sources)
    // One file that every run rejects.
    try bench.write([], to: "PAT1/empty")
    return bench
  }

  private static let formats = ["--format", "webdataset,llava", "--jobs", "2"]

  /// Where a run may be: true once it has come there.
  private static let moments: [(name: String, isReached: @Sendable (DataSetFolder) -> Bool)] = [
    ("scanning", { $0.has("state.sqlite") }),
    ("planned", { $0.has("partitions.json") }),
    ("measured", { $0.entries("measures").count > 1 }),
    ("working", { $0.entries("results").count > 3 }),
    ("halfway", { $0.entries("results").count > 6 }),
    ("merging", { $0.has("names.json") }),
  ]

  @Test func `killed at any moment, a second call gives the same bytes, and no worker is left`()
    throws
  {
    let bench = try Self.bench()
    #expect(try Program(words: bench.words("whole", Self.formats)).end().code == 3)
    let whole = try bench.dataSet("whole").contents()
    #expect(whole.keys.filter { $0.hasPrefix("shards/") }.count > 6)

    for (name, isReached) in Self.moments {
      let set = bench.dataSet(name)
      let run = try Program(words: bench.words(name, Self.formats))
      while run.isRunning, !isReached(set) { usleep(500) }
      let workers = ProcessTable.children(of: run.pid)
      run.send(SIGKILL)
      let end = try run.end()
      // The last moment is short: there the run may have come to its end.
      if name != "merging" { #expect(end.signal == SIGKILL, "not killed while \(name)") }
      #expect(ProcessTable.areGone(workers), "a worker is left after \(name)")
      #expect(
        try Program(words: bench.words(name, Self.formats)).end().code == 3)
      try set.expectBytes(whole, "other bytes after \(name)")
    }
  }

  @Test(arguments: [SIGINT, SIGTERM])
  func `a signal ends the run as that signal does, and the same call goes on`(_ signal: Int32)
    throws
  {
    let bench = try Self.bench()
    #expect(try bench.convert("whole").code == 3)
    let run = try Program(words: bench.words().filter { $0 != "--quiet" })
    while run.isRunning, bench.dataSet().entries("results").count < 3 { usleep(500) }
    run.send(signal)
    let end = try run.end()
    #expect(end.signal == signal)
    #expect(end.output.isEmpty)
    #expect(
      end.errors.contains(
        "Interrupted. What is done is kept: the same command goes on from here."))
    let done = bench.dataSet().entries("results").count
    #expect(done >= 3)
    #expect(try bench.convert().code == 3)
    try bench.dataSet().expectBytes(of: bench.dataSet("whole"))
  }

  @Test func `a run goes on from another working folder`() throws {
    let bench = try Self.bench()
    #expect(try bench.convert("whole").code == 3)
    let above = bench.folder.url
    let recipe = ["--recipe", "recipe.json5", "--salt-file", "salt", "--quiet"]
    let run = try Program(words: ["convert", "sources", "--out", "set"] + recipe, in: above)
    while run.isRunning, bench.dataSet().entries("results").count < 3 { usleep(500) }
    run.send(SIGKILL)
    _ = try run.end()
    let end = try Program(
      words: ["convert", "../sources", "--out", "../set"]
        + recipe.map { $0 == "salt" || $0 == "recipe.json5" ? "../" + $0 : $0 },
      in: bench.sources
    ).end()
    #expect(end.code == 3)
    try bench.dataSet().expectBytes(of: bench.dataSet("whole"))
  }

  @Test func `a second run on the same folder at the same time is refused`() throws {
    let bench = try Self.bench()
    let first = try Program(words: bench.words())
    while first.isRunning, bench.dataSet().entries("results").count < 1 { usleep(500) }
    let second = try bench.convert()
    #expect(first.isRunning)
    #expect(second.code == 1)
    #expect(second.errors.contains("The output folder is being written by another run."))
    #expect(second.errors.contains("Wait for the other run, or stop it."))
    #expect(try first.end().code == 3)
  }
}

extension Bench {
  /// The words of a call that converts `sources` to a data set of that name.
  func words(_ name: String = "set", _ more: [String] = []) -> [String] {
    words(name, from: nil, more)
  }
}

extension DataSetFolder {
  fileprivate func has(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: privateFolder.appending(path: name).path)
  }

  func entries(_ name: String) -> [String] {
    FileManager.default.entries(privateFolder.appending(path: name))
  }
}
