import Foundation
import TestSupport
import Testing

/// NIfTI and Analyze volumes through the program.
@Suite struct VolumeConversionTests {
  private struct Counts: Decodable {
    var pictures, volumes, placed: Int
  }

  private static func compare(_ set: DataSetFolder, _ sources: String) throws -> Counts {
    let said = try Peer.run(
      script: "volume_pictures.py", [set.url.path, sources], in: TemporaryFolder())
    return try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
  }

  /// Pairs of one name in two folders, of NIfTI and of SPM's Analyze with a matrix beside it, gzipped.
  private static func makePairs(in folder: String) throws {
    try Peer.run(
      """
      import nibabel, numpy, os, sys
      a = numpy.arange(60, dtype="i2").reshape(3, 4, 5)
      for n, kind in enumerate(["a", "b"]):
          os.makedirs(sys.argv[1] + "/" + kind)
          affine = numpy.diag([n + 1, 2, 3, 1])
          nibabel.Nifti1Pair(a + n, affine).to_filename(f"{sys.argv[1]}/{kind}/v.img")
      spm = nibabel.Spm99AnalyzeImage(a + 9, numpy.diag([-1, 2, 3, 1]))
      spm.to_filename(sys.argv[1] + "/spm.img.gz")
      """, folder)
  }

