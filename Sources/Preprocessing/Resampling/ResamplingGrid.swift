import MedicalImaging

/// Voxels at right angles in the frame of a `PlaneStack`.
public struct ResamplingGrid: Codable, Hashable, Sendable {
  public let columns, rows, slices: Int
  /// The centre of the first voxel.
  public let first: PlaneStack.Point
  public let spacing: VoxelSpacing

  public init(
    columns: Int, rows: Int, slices: Int, first: PlaneStack.Point, spacing: VoxelSpacing
  ) {
    precondition(columns > 0 && rows > 0 && slices > 0)
    self.columns = columns
    self.rows = rows
    self.slices = slices
    self.first = first
    self.spacing = spacing
  }

  /// The grid over all of a stack: the first pixel of the first plane is one of its voxels, the others
  /// lie at whole steps from it.
  ///
  /// Along an axis on which all planes begin alike, and along the slices, it ends with the last step
  /// that is not beyond the last centre of the source: floor(extent / spacing) + 1 voxels, none of
  /// them outside. Where planes are shifted against each other it reaches over all their centres.
  public init(over stack: PlaneStack, spacing: VoxelSpacing) {
    let start = stack.origins[0]
    let x = Axis(
      starts: stack.origins.map { $0.x - start.x },
      extent: Double(stack.columns - 1) * stack.betweenColumns, step: spacing.betweenColumns)
    let y = Axis(
      starts: stack.origins.map { $0.y - start.y },
      extent: Double(stack.rows - 1) * stack.betweenRows, step: spacing.betweenRows)
    let z = Axis(
      starts: [0], extent: stack.origins[stack.origins.count - 1].z - start.z,
      step: spacing.betweenSlices)
    self.init(
      columns: x.count, rows: y.count, slices: z.count,
      first: .init(x: start.x + x.first, y: start.y + y.first, z: start.z), spacing: spacing)
  }

  /// So much of a step is rounding: positions are written with few digits.
  private static let slack = 1e-3

  /// The planes of a stack between which a slice lies; nil where it is outside of them.
  public func neighbours(ofSlice index: Int, in stack: PlaneStack) -> PlaneStack.Neighbours? {
    stack.neighbours(
      of: first.z + Double(index) * spacing.betweenSlices,
      reach: Self.slack * spacing.betweenSlices)
  }

  private struct Axis {
    /// Millimetres from the first pixel; not above 0.
    let first: Double
    let count: Int
    /// More than any volume can be written with; numbers of headers may be of any size.
    private static let most = 1e6

    init(starts: [Double], extent: Double, step: Double) {
      let (lowest, highest) = (starts.min() ?? 0, starts.max() ?? 0)
      let before = Self.whole((-lowest / step - slack).rounded(.up))
      let isShifted = highest > slack * step
      let after = Self.whole(
        isShifted
          ? ((extent + highest) / step - slack).rounded(.up)
          : (extent / step + slack).rounded(.down))
      first = -Double(before) * step
      count = before + after + 1
    }

    private static func whole(_ steps: Double) -> Int { Int(min(max(steps, 0), most)) }
  }
}
