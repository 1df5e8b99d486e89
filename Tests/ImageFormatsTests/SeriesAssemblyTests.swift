import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct SeriesAssemblyTests {
  @Test func `one continuous stack is one volume without a reason`() {
    var series = HeaderSeries()
    for z in 0..<6 { series.add(z: 2.5 * Double(z)) }
    let volumes = series.volumes
    #expect(volumes.instances == [[0, 1, 2, 3, 4, 5]])
    #expect(volumes[0].kind == .volume)
    #expect(volumes[0].reasons.isEmpty)
    #expect(volumes[0].step == 2.5)
    #expect(volumes[0].findings.isEmpty)
  }

  @Test func `planes are ordered by position, whatever their instance numbers`() {
    var series = HeaderSeries()
    // Written from head to feet, then numbered at random.
    for (z, number) in [(30.0, 2), (20, 4), (10, 1), (0, 3)] {
      series.add(z: z) { $0.order.instanceNumber = number }
    }
    #expect(series.volumes.instances == [[3, 2, 1, 0]])
  }

  @Test func `a sagittal stack is ordered along its own normal`() {
    var series = HeaderSeries()
    for x in [5.0, -5, 0] {
      series.add {
        // Rows run to the back, columns to the feet: the normal is y x -z = -x.
        $0.shared.geometry = PlaneGeometry(
          position: Vector3(x, 0, 0), alongRow: Vector3(0, 1, 0), alongColumn: Vector3(0, 0, -1))
      }
    }
    #expect(series.volumes.instances == [[0, 2, 1]])
  }

  // MARK: What makes planes incomparable

  /// A change to every second image of a stack, and the reason that it must be split for.
  static let splits: [(SplitReason, @Sendable (inout InstanceHeader) -> Void)] = [
    (.type, { $0.description.imageType[0] = "DERIVED" }),
    (.size, { $0.format.rows = 8 }),
    (.pixels, { $0.format.photometric = .monochrome1 }),
    (.spacing, { $0.shared.spacing = PixelSpacing(betweenRows: 1.01, betweenColumns: 1) }),
    (.stack, { $0.shared.stackID = "2" }),
    (.echo, { $0.order.echoNumber = 2 }),
    (.echo, { $0.shared.echoTime = 80 }),
    (.bValue, { $0.shared.bValue = 1000 }),
    (
      .orientation,
      {
        // Turned by 2e-3 about the row: more than the 1e-3 that one volume may differ by.
        $0.shared.geometry?.alongColumn = Vector3(0, 1, 2e-3)
      }
    ),
  ]

  @Test(arguments: splits.indices)
  func `images that differ stand apart, and it is said why`(_ number: Int) {
    let (reason, change) = Self.splits[number]
    var series = HeaderSeries()
    for z in 0..<3 {
      series.add(z: Double(z))
      series.add(z: Double(z), change)
    }
    let volumes = series.volumes
    #expect(volumes.instances == [[0, 2, 4], [1, 3, 5]])
    #expect(volumes.map(\.reasons) == [[reason], [reason]])
    // Each may have grey values of its own.
    #expect(volumes[0].mappingGroup != volumes[1].mappingGroup)
  }

  @Test func `what differs by less than the tolerance stays together`() {
    var series = HeaderSeries()
    for z in 0..<4 {
      series.add(z: Double(z)) {
        guard z % 2 == 1 else { return }
        $0.shared.spacing = PixelSpacing(betweenRows: 1.0005, betweenColumns: 1)
        $0.shared.geometry?.alongColumn = Vector3(0, 1, 5e-4)
      }
    }
    #expect(series.volumes.count == 1)
  }

  @Test func `localizers of three orientations are three volumes`() {
    var series = HeaderSeries()
    let directions = [
      (Vector3(1, 0, 0), Vector3(0, 1, 0)), (Vector3(1, 0, 0), Vector3(0, 0, -1)),
      (Vector3(0, 1, 0), Vector3(0, 0, -1)),
    ]
    for (row, column) in directions {
      for step in 0..<3 {
        let normal = row.cross(column)
        series.add {
          $0.shared.geometry = PlaneGeometry(
            position: normal * Double(10 * step), alongRow: row, alongColumn: column)
        }
      }
    }
    let volumes = series.volumes
    #expect(volumes.instances == [[0, 1, 2], [3, 4, 5], [6, 7, 8]])
    #expect(volumes.allSatisfy { $0.reasons == [.orientation] && $0.step == 10 })
  }

  @Test func `images without a place stand apart and keep their order`() {
    var series = HeaderSeries()
    series.add(z: 1)
    series.add()
    series.add(z: 0)
    series.add()
    let volumes = series.volumes
    #expect(volumes.map(\.kind) == [.volume, .pictures])
    #expect(volumes.instances == [[2, 0], [1, 3]])
    #expect(volumes.allSatisfy { $0.reasons == [.geometry] })
  }

  // MARK: Spaces

  @Test func `a missing slice is named with its place`() {
    var series = HeaderSeries()
    for z in [0.0, 3, 6, 15, 18] { series.add(z: z) }
    #expect(series.volumes[0].step == 3)
    // 9 mm instead of 3 after the third: two are missing.
    #expect(
      series.volumes[0].findings == [
        GeometryFinding(.missing, after: 2, planes: 2, millimetres: 9)
      ])
  }

  @Test func `uneven spacing is named with its distance`() {
    var series = HeaderSeries()
    for z in [0.0, 3, 6, 10, 13] { series.add(z: z) }
    #expect(
      series.volumes[0].findings == [
        GeometryFinding(.uneven, after: 2, planes: 0, millimetres: 4)
      ])
  }

  @Test func `a step that changes for good is uneven, not a row of gaps`() {
    var series = HeaderSeries()
    // 2.5 mm through the skull base, then three steps of 5.
    for z in [0, 2.5, 5, 7.5, 10, 15, 20, 25] { series.add(z: z) }
    #expect(
      series.volumes[0].findings
        == (4...6).map {
          GeometryFinding(.uneven, after: $0, planes: 0, millimetres: 5)
        })
    // Two of them are two planes that are missing.
    var two = HeaderSeries()
    for z in [0, 2.5, 5, 7.5, 10, 15, 20] { two.add(z: z) }
    #expect(two.volumes[0].findings.map(\.kind) == [.missing, .missing])
  }

  @Test func `rounded positions are not uneven`() {
    var series = HeaderSeries()
    // 0.625 mm written with two decimals, as scanners do: steps of 0.62 and 0.63.
    for z in 0..<20 { series.add(z: (62.5 * Double(z)).rounded() / 100) }
    #expect(series.volumes[0].findings.isEmpty)
  }

  @Test func `a tilted gantry is named with its shift a step`() {
    var series = HeaderSeries()
    let (sine, cosine) = (0.17364817766693033, 0.984807753012208)  // 10 degrees
    for step in 0..<4 {
      series.add {
        $0.shared.geometry = PlaneGeometry(
          position: Vector3(0, 0, 5 * Double(step)), alongRow: Vector3(1, 0, 0),
          alongColumn: Vector3(0, cosine, -sine))
      }
    }
    let volume = series.volumes[0]
    // The table moves 5 mm along z: 5 cos 10 degrees along the normal, 5 sin 10 degrees aside.
    #expect(abs((volume.step ?? 0) - 4.92403876506104) < 1e-12)
    #expect(volume.findings.map(\.kind) == [.tilt])
    #expect(volume.findings[0].after == -1)
    #expect(abs(volume.findings[0].millimetres - 0.868240888334652) < 1e-12)
  }

  // MARK: Multi-frame

  @Test func `frames with places of their own are a volume`() {
    var series = HeaderSeries()
    series.add {
      $0.frames = 4
      let shared = $0.shared
      $0.perFrame = [3.0, 1, 2, 0].map { z in
        var facts = shared
        facts.geometry = HeaderSeries.axial(0, z)
        return facts
      }
    }
    let volumes = series.volumes
    #expect(volumes.map(\.kind) == [.volume])
    #expect(volumes[0].planes.map(\.frame) == [3, 1, 2, 0])
    #expect(volumes[0].reasons.isEmpty)
  }

  @Test func `frames of several stacks, echoes and times of one file are volumes of their own`() {
    var series = HeaderSeries()
    series.add { header in
      header.frames = 12
      header.perFrame = (0..<12).map { frame in
        var facts = header.shared
        facts.geometry = HeaderSeries.axial(0, Double(frame % 3))
        facts.echoTime = frame < 6 ? 10 : 20
        facts.temporalPosition = 1 + frame / 3 % 2
        return facts
      }
    }
    let volumes = series.volumes
    #expect(
      volumes.map { $0.planes.map(\.frame) } == [
        Array(0..<3), Array(3..<6), Array(6..<9), Array(9..<12),
      ])
    #expect(volumes.allSatisfy { $0.reasons == [.echo, .temporalPosition] })
    #expect(volumes.map(\.mappingGroup) == [0, 0, 1, 1])
  }

  @Test func `many frames at one place are a film of their own`() {
    var series = HeaderSeries()
    series.add(z: 0) { $0.frames = 5 }
    series.add { $0.frames = 3 }
    series.add()
    let volumes = series.volumes
    #expect(volumes.map(\.kind) == [.cine, .cine, .pictures])
    #expect(volumes.map(\.planes.count) == [5, 3, 1])
    #expect(volumes[0].planes.map(\.frame) == Array(0..<5))
    #expect(volumes.allSatisfy { $0.reasons == [.multiFrame] })
  }

  // MARK: Order of discovery

  @Test func `the order in which files are found never matters`() {
    var series = HeaderSeries()
    for t in 0..<3 {
      for z in 0..<5 where (t, z) != (1, 2) {
        series.add(z: Double(z)) { $0.order.acquisitionTime = 100 * Double(z) }
        series.add(z: Double(z)) { $0.shared.bValue = 500 }
      }
    }
    series.add(z: 2)
    series.add()
    series.add { $0.frames = 4 }
    for (index, number) in [(3, 4), (9, 9), (12, 9)] {
      series.headers[index].order.instanceNumber = number
    }
    func named(_ headers: [InstanceHeader]) -> [String] {
      SeriesAssembly.volumes(of: headers).map { volume in
        let planes = volume.planes.map {
          "\(headers[$0.instance].identity.sopInstanceUID).\($0.frame)"
        }
        return "\(volume.kind) \(volume.reasons) \(volume.findings) \(planes)"
      }
    }
    let expected = named(series.headers)
    #expect(expected.count > 5)
    var generator = SeededGenerator(seed: 11)
    for _ in 0..<50 {
      #expect(named(series.headers.shuffled(using: &generator)) == expected)
    }
  }
}
