import Foundation
import TestSupport
import Testing

@testable import gmai_prep

@Suite struct VolumeUsageTests {
  @Test func `an output that is no NIfTI is refused before anything is read`() {
    for name in ["a.img", "nii", ".nii", "folder/.nii.gz", "a.gz"] {
      let call = Session("volume", "/nonexistent", "--out", name)
      #expect(call.code == .usage, "\(name)")
      #expect(call.errors.contains("ends neither with .nii nor with .nii.gz"))
    }
  }

  @Test func `a source that is not there fails with a sentence`() {
    let call = Session("volume", "/nonexistent/export", "--out", "a.nii")
    #expect(call.code == .failed)
    #expect(call.errors.contains("/nonexistent/export cannot be found."))
  }
}

@Suite(.serialized) struct VolumePhantomTests {
  /// Small series of all kinds of pixels and places, and their volumes, compressed.
  static let volumes = Result {
    let folder = try TemporaryFolder()
    try Peer.run(script: "volume_phantoms.py", ["make", "in"], in: folder)
    var texts: [String: String] = [:]
    let cases = try FileManager.default.contentsOfDirectory(atPath: folder.url("in").path)
    for name in cases.sorted() {
      let end = try Program.run(
        "volume", "in/\(name)", "--out", "out/\(name).nii.gz", in: folder.url)
      guard end.code == 0 else { throw TestSupportError("\(name): \(end.output)\(end.errors)") }
      texts[name] = end.output
    }
    return (folder: folder, texts: texts)
  }

