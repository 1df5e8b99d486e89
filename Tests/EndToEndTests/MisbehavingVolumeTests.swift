import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing
import TrainingData

/// The same for volumes: what ends a worker costs itself.
@Suite struct MisbehavingVolumeTests {
  private static let series = PhantomSeries(patient: 1, slices: 5)

  /// Writes the volumes of one series of 5 slices by a worker that misbehaves at its third slice,
  /// from its opening number `first` on (0 is for its header), so many times.
  private func export(
    _ how: String, first: Int, times: Int, resampling: ResamplingTarget? = nil
  ) throws -> (report: VolumeReport, bench: Bench) {
    let bench = try Bench()
    try Self.series.write(to: bench.sources)
    var options = VolumeExport.Options(output: bench.folder.url("v.nii").path)
    options.resampling = resampling
    options.workers.jobs = 2
    options.workers.memory = 1 << 30
    options.workers.sourceTimeout = how == "stop" ? 6 : 120
    let token = Pseudonyms(salt: Array("volume".utf8)).name("source", Self.series.path(2))
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: [how, token, "\(first)", "\(times)", bench.folder.url("count").path])
    return (try VolumeExport(options, worker: worker).export([bench.sources.path]), bench)
  }

  @Test(arguments: [("kill", ErrorCode.crash), ("stop", .timeout), ("allocate", .memory)])
  func `a source that ends its worker for its pixels is rejected, and its volume cut there`(
    _ how: String, _ code: ErrorCode
  ) throws {
    let (report, bench) = try export(how, first: 1, times: .max)
    #expect(report.rejected.map(\.code) == [code])
    #expect(report.rejected.map(\.place.path) == [Self.series.path(2)])
    #expect(report.files.map(\.volume.slices) == [2, 2])
    #expect(report.files.map { $0.part?.firstPlane } == [0, 2])
    let names = try FileManager.default.contentsOfDirectory(atPath: bench.folder.url.path)
    #expect(
      names.filter { $0.hasPrefix("v") }.sorted() == [
        "v_1.json", "v_1.nii", "v_2.json", "v_2.nii",
      ])
    #expect(!names.contains { $0.hasPrefix(".gmai-prep") })
  }

  @Test(arguments: [1, 2])
  func
    `a source is rejected that ends its worker when planes are looked at, or when they are resampled`(
      _ first: Int
    ) throws
  {
    let spacing = VoxelSpacing(betweenColumns: 1, betweenRows: 1, betweenSlices: 1)
    let (report, _) = try export(
      "kill", first: first, times: .max, resampling: .spacing(spacing))
    #expect(report.rejected.map(\.code) == [.crash])
    #expect(report.rejected.map(\.place.path) == [Self.series.path(2)])
    // Two slices on each side, 2.5 mm apart: three of 1 mm.
    #expect(report.files.map(\.volume.slices) == [3, 3])
    #expect(report.files.allSatisfy { $0.resampled?.mended == [.spacing] })
  }

  @Test func `a worker that ends only once loses nothing`() throws {
    let (report, bench) = try export("abort", first: 1, times: 1)
    #expect(report.rejected.isEmpty)
    #expect(report.files.map(\.volume.slices) == [5])
    let whole = try Program.run(
      "volume", bench.sources.path, "--out", "w.nii", in: bench.folder.url)
    #expect(whole.code == 0)
    #expect(try bench.folder.bytes(of: "v.nii") == bench.folder.bytes(of: "w.nii"))
  }
}