  @Test(.needsPeers, arguments: [["zip"], ["tar"], ["tar.gz"], ["zip", "tar"], ["tar", "zip"]])
  func `pairs in an archive give the pictures of their plain folder`(_ kinds: [String]) throws {
    let bench = try Bench()
    let plain = bench.folder.url("plain")
    try Self.makePairs(in: plain.path)
    #expect(try bench.convert("reference", from: [plain.path]).code == 0)
    let rows = try bench.dataSet("reference").rows()
    #expect(rows.count == 15)
    #expect(rows.allSatisfy { $0.pictures[0].selection.plane == "axial" })
    #expect(try bench.dataSet("reference").leftOut() == ["other": 1, "voxels": 3])
    try NestedArchiveTests.nest(bench, "plain", kinds, to: "export")
    let end = try bench.convert("set")
    #expect(end.code == 0, "\(end.errors)")
    // Without UIDs a volume's place stands for its study: keys differ, pictures do not.
    let made = bench.dataSet("set")
    #expect(
      try made.pictureDigests().sorted() == bench.dataSet("reference").pictureDigests().sorted())
    let sources = Set(try made.rows().map(\.pictures[0].sourceSha256))
    #expect(sources == Set(rows.map(\.pictures[0].sourceSha256)))
    #expect(try made.leftOut() == ["other": 1, "voxels": 3])
    #expect(bench.unpacked("set").isEmpty)
  }

  @Test(.needsPeers, arguments: ["zip", "tar"])
  func `a header without its voxels in the archive is a reject that says so`(_ kind: String) throws
  {
    let bench = try Bench()
    let plain = bench.folder.url("plain")
    try Self.makePairs(in: plain.path)
    try FileManager.default.removeItem(at: plain.appending(path: "a/v.img"))
    try NestedArchiveTests.nest(bench, "plain", [kind], to: "export")
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 10)
    #expect(try bench.dataSet().rejects().map(\.code) == ["missing"])
  }

  @Test(
    .needsPeers, .needsCorpus,
    arguments: [
      ("nipy__nibabel", 205, 8), ("Enet4__nifti-rs", 221, 23),
      ("rii-mango__NIFTI-Reader-JS", 1113, 10),
    ])
  func `every slice is shown as nibabel's array and place say`(
    _ folder: String, _ pictures: Int, _ volumes: Int
  ) throws {
    let bench = try Bench()
    let root = Corpus.location.appending(path: folder).path
    let end = try bench.convert(from: [root])
    #expect(end.errors.isEmpty)
    let counts = try Self.compare(bench.dataSet(), root)
    #expect(counts.pictures == pictures)
    #expect(counts.volumes == volumes)
  }

  @Test(.needsPeers)
  func `one volume gives the same pictures in whichever of 48 ways its file holds it`() throws {
    let bench = try Bench(recipe: "{min_shards: 1}")
    let made = try TemporaryFolder()
    try Peer.run(script: "volume_pictures.py", ["48"], in: made)
    #expect(try bench.convert(from: [made.url.path]).code == 0)
    let counts = try Self.compare(bench.dataSet(), made.url.path)
    #expect(counts.volumes == 48)
    // Slices along each axis come from 16 of the files: 5 x 6 x 7 voxels.
    #expect(counts.pictures == 16 * (5 + 6 + 7))
    #expect(counts.placed == counts.pictures)
    #expect(Set(try bench.dataSet().pictureDigests()).count == 5 + 6 + 7)
    let planes = Dictionary(grouping: try bench.dataSet().rows().map(\.pictures[0].selection.plane))
    {
      $0
    }.mapValues(\.count)
    #expect(planes == ["sagittal": 16 * 5, "coronal": 16 * 6, "axial": 16 * 7])

    // As DICOM they are the same pictures, of the same planes and places.
    let series = try TemporaryFolder()
    try Peer.run(script: "volume_pictures.py", ["dicom"], in: series)
    #expect(try bench.convert("dicom", from: [series.url.path]).code == 0)
    #expect(
      try bench.dataSet("dicom").pictureDigests().sorted()
        == bench.dataSet().pictureDigests().sorted())
  }

  @Test(.needsPeers)
  func `all three planes of a volume are the same pictures in whichever way its file holds it`()
    throws
  {
    let bench = try Bench(
      recipe: "{min_shards: 1, slices: {planes: ['axial', 'coronal', 'sagittal']}}")
    for kind in ["48", "dicom"] {
      let made = try TemporaryFolder()
      try Peer.run(script: "volume_pictures.py", [kind], in: made)
      let end = try bench.convert(kind, from: [made.url.path])
      #expect(end.code == 0, "\(end.errors)")
      if kind == "48" {
        #expect(try Self.compare(bench.dataSet(kind), made.url.path).volumes == 48)
      }
      // 5 x 6 x 7 voxels: so many sagittal, coronal and axial pictures of each.
      let rows = try bench.dataSet(kind).rows()
      #expect(rows.count == 48 * (5 + 6 + 7))
      #expect(Set(try bench.dataSet(kind).pictureDigests()).count == 5 + 6 + 7)
      let planes = Dictionary(grouping: rows, by: \.pictures[0].selection.plane).mapValues(\.count)
      #expect(planes == ["sagittal": 48 * 5, "coronal": 48 * 6, "axial": 48 * 7])
    }
    let made = try ["48", "dicom"].map { Set(try bench.dataSet($0).pictureDigests()) }
    #expect(made[0] == made[1])
  }

  @Test(.needsPeers, arguments: ["accept", "reject"])
  func `a gzip file that is cut is known before it is used, one of several members is whole`(
    _ truncated: String
  ) throws {
    let bench = try Bench(recipe: "{min_shards: 1, truncated: '\(truncated)'}")
    try Peer.run(
      """
      import gzip, nibabel, numpy, sys
      noise = numpy.random.default_rng(7).integers(0, 30000, (64, 64, 20)).astype("i2")
      plain = nibabel.Nifti1Image(noise, numpy.eye(4)).to_bytes()
      whole = gzip.compress(plain)
      open(sys.argv[1] + "/cut.nii.gz", "wb").write(whole[:len(whole) // 2])
      open(sys.argv[1] + "/members.nii.gz", "wb").write(
          gzip.compress(plain[:5000]) + gzip.compress(plain[5000:]) + gzip.compress(b""))
      """, bench.sources.path)
    #expect(try bench.convert().code == 3)
    let slices = Dictionary(grouping: try bench.dataSet().rows()) { $0.pictures[0].sourceSha256 }
    #expect(try bench.dataSet().rejects().map(\.code) == ["truncated"])
    #expect(slices.values.map(\.count).max() == 20)
    #expect(slices.count == (truncated == "accept" ? 2 : 1))
  }

  @Test(.needsPeers) func `labels and the voxels of a pair are no pictures of their own`() throws {
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, sys
      a = numpy.arange(60, dtype="i2").reshape(3, 4, 5)
      nibabel.Nifti1Pair(a, numpy.eye(4)).to_filename(sys.argv[1] + "/pair.img")
      labels = nibabel.Nifti1Image((a > 30).astype("u1"), numpy.eye(4))
      labels.header.set_intent("label")
      labels.to_filename(sys.argv[1] + "/labels.nii.gz")
      """, bench.sources.path)
    #expect(try bench.convert().code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 5)
    #expect(rows.allSatisfy { $0.pictures[0].sourceSha256.count == 2 })
    #expect(try bench.dataSet().leftOut() == ["labels": 1, "voxels": 1])

    // Either file of the pair may be named; other voxels are another volume.
    let voxels = bench.sources.appending(path: "pair.img").path
    #expect(try bench.convert("named", from: [voxels]).code == 0)
    #expect(try bench.dataSet("named").rows().count == 5)
    try Data([UInt8](repeating: 7, count: 120)).write(to: URL(filePath: voxels))
    let old = Set(rows.map(\.pictures[0].sourceSha256))
    #expect(try bench.convert().code == 0)
    let new = try bench.dataSet().rows()
    #expect(new.count == 5)
    #expect(old.isDisjoint(with: new.map(\.pictures[0].sourceSha256)))
  }

  @Test(.needsPeers) func `what belongs to a header tells that it has changed`() throws {
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, os, sys
      a = numpy.arange(60, dtype="i2").reshape(3, 4, 5)
      nibabel.Nifti1Pair(a, numpy.eye(4)).to_filename(sys.argv[1] + "/pair.img")
      # A whole volume that is named as a header is, with voxels of nobody beside it.
      nibabel.Nifti1Image(a, numpy.eye(4)).to_filename(sys.argv[1] + "/whole.nii")
      os.rename(sys.argv[1] + "/whole.nii", sys.argv[1] + "/whole.hdr")
      open(sys.argv[1] + "/whole.img", "wb").write(bytes(77))
      """, bench.sources.path)
    #expect(try bench.convert().code == 0)
    let rows = try bench.dataSet().rows()
    #expect(rows.count == 10)
    // Others of equal length, and older than the header.
    let voxels = bench.sources.appending(path: "pair.img")
    try Data([UInt8](repeating: 7, count: 120)).write(to: voxels)
    try FileManager.default.setAttributes(
      [.modificationDate: Date(timeIntervalSince1970: 1_000_000)], ofItemAtPath: voxels.path)
    #expect(try bench.convert().code == 0)
    let new = try bench.dataSet().rows()
    #expect(new.count == 10)
    let digests = Set(rows.flatMap(\.pictures).map(\.sourceSha256))
    #expect(digests.subtracting(new.flatMap(\.pictures).map(\.sourceSha256)).count == 1)
  }

  @Test(.needsPeers) func `a volume that ends early gives the slices that are there`() throws {
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, sys
      a = numpy.arange(60, dtype="i2").reshape(3, 4, 5)
      nibabel.Nifti1Image(a, numpy.eye(4)).to_filename(sys.argv[1])
      """, bench.sources.path + "/short.nii")
    let path = bench.sources.appending(path: "short.nii")
    // Two of five slices of 24 bytes, and a part of the third.
    try Data(contentsOf: path).prefix(352 + 2 * 24 + 5).write(to: path)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 2)
    #expect(try bench.dataSet().rejects().map(\.code) == ["truncated"])
    let gaps = try bench.dataSet().rows().first?.provenance.gaps.map(\.kind)
    #expect(gaps == ["unreadable"])
    #expect(try bench.dataSet().findings()["slices_missing"] == 1)

    let strict = try Bench(recipe: "{truncated: \"reject\"}")
    #expect(try strict.convert(from: [path.path]).code == 3)
    #expect(try strict.dataSet().rows().isEmpty)
    #expect(try strict.dataSet().rejects().map(\.code) == ["truncated"])
  }

  @Test(.needsPeers) func `what headers claim and no file holds costs nothing`() throws {
    let bench = try Bench()
    try Peer.run(
      """
      import nibabel, numpy, struct, sys
      nibabel.Nifti1Image(numpy.zeros((3, 4, 5), "i2"), numpy.eye(4)).to_filename(
          sys.argv[1] + "/sound.nii")
      # 32767^3 voxels of 8 bytes; two of 2^60 + voxels of 2 bytes a slice, whose sum no Int holds.
      header = nibabel.Nifti1Header()
      header.set_data_dtype("f8")
      header.set_data_shape((32767, 32767, 32767))
      header["magic"], header["vox_offset"] = b"n+1", 352
      open(sys.argv[1] + "/cube.nii", "wb").write(header.binaryblock + bytes(5000))
      for number in range(2):
          header = nibabel.Nifti2Header()
          header.set_data_dtype("i2")
          header.set_data_shape((2**30 + number, 2**30 + 1, 1))
          header["magic"], header["vox_offset"] = b"n+2", 544
          open(f"{sys.argv[1]}/plane{number}.nii", "wb").write(header.binaryblock + bytes(5000))
      # One of 2 x 2 bytes is there of 32767 x 32767 slices.
      header = nibabel.Nifti1Header()
      header.set_data_dtype("u1")
      header.set_data_shape((2, 2, 32767, 32767))
      header["magic"], header["vox_offset"] = b"n+1", 352
      open(sys.argv[1] + "/long.nii", "wb").write(header.binaryblock + bytes(4 + 7))
      """, bench.sources.path)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 5 + 1)
    #expect(
      try bench.dataSet().rejects().map(\.code) == Array(repeating: "truncated", count: 4))
  }
}