  @Test(.needsPeers)
  func `every pixel has its place and its value for nibabel, in the type that it was stored in`()
    throws
  {
    let folder = try Self.volumes.get().folder
    let said = try Peer.run(script: "volume_phantoms.py", ["check", "in", "out"], in: folder)
    // Lines of 5 rows and 7 columns: 35 pixels a slice.
    #expect(
      said == """
        cr.nii.gz 7x5x1 uint16 1 0 0 0 unknown None 35 of 35 qform differs
        down.nii.gz 7x5x3 int16 1 0 1 1 mm None 105 of 105 qform=sform
        dwi.nii.gz 7x5x2x3 uint16 1 0 1 1 mm None 210 of 210 qform=sform
        echo.nii.gz 7x5x3x2 int16 1 0 1 1 mm None 210 of 210 qform=sform
        f32.nii.gz 7x5x2 float32 1 0 1 1 mm None 70 of 70 qform=sform
        f64.nii.gz 7x5x2 float64 1 0 1 1 mm None 70 of 70 qform=sform
        gap_1.nii.gz 7x5x3 int16 1 0 1 1 mm None 105 of 175 qform=sform
        gap_2.nii.gz 7x5x2 int16 1 0 1 1 mm None 70 of 175 qform=sform
        i16.nii.gz 7x5x3 int16 1 0 1 1 mm None 105 of 105 qform=sform
        i32.nii.gz 7x5x3 int32 1 0 1 1 mm None 105 of 105 qform=sform
        i8.nii.gz 7x5x3 int8 1 0 1 1 mm None 105 of 105 qform=sform
        lut.nii.gz 7x5x2 float32 1 0 1 1 mm None 70 of 70 qform=sform
        pet.nii.gz 7x5x3 float32 1 0 1 1 mm None 105 of 105 qform=sform
        single.nii.gz 7x5x1 int16 1 0 1 1 mm None 35 of 35 qform=sform
        slope.nii.gz 7x5x3 int16 0.5 -1024 1 1 mm None 105 of 105 qform=sform
        tilt.nii.gz 7x5x4 int16 0.5 -1024 0 1 mm None 140 of 140 qform differs
        time.nii.gz 7x5x2x3 int16 1 0 1 1 mm 2.5 210 of 210 qform=sform
        u12.nii.gz 7x5x3 int16 1 0 1 1 mm None 105 of 105 qform=sform
        u16.nii.gz 7x5x3 uint16 1 0 1 1 mm None 105 of 105 qform=sform
        u32.nii.gz 7x5x3 uint32 1 0 1 1 mm None 105 of 105 qform=sform
        u8.nii.gz 7x5x3 uint8 1 0 1 1 mm None 105 of 105 qform=sform
        us.nii.gz 7x5x1x4 rgb 1 0 0 0 unknown None 140 of 140 qform differs

        """)
  }

  @Test(.needsPeers) func `what is odd is said, to people and in the JSON`() throws {
    let (folder, texts) = try Self.volumes.get()
    let said: [(String, String)] = [
      ("echo", "Its volumes differ in: echo."), ("dwi", "Its volumes differ in: b-value."),
      ("time", "Its volumes differ in: temporal position."),
      ("gap", "Part 2 of 2, cut where planes are missing or the step changes; it begins with"),
      ("gap", "2 planes are missing after plane 3."), ("tilt", "The planes are sheared"),
      ("pet", "Voxels are modality values: one slope cannot say what stored ones mean."),
    ]
    for (name, words) in said { #expect(texts[name]?.contains(words) == true, "\(name)") }
    func json(_ name: String) throws -> [String: Any] {
      let bytes = try Data(folder.bytes(of: "out/\(name).json"))
      return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    }
    let gap = try json("gap_2")
    #expect(gap["part"] as? [String: Int] == ["number": 2, "of": 2, "first_plane": 3])
    let missing = try #require((gap["findings"] as? [[String: Any]])?.first)
    #expect(missing["kind"] as? String == "missing")
    #expect(missing["planes"] as? Int == 2)
    #expect(missing["millimetres"] as? Double == 7.5)
    let tilt = try json("tilt")
    #expect(tilt["qform_code"] as? Int == 0)
    let shift = try #require((tilt["findings"] as? [[String: Any]])?.first)
    #expect(shift["kind"] as? String == "tilt")
    // tan(15 degrees) times 2.5 mm.
    #expect(abs((shift["millimetres"] as? Double ?? 0) - 0.669873) < 1e-5)
    let times = try #require(json("time")["volumes"] as? [[String: Any]])
    // Over midnight.
    #expect(times.compactMap { $0["seconds"] as? Double } == [0, 2.5, 5])
    let echoes = try #require(json("echo")["volumes"] as? [[String: Any]])
    #expect(echoes.compactMap { $0["echo_time_ms"] as? Double } == [10, 20])
    let weights = try #require(json("dwi")["volumes"] as? [[String: Any]])
    #expect(weights.compactMap { $0["b_value"] as? Double } == [0, 500, 1000])
    #expect((try json("pet")["values"] as? [String: Any])?["kind"] as? String == "modality")
  }

  @Test(.needsPeers) func `nothing of a header that tells who it is stands in a JSON`() throws {
    let folder = try Self.volumes.get().folder
    let all = try FileManager.default.contentsOfDirectory(atPath: folder.url("out").path)
      .filter { $0.hasSuffix(".json") }.map { "out/" + $0 }.sorted()
    try folder.write(Array("of VOLUME-1".utf8), to: "planted")
    let found = try Peer.run(script: "header_values.py", ["in"] + all + ["planted"], in: folder)
    #expect(found.split(separator: "\n").dropFirst() == ["planted 8"])
  }

  @Test(.needsPeers) func `a series is chosen by its UID, and bytes do not depend on workers`()
    throws
  {
    let folder = try Self.volumes.get().folder
    // Every series of the phantoms has the sum of its name's characters in its UID.
    let uid = try Peer.run(
      "import pydicom, sys; print(pydicom.dcmread(sys.argv[1]).SeriesInstanceUID)",
      folder.url("in/echo/00.dcm").path)
    for jobs in ["1", "2"] {
      let end = try Program.run(
        "volume", "in", "--series", uid, "--out", "one\(jobs).nii.gz", "--jobs", jobs,
        in: folder.url)
      #expect(end.code == 0)
      #expect(end.output.contains("\n1 file, 0 rejected\n"))
      #expect(try folder.bytes(of: "one\(jobs).nii.gz") == folder.bytes(of: "out/echo.nii.gz"))
    }
    let none = try Program.run(
      "volume", "in", "--series", "1.2.3.4", "--out", "none.nii", in: folder.url)
    #expect(none.code == 2)
    #expect(none.errors.contains("No picture in the sources is of the series"))
  }

  @Test(.needsPeers) func `a file that is there already is not written over`() throws {
    let folder = try Self.volumes.get().folder
    let before = try folder.bytes(of: "out/i16.nii.gz")
    let end = try Program.run("volume", "in/u16", "--out", "out/i16.nii.gz", in: folder.url)
    #expect(end.code == 1)
    #expect(end.errors.contains("A file that would be written is there already."))
    #expect(try folder.bytes(of: "out/i16.nii.gz") == before)
    let left = try FileManager.default.contentsOfDirectory(atPath: folder.url("out").path)
    #expect(!left.contains { $0.hasPrefix(".gmai-prep") })
  }

  @Test(.needsPeers) func `a damaged slice is rejected, named, and leaves a gap`() throws {
    let source = try Self.volumes.get().folder.url("in/i32")
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: source, to: folder.url("in"))
    // Its pixel data end early; the header says where the slice is.
    let bytes = try folder.bytes(of: "in/01.dcm")
    try folder.write(Array(bytes.dropLast(20)), to: "in/01.dcm")
    let end = try Program.run("volume", "in", "--out", "v.nii", in: folder.url)
    #expect(end.code == 3)
    #expect(end.output.contains("Rejected, truncated: 1 file"))
    #expect(end.output.contains("  in/01.dcm\n"))
    #expect(end.output.contains("Planes cannot be read: 2."))
    // One slice on each side of it; nothing in its place.
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    #expect(names == ["in", "v_1.json", "v_1.nii", "v_2.json", "v_2.nii"])
    // 352 bytes of header and 35 pixels of 4.
    for name in ["v_1.nii", "v_2.nii"] { #expect(try folder.bytes(of: name).count == 352 + 140) }
  }

  @Test func `nothing to convert ends with 2`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello".utf8), to: "a.txt")
    let end = try Program.run("volume", ".", "--out", "v.nii", in: folder.url)
    #expect(end.code == 2)
    #expect(end.errors.contains("Nothing in the sources is a DICOM image."))
  }

  @Test func `Ctrl-C leaves nothing behind`() throws {
    let folder = try TemporaryFolder()
    let written = try Program.run(
      "sample-data", "--out", "export", "--ct-slices", "60", in: folder.url)
    #expect(written.code == 0)
    let program = try Program(
      words: ["volume", "export/DICOM/PAT013", "--out", "out/v.nii.gz", "--jobs", "1"],
      in: folder.url)
    func entries() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: folder.url("out").path)) ?? []
    }
    let patience = Date.now.addingTimeInterval(30)
    while Date.now < patience, entries().isEmpty { usleep(2000) }
    #expect(entries().contains { $0.hasPrefix(".gmai-prep-") })
    program.send(SIGINT)
    let end = try program.end()
    #expect(end.signal == SIGINT)
    #expect(end.errors.contains("Interrupted. Nothing is left behind."))
    #expect(entries().isEmpty)
  }
}

