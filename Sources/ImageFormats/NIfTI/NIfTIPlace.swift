import MedicalImaging

/// Where a header puts its voxels (nifti1.h, "3D IMAGE (VOLUME) ORIENTATION AND LOCATION IN SPACE"):
/// the sform where its code is above 0, else the qform.
struct NIfTIPlace {
  private(set) var geometry: VoxelGeometry?
  private(set) var findings: [InstanceHeader.Finding] = []

  /// `sizes` are pixdim[1...3], above 0, in the header's own unit; `millimetres` is that unit.
  init(
    _ numbers: HeaderNumbers, _ layout: NIfTILayout, shape: [Int], sizes: [Double],
    millimetres: Double
  ) {
    func code(_ at: Int) -> Int { numbers.integer(at: at, size: layout.codeSize) }
    func lps(_ ras: [[Double]]) -> VoxelGeometry { VoxelGeometry(ras: ras, millimetres) }

    var sform: VoxelGeometry?
    if code(layout.sformCode) > 0 {
      let step = 4 * layout.realSize
      let rows = (0..<3).map { numbers.reals(layout, at: layout.sform + $0 * step, count: 4) }
      sform = lps(rows)
      if sform?.isSound == false {
        sform = nil
        note("sform", "The sform is singular or holds what is no number; it was not used.")
      }
    }
    var qform: VoxelGeometry?
    if code(layout.qformCode) > 0 {
      let quaternion = numbers.reals(layout, at: layout.quaternion, count: 3)
      let offset = numbers.reals(layout, at: layout.qformOffset, count: 3)
      let qfac = numbers.real(at: layout.pixelSizes, size: layout.realSize)
      if ![-1, 0, 1].contains(qfac) {
        note("qfac", "The qform's handedness is neither 1 nor -1; it was taken by its sign.")
      }
      qform = Self.rotation(quaternion).map { rotation in
        let third = qfac < 0 ? -sizes[2] : sizes[2]
        return lps(
          (0..<3).map { row in
            [
              rotation[row][0] * sizes[0], rotation[row][1] * sizes[1], rotation[row][2] * third,
              offset[row],
            ]
          })
      }
      if qform?.isSound != true {
        qform = nil
        note("qform", "The qform is no rotation or holds what is no number; it was not used.")
      }
    }
    if let sform, let qform, Self.differ(sform, qform, shape) {
      note(
        "sform_qform",
        "The sform and the qform put the voxels in different places; the sform was used.")
    }
    geometry = sform ?? qform
  }

  private mutating func note(_ code: String, _ sentence: String) {
    findings.append(.init(code, sentence))
  }

  /// The matrix of a quaternion whose first part is left out: a = sqrt(1 - b2 - c2 - d2)
  /// (nifti1.h, "QUATERNION REPRESENTATION OF ROTATION MATRIX"); nil where its parts are too long for
  /// one by more than what float32 rounds (nibabel's limit).
  private static func rotation(_ parts: [Double]) -> [[Double]]? {
    let rest = 1 - parts.reduce(0) { $0 + $1 * $1 }
    guard rest >= -3 * Double(Float.ulpOfOne) else { return nil }
    // Rounding may leave the four a little longer than 1, which must not become a scale.
    let length = max(1, 1 - rest).squareRoot()
    let (b, c, d) = (parts[0] / length, parts[1] / length, parts[2] / length)
    let a = max(0, rest).squareRoot()
    return [
      [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
      [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
      [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
    ]
  }

  /// Whether a corner of the volume lies elsewhere by more than a hundredth of the shortest edge of a
  /// voxel: header fields of 32 bits round to less than that.
  private static func differ(_ a: VoxelGeometry, _ b: VoxelGeometry, _ shape: [Int]) -> Bool {
    let ends = (0..<3).map { $0 < shape.count ? [0, Double(shape[$0] - 1)] : [0] }
    let spacing = a.spacing
    let edge = min(spacing.betweenColumns, spacing.betweenRows, spacing.betweenSlices)
    for i in ends[0] {
      for j in ends[1] {
        for k in ends[2] {
          let distance =
            (a.position(column: i, row: j, slice: k) - b.position(column: i, row: j, slice: k))
            .length
          if !(distance <= 0.01 * edge) { return true }
        }
      }
    }
    return false
  }
}

extension VoxelGeometry {
  /// Of the first three rows of a matrix from voxel to RAS; the patient's first two axes turn.
  init(ras: [[Double]], _ millimetres: Double) {
    func column(_ i: Int) -> Vector3 {
      Vector3(-ras[0][i] * millimetres, -ras[1][i] * millimetres, ras[2][i] * millimetres)
    }
    self.init(
      position: column(3), alongColumns: column(0), alongRows: column(1), alongSlices: column(2))
  }

  /// Whether all is finite and the three axes span a space.
  fileprivate var isSound: Bool {
    guard voxelToPatient.allSatisfy({ $0.allSatisfy(\.isFinite) }) else { return false }
    let volume = abs(alongColumns.cross(alongRows).dot(alongSlices))
    let box = alongColumns.length * alongRows.length * alongSlices.length
    return box > 0 && box.isFinite && volume > 1e-6 * box
  }
}
