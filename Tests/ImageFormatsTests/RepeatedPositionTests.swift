import MedicalImaging
import Testing

@testable import ImageFormats

/// Positions that come again in a series: times, repetitions, and slices taken twice.
@Suite struct RepeatedPositionTests {
  @Test func `several acquisitions that continue one another are one volume`() {
    var series = HeaderSeries()
    for z in 0..<9 { series.add(z: Double(z)) { $0.order.acquisitionNumber = 1 + z / 3 } }
    #expect(series.volumes.instances == [Array(0..<9)])
    #expect(series.volumes[0].reasons.isEmpty)
  }

  /// What tells three time points of a stack apart: a change to image `z` of time point `t`.
  static let times: [(SplitReason, @Sendable (inout InstanceHeader, Int) -> Void)] = [
    (.temporalPosition, { $0.order.temporalPosition = 3 - $1 }),
    (.acquisition, { $0.order.acquisitionNumber = 7 * $1 }),
    (.triggerTime, { $0.order.triggerTime = 40.5 * Double($1) }),
    (.time, { $0.order.acquisitionTime = 43_000 + 2.5 * Double($1) }),
    (.time, { $0.order.contentTime = 43_000 + 2.5 * Double($1) }),
  ]

  @Test(arguments: times.indices)
  func `every time point is a volume, by what the header tells it with`(_ number: Int) {
    let (reason, change) = Self.times[number]
    var series = HeaderSeries()
    // Slice by slice, each with its three times: instance numbers say nothing here.
    for z in 0..<4 { for t in 0..<3 { series.add(z: Double(z)) { change(&$0, t) } } }
    let volumes = series.volumes
    // In the order of their first images.
    #expect(
      volumes.instances.sorted { $0[0] < $1[0] } == (0..<3).map { t in [t, t + 3, t + 6, t + 9] })
    #expect(volumes.allSatisfy { $0.reasons == [reason] })
    // They differ in time alone, so one mapping holds for all.
    #expect(Set(volumes.map(\.mappingGroup)).count == 1)
  }

  @Test func `temporal positions are believed even where each lacks a slice`() {
    var series = HeaderSeries()
    for t in 0..<3 {
      for z in 0..<6 where z / 2 != t {
        series.add(z: Double(z)) { $0.order.temporalPosition = t + 1 }
      }
    }
    #expect(series.volumes.count == 3)
    #expect(series.volumes.allSatisfy { $0.planes.count == 4 && $0.reasons == [.temporalPosition] })
  }

  @Test func `where nothing tells them apart, every position comes again`() {
    var series = HeaderSeries()
    for _ in 0..<3 { for z in 0..<4 { series.add(z: Double(z)) } }
    #expect(series.volumes.instances == [Array(0..<4), Array(4..<8), Array(8..<12)])
    #expect(series.volumes.allSatisfy { $0.reasons == [.repetition] })
  }

  @Test func `repetitions that are stored slice by slice are told apart as well`() {
    var series = HeaderSeries()
    for z in 0..<4 { for _ in 0..<3 { series.add(z: Double(z)) } }
    #expect(series.volumes.instances == [[0, 3, 6, 9], [1, 4, 7, 10], [2, 5, 8, 11]])
  }

  @Test func `a last repetition that was cut short is a volume with fewer planes`() {
    var series = HeaderSeries()
    for t in 0..<3 { for z in 0..<(t == 2 ? 2 : 4) { series.add(z: Double(z)) } }
    #expect(series.volumes.instances == [Array(0..<4), Array(4..<8), [8, 9]])
    #expect(series.volumes.allSatisfy { $0.reasons == [.repetition] })
  }

  @Test func `a slice that is missing in one repetition is taken from no other`() {
    var series = HeaderSeries()
    for t in 0..<3 { for z in 0..<5 where t != 1 || z != 2 { series.add(z: Double(z)) } }
    let volumes = series.volumes
    // 5 images, 4 (the third is missing), 5.
    #expect(volumes.instances == [Array(0..<5), Array(5..<9), Array(9..<14)])
    #expect(
      volumes[1].findings == [GeometryFinding(.missing, after: 1, planes: 1, millimetres: 2)])
    #expect(volumes[0].findings.isEmpty && volumes[2].findings.isEmpty)
  }

  @Test func `one position that is taken twice leaves the volume whole`() {
    var series = HeaderSeries()
    for z in 0..<6 {
      series.add(z: Double(z))
      if z == 3 { series.add(z: Double(z)) }
    }
    let volumes = series.volumes
    #expect(volumes.instances == [[0, 1, 2, 3, 5, 6], [4]])
    #expect(volumes.allSatisfy { $0.reasons == [.duplicatePosition] })
  }
}
