import Foundation
import ImageFormats
import TestSupport
import Testing

/// Headers with numbers that nobody counts with: each costs its own source at most, and the run
/// comes to its end.
@Suite struct HostileHeaderTests {
  private static func write(
    _ series: PhantomSeries, to bench: Bench, _ change: (inout DICOMObject, Int) -> Void
  ) throws {
    for slice in 0..<series.slices {
      var object = series.object(slice)
      change(&object, slice)
      try bench.write(DICOMWriter.file(object), to: series.path(slice))
    }
  }

  @Test func `a window whose ends no number can hold is not used`() throws {
    let bench = try Bench()
    try Self.write(PhantomSeries(patient: 1, .cr, slices: 2), to: bench) { object, _ in
      object.set(.windowCenter, .decimals([-1e308]))
      object.set(.windowWidth, .decimals([1.7e308]))
    }
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().count == 2)
    // Said once for each picture, in the words of Reference/errors.md.
    #expect(
      try String(
        contentsOf: bench.folder.url("set/dataset.json"), encoding: .utf8
      ).contains("\"invalid_window_skipped\": 2"))
  }

  @Test func `values that span more than a number can hold are rejects, the others go on`() throws {
    let bench = try Bench()
    try PhantomSeries(patient: 2, .mr, slices: 3).write(to: bench.sources)
    // One volume from -1.7e308 to 1.7e308: no Float64 holds the difference.
    try Self.write(PhantomSeries(patient: 1, .mr, slices: 3), to: bench) { object, slice in
      object.set(.rescaleSlope, .decimals([1]))
      object.set(.rescaleIntercept, .decimals([slice == 0 ? -1.7e308 : 1.7e308]))
    }
    #expect(try bench.convert().code == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == Array(repeating: "invalid_window", count: 3))
    #expect(try bench.dataSet().rows().count == 3)
  }

  @Test func `slices far beyond any scanner end no run`() throws {
    let bench = try Bench()
    try Self.write(PhantomSeries(patient: 1, .ct, slices: 5), to: bench) { object, slice in
      if slice == 3 { object.set(.imagePosition, .decimals([0, 0, 1e20])) }
      if slice == 4 { object.set(.imagePosition, .decimals([0, 0, -1e307])) }
    }
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().count == 5)
  }

  @Test func `names that are not UTF-8 are told as such, each for itself`() throws {
    let bench = try Bench()
    let series = PhantomSeries(patient: 1, slices: 2)
    try series.write(to: bench.sources)
    // "M\u{FC}ller" in two codes of eight bits.
    for byte: UInt8 in [0xFC, 0x81] {
      let name = Array((bench.sources.path + "/M").utf8) + [byte] + Array("ller".utf8) + [0]
      let file = unsafe name.withUnsafeBytes {
        unsafe open($0.assumingMemoryBound(to: CChar.self).baseAddress!, O_CREAT | O_WRONLY, 0o644)
      }
      #expect(file >= 0)
      close(file)
    }
    #expect(try bench.convert().code == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["unreadable", "unreadable"])
    #expect(rejects.allSatisfy { $0.message.contains("is not UTF-8") })
    #expect(try bench.dataSet().rows().count == 2)
  }
}
