import MedicalImaging
import Preprocessing

/// Slices of a file that is resampled, in growing order, out of its planes, of which it holds those that
/// one slice needs.
struct ResampledSlices {
  private var resampler: PlaneResampler
  /// By their index in the file.
  private var planes: [(index: Int, plane: ModalityPlane)] = []
  private var values: [Float]

  init(_ resampling: StoredVolumeFile.Resampling, fill: Float) {
    resampler = PlaneResampler(resampling.stack, to: resampling.grid, fill: fill)
    values = [Float](repeating: fill, count: resampling.grid.columns * resampling.grid.rows)
  }

  /// Has the planes of a slice read that are not there from the one before.
  mutating func prepare(
    _ slice: Int, read: (Int) throws(ImageError) -> ModalityPlane
  ) throws(ImageError) {
    let needed = needed(slice)
    planes.removeAll { !needed.contains($0.index) }
    for index in needed where !planes.contains(where: { $0.index == index }) {
      planes.append((index, try read(index)))
    }
  }

  /// Fills `out` with the values of a slice that was prepared, the lowest row first.
  mutating func write(_ slice: Int, to out: UnsafeMutableRawBufferPointer) {
    let grid = resampler.grid
    let between = needed(slice).compactMap { index in planes.first { $0.index == index }?.plane }
    resampler.resample(slice: slice % grid.slices, between, into: &values)
    let line = grid.columns * MemoryLayout<Float>.size
    unsafe values.withUnsafeBytes { values in
      for row in 0..<grid.rows {
        let (from, to) = ((grid.rows - 1 - row) * line, row * line)
        unsafe UnsafeMutableRawBufferPointer(rebasing: out[to..<to + line])
          .copyMemory(from: UnsafeRawBufferPointer(rebasing: values[from..<from + line]))
      }
    }
  }

  /// Indices of the planes between which a slice lies, in all volumes of the file one after the other.
  private func needed(_ slice: Int) -> [Int] {
    let grid = resampler.grid
    let (volume, index) = slice.quotientAndRemainder(dividingBy: grid.slices)
    let first = volume * resampler.stack.origins.count
    guard let between = grid.neighbours(ofSlice: index, in: resampler.stack) else { return [] }
    return [between.lower, between.upper].compactMap { $0.map { first + $0 } }
  }
}
