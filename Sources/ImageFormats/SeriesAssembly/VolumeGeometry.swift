import MedicalImaging

/// Looks at the spaces between the planes of one volume.
enum VolumeGeometry {
  /// A step that differs by more than this part of the median is not the volume's own.
  static let stepTolerance = 0.02
  /// A sideways shift of more than this part of the step is a tilt (0.1 degrees).
  static let tiltTolerance = 0.00175
  /// So many steps alike one after the other are another step of the volume, not as many gaps.
  private static let stepsInARow = 3

  /// The median step along the normal in millimetres and what is odd; planes in order.
  static func inspect(_ planes: [PlaneGeometry]) -> (step: Double?, findings: [GeometryFinding]) {
    guard planes.count > 1 else { return (nil, []) }
    let normal = planes[0].normal
    let moves = zip(planes, planes.dropFirst()).map { $1.position - $0.position }
    let steps = moves.map { $0.dot(normal) }
    let median = steps.sorted()[steps.count / 2]
    guard median > 0 else { return (nil, []) }

    var findings: [GeometryFinding] = []
    let shifts = zip(moves, steps).map { ($0 - normal * $1).length / max($1, 1e-9) }
    if let shift = shifts.max(), shift > tiltTolerance {
      findings.append(GeometryFinding(.tilt, after: -1, planes: 0, millimetres: shift * median))
    }
    for (index, step) in steps.enumerated() where abs(step - median) > stepTolerance * median {
      let multiple = (step / median).rounded()
      let isGap =
        multiple >= 2 && abs(step - multiple * median) <= stepTolerance * step
        && !isAnother(index, of: steps)
      findings.append(
        GeometryFinding(
          isGap ? .missing : .uneven, after: index, planes: isGap ? Int(multiple) - 1 : 0,
          millimetres: step))
    }
    return (median, findings)
  }

  /// Whether a long step is one of several alike in a row, as where slices of the vertex are thicker than
  /// those of the skull base: no planes are missing then.
  private static func isAnother(_ index: Int, of steps: [Double]) -> Bool {
    // Both positions of a step have few digits.
    let tolerance = 2 * EvenRuns.tolerance(of: steps[index])
    func isAlike(_ other: Double) -> Bool { abs(other - steps[index]) <= tolerance }
    let others = stepsInARow - 1
    let before = steps[..<index].suffix(others).reversed().prefix(while: isAlike).count
    let after = steps[(index + 1)...].prefix(others).prefix(while: isAlike).count
    return before + after >= others
  }
}
