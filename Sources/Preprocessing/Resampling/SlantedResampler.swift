/// Slices of a slanted grid out of parallel planes, by the rule of `PlaneResampler`: linear along the normal
/// between two planes, bilinear in each of them at the same x and y; what is no number takes no part, and
/// where the nearest voxel is none, or lies outside, the new voxel is no number.
///
/// Planes reach half a pixel beyond their outermost centres, and half a step beyond the first and the last
/// of them, as in ITK. All arithmetic is in Double.
public struct SlantedResampler {
  public let stack: PlaneStack
  public let grid: SlantedGrid
  /// Half a step beyond the outermost planes.
  private let bottom, top: Double
  private static let slack = 1e-6

  public init(_ stack: PlaneStack, to grid: SlantedGrid) {
    self.stack = stack
    self.grid = grid
    let z = stack.origins.map(\.z)
    let last = z.count - 1
    bottom = z[0] - (last > 0 ? (z[1] - z[0]) / 2 : 0)
    top = z[last] + (last > 0 ? (z[last] - z[last - 1]) / 2 : 0)
  }

  /// Fills `out`, rows x columns of the grid, with a slice; `values` are those of all planes of the stack,
  /// one after the other, row by row.
  public func resample(slice: Int, _ values: [Float], into out: inout [Float]) {
    precondition(out.count == grid.columns * grid.rows)
    precondition(values.count == stack.columns * stack.rows * stack.origins.count)
    let (first, i, j, k) = (grid.first, grid.alongColumns, grid.alongRows, grid.alongSlices)
    unsafe values.withUnsafeBufferPointer { values in
      for row in 0..<grid.rows {
        let (r, s) = (Double(row), Double(slice))
        let start = PlaneStack.Point(
          x: first.x + r * j.x + s * k.x, y: first.y + r * j.y + s * k.y,
          z: first.z + r * j.z + s * k.z)
        for column in 0..<grid.columns {
          let c = Double(column)
          out[row * grid.columns + column] = unsafe value(
            at: .init(x: start.x + c * i.x, y: start.y + c * i.y, z: start.z + c * i.z), values)
        }
      }
    }
  }

  private func value(
    at place: PlaneStack.Point, _ values: UnsafeBufferPointer<Float>
  ) -> Float {
    guard place.z >= bottom - Self.slack, place.z <= top + Self.slack,
      let between = stack.neighbours(of: place.z, reach: .infinity)
    else { return .nan }
    let lower = unsafe sample(between.lower, place, values)
    guard let index = between.upper else {
      return lower.isNear ? Float(lower.total / lower.weight) : .nan
    }
    let upper = unsafe sample(index, place, values)
    guard between.isNearUpper ? upper.isNear : lower.isNear else { return .nan }
    let share = between.share
    return Float(
      ((1 - share) * lower.total + share * upper.total)
        / ((1 - share) * lower.weight + share * upper.weight))
  }

  /// Of one plane the weighted sum of four pixels, their weights, and whether the nearest of them is there;
  /// nothing outside.
  private func sample(
    _ index: Int, _ place: PlaneStack.Point, _ values: UnsafeBufferPointer<Float>
  ) -> (total: Double, weight: Double, isNear: Bool) {
    let origin = stack.origins[index]
    let x = Self.axis((place.x - origin.x) / stack.betweenColumns, stack.columns)
    let y = Self.axis((place.y - origin.y) / stack.betweenRows, stack.rows)
    guard let x, let y else { return (0, 0, false) }
    let plane = index * stack.rows * stack.columns
    var (total, weight) = (0.0, 0.0)
    func add(_ place: Int, _ share: Double) {
      let value = Double(unsafe values[place])
      guard value.isFinite else { return }
      total += share * value
      weight += share
    }
    let (row, next) = (plane + y.lower * stack.columns + x.lower, stack.columns)
    // What has no share may lie behind the last of a line.
    add(row, (1 - y.share) * (1 - x.share))
    if x.share > 0 { add(row + 1, (1 - y.share) * x.share) }
    if y.share > 0 { add(row + next, y.share * (1 - x.share)) }
    if x.share > 0, y.share > 0 { add(row + next + 1, y.share * x.share) }
    let near = unsafe values[plane + y.nearest * next + x.nearest]
    return (total, weight, near.isFinite)
  }

  /// The samples of a line on both sides of a place; nil outside.
  private static func axis(
    _ place: Double, _ length: Int
  ) -> (lower: Int, share: Double, nearest: Int)? {
    var place = place
    let whole = place.rounded()
    if abs(place - whole) < slack { place = whole }
    let near = (place + 0.5 + slack).rounded(.down)
    guard near >= 0, near <= Double(length - 1) else { return nil }
    let held = min(max(place, 0), Double(length - 1))
    let floor = held.rounded(.down)
    return (Int(floor), held - floor, Int(near))
  }
}
