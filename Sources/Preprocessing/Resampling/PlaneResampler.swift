/// Slices of a new grid out of parallel planes: linear along the normal between two planes, bilinear in
/// each of them at the same x and y. On an even stack at right angles that is trilinear interpolation;
/// where planes are shifted against each other it shifts each back.
///
/// What is no picture takes no part, and the weights of the others add up to 1 without it; where the
/// nearest voxel of the eight is none, or lies outside of its plane, the new voxel is `fill`. All
/// arithmetic is in Double.
///
/// It keeps lines of memory from one slice to the next, and is not for several threads.
public struct PlaneResampler {
  public let stack: PlaneStack
  public let grid: ResamplingGrid
  private let fill: Float
  /// Tables of the planes that were used last, by the shift of their first pixel.
  private var columns: [(shift: Double, sampling: AxisSampling)] = []
  private var rows: [(shift: Double, sampling: AxisSampling)] = []
  /// Lines of the source, one sample longer than its rows: an even line reads one too many.
  private var line: [Double]
  private var weightLine: [Double]
  /// Lines of the grid.
  private var total: [Double]
  private var weight: [Double]

  /// - Parameter fill: the value of voxels that lie outside of the source.
  public init(_ stack: PlaneStack, to grid: ResamplingGrid, fill: Float) {
    self.stack = stack
    self.grid = grid
    self.fill = fill
    line = [Double](repeating: 0, count: stack.columns + 1)
    weightLine = line
    total = [Double](repeating: 0, count: grid.columns)
    weight = total
  }

  /// How many voxels of a slice lie outside of the source.
  public mutating func voxelsOutside(ofSlice index: Int) -> Int {
    let all = grid.columns * grid.rows
    guard let between = grid.neighbours(ofSlice: index, in: stack) else { return all }
    let nearest = between.isNearUpper ? between.upper ?? between.lower : between.lower
    let (x, y) = (columnSampling(nearest), rowSampling(nearest))
    return all - x.inside.count * y.inside.count
  }

  /// Fills `out`, rows x columns of the grid, with a slice; `planes` are those that `grid.neighbours`
  /// names for it, the lower one first.
  public mutating func resample(
    slice index: Int, _ planes: [ModalityPlane], into out: inout [Float]
  ) {
    precondition(out.count == grid.columns * grid.rows)
    let between = grid.neighbours(ofSlice: index, in: stack)
    precondition(planes.count == (between == nil ? 0 : between?.upper == nil ? 1 : 2))
    unsafe out.withUnsafeMutableBufferPointer { out in
      guard let between else {
        unsafe out.update(repeating: fill)
        return
      }
      let below = source(planes[0], between.lower, part: 1 - between.share)
      var (near, far) = (below, nil as Source?)
      if let index = between.upper {
        let above = source(planes[1], index, part: between.share)
        (near, far) = between.isNearUpper ? (above, below) : (below, above)
      }
      for row in 0..<grid.rows {
        let place = row * grid.columns..<(row + 1) * grid.columns
        unsafe fillRow(row, near, far, UnsafeMutableBufferPointer(rebasing: out[place]))
      }
    }
  }

  // MARK: Planes

  /// A plane with the tables that belong to it, and how much of a slice comes from it.
  private struct Source {
    let plane: ModalityPlane
    let columns, rows: AxisSampling
    let shift: Double
    let part: Double
  }

  private mutating func source(_ plane: ModalityPlane, _ index: Int, part: Double) -> Source {
    precondition(plane.columns == stack.columns && plane.rows == stack.rows)
    return Source(
      plane: plane, columns: columnSampling(index), rows: rowSampling(index),
      shift: stack.origins[index].x, part: part)
  }

  private mutating func columnSampling(_ plane: Int) -> AxisSampling {
    Self.sampling(
      &columns, shift: stack.origins[plane].x, count: grid.columns, first: grid.first.x,
      step: grid.spacing.betweenColumns, length: stack.columns, between: stack.betweenColumns)
  }

  private mutating func rowSampling(_ plane: Int) -> AxisSampling {
    Self.sampling(
      &rows, shift: stack.origins[plane].y, count: grid.rows, first: grid.first.y,
      step: grid.spacing.betweenRows, length: stack.rows, between: stack.betweenRows)
  }

  private static func sampling(
    _ known: inout [(shift: Double, sampling: AxisSampling)], shift: Double, count: Int,
    first: Double, step: Double, length: Int, between: Double
  ) -> AxisSampling {
    if let found = known.first(where: { $0.shift == shift }) { return found.sampling }
    let sampling = AxisSampling(
      count: count, first: (first - shift) / between, step: step / between, length: length)
    // A slice lies between two planes.
    known = known.suffix(1) + [(shift, sampling)]
    return sampling
  }

  // MARK: Rows

  private mutating func fillRow(
    _ row: Int, _ near: Source, _ far: Source?, _ out: UnsafeMutableBufferPointer<Float>
  ) {
    guard near.rows.inside.contains(row) else {
      unsafe out.update(repeating: fill)
      return
    }
    let inside = near.columns.inside
    // Where both planes are.
    var both = inside.lowerBound..<inside.lowerBound
    if let far, far.rows.inside.contains(row) { both = inside.clamped(to: far.columns.inside) }
    let isMasked = !near.plane.weights.isEmpty || far?.plane.weights.isEmpty == false
    if isMasked {
      mask(row, near, far, both)
    } else if let far, both == inside, near.shift == far.shift {
      // Both planes have one table: their rows are mixed before anything is looked up in it.
      Self.blend(near.plane.values, near.rows, row, near.part, into: &line, adds: false)
      Self.blend(far.plane.values, far.rows, row, far.part, into: &line, adds: true)
      Self.spread(line, near.columns, inside, into: &total, adds: false)
    } else {
      Self.blend(near.plane.values, near.rows, row, 1, into: &line, adds: false)
      Self.spread(line, near.columns, inside, into: &total, adds: false)
      if let far, !both.isEmpty {
        Self.scale(&total, both, by: near.part)
        Self.blend(far.plane.values, far.rows, row, far.part, into: &line, adds: false)
        Self.spread(line, far.columns, both, into: &total, adds: true)
      }
    }
    unsafe Self.round(total, inside, into: out)
    for x in 0..<inside.lowerBound { unsafe out[x] = fill }
    for x in inside.upperBound..<out.count { unsafe out[x] = fill }
  }

  /// A row of planes of which not all is picture: values and weights in the same way, then divided.
  private mutating func mask(_ row: Int, _ near: Source, _ far: Source?, _ both: Range<Int>) {
    add(row, near, near.columns.inside, adds: false)
    if let far, !both.isEmpty { add(row, far, both, adds: true) }
    let place = near.rows.nearest[row] * near.plane.columns
    for x in near.columns.inside {
      let isPicture =
        near.plane.weights.isEmpty || near.plane.weights[place + near.columns.nearest[x]] > 0
      total[x] = isPicture ? total[x] / weight[x] : Double(fill)
    }
  }

  private mutating func add(_ row: Int, _ source: Source, _ range: Range<Int>, adds: Bool) {
    Self.blend(source.plane.values, source.rows, row, source.part, into: &line, adds: false)
    Self.spread(line, source.columns, range, into: &total, adds: adds)
    if source.plane.weights.isEmpty {
      for x in range { weight[x] = (adds ? weight[x] : 0) + source.part }
    } else {
      Self.blend(
        source.plane.weights, source.rows, row, source.part, into: &weightLine, adds: false)
      Self.spread(weightLine, source.columns, range, into: &weight, adds: adds)
    }
  }
}