@Suite struct VolumeCorpusTests {
  @Test(.needsCorpus, .needsPeers)
  func `dcm_qa_nih: voxels, places and times are those of the reference`() throws {
    let folder = try TemporaryFolder()
    let root = Corpus.location.appending(path: "neurolabusc__dcm_qa_nih")
    let end = try Program.run(
      "volume", root.appending(path: "In").path, "--out", "v.nii.gz", in: folder.url)
    #expect(end.code == 0)
    #expect(end.output.contains("\n8 files, 0 rejected\n"))
    let said = try Peer.run(
      script: "volume_beside.py", ["against", root.appending(path: "Ref").path, "."], in: folder)
    let lines = said.split(separator: "\n")
    #expect(lines.count == 8)
    #expect(lines.allSatisfy { $0.hasSuffix(" equal") }, "\(said)")
  }

  /// Series that dcm2niix makes something else of, by the path of their first file, and why.
  private static let onPurpose: [(path: String, what: String, why: String)] = [
    // Segmentations, doses and slides are no pictures of a patient: convert refuses them too.
    ("ImagingDataCommons__highdicom/data/test_files/seg", "rejected s", "segmentations"),
    ("ImagingDataCommons__highdicom/data/test_files/sm_", "rejected ", "slides are no volumes"),
    ("QIICR__dcmqi/", "rejected segmentation", "segmentations"),
    ("pydicom__pydicom/src/pydicom/data/test_files/liver_1frame", "rejected seg", "segmentation"),
    ("pydicom__pydicom-data/data_store/data/liver.dcm", "rejected segmentation", "segmentation"),
    ("pydicom__pydicom/src/pydicom/data/test_files/badVR", "rejected dose", "a dose"),
    // Slices are missing: dcm2niix stacks what is there.
    ("Project-MONAI__MONAI/tests/testing_data/CT_DICOM/7106", "shape 16 16 4", "cut at a gap"),
    ("pydicom__pydicom/src/pydicom/data/test_files/dicomdirtests/77654033/CT2/", "shape", "a gap"),
    // Two scouts at right angles: dcm2niix stacks them as a tilt of 45 degrees.
    (
      "pydicom__pydicom/src/pydicom/data/test_files/dicomdirtests/98892001/CT2N/", "shape", "scouts"
    ),
    // One picture in several syntaxes under one UID: lossy twins are all kept, as volumes.
    ("cornerstonejs__cornerstone3D/packages/dicomImageLoader/testImages/CT", "shape", "twins"),
    ("cornerstonejs__dicomParser/testImages/encapsulated/multi-frame/CT0012", "shape", "twins"),
    ("pydicom__pydicom-data/data_store/data/JPEG-LL", "shape 256 1024", "twins"),
    ("pydicom__pydicom-data/data_store/data/MR2_J2KI", "voxels", "lossy and lossless twins"),
    ("pydicom__pydicom/src/pydicom/data/test_files/SC_rgb_dcmtk", "shape", "20 files of one UID"),
    ("pydicom__pydicom-data/data_store/data/SC_rgb.dcm", "voxels", "twins of one UID"),
    // A palette becomes its colours: dcm2niix writes the indices.
    (
      "cornerstonejs__cornerstone3D/packages/dicomImageLoader/testImages/no-pix", "shape", "palette"
    ),
    ("pydicom__pydicom/src/pydicom/data/test_files/examples_palette", "shape", "palette"),
    ("pydicom__pydicom-data/data_store/data/OBXXXX1A", "shape", "palette"),
    ("pydicom__pydicom-data/data_store/data/gdcm-US-ALOKA-16", "shape", "palette"),
    // Lossy JPEG by another decoder, or with colours that dcm2niix does not convert.
    ("fo-dicom__fo-dicom/Tests/FO-DICOM.Tests/Test Data/JPEGwithIcon", "voxels", "lossy JPEG"),
    ("pydicom__pydicom/src/pydicom/data/test_files/SC_jpeg_no_color", "voxels", "lossy JPEG"),
    ("pydicom__pydicom/src/pydicom/data/test_files/SC_rgb_jpeg.dcm", "voxels", "lossy JPEG"),
    // The header's sign is believed, as pydicom does; dcm2niix believes the bitstream.
    ("pydicom__pydicom/src/pydicom/data/test_files/J2K_pixelrep", "voxels by 8192", "a sign"),
    // The Modality LUT is applied; dcm2niix ignores it.
    ("pydicom__pydicom-data/data_store/data/mlut_18", "voxels", "a Modality LUT"),
    // Overlays stay out of the pixels: dcm2niix writes them as a volume of their own.
    ("pydicom__pydicom/src/pydicom/data/test_files/examples_overlay", "voxels", "an overlay"),
    ("pydicom__pydicom-data/data_store/data/MR-SIEMENS-DICOM-WithOverlays", "voxels", "an overlay"),
    // Frames without a place: dcm2niix turns their order round.
    ("pydicom__pydicom-data/data_store/data/emri_small", "voxels", "no place"),
    // A mosaic whose size is no multiple of its tiles: dcm2niix cuts through the slices.
    ("nipy__nibabel/nibabel/nicom/tests/data/0.dcm", "rejected mosaic", "a mosaic"),
  ]

  @Test(.needsCorpus, .needsPeers)
  func `every series that dcm2niix reads is the same, or another on purpose`() throws {
    let folder = try TemporaryFolder()
    let said = try Peer.run(
      script: "volume_beside.py", [Program.path("gmai-prep"), Corpus.location.path], in: folder)
    var lines = said.split(separator: "\n").map(String.init)
    let total = lines.popLast()
    let unexplained = lines.filter { line in
      !Self.onPurpose.contains { line.hasPrefix($0.path) && line.contains(": \($0.what)") }
    }
    #expect(unexplained == [])
    for reason in Self.onPurpose {
      #expect(lines.contains { $0.hasPrefix(reason.path) }, "\(reason.path) is no difference")
    }
    #expect(total == "125 series, 77 equal")
  }
}
