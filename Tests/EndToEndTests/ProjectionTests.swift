import Foundation
import TestSupport
import Testing

/// Slabs, volumes and films that are shown as one picture, beside numpy.
@Suite(.needsPeers) struct ProjectionTests {
  /// Pictures of their own pixels, which the peer can take as they are.
  private static let plain = "\"min_shards\": 1, \"picture\": {\"square_pixels\": false}"

  /// Recipes, and the pictures of each case of 23 x 19 pixels.
  static let recipes: [(groups: String, pictures: [String])] = [
    (
      """
      "slices": {"planes": ["acquired", "coronal", "sagittal"], "square_pixels": false,
        "projection": "max", "slab_mm": 5}, "frames": {"projection": "mean"}
      """,
      [
        "angiogram - 1", "ct axial 7", "ct coronal 19", "ct sagittal 23",
        // Four volumes, and two of each echo and three times.
        "diffusion axial 16", "diffusion coronal 76", "diffusion sagittal 92", "echo axial 8",
        "echo coronal 38", "echo sagittal 46", "echoes - 1", "padding axial 7",
        "padding coronal 19",
        "padding sagittal 23", "pet axial 7", "pet coronal 19", "pet sagittal 23", "time axial 12",
        "time coronal 57", "time sagittal 69",
      ]
    ),
    (
      """
      "slices": {"planes": ["axial", "coronal"], "square_pixels": false, "projection": "mean",
        "slab_mm": 4}, "volumes": {"projection": "max"}, "frames": {"projection": "max"}
      """,
      [
        // One volume of each b-value and echo.
        "angiogram - 1", "ct axial 7", "ct coronal 19", "diffusion axial 8", "diffusion coronal 38",
        "echo axial 8", "echo coronal 38", "echoes - 1", "padding axial 7", "padding coronal 19",
        "pet axial 7", "pet coronal 19", "time axial 4", "time coronal 19",
      ]
    ),
    (
      """
      "slices": {"planes": ["acquired", "coronal"], "square_pixels": false, "projection": "min"},
        "volumes": {"select": "middle"}, "frames": {"projection": "min"}
      """,
      [
        "angiogram - 1", "ct axial 1", "ct coronal 1", "diffusion axial 1", "diffusion coronal 1",
        "echo axial 1", "echo coronal 1", "echoes - 1", "padding axial 1", "padding coronal 1",
        "pet axial 1", "pet coronal 1", "time axial 1", "time coronal 1",
      ]
    ),
    (
      """
      "slices": {"square_pixels": false}, "volumes": {"projection": "mean"}
      """,
      [
        "ct axial 7", "diffusion axial 8", "echo axial 8", "padding axial 7", "pet axial 7",
        "time axial 4",
      ]
    ),
    (
      """
      "slices": {"square_pixels": false}, "volumes": {"select": "last"}
      """,
      [
        "ct axial 7", "diffusion axial 4", "echo axial 4", "padding axial 7", "pet axial 7",
        "time axial 4",
      ]
    ),
  ]

