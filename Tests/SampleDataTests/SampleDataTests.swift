import Foundation
import MedicalImaging
import SampleData
import TestSupport
import Testing

@Suite(.serialized) struct SampleDataTests {
  /// One export for all tests: it takes seconds without optimisation.
  static let export = Result {
    let folder = try TemporaryFolder()
    let path = folder.url("export").path
    return (folder: folder, path: path, written: try SampleData.write(to: path, ctSlices: 3))
  }

  @Test(.needsPeers) func `pydicom, nibabel and Pillow find what the export promises`() throws {
    let listing = try Peer.run(script: "sample_export.py", in: Self.export.get().folder)
    #expect(
      listing == """
        PAT001 Phantom^Anna CT 1 161x192 MONOCHROME2
        PAT001 Phantom^Anna CT 20 256x256 MONOCHROME2
        PAT002 Phäntom^Jürgen CT 1 141x192 MONOCHROME2
        PAT002 Phäntom^Jürgen CT 20 256x256 MONOCHROME2
        PAT002 Phäntom^Jürgen CT 20 256x256 MONOCHROME2
        PAT003 Phantom^Li=幻影^李 CT 1 160x192 MONOCHROME2
        PAT003 Phantom^Li=幻影^李 CT 20 256x256 MONOCHROME2
        PAT004 Phantom^Gabriel^^Dr CT 1 161x192 MONOCHROME2
        PAT004 Phantom^Gabriel^^Dr CT 18 256x256 MONOCHROME2
        PAT005 Phantom^Emma MR 20 128x128 MONOCHROME2
        PAT005 Phantom^Emma MR 40 128x128 MONOCHROME2
        PAT006 Фантом^Иван MR 60 128x128 MONOCHROME2
        PAT007 Phantom^Otto CR 1 384x320 MONOCHROME1
        PAT008 Phantom^María DX 1 384x320 MONOCHROME2
        PAT008 Phantom^María DX 1 384x320 MONOCHROME2
        PAT009 Phantom^Zoë US 1 240x320x3 RGB
        PAT009 Phantom^Zoë US 1 20x160x192x3 RGB
        PAT010 Phantom^Viktor XA 1 20x160x160 MONOCHROME2
        PAT011 Phantom^Paul OT 1 240x320x3 RGB
        PAT011 Phantom^Paul SR 1 - -
        PAT012 Phantom^Sofia SM 1 16x128x128x3 RGB
        PAT013 Phantom^Long CT 3 512x512 MONOCHROME2
        8 pictures 96x112x28 voxels

        """)
  }

  @Test func `it is small, and says how large it is`() throws {
    let (_, path, written) = try Self.export.get()
    var (files, bytes) = (0, 0)
    for name in try FileManager.default.subpathsOfDirectory(atPath: path) {
      let attributes = try FileManager.default.attributesOfItem(
        atPath: path + "/" + name)
      guard attributes[.type] as? FileAttributeType == .typeRegular else { continue }
      files += 1
      bytes += attributes[.size] as? Int ?? 0
    }
    #expect(written.files == files && written.bytes == bytes)
    // Three slices of 512 x 512 x 2 bytes are what was asked for on top.
    #expect(bytes - 3 * 524_288 < 25_000_000)
  }

  @Test func `two exports are the same byte for byte`() throws {
    let (_, path, _) = try Self.export.get()
    let other = try TemporaryFolder()
    try SampleData.write(to: other.url.path, ctSlices: 3)
    let names = try FileManager.default.subpathsOfDirectory(atPath: path).sorted()
    #expect(try FileManager.default.subpathsOfDirectory(atPath: other.url.path).sorted() == names)
    for name in names {
      #expect(
        FileManager.default.contentsEqual(
          atPath: path + "/" + name, andPath: other.url(name).path), "\(name)")
    }
  }

  @Test func `a folder that holds an export is left as it is`() throws {
    let (_, path, _) = try Self.export.get()
    let error = try #require(throws: ImageError.self) {
      try SampleData.write(to: path)
    }
    #expect(error.code == .outputTaken)
  }
}
