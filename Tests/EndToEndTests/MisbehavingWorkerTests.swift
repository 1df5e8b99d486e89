import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing
import TrainingData

/// Workers that do what real files do to real decoders: at most one source is lost.
@Suite struct MisbehavingWorkerTests {
  /// Two CT series of one slice a file, and the source that is the culprit.
  private static let culprit = PhantomSeries(patient: 1, slices: 5)
  private static let slice = 2
  private static var token: String { Bench.token(culprit.path(slice)) }

  private static func bench() throws -> Bench {
    let bench = try Bench()
    for patient in 1...3 {
      try PhantomSeries(patient: patient, slices: 5).write(to: bench.sources)
    }
    return bench
  }

  /// Converts with a worker that misbehaves when it opens the culprit for the `first`-th time, from
  /// 0, and `times` - 1 times after.
  ///
  /// A source is opened for its header first, then for its pixels.
  private static func convert(
    _ bench: Bench, _ name: String, _ how: String, first: Int, times: Int, jobs: Int = 2
  ) throws -> Conversion.Outcome {
    let set = bench.dataSet(name)
    var options = Conversion.Options(output: set.url.path)
    options.salt = Bench.salt
    options.workers.jobs = jobs
    options.workers.memory = jobs << 29
    // Short only where a worker must be waited out: a loaded machine is slow, not at fault.
    options.workers.sourceTimeout = how == "stop" || how == "spin" ? 6 : 120
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: [how, token, "\(first)", "\(times)", bench.folder.url(name + ".count").path])
    return try Conversion(options, worker: worker).convert([bench.sources.path])
  }

  private static let ways = [
    ("kill", "crash"), ("abort", "crash"), ("stop", "timeout"), ("spin", "timeout"),
    ("allocate", "memory"),
  ]

  @Test(arguments: ways)
  func `a source that ends its worker for its pixels is lost alone, and named once`(
    _ how: String, _ code: String
  ) throws {
    let bench = try Self.bench()
    // Its header is read in peace.
    let outcome = try Self.convert(bench, "set", how, first: 1, times: .max)
    #expect(outcome.samples == 14)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == [code])
    #expect(rejects.map(\.source) == [Self.token])
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 14)
    // The others of its volume know of the gap: 2.5 mm a slice.
    for row in rows {
      let isOfVolume =
        row.provenance.gaps == [
          .init(kind: "unreadable", after: 1, planes: 1, millimetres: 5)
        ]
      #expect(isOfVolume || row.provenance.gaps.isEmpty)
    }
    #expect(rows.count { !$0.provenance.gaps.isEmpty } == 4)
  }

  @Test func `a source that ends its worker for its header is lost alone, and named once`() throws {
    let bench = try Self.bench()
    let outcome = try Self.convert(bench, "set", "kill", first: 0, times: .max)
    #expect(outcome.samples == 14)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["crash"])
    #expect(rejects.map(\.source) == [Self.token])
    #expect(rejects[0].message == "Reading it ended the process that read it, twice.")
    // Its planes are no gap by name: nobody knows that they were there, but for the space.
    #expect(
      try bench.dataSet().rows().filter { !$0.provenance.gaps.isEmpty }.map(\.provenance.gaps)
        == Array(
          repeating: [.init(kind: "missing", after: 1, planes: 1, millimetres: 5)], count: 4))
  }

  @Test(arguments: [0, 1])
  func `a worker that ends only once loses nothing`(_ first: Int) throws {
    let bench = try Self.bench()
    #expect(try bench.convert("whole").code == 0)
    let outcome = try Self.convert(bench, "set", "abort", first: first, times: 1)
    #expect(outcome.samples == 15)
    #expect(outcome.rejected == 0)
    try bench.dataSet().expectBytes(of: bench.dataSet("whole"))
  }

  @Test func `what is lost and what is left are the same for any number of jobs`() throws {
    let bench = try Self.bench()
    for jobs in 1...3 {
      _ = try Self.convert(bench, "jobs\(jobs)", "kill", first: 1, times: .max, jobs: jobs)
    }
    let one = try bench.dataSet("jobs1").contents()
    try bench.dataSet("jobs2").expectBytes(one)
    try bench.dataSet("jobs3").expectBytes(one)
  }

  @Test func `a range that loses a source tells the other ranges, whoever comes first`() throws {
    let bench = try Bench(recipe: "{shard_megabytes: 1, min_shards: 1}")
    // 61 small planes are a megabyte: four ranges, measured first.
    let series = PhantomSeries(patient: 1, .mr, slices: 200)
    try series.write(to: bench.sources)
    // The culprit is white all over: statistics with it differ from those without.
    var white = series.object(100)
    white.set(.pixelWords, .bytes([UInt8](repeating: 0x0F, count: 16 * 20 * 2)))
    try bench.write(DICOMWriter.file(white), to: series.path(100))
    for (jobs, first) in [(1, 1), (2, 1), (1, 2)] {
      let set = bench.dataSet("jobs\(jobs)-\(first)")
      var options = Conversion.Options(
        output: set.url.path,
        recipe: try RecipeReader().read(Array("{shard_megabytes: 1, min_shards: 1}".utf8)))
      options.salt = Bench.salt
      options.workers.jobs = jobs
      options.workers.memory = jobs << 29
      // At the first opening behind its header it is measured, at the next shown.
      let worker = WorkerCommand(
        executable: Program.path("MisbehavingWorker"),
        arguments: [
          "kill", Bench.token(series.path(100)), "\(first)", "1000",
          bench.folder.url("count\(jobs)\(first)").path,
        ])
      let outcome = try Conversion(options, worker: worker).convert([bench.sources.path])
      #expect(outcome.samples == 199)
      #expect(try set.rejects().map(\.code) == ["crash"])
      let gaps = try set.rows().map(\.provenance.gaps)
      #expect(
        gaps
          == Array(
            repeating: [.init(kind: "unreadable", after: 99, planes: 1, millimetres: 5)],
            count: 199))
    }
    // Where it was measured in peace and ended its worker later, its statistics were taken again.
    let one = try bench.dataSet("jobs1-1").contents()
    try bench.dataSet("jobs2-1").expectBytes(one)
    try bench.dataSet("jobs1-2").expectBytes(one)
  }

  @Test func `frames of a file that ends its worker are lost in every partition`() throws {
    let recipe = "{shard_megabytes: 1, min_shards: 1, frames: {select: \"all\"}}"
    let bench = try Bench(recipe: recipe)
    // 61 small frames are a megabyte: four partitions read this file.
    var object = PhantomSeries(patient: 1, .cr, slices: 1).object(0)
    object.set(.numberOfFrames, 200)
    object.set(
      .pixelWords,
      .bytes(
        (0..<200).flatMap {
          PhantomSeries(patient: 1, slices: 1).storedValues($0).flatMap {
            [UInt8($0 & 0xFF), UInt8($0 >> 8)]
          }
        }))
    try bench.write(DICOMWriter.file(object), to: "cine")
    try PhantomSeries(patient: 2, slices: 3).write(to: bench.sources)
    var options = Conversion.Options(
      output: bench.dataSet().url.path, recipe: try RecipeReader().read(Array(recipe.utf8)))
    options.salt = Bench.salt
    // The header is its first opening; two partitions have used it when a third cannot.
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: ["kill", Bench.token("cine"), "3", "1000", bench.folder.url("count").path])
    let outcome = try Conversion(options, worker: worker).convert([bench.sources.path])
    #expect(outcome.samples == 3)
    #expect(try bench.dataSet().rejects().map(\.code) == ["crash"])
  }

  // MARK: The supervisor

  @Test(arguments: ["spin", "stop", "allocate"])
  func `no worker outlives a supervisor that was killed`(_ how: String) throws {
    let bench = try Self.bench()
    let counter = bench.folder.url("count")
    let run = try Program(
      "MisbehavingWorker",
      words: [
        how, Self.token, "0", "1000", counter.path, "--convert", bench.sources.path, "--out",
        bench.dataSet().url.path,
      ])
    // By then a worker is at the culprit.
    while run.isRunning, !FileManager.default.fileExists(atPath: counter.path) { usleep(500) }
    let workers = ProcessTable.children(of: run.pid)
    #expect(!workers.isEmpty)
    usleep(50_000)
    #expect(run.isRunning)
    run.send(SIGKILL)
    #expect(try run.end().signal == SIGKILL)
    #expect(ProcessTable.areGone(workers))
  }
}
