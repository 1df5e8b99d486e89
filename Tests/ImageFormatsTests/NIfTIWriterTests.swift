import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct NIfTIWriterTests {
  /// Columns of direction times spacing, and an origin.
  static func affine(_ i: Vector3, _ j: Vector3, _ k: Vector3, _ origin: Vector3) -> [[Double]] {
    [
      [i.x, j.x, k.x, origin.x], [i.y, j.y, k.y, origin.y], [i.z, j.z, k.z, origin.z],
      [0, 0, 0, 1],
    ]
  }

  @Test(.needsPeers)
  func `nibabel reads the same voxels, sform and qform`() throws {
    let folder = try TemporaryFolder()
    let origin = Vector3(-10, 20.5, -300)
    // (0.8, 0.6) and (-0.6, 0.8) are a turn by atan(3/4).
    let affines: [(String, [[Double]])] = [
      ("axial", Self.affine(Vector3(0.7, 0, 0), Vector3(0, 0.7, 0), Vector3(0, 0, 3), origin)),
      // Slices from the head down: left-handed, qfac -1 after the turn to RAS.
      ("down", Self.affine(Vector3(0.7, 0, 0), Vector3(0, 0.7, 0), Vector3(0, 0, -3), origin)),
      ("sagittal", Self.affine(Vector3(0, 1, 0), Vector3(0, 0, -1), Vector3(2, 0, 0), origin)),
      ("coronal", Self.affine(Vector3(1, 0, 0), Vector3(0, 0, -1), Vector3(0, 2, 0), origin)),
      // Half turns about each axis: the part a of the quaternion is 0.
      ("halfx", Self.affine(Vector3(1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, -1), origin)),
      ("halfy", Self.affine(Vector3(-1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, -1), origin)),
      ("halfz", Self.affine(Vector3(-1, 0, 0), Vector3(0, -1, 0), Vector3(0, 0, 1), origin)),
      (
        "oblique",
        Self.affine(
          Vector3(0.8, 0.6, 0), Vector3(-0.6 * 0.8, 0.8 * 0.8, 0.6) * 2,
          Vector3(0.6 * 0.6, -0.8 * 0.6, 0.8) * 3, origin)
      ),
      ("sheared", Self.affine(Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0.5, 3), origin)),
    ]
    for (name, affine) in affines {
      let voxels = [Int16](stride(from: -30_000, to: 30_000, by: 1000))
      let file = try NIfTIWriter.file(
        .int16(voxels), columns: 5, rows: 4, slices: 3, voxelToPatient: affine)
      try folder.write(file, to: name + ".nii")
      try folder.write(numbers: voxels, to: name + ".raw")
      try folder.write(numbers: affine.flatMap { $0 }, to: name + ".affine")
    }
    for (name, voxels) in [
      ("grey", NIfTIWriter.Voxels.uint8([1, 2])), ("labels", .labels([1, 2])),
    ] {
      let file = try NIfTIWriter.file(
        voxels, columns: 1, rows: 2, slices: 1, voxelToPatient: affines[0].1)
      try folder.write(file, to: name + ".nii")
      try folder.write([1, 2], to: name + ".raw")
      try folder.write(numbers: affines[0].1.flatMap { $0 }, to: name + ".affine")
    }
    #expect(
      try Peer.run(script: "nifti_reading.py", in: folder) == """
        axial int16 0 1 1 mm True
        coronal int16 0 1 1 mm True
        down int16 0 1 1 mm True
        grey uint8 0 1 1 mm True
        halfx int16 0 1 1 mm True
        halfy int16 0 1 1 mm True
        halfz int16 0 1 1 mm True
        labels uint8 1002 1 1 mm True
        oblique int16 0 1 1 mm True
        sagittal int16 0 1 1 mm True
        sheared int16 0 0 1 mm False

        """)
  }

  @Test func `an axis above 32,767 is refused`() throws {
    let error = try #require(throws: ImageError.self) {
      try NIfTIWriter.file(
        .uint8([UInt8](repeating: 0, count: 32_768)), columns: 32_768, rows: 1, slices: 1,
        voxelToPatient: [[1, 0, 0, 0], [0, 1, 0, 0], [0, 0, 1, 0], [0, 0, 0, 1]])
    }
    #expect(error.code == .unsupportedPixels)
  }
}
