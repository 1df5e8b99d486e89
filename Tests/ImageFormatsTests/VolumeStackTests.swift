import MedicalImaging
import Testing

@testable import ImageFormats

@Suite struct VolumeStackTests {
  private func stacks(
    _ series: HeaderSeries, without unreadable: Set<PlaneReference> = [], joinsUneven: Bool = false
  ) -> [VolumeStack] {
    VolumeStacking(series.headers, without: unreadable, joinsUneven: joinsUneven)
      .stacks(of: series.volumes)
  }

  /// The instances of each volume of each file.
  private func instances(_ stacks: [VolumeStack]) -> [[[Int]]] {
    stacks.map { $0.volumes.map { $0.map(\.instance) } }
  }

  @Test func `echoes on one grid are one file in the order of their first images`() throws {
    var series = HeaderSeries()
    // Both echoes of a slice one after the other, as scanners number them.
    for z in [0.0, 3, 6] {
      for echo in [1, 2] {
        series.add(z: z) {
          $0.order.echoNumber = echo
          $0.order.echoTime = 10 * Double(echo)
        }
      }
    }
    let stacks = stacks(series)
    #expect(instances(stacks) == [[[0, 2, 4], [1, 3, 5]]])
    #expect(stacks[0].differences == [.echo])
    // All of the series is in it: nothing is split.
    #expect(stacks[0].reasons.isEmpty)
    #expect(stacks[0].geometry?.alongSlices == Vector3(0, 0, 3))
  }

  @Test func `another grid, type or orientation is another file`() {
    var series = HeaderSeries()
    for z in [0.0, 3] { series.add(z: z) { $0.order.echoNumber = 1 } }
    for z in [0.0, 3] { series.add(z: z, x: 5) { $0.order.echoNumber = 2 } }
    for z in [0.0, 3] {
      series.add(z: z) {
        $0.order.echoNumber = 3
        $0.description.imageType[2] = "PHASE"
      }
    }
    let stacks = stacks(series)
    #expect(instances(stacks) == [[[0, 1]], [[2, 3]], [[4, 5]]])
    #expect(stacks.allSatisfy { $0.differences.isEmpty && $0.reasons == [.type, .echo] })
  }

  @Test func `a position that comes twice makes a second file, not a second volume`() {
    var series = HeaderSeries()
    for z in [0.0, 3, 6, 9, 6] { series.add(z: z) }
    let stacks = stacks(series)
    #expect(instances(stacks) == [[[0, 1, 2, 3]], [[4]]])
    #expect(stacks.allSatisfy { $0.reasons == [.duplicatePosition] })
  }

