import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing
import TrainingData

/// The same for tiles: a picture that ends its worker costs itself.
@Suite struct MisbehavingTileTests {
  /// Tiles three pictures by a worker that misbehaves at the second one, so many times.
  private func export(_ how: String, times: Int) throws -> (report: TileReport, names: [String]) {
    let folder = try TemporaryFolder()
    for grey: UInt8 in 0..<3 {
      let pixels = [UInt8](repeating: grey, count: 64)
      try folder.write(
        PNGEncoder().encode(pixels.span, columns: 8, rows: 8, layout: .grey8), to: "\(grey).png")
    }
    var options = TileExport.Options(output: folder.url("out").path)
    options.settings.parameters.tileSize = 28
    options.workers.jobs = 2
    options.workers.memory = 1 << 30
    options.workers.sourceTimeout = how == "stop" ? 6 : 120
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: [how, "1", "0", "\(times)", folder.url("count").path])
    let report = try TileExport(options, worker: worker).export(
      (0..<3).map { folder.url("\($0).png").path })
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url("out").path)
    return (report, names.sorted())
  }

  @Test(arguments: [("kill", ErrorCode.crash), ("stop", .timeout), ("allocate", .memory)])
  func `a picture that ends its worker twice is rejected, and the others are written`(
    _ how: String, _ code: ErrorCode
  ) throws {
    let (report, names) = try export(how, times: .max)
    #expect(report.rejected.map(\.code) == [code])
    #expect(report.rejected.map(\.place.path) == ["1.png"])
    #expect(report.pictures.map(\.name) == ["0", "2"])
    #expect(names == ["0", "2"])
  }

  @Test func `a worker that ends only once loses nothing`() throws {
    let (report, names) = try export("abort", times: 1)
    #expect(report.rejected.isEmpty)
    #expect(report.tiles == 3)
    #expect(names == ["0", "1", "2"])
  }
}
