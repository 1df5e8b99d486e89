import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct PlaneResamplerTests {
  private typealias Point = PlaneStack.Point

  /// Planes of 16-bit values at some places; padding is -1.
  private struct Volume {
    var stack: PlaneStack
    var planes: [ModalityPlane]

    init(_ rows: [[[Int]]], at origins: [Point], betweenColumns: Double = 1) throws {
      stack = try #require(
        PlaneStack(
          columns: rows[0][0].count, rows: rows[0].count, betweenColumns: betweenColumns,
          betweenRows: 1, origins: origins))
      planes = rows.map { rows in
        ModalityPlane(
          Phantom.plane(
            rows.flatMap(\.self), columns: rows[0].count, rows: rows.count, sample: .int16),
          modality: .linear(slope: 2, intercept: 10), padding: PixelPadding(value: -1))
      }
    }

    /// Slices of a grid, row by row.
    func slices(_ grid: ResamplingGrid, fill: Float = -99) -> [[Float]] {
      var resampler = PlaneResampler(stack, to: grid, fill: fill)
      return (0..<grid.slices).map { slice in
        var out = [Float](repeating: .nan, count: grid.columns * grid.rows)
        let between = grid.neighbours(ofSlice: slice, in: stack)
        let needed = [between?.lower, between?.upper].compactMap(\.self)
        resampler.resample(slice: slice, needed.map { planes[$0] }, into: &out)
        return out
      }
    }
  }

  private func spacing(_ columns: Double, _ rows: Double, _ slices: Double) -> VoxelSpacing {
    VoxelSpacing(betweenColumns: columns, betweenRows: rows, betweenSlices: slices)
  }

  private func line(_ xs: [Double], z: [Double]) -> [Point] {
    zip(xs, z).map { Point(x: $0, y: 0, z: $1) }
  }

  @Test func `between eight voxels lies their mean by distance, of modality values`() throws {
    let volume = try Volume(
      [[[0, 10], [20, 30]], [[100, 110], [120, 130]]], at: line([0, 0], z: [0, 2]))
    let grid = ResamplingGrid(over: volume.stack, spacing: spacing(0.5, 0.25, 0.5))
    #expect([grid.columns, grid.rows, grid.slices] == [3, 5, 5])
    let slices = volume.slices(grid)
    // Stored 10 x + 20 y + 50 z, then times 2 and 10 more.
    for (z, slice) in slices.enumerated() {
      for y in 0..<5 {
        for x in 0..<3 {
          let (x1, y1, z1) = (Double(x) * 0.5, Double(y) * 0.25, Double(z) * 0.5)
          #expect(slice[y * 3 + x] == Float(2 * (10 * x1 + 20 * y1 + 50 * z1) + 10))
        }
      }
    }
  }

  @Test func `a grid ends with the last step inside, and begins at the first pixel`() throws {
    let planes = Array(
      repeating: Array(repeating: Array(repeating: 0, count: 11), count: 4), count: 3)
    let volume = try Volume(planes, at: line([0, 0, 0], z: [5, 7, 11]))
    let grid = ResamplingGrid(over: volume.stack, spacing: spacing(3, 0.4, 2))
    // 10 mm / 3, 3 mm / 0.4, 6 mm / 2.
    #expect([grid.columns, grid.rows, grid.slices] == [4, 8, 4])
    #expect(grid.first == Point(x: 0, y: 0, z: 5))
    let coarse = ResamplingGrid(over: volume.stack, spacing: spacing(100, 100, 100))
    #expect([coarse.columns, coarse.rows, coarse.slices] == [1, 1, 1])
    // What no volume can have is counted, not trapped at.
    let fine = ResamplingGrid(over: volume.stack, spacing: spacing(1e-300, 1e-9, 1))
    #expect([fine.columns, fine.rows] == [1_000_001, 1_000_001])
  }

  @Test func `planes beside each other get a grid over all of them, in the first one's phase`()
    throws
  {
    // The second lies 1.25 mm further along the columns, the third 0.5 mm before the first.
    let volume = try Volume(
      [[[1, 2, 3]], [[1, 2, 3]], [[1, 2, 3]]], at: line([0, 1.25, -0.5], z: [0, 1, 2]))
    let grid = ResamplingGrid(over: volume.stack, spacing: spacing(1, 1, 1))
    #expect(grid.first.x == -1)
    // From -0.5 to 3.25: whole steps from -1 to 4.
    #expect(grid.columns == 6)
    let slices = volume.slices(grid)
    #expect(slices[0] == [-99, 12, 14, 16, -99, -99])
    // Pixels at 1.25, 2.25 and 3.25: 1 is a quarter before the first, which holds for half of its width;
    // 2 and 3 are three quarters on, 4 is beyond.
    #expect(slices[1] == [-99, -99, 12, 13.5, 15.5, -99])
    // At -0.5, 0.5 and 1.5: -1 is half a pixel before the first, where it still reaches.
    #expect(slices[2] == [12, 13, 15, -99, -99, -99])
    var resampler = PlaneResampler(volume.stack, to: grid, fill: 0)
    #expect((0..<3).map { resampler.voxelsOutside(ofSlice: $0) } == [3, 3, 3])
  }

  @Test func `where one of two planes does not reach, the nearer one decides`() throws {
    let volume = try Volume([[[0, 0, 0]], [[10, 10, 10]]], at: line([0, 2], z: [0, 4]))
    let grid = ResamplingGrid(over: volume.stack, spacing: spacing(1, 1, 1))
    let slices = volume.slices(grid)
    // Columns 0 to 4: the lower plane reaches to 2, the upper one from 2 on.
    #expect(slices[1] == [10, 10, 15, -99, -99])
    #expect(slices[3] == [-99, -99, 25, 30, 30])
    // In the middle the upper one counts as the nearer.
    #expect(slices[2] == [-99, -99, 20, 30, 30])
  }

  @Test func `padding takes no part, and is fill where it is nearest`() throws {
    let volume = try Volume(
      [[[4, -1, 8, 8]], [[4, 6, 8, 8]]], at: line([0, 0], z: [0, 4]), betweenColumns: 4)
    let grid = ResamplingGrid(over: volume.stack, spacing: spacing(1, 1, 1))
    let slices = volume.slices(grid)
    // 4 -> 18, 6 -> 22, 8 -> 26. Of the lower plane 18 holds for half of the way, 26 from there.
    #expect(
      slices[0] == [18, 18, -99, -99, -99, -99, 26, 26, 26, 26, 26, 26, 26])
    // A quarter up, at column 1: weights 9/16 of 18, 3/16 of nothing, 3/16 of 18 and 1/16 of 22.
    #expect(slices[1][1] == Float((12 * 18.0 + 22) / 13))
    #expect(slices[1][3] == -99)
    // At column 4 the nearest voxel is padding below the middle, and 22 above.
    #expect(slices.map { $0[4] } == [-99, -99, 22, 22, 22])
    #expect(volume.planes.map(\.lowest) == [18, 18])
  }

  @Test func `what is no number is no picture`() throws {
    let plane = ModalityPlane(
      Phantom.plane([1, .nan, .infinity, -.infinity], columns: 4, rows: 1, sample: .float32),
      modality: .identity, padding: nil)
    #expect(plane.values == [1, 0, 0, 0])
    #expect(plane.weights == [1, 0, 0, 0])
    #expect(plane.lowest == 1)
    let none = ModalityPlane(
      Phantom.plane([7, 7], columns: 2, rows: 1, sample: .uint8), modality: .identity,
      padding: PixelPadding(value: 0, limit: 7))
    #expect(none.lowest == nil)
  }

  @Test func `samples of every type are read as what they stand for`() {
    var generator = SeededGenerator(seed: 11)
    for sample in Phantom.samples {
      let values = (0..<70).map { _ in Phantom.value(of: sample, &generator) }
      let plane = Phantom.plane(values, columns: 10, rows: 7, sample: sample)
      let made = ModalityPlane(
        plane, modality: .linear(slope: 0.5, intercept: -3), padding: PixelPadding(value: values[8])
      )
      let weights: [Double] = values.map { value in value == values[8] ? 0 : 1 }
      let expected: [Double] = values.map { value in value == values[8] ? 0 : value * 0.5 - 3 }
      #expect(made.weights == weights)
      #expect(made.values == expected)
    }
  }

  @Test func `places are refused between which nothing lies`() {
    func stack(_ origins: [Point]) -> PlaneStack? {
      PlaneStack(columns: 2, rows: 2, betweenColumns: 1, betweenRows: 1, origins: origins)
    }
    #expect(stack([]) == nil)
    #expect(stack(line([0, 0], z: [1, 1])) == nil)
    #expect(stack(line([0, 0], z: [1, 0])) == nil)
    #expect(stack(line([.nan], z: [1])) == nil)
    #expect(stack(line([0], z: [1])) != nil)
    #expect(stack(line([0, 0], z: [0, 1]))?.neighbours(of: 1.1, reach: 0.05) == nil)
    #expect(stack(line([0, 0], z: [0, 1]))?.neighbours(of: -0.1, reach: 0.05) == nil)
  }

  @Test func `a frame takes points of the patient apart and grids back together`() throws {
    // Columns and rows a little off the right angle, as headers may say them.
    let place = VoxelGeometry(
      position: Vector3(5, -7, 11), alongColumns: Vector3(0, 0.5, 0.0004),
      alongRows: Vector3(0, 0, -2), alongSlices: Vector3(-3, 0, 0))
    let frame = try #require(PlaneFrame(place))
    let point = frame.point(place.position(column: 6, row: 4, slice: 2))
    #expect(abs(point.x - 6 * place.alongColumns.length) < 1e-12)
    #expect(abs(point.y - 8) < 1e-12)
    #expect(abs(point.z - 6) < 1e-12)
    let grid = ResamplingGrid(
      columns: 1, rows: 1, slices: 1, first: point, spacing: spacing(0.1, 0.2, 0.3))
    let back = frame.geometry(of: grid)
    #expect((back.position - place.position(column: 6, row: 4, slice: 2)).length < 1e-12)
    #expect((back.alongSlices - Vector3(-0.3, 0, 0)).length < 1e-7)
    let flat = VoxelGeometry(
      position: Vector3(0, 0, 0), alongColumns: Vector3(1, 0, 0), alongRows: Vector3(1, 0, 0),
      alongSlices: Vector3(0, 0, 1))
    #expect(PlaneFrame(flat) == nil)
  }
}
