import Foundation
import TestSupport
import Testing

/// Volumes that are to be cut in other planes, and turn out not to be there as a whole.
@Suite struct UncutVolumeTests {
  /// A series with slices that end too early, beside a whole one, under a recipe's `slices`.
  private func convert(
    _ slices: String, _ modality: PhantomSeries.Modality, jobs: String, without: [Int] = [2],
    _ name: String, in bench: Bench
  ) throws -> DataSetFolder {
    let series = PhantomSeries(patient: 1, modality, slices: 7)
    try series.write(to: bench.sources)
    for slice in without {
      try bench.write(series.file(slice).dropLast(100), to: series.path(slice))
    }
    let whole = PhantomSeries(patient: 2, modality, slices: 5)
    try whole.write(to: bench.sources)
    try bench.folder.write(Array("{slices: \(slices)}".utf8), to: "recipe.json5")
    let end = try bench.convert(name, from: nil, "--jobs", jobs)
    #expect(end.code == 3, "\(end.errors)")
    return bench.dataSet(name)
  }

  private func gaps(_ set: DataSetFolder, plane: String) throws -> [[DataSetFolder.Row.Gap]] {
    try set.rows().filter { $0.pictures[0].selection.plane == plane }.map(\.provenance.gaps)
  }

  @Test(arguments: [PhantomSeries.Modality.ct, .mr])
  func
    `a volume with a damaged slice is shown in its acquired plane, and each picture names the gap`(
      _ modality: PhantomSeries.Modality
    ) throws
  {
    let bench = try Bench()
    let cut = try convert("{planes: ['coronal']}", modality, jobs: "1", "cut", in: bench)
    // Six of the seven slices; of the whole volume its 16 rows.
    let gap = DataSetFolder.Row.Gap(kind: "unreadable", after: 1, planes: 1, millimetres: 5)
    #expect(try gaps(cut, plane: "axial") == Array(repeating: [gap], count: 6))
    #expect(try gaps(cut, plane: "coronal") == Array(repeating: [], count: 16))
    #expect(try cut.findings()["plane_unread"] == 1)
    #expect(try cut.rejects().map(\.code) == ["truncated"])

    // They are what they would be, had only the acquired planes been asked for.
    let acquired = try convert("{planes: ['acquired']}", modality, jobs: "1", "plain", in: bench)
    let pictures = try Set(cut.pictures(modality.rawValue))
    let plain = try Set(acquired.pictures(modality.rawValue))
    #expect(plain.count == 6 + 5)
    #expect(pictures.intersection(plain).count == 6)

    let again = try convert("{planes: ['coronal']}", modality, jobs: "3", "again", in: bench)
    try again.expectBytes(of: cut)
  }

  @Test func `the slices in place of sections are chosen as slices are`() throws {
    let bench = try Bench()
    let cut = try convert(
      "{planes: ['coronal', 'sagittal'], select: 'every', n: 3}", .ct, jobs: "2", "cut", in: bench)
    let shown = try cut.rows().map(\.pictures[0].selection).filter { $0.plane == "axial" }
    // Slices 0, 3 and 6 of seven; the third is the damaged one.
    #expect(shown.map(\.index).sorted() == [0, 3, 6])
    // Values of the fingerprint are those of slices that are shown: 3 of 320 pixels, and 5 whole slices.
    let text = try cut.text("fingerprint.json")
    let groups = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
    let values = groups?.first?["values"] as? [String: Any]
    #expect(values?["count"] as? Int == (3 + 5) * 320)
  }

  @Test(.needsPeers) func `a volume larger than a worker's memory is shown in its acquired plane`()
    throws
  {
    let bench = try Bench(
      recipe: "{min_shards: 1, slices: {planes: ['coronal'], select: 'evenly', n: 4}}")
    // At four bytes a voxel 136 MB, where a worker with 256 MiB decodes no more than 134 MB.
    try Peer.run(
      """
      import numpy, pydicom, sys
      ds = pydicom.Dataset()
      ds.SOPClassUID, ds.Modality = pydicom.uid.CTImageStorage, "CT"
      ds.StudyInstanceUID = ds.SeriesInstanceUID = "1.2.3"
      ds.Rows = ds.Columns = 512
      ds.SamplesPerPixel, ds.PhotometricInterpretation = 1, "MONOCHROME2"
      ds.BitsAllocated = ds.BitsStored = 8
      ds.HighBit, ds.PixelRepresentation = 7, 0
      ds.RescaleSlope, ds.RescaleIntercept, ds.RescaleType = 1, 0, "HU"
      ds.PixelSpacing, ds.ImageOrientationPatient = [1, 1], [1, 0, 0, 0, 1, 0]
      ds.file_meta = pydicom.dataset.FileMetaDataset()
      ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
      for k in range(130):
          ds.SOPInstanceUID, ds.ImagePositionPatient = f"1.2.3.{k + 1}", [0, 0, 2 * k]
          ds.PixelData = bytes([k]) * 512 * 512
          ds.save_as(f"{sys.argv[1]}/{k}.dcm", enforce_file_format=True)
      """, bench.sources.path)
    #expect(try bench.convert(from: nil, "--jobs", "1", "--memory", "0.25").code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.map(\.pictures[0].selection.plane) == ["axial", "axial", "axial", "axial"])
    // The middles of four parts of 32.5 slices; all of the volume is there.
    #expect(rows.map(\.pictures[0].selection.index).sorted() == [16, 48, 81, 113])
    #expect(rows.allSatisfy { $0.provenance.gaps.isEmpty })
    #expect(try bench.dataSet().findings()["plane_memory"] == 1)

    #expect(try bench.convert("more", from: nil, "--jobs", "1", "--memory", "1").code == 0)
    let cut = try bench.dataSet("more").rows().map(\.pictures[0].selection.plane)
    #expect(cut == ["coronal", "coronal", "coronal", "coronal"])
    #expect(try bench.dataSet("more").findings()["plane_memory"] == nil)
  }
}