  @Test(arguments: recipes.indices)
  func `what is shown as one is numpy's maximum, minimum or mean, in every byte`(_ number: Int)
    throws
  {
    let recipe = "{\(Self.plain), \(Self.recipes[number].groups)}"
    let bench = try Bench(recipe: recipe)
    let made = bench.folder.url("made").path
    try Peer.run(script: "projections.py", ["make", made], in: bench.folder)
    let end = try bench.convert(from: [made], "--jobs", "3")
    #expect(end.code == 0, "\(end.errors)")
    let said = try Peer.run(
      script: "projections.py", ["check", made, bench.dataSet().url.path, recipe], in: bench.folder)
    #expect(
      said.split(whereSeparator: \.isNewline).map(String.init) == Self.recipes[number].pictures)
    #expect(try bench.convert("again", from: [made], "--jobs", "1").code == 0)
    try bench.dataSet("again").expectBytes(of: bench.dataSet())
  }

  @Test func `a slice that one of several volumes lacks is taken from the others, and is named`()
    throws
  {
    let bench = try Bench(recipe: "{min_shards: 1, volumes: {projection: 'mean'}}")
    let made = bench.folder.url("made")
    try Peer.run(script: "projections.py", ["make", made.path], in: bench.folder)
    // The second slice of the second of three times.
    let path = made.appending(path: "time/05.dcm")
    try Data(contentsOf: path).dropLast(60).write(to: path)
    let end = try bench.convert(from: [made.appending(path: "time").path])
    #expect(end.code == 3, "\(end.errors)")
    let rows = try bench.dataSet().rows()
    // Slices lie 3 mm apart: without one there are 6 mm between its neighbours.
    let gap = DataSetFolder.Row.Gap(kind: "unreadable", after: 0, planes: 1, millimetres: 6)
    #expect(rows.map(\.provenance.gaps) == Array(repeating: [gap], count: 4))
    for row in rows {
      let picture = row.pictures[0]
      #expect(picture.sourceSha256.count == (picture.selection.index == 1 ? 2 : 3))
    }
    // Of all three nothing is left there.
    for name in ["01", "09"] {
      let path = made.appending(path: "time/\(name).dcm")
      try Data(contentsOf: path).dropLast(60).write(to: path)
    }
    #expect(try bench.convert("none", from: [made.appending(path: "time").path]).code == 3)
    #expect(try bench.dataSet("none").findings()["plane_unread"] == 1)
    #expect(try bench.dataSet("none").rows().map(\.pictures[0].sourceSha256.count).count == 9)
    #expect(
      try bench.dataSet("none").rows().allSatisfy { $0.pictures[0].sourceSha256.count == 1 })
  }

  @Test func `volumes along the fourth axis of a NIfTI file are one, or one of them`() throws {
    // Each time adds 2 to all voxels: the mean of three is the middle one, the largest the last.
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, sys
      first = numpy.random.default_rng(2).integers(0, 900, (6, 5, 4, 1))
      voxels = (first + numpy.array([0, 2, 4])).astype("i2")
      nibabel.Nifti1Image(voxels, numpy.diag([2, 2, 2, 1])).to_filename(sys.argv[1] + "/v.nii.gz")
      """, bench.sources.path)
    func pictures(_ name: String, _ volumes: String) throws -> [String] {
      try bench.folder.write(
        Array("{volumes: \(volumes), slices: {planes: ['acquired', 'sagittal']}}".utf8),
        to: "recipe.json5")
      let end = try bench.convert(name)
      #expect(end.code == 0, "\(end.errors)")
      return try bench.dataSet(name).pictureDigests().sorted()
    }
    let all = try pictures("all", "{}")
    #expect(all.count == 3 * (4 + 6))
    let first = try pictures("first", "{select: 'first'}")
    let middle = try pictures("middle", "{select: 'middle'}")
    let last = try pictures("last", "{select: 'last'}")
    #expect(all == (first + middle + last).sorted())
    #expect(try pictures("min", "{projection: 'min'}") == first)
    #expect(try pictures("mean", "{projection: 'mean'}") == middle)
    #expect(try pictures("max", "{projection: 'max'}") == last)
    // One volume is counted of what is shown of one, all three of what is made of them.
    for (name, count) in [("all", 3), ("middle", 1), ("mean", 3)] {
      let text = try bench.dataSet(name).text("fingerprint.json")
      let groups = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [[String: Any]]
      #expect(groups?.first?["volumes"] as? Int == count, "\(name)")
    }
  }

  @Test func `a film in colours keeps its frames`() throws {
    let bench = try Bench(
      recipe:
        "{burned_in: 'accept', frames: {n: 3, projection: 'max'}, picture: {square_pixels: false}}")
    try Peer.run(
      """
      import numpy, pydicom, sys
      ds = pydicom.Dataset()
      ds.SOPClassUID, ds.Modality = "1.2.840.10008.5.1.4.1.1.3.1", "US"
      ds.StudyInstanceUID = ds.SeriesInstanceUID = ds.SOPInstanceUID = "1.2.3"
      ds.Rows, ds.Columns, ds.NumberOfFrames = 8, 10, 5
      ds.SamplesPerPixel, ds.PhotometricInterpretation, ds.PlanarConfiguration = 3, "RGB", 0
      ds.BitsAllocated = ds.BitsStored = 8
      ds.HighBit, ds.PixelRepresentation = 7, 0
      ds.PixelData = numpy.random.default_rng(1).integers(0, 256, 5 * 240, "u1").tobytes()
      ds.file_meta = pydicom.dataset.FileMetaDataset()
      ds.file_meta.TransferSyntaxUID = pydicom.uid.ExplicitVRLittleEndian
      ds.save_as(sys.argv[1] + "/film.dcm", enforce_file_format=True)
      """, bench.sources.path)
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().count == 3)
    #expect(try bench.dataSet().findings()["projection_colour"] == 1)
  }
}
