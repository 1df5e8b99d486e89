import MedicalImaging
import Preprocessing

extension VolumeBlock {
  /// Modality values of 32 bits on a grid, linear between the planes that are there: across one that is
  /// not, between its neighbours. Where nothing of the picture is, they are no number, and so they are
  /// beyond the outermost planes that are there. Nil where fewer than two are.
  func resampled(_ resampling: PlannedResampling) -> VolumeBlock? {
    let all = resampling.stack
    let there = filled.sorted()
    guard fits, there.count > 1, all.origins.count == volume.slices,
      let stack = PlaneStack(
        columns: all.columns, rows: all.rows, betweenColumns: all.betweenColumns,
        betweenRows: all.betweenRows, origins: there.map { all.origins[$0] })
    else { return nil }
    let (columns, rows, slices) = resampling.grid.size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(columns * rows * slices * MemoryLayout<Float>.size)
    func append(_ values: [Float]) {
      unsafe values.withUnsafeBytes { unsafe bytes.append(contentsOf: $0) }
    }
    switch resampling.grid {
    case .even(let grid): resample(stack, there, to: grid, append)
    case .straight(let grid): resample(stack, there, to: grid, append)
    }
    return VolumeBlock(
      values: StoredVolume(
        columns: columns, rows: rows, slices: slices, samplesPerVoxel: 1, sample: .float32,
        bytes: bytes), filled: Set(0..<slices))
  }

  /// Slice by slice; of the planes, whose places are `there`, two are held.
  private func resample(
    _ stack: PlaneStack, _ there: [Int], to grid: ResamplingGrid, _ use: ([Float]) -> Void
  ) {
    var resampler = PlaneResampler(stack, to: grid, fill: .nan)
    var held: [(index: Int, plane: ModalityPlane)] = []
    var values = [Float](repeating: .nan, count: grid.columns * grid.rows)
    for slice in 0..<grid.slices {
      let between = grid.neighbours(ofSlice: slice, in: stack)
      let needed = [between?.lower, between?.upper].compactMap(\.self)
      held.removeAll { !needed.contains($0.index) }
      for index in needed where !held.contains(where: { $0.index == index }) {
        let plane = ModalityPlane(plane(there[index]), modality: modality, padding: padding)
        held.append((index, plane))
      }
      resampler.resample(
        slice: slice, needed.compactMap { index in held.first { $0.index == index }?.plane },
        into: &values)
      use(values)
    }
  }

  private func resample(
    _ stack: PlaneStack, _ there: [Int], to grid: SlantedGrid, _ use: ([Float]) -> Void
  ) {
    let resampler = SlantedResampler(stack, to: grid)
    var source: [Float] = []
    source.reserveCapacity(stack.columns * stack.rows * there.count)
    for index in there { source += plane(index).modalityValues(modality, padding: padding) }
    var values = [Float](repeating: .nan, count: grid.columns * grid.rows)
    for slice in 0..<grid.slices {
      resampler.resample(slice: slice, source, into: &values)
      use(values)
    }
  }

  private func plane(_ index: Int) -> StoredPlane {
    let size = volume.columns * volume.rows * volume.sample.size
    return StoredPlane(
      columns: volume.columns, rows: volume.rows, samplesPerPixel: 1, sample: volume.sample,
      bytes: Array(volume.bytes[index * size..<(index + 1) * size]))
  }
}