  @Test func `a missing slice cuts a volume, and nothing is filled`() {
    var series = HeaderSeries()
    for z in [0.0, 2, 4, 10, 12] { series.add(z: z) }
    let stacks = stacks(series)
    #expect(instances(stacks) == [[[0, 1, 2]], [[3, 4]]])
    #expect(
      stacks.map(\.part) == [
        .init(number: 0, of: 2, firstPlane: 0), .init(number: 1, of: 2, firstPlane: 3),
      ])
    #expect(stacks.map { $0.geometry?.position.z } == [0, 10])
    #expect(stacks.allSatisfy { $0.findings.contains { $0.kind == .missing && $0.planes == 2 } })
  }

  @Test func `a slice that cannot be read is one that is missing`() {
    var series = HeaderSeries()
    for z in [0.0, 2, 4, 6, 8] { series.add(z: z) }
    let stacks = stacks(series, without: [PlaneReference(instance: 1, frame: 0)])
    #expect(instances(stacks) == [[[0]], [[2, 3, 4]]])
    // One slice alone keeps the step of its volume.
    #expect(stacks[0].geometry?.alongSlices == Vector3(0, 0, 2))
    let finding = GeometryFinding(.unreadable, after: 0, planes: 1, millimetres: 4)
    #expect(stacks.allSatisfy { $0.findings == [finding] })
  }

  @Test func `planes on both sides of a lost one are apart, even where they would lie evenly`() {
    var series = HeaderSeries()
    for z in [0.0, 2, 4, 6, 8] { series.add(z: z) }
    let lost = Set([1, 3].map { PlaneReference(instance: $0, frame: 0) })
    #expect(instances(stacks(series, without: lost)) == [[[0]], [[2]], [[4]]])
    // At the ends nothing is between.
    let ends = Set([0, 4].map { PlaneReference(instance: $0, frame: 0) })
    #expect(instances(stacks(series, without: ends)) == [[[1, 2, 3]]])
  }

  @Test func `a step that changes is a cut where it does`() {
    // 2.5 mm through the skull base, then 5.
    let heights = [0, 2.5, 5, 7.5, 10, 15, 20, 25]
    let runs = EvenRuns.runs(of: heights.map { Vector3(0, 0, $0) })
    #expect(runs == [0..<5, 5..<8])
  }

  @Test func `positions of few digits lie evenly`() {
    // 0.625 mm written with one digit: 0, 0.6, 1.2 (1.25), 1.9, 2.5 ...
    let heights = (0..<200).map { (Double($0) * 6.25).rounded() / 10 }
    #expect(EvenRuns.runs(of: heights.map { Vector3(0, 0, $0) }) == [0..<200])
    // A step of 0.3 among ones of 0.2 is no rounding: a tenth of the step is allowed.
    let small = [0, 0.2, 0.4, 0.7, 0.9, 1.1]
    #expect(EvenRuns.runs(of: small.map { Vector3(0, 0, $0) }).count > 1)
  }

  @Test func `a sheared stack is even, and a slice beside it is not`() {
    let sheared = (0..<10).map { Vector3(0, 0.5 * Double($0), 2 * Double($0)) }
    #expect(EvenRuns.runs(of: sheared) == [0..<10])
    var moved = sheared
    moved[4].y += 1
    #expect(EvenRuns.runs(of: moved).count > 1)
    #expect(EvenRuns.runs(of: []).isEmpty)
    #expect(EvenRuns.runs(of: [Vector3(1, 2, 3)]) == [0..<1])
  }

  /// The planes of each run by index, where uneven ones stay together, and its step, 0 where it is even.
  private func loose(_ heights: [Double], without unreadable: Set<PlaneReference> = []) -> (
    runs: [[Int]], steps: [Double]
  ) {
    var series = HeaderSeries()
    for z in heights { series.add(z: z) }
    let stacks = stacks(series, without: unreadable, joinsUneven: true)
    return (
      stacks.map { $0.volumes[0].map(\.instance) },
      stacks.map { $0.uneven.isEmpty ? 0 : $0.geometry?.alongSlices.z ?? 0 }
    )
  }

  @Test func `uneven planes stay together where they are to be resampled, at their smallest step`()
  {
    // 2.5 mm through the skull base, then 5; and the other way round.
    let heights = [0, 2.5, 5, 7.5, 10, 15, 20, 25, 30]
    #expect(loose(heights) == ([Array(0..<9)], [2.5]))
    #expect(loose(heights.map { 30 - $0 }.reversed()) == ([Array(0..<9)], [2.5]))
    // 0.625 written with two digits, then 1.25: the step is that from end to end of what is even.
    let thin = (0..<51).map { (Double($0) * 62.5).rounded() / 100 }
    let found = loose(thin + (1...10).map { 31.25 + Double($0) * 1.25 })
    #expect(found.runs == [Array(0..<61)])
    #expect(abs((found.steps.first ?? 0) - 0.625) < 1e-3)
    #expect(loose([0, 2, 4, 6]) == ([Array(0..<4)], [0]))
    // No multiple of the step, so no plane is missing.
    #expect(loose([0, 2, 4, 9, 11, 13]) == ([Array(0..<6)], [2]))
    // Two planes of nearly one place are no step to go by.
    #expect(loose([0, 2, 4, 4.125, 6.125, 8.125]) == ([Array(0..<6)], [2]))
  }

  @Test func `gaps cut uneven planes too`() {
    // One plane is missing, and another one further on, with a plane between.
    #expect(loose([0, 2, 4, 8, 10, 12]) == ([[0, 1, 2], [3, 4, 5]], [0, 0]))
    #expect(loose([0, 2, 4, 8, 12, 14, 16]) == ([[0, 1, 2], [3], [4, 5, 6]], [0, 0, 0]))
    #expect(loose([0, 2, 4, 8, 10, 13, 15]) == ([[0, 1, 2], [3, 4, 5, 6]], [0, 2]))
    let lost: Set = [PlaneReference(instance: 4, frame: 0)]
    #expect(loose([0, 2, 4, 7, 8, 9, 12], without: lost) == ([[0, 1, 2, 3], [5, 6]], [2, 0]))
  }

  @Test func `planes that cannot be resampled are cut where they are uneven`() {
    for change in [
      { $0.shared.spacing = nil }, { $0.format.photometric = .paletteColor },
      { $0.format.samplesPerPixel = 3 },
    ] as [(inout InstanceHeader) -> Void] {
      var series = HeaderSeries()
      for z in [0.0, 2, 4, 9, 11] { series.add(z: z, change) }
      let stacks = stacks(series, joinsUneven: true)
      #expect(instances(stacks) == [[[0, 1, 2]], [[3, 4]]])
      #expect(stacks.allSatisfy { $0.uneven.isEmpty })
    }
  }

  @Test func `without Pixel Spacing a volume has no geometry`() {
    var series = HeaderSeries()
    for z in [0.0, 2] { series.add(z: z) { $0.shared.spacing = nil } }
    let stacks = stacks(series)
    #expect(stacks.count == 1)
    #expect(stacks[0].kind == .volume)
    #expect(stacks[0].geometry == nil)
  }

  @Test func `pictures without a place are volumes of one plane each`() {
    var series = HeaderSeries()
    for _ in 0..<3 { series.add() }
    let stacks = stacks(series)
    #expect(instances(stacks) == [[[0], [1], [2]]])
    #expect(stacks[0].kind == .pictures)
  }
}
