import MedicalImaging

/// Cuts a row of planes only where some are missing, for a grid onto which they are resampled: what
/// lies unevenly stays together.
struct UnevenRuns {
  private let positions: [Vector3]
  private let normal: Vector3
  /// Along the normal, from each plane to the next.
  private let steps: [Double]
  private let median: Double
  /// Indices of planes before which others are missing.
  private let gaps: Set<Int>

  /// A step below this part of the median is a position that comes again, not a step to go by.
  private static let least = 0.1

  /// Nil where planes do not follow one another along the normal of the first.
  init?(_ planes: [PlaneGeometry]) {
    let (step, findings) = VolumeGeometry.inspect(planes)
    guard let step else { return nil }
    positions = planes.map(\.position)
    let normal = planes[0].normal
    steps = zip(positions, positions.dropFirst()).map { ($1 - $0).dot(normal) }
    guard steps.allSatisfy({ $0 > 0 }) else { return nil }
    self.normal = normal
    median = step
    gaps = Set(findings.filter { $0.kind == .missing }.map { $0.after + 1 })
  }

  /// The runs of planes, in their order; none goes over an index of `cutBefore`, where a plane is lost.
  func runs(cutBefore: Set<Int>) -> [Range<Int>] {
    let ends = gaps.union(cutBefore).filter { $0 > 0 && $0 < positions.count }.sorted()
    return zip([0] + ends, ends + [positions.count]).map { $0..<$1 }
  }

  /// Where the planes of a run lie, if they do not lie evenly, and the smallest step between them: of
  /// a part that is even, its own from end to end, since positions have few digits. Nil for even ones.
  func uneven(_ run: Range<Int>) -> (positions: [Vector3], step: Vector3)? {
    let positions = Array(positions[run])
    let parts = EvenRuns.runs(of: positions)
    guard parts.count > 1 else { return nil }
    let inside = parts.compactMap { EvenRuns.step(of: positions[$0])?.dot(normal) }
    let between = parts.dropFirst().map { steps[run.lowerBound + $0.lowerBound - 1] }
    let smallest = (inside + between).filter { $0 >= Self.least * median }.min()
    return (positions, normal * (smallest ?? median))
  }
}
