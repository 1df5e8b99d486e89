import Foundation
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Sections of volumes beside nibabel's canonical axes and numpy's.
@Suite struct VolumeSectionsTests {
  private struct Volume: Decodable {
    var shape: [Int]
    var affine: [[Double]]
    var voxel: Int

    /// LPS of nibabel's RAS.
    var geometry: VoxelGeometry {
      func column(_ i: Int) -> Vector3 { Vector3(-affine[0][i], -affine[1][i], affine[2][i]) }
      return VoxelGeometry(
        position: column(3), alongColumns: column(0), alongRows: column(1), alongSlices: column(2))
    }

    func stored(_ bytes: [UInt8]) -> StoredVolume {
      let sample: StoredPlane.Sample =
        switch voxel {
        case 2: .int16
        case 4: .float32
        case 8: .float64
        default: .uint8
        }
      return StoredVolume(
        columns: shape[0], rows: shape[1], slices: shape[2], samplesPerVoxel: voxel == 3 ? 3 : 1,
        sample: sample, bytes: bytes)
    }
  }

  private struct Expected: Decodable {
    struct Corner: Decodable {
      var pixel: [Int]
      var lps: [Double]
    }

    var size: [Int]
    var corners: [Corner]
  }

  private static func read<Value: Decodable>(_ folder: TemporaryFolder, _ name: String) throws
    -> Value
  {
    try JSONDecoder().decode(Value.self, from: Data(folder.bytes(of: name)))
  }

  @Test(.needsPeers) func `All three planes of a volume stored any way are nibabel's and numpy's`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "sections.py", in: folder)
    var acquired = 0
    for number in 0..<48 {
      let volume: Volume = try Self.read(folder, "\(number).json")
      let stored = volume.stored(try folder.bytes(of: "\(number).in"))
      for plane in [AnatomicalPlane.axial, .coronal, .sagittal] {
        let expected: Expected = try Self.read(folder, "\(number).\(plane).json")
        let sections = try #require(
          VolumeSections(
            plane, of: volume.geometry, columns: volume.shape[0], rows: volume.shape[1],
            slices: volume.shape[2]))
        #expect([sections.count, sections.rows, sections.columns] == expected.size)
        let bytes = try folder.bytes(of: "\(number).\(plane).out")
        let all = sections.cut(0..<sections.count, of: stored)
        #expect(all.bytes == bytes, "\(number) \(plane)")
        // The last one alone.
        let last = sections.cut(sections.count - 1..<sections.count, of: stored)
        #expect(last.bytes.elementsEqual(bytes.suffix(bytes.count / sections.count)))
        acquired += sections.areAcquired ? 1 : 0
        for corner in expected.corners {
          let place = sections.geometry(of: corner.pixel[0])
          let spacing = sections.spacing
          let found =
            place.position + place.alongColumn * (spacing.betweenRows * Double(corner.pixel[1]))
            + place.alongRow * (spacing.betweenColumns * Double(corner.pixel[2]))
          let wanted = Vector3(corner.lps[0], corner.lps[1], corner.lps[2])
          #expect((found - wanted).length < 1e-9, "\(number) \(plane)")
        }
      }
    }
    // One of three planes of each.
    #expect(acquired == 48)
  }

  @Test func `An oblique plane is across no axis`() {
    let geometry = VoxelGeometry(
      position: Vector3(0, 0, 0), alongColumns: Vector3(1, 0, 0), alongRows: Vector3(0, 1, 0),
      alongSlices: Vector3(0, 0, 2))
    #expect(VolumeSections(.oblique, of: geometry, columns: 2, rows: 2, slices: 2) == nil)
    #expect(VolumeSections(.axial, of: geometry, columns: 2, rows: 2, slices: 2)?.step == 2)
  }
}
