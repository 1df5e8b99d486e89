import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct SlantedResamplerTests {
  /// Planes of 6 x 5 pixels of 1 x 1.5 mm, where padding, -1, lies in places, each shifted against the last.
  private static func stack() throws -> (stack: PlaneStack, planes: [StoredPlane]) {
    var generator = SeededGenerator(seed: 5)
    let heights = [0.0, 2, 4, 7]
    let stack = try #require(
      PlaneStack(
        columns: 6, rows: 5, betweenColumns: 1, betweenRows: 1.5,
        origins: heights.map { .init(x: 0.2 * $0, y: -0.3 * $0, z: $0) }))
    let planes = heights.map { _ in
      Phantom.plane(
        (0..<30).map { _ in Int(generator.next() % 5 == 0 ? 0 : generator.next() % 900) - 1 },
        columns: 6,
        rows: 5, sample: .int16)
    }
    return (stack, planes)
  }

  @Test func `along the planes it gives what the resampler of planes does, padding and all`() throws
  {
    let (stack, planes) = try Self.stack()
    let modality = ModalityTransform.linear(slope: 0.5, intercept: 10)
    let padding = PixelPadding(value: -1)
    // An axial volume: its frame is that of the patient.
    let frame = try #require(
      PlaneFrame(
        VoxelGeometry(
          position: Vector3(-3, 4, 20), alongColumns: Vector3(1, 0, 0),
          alongRows: Vector3(0, 1.5, 0), alongSlices: Vector3(0, 0, 2))))
    let slanted = SlantedGrid(over: stack, in: frame, spacing: 0.7)
    // 5 + 7 x 0.2, 6 + 7 x 0.3 and 7 mm by 0.7: 9.1, 11.6 and 10 steps.
    #expect([slanted.columns, slanted.rows, slanted.slices] == [11, 13, 11])
    #expect(slanted.geometry.position == Vector3(-3, 4 - 2.1, 20))
    let spacing = VoxelSpacing(betweenColumns: 0.7, betweenRows: 0.7, betweenSlices: 0.7)
    let grid = ResamplingGrid(
      columns: 11, rows: 13, slices: 11, first: slanted.first, spacing: spacing)
    var other = PlaneResampler(stack, to: grid, fill: .nan)
    let values = planes.flatMap { $0.modalityValues(modality, padding: padding) }
    let held = planes.map { ModalityPlane($0, modality: modality, padding: padding) }
    var (numbers, none) = (0, 0)
    for slice in 0..<11 {
      var mine = [Float](repeating: 0, count: 11 * 13)
      var theirs = mine
      SlantedResampler(stack, to: slanted).resample(slice: slice, values, into: &mine)
      let between = grid.neighbours(ofSlice: slice, in: stack)
      let needed = [between?.lower, between?.upper].compactMap(\.self)
      other.resample(slice: slice, needed.map { held[$0] }, into: &theirs)
      for (a, b) in zip(mine, theirs) {
        #expect(a.isNaN == b.isNaN)
        if !a.isNaN { #expect(abs(a - b) < 1e-3) }
        if a.isNaN { none += 1 } else { numbers += 1 }
      }
    }
    // Both kinds are met often.
    #expect(numbers > 300 && none > 300)
  }

  @Test func `the outermost planes reach half a step further, and no more`() throws {
    let stack = try #require(
      PlaneStack(
        columns: 1, rows: 1, betweenColumns: 1, betweenRows: 1,
        origins: [0, 2, 6].map { .init(x: 0, y: 0, z: $0) }))
    let frame = try #require(
      PlaneFrame(
        VoxelGeometry(
          position: Vector3(0, 0, 0), alongColumns: Vector3(0, 0, -1), alongRows: Vector3(0, 1, 0),
          alongSlices: Vector3(1, 0, 0))))
    // Sagittal planes, one pixel each: values 5, 9 and 1 at x = 0, 2 and 6.
    let grid = SlantedGrid(over: stack, in: frame, spacing: 1)
    #expect([grid.columns, grid.rows, grid.slices] == [7, 1, 1])
    var out = [Float](repeating: 0, count: 7)
    SlantedResampler(stack, to: grid).resample(slice: 0, [5, 9, 1], into: &out)
    #expect(out == [5, 7, 9, 7, 5, 3, 1])
    for (z, value) in [(-1.0, 5.0), (-1.01, nil), (8, 1), (8.01, nil)] as [(Double, Float?)] {
      var one = [Float](repeating: 0, count: 1)
      let moved = try #require(
        PlaneStack(
          columns: 1, rows: 1, betweenColumns: 1, betweenRows: 1,
          origins: [0, 2, 6].map { .init(x: 0, y: 0, z: $0 - z) }))
      // A grid of one voxel, at the origin of the frame.
      let single = try #require(
        PlaneStack(
          columns: 1, rows: 1, betweenColumns: 1, betweenRows: 1, origins: [.init(x: 0, y: 0, z: 0)]
        ))
      SlantedResampler(moved, to: SlantedGrid(over: single, in: frame, spacing: 1))
        .resample(slice: 0, [5, 9, 1], into: &one)
      #expect(value.map { one[0] == $0 } ?? one[0].isNaN, "\(z)")
    }
  }
}
