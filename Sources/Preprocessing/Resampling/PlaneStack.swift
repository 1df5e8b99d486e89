/// Parallel planes of one size, as they lie in a frame of their own: x along the columns, y along the
/// rows, z along the normal, in millimetres.
public struct PlaneStack: Codable, Hashable, Sendable {
  /// The centre of a pixel or voxel.
  public struct Point: Codable, Hashable, Sendable {
    public var x, y, z: Double

    public init(x: Double, y: Double, z: Double) {
      self.x = x
      self.y = y
      self.z = z
    }
  }

  public let columns, rows: Int
  /// Distances of neighbouring pixels along x and y.
  public let betweenColumns, betweenRows: Double
  /// Of each plane its first pixel; z ascends.
  public let origins: [Point]

  /// Nil without a plane, where a number is not finite, or where planes do not ascend: nothing lies
  /// between planes of one place.
  public init?(
    columns: Int, rows: Int, betweenColumns: Double, betweenRows: Double, origins: [Point]
  ) {
    precondition(columns > 0 && rows > 0)
    guard !origins.isEmpty, betweenColumns.isFinite, betweenColumns > 0, betweenRows.isFinite,
      betweenRows > 0, origins.allSatisfy({ $0.x.isFinite && $0.y.isFinite && $0.z.isFinite }),
      zip(origins, origins.dropFirst()).allSatisfy({ $0.z < $1.z })
    else { return nil }
    self.columns = columns
    self.rows = rows
    self.betweenColumns = betweenColumns
    self.betweenRows = betweenRows
    self.origins = origins
  }

  /// A slice at a place along z, and the planes that it lies between.
  public struct Neighbours: Hashable, Sendable {
    /// Index of the plane below it, or on which it lies.
    public var lower: Int
    /// Index of the plane above it; nil where it lies on a plane.
    public var upper: Int?
    /// How much of it comes from the upper plane, below 1.
    public var share: Double

    /// Whether the upper plane is the nearer one; between two the upper is.
    var isNearUpper: Bool { share >= 0.5 - slack }
  }

  /// A part of a step that is rounding.
  private static let slack = 1e-6

  /// The planes on both sides of a place along z; nil where it is below the first plane or above the
  /// last by more than `reach` millimetres.
  func neighbours(of z: Double, reach: Double) -> Neighbours? {
    let last = origins.count - 1
    guard z >= origins[0].z - reach, z <= origins[last].z + reach else { return nil }
    // The last plane that is not above the place.
    var (low, high) = (0, last)
    while low < high {
      let middle = (low + high + 1) / 2
      if origins[middle].z <= z { low = middle } else { high = middle - 1 }
    }
    guard low < last else { return .init(lower: last, share: 0) }
    let share = (z - origins[low].z) / (origins[low + 1].z - origins[low].z)
    if share <= Self.slack { return .init(lower: low, share: 0) }
    if share >= 1 - Self.slack { return .init(lower: low + 1, share: 0) }
    return .init(lower: low, upper: low + 1, share: share)
  }
}
