import MedicalImaging

/// Voxels at right angles that lie aslant in the frame of a `PlaneStack`, as those along the patient's axes do
/// in a volume that is oblique.
public struct SlantedGrid: Codable, Hashable, Sendable {
  public let columns, rows, slices: Int
  /// The centre of the first voxel.
  public let first: PlaneStack.Point
  /// From a voxel to the next, in millimetres.
  public let alongColumns, alongRows, alongSlices: PlaneStack.Point

  /// The grid over all pixel centres of a stack in `frame` whose columns run to the patient's left, its
  /// rows to the back and its slices to the head, `spacing` millimetres apart each way. It begins at the
  /// rightmost, foremost and lowest of the centres, each of them taken alone.
  public init(over stack: PlaneStack, in frame: PlaneFrame, spacing: Double) {
    let (right, down) = (
      Double(stack.columns - 1) * stack.betweenColumns, Double(stack.rows - 1) * stack.betweenRows
    )
    let corners = stack.origins.flatMap { origin in
      [(0, 0), (right, 0), (0, down), (right, down)].map { x, y in
        frame.patient(.init(x: origin.x + x, y: origin.y + y, z: origin.z))
      }
    }
    func axis(_ part: (Vector3) -> Double) -> (start: Double, count: Int) {
      let places = corners.map(part)
      let (low, high) = (places.min() ?? 0, places.max() ?? 0)
      // A little more than whole steps is rounding. More voxels than this no volume has.
      let steps = ((high - low) / spacing - 1e-3).rounded(.up)
      return (low, steps.isFinite ? Int(min(max(steps, 0), 1e6)) + 1 : 1_000_000)
    }
    let (x, y, z) = (axis(\.x), axis(\.y), axis(\.z))
    (columns, rows, slices) = (x.count, y.count, z.count)
    let start = Vector3(x.start, y.start, z.start)
    let begin = frame.point(start)
    first = begin
    func along(_ step: Vector3) -> PlaneStack.Point {
      let end = frame.point(start + step)
      return .init(x: end.x - begin.x, y: end.y - begin.y, z: end.z - begin.z)
    }
    alongColumns = along(Vector3(spacing, 0, 0))
    alongRows = along(Vector3(0, spacing, 0))
    alongSlices = along(Vector3(0, 0, spacing))
    geometry = VoxelGeometry(
      position: start, alongColumns: Vector3(spacing, 0, 0), alongRows: Vector3(0, spacing, 0),
      alongSlices: Vector3(0, 0, spacing))
  }

  /// Where the voxels lie in the patient.
  public let geometry: VoxelGeometry
}
