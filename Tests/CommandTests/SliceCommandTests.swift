import Foundation
import TestSupport
import Testing

@testable import gmai_prep

@Suite struct SliceUsageTests {
  @Test(arguments: [
    ["--window", "40"], ["--window", "40/0"], ["--window", "40/nan"], ["--plane", "tilted"],
    ["--plane", "axial,axial"], ["--depth", "12"], ["--preset", "heart"], ["--every", "0"],
    ["--every", "2", "--evenly", "3"], ["--apart", "5", "--every", "2"],
    ["--window", "40/400", "--preset", "lung"], ["--window", "40/400", "--depth", "16"],
    ["--preset", "lung", "--depth", "16"],
  ])
  func `what cannot be meant is refused before anything is read`(words: [String]) throws {
    let folder = try TemporaryFolder()
    let out = folder.url("out").path
    let call = Session(["slice", "/nonexistent", "--out", out] + words)
    #expect(call.code == .usage)
    #expect(call.errors.hasPrefix("error: "))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func `a source that is not there fails with a sentence, and no folder is made`() throws {
    let folder = try TemporaryFolder()
    let out = folder.url("out").path
    let call = Session("slice", "/nonexistent/export", "--out", out)
    #expect(call.code == .failed)
    #expect(call.errors.contains("/nonexistent/export cannot be found."))
    #expect(!FileManager.default.fileExists(atPath: out))
  }

  @Test func `a folder that holds something is left alone, and so is a file`() throws {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "mine")
    for (out, words) in [(folder.url.path, "is not empty"), (folder.url("mine").path, "no folder")]
    {
      let call = Session("slice", folder.url.path, "--out", out)
      #expect(call.code == .failed)
      #expect(call.errors.contains(words))
    }
    #expect(try folder.bytes(of: "mine") == [1])
  }

  @Test func `nothing with slices ends with 2`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello".utf8), to: "a.txt")
    let end = try Program.run("slice", ".", "--out", "out", in: folder.url)
    #expect(end.code == 2)
    #expect(end.errors.contains("Nothing in the sources has slices"))
    #expect(!FileManager.default.fileExists(atPath: folder.url("out").path))
  }
}

/// The synthetic export: CT, MR, PET and others, a NIfTI volume, and a gap.
@Suite(.serialized) struct SliceExportTests {
  static let export = Result {
    let folder = try TemporaryFolder()
    let end = try Program.run("sample-data", "--out", "ex", in: folder.url)
    guard end.code == 0 else { throw TestSupportError(end.errors) }
    return folder
  }

  private static func slice(_ words: String...) throws -> Program.End {
    try Program(words: ["slice"] + words, in: export.get().url).end()
  }

  private static func names(_ path: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: export.get().url(path).path).sorted()
  }

  private static func index(_ path: String) throws -> [[String: Any]] {
    let bytes = try Data(export.get().bytes(of: path + "/slices.json"))
    let json = try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
    return try #require(json["volumes"] as? [[String: Any]])
  }

  @Test(.needsPeers)
  func `a window is DICOM's LINEAR of pydicom's modality values, pixel by pixel`()
    throws
  {
    let end = try Self.slice("ex/DICOM/PAT001", "--out", "lung", "--window", "-600/1500")
    #expect(end.code == 0)
    let said = try Peer.run(
      script: "slices.py", ["window", "ex/DICOM/PAT001", "lung", "-600", "1500"],
      in: Self.export.get())
    // 20 slices of 256 x 256 and a scout of 192 x 161.
    #expect(said.hasPrefix("21 slices of 21 planes, 1341632 pixels, "))
    let preset = try Self.slice("ex/DICOM/PAT001", "--out", "preset", "--preset", "lung")
    #expect(preset.code == 0)
    // The preset's window is the same; the scout has no Hounsfield units and keeps its own.
    let same = try Self.names("lung").filter {
      try Self.export.get().bytes(of: "lung/\($0)") == Self.export.get().bytes(of: "preset/\($0)")
    }
    #expect(same.count == 20)
  }

  @Test(.needsPeers) func `16 bits give every modality value back exactly, as pydicom has it`()
    throws
  {
    #expect(
      try Self.slice("ex/DICOM/PAT001", "--out", "values", "--depth", "16", "--every", "3").code
        == 0)
    let said = try Peer.run(
      script: "slices.py", ["values", "ex/DICOM/PAT001", "values"], in: Self.export.get())
    // A scout of 192 x 161, and of 20 slices of 256 x 256 seven: 0, 3 ... 18.
    #expect(said == "8 slices of 21 planes, 489664 pixels\n")
  }

  @Test(.needsPeers, arguments: ["8", "16"])
  func `pictures are those of a data set by the same recipe, byte by byte`(depth: String) throws {
    let folder = try Self.export.get()
    let recipe = """
      { burned_in: "accept", pictures: "leave_out", frames: { select: "every", n: 4 },
        slices: { planes: ["acquired", "coronal"], select: "every", n: 4,
          square_pixels: \(depth == "8") },
        intensity: { ct: "\(depth == "8" ? "liver" : "body_part")" }, picture: { depth: \(depth) } }
      """
    try folder.write(Array(recipe.utf8), to: "same\(depth).json5")
    let words = ["slice", "ex", "--out", "look\(depth)", "--plane", "acquired,coronal"]
    let mode = depth == "8" ? ["--preset", "liver"] : ["--depth", "16"]
    let end = try Program(words: words + ["--every", "4"] + mode, in: folder.url).end()
    // One picture of the export has a name burned into it.
    #expect(end.code == 3)
    #expect(end.output.contains("Rejected, burned_in: 1 file"))
    #expect(end.output.contains("2 planes are missing after plane 7."))
    let made = try Program.run(
      "convert", "ex", "--out", "set\(depth)", "--recipe", "same\(depth).json5", in: folder.url)
    #expect(made.code == 3)
    let said = try Peer.run(
      script: "slices.py", ["dataset", "look\(depth)", "set\(depth)"], in: folder)
    let parts = said.split(separator: "\n")[0].split(separator: " ")
    #expect(parts[0] == parts[1])
    #expect(parts[2] == "equal")
    #expect(try #require(Int(parts[0])) > 200)
    // Of 16 bits colour alone has 8.
    #expect(parts.dropFirst(3) == (depth == "8" ? ["L", "RGB"] : ["I;16", "RGB"]))
    #expect(end.output.contains("\n\(parts[0]) slices in look\(depth), 1 rejected\n"))
  }

  @Test(.needsPeers) func `sections of a NIfTI volume are nibabel's, where nibabel has them`()
    throws
  {
    let end = try Self.slice(
      "ex/VOLUME/head.nii", "--out", "head", "--plane", "sagittal,axial,coronal", "--depth", "16")
    #expect(end.code == 0)
    let said = try Peer.run(
      script: "slices.py", ["nifti", "ex/VOLUME/head.nii", "head"], in: Self.export.get())
    // 96 x 112 x 28 voxels.
    #expect(said == "axial 28 coronal 112 sagittal 96 exact\n")
    #expect(try Self.names("head").contains("1_sagittal_07.png"))
    #expect(try Self.names("head").contains("1_coronal_111.png"))
  }

  @Test func `the index tells each volume, why it stands apart, and each of its slices`() throws {
    #expect(try Self.slice("ex/DICOM/PAT005", "--out", "mr", "--evenly", "2").code == 0)
    let volumes = try Self.index("mr")
    #expect(volumes.map { $0["volume"] as? Int } == [1, 2, 3])
    #expect(volumes.map { $0["split_by"] as? [String] } == [[], ["echo"], ["echo"]])
    let slices = try volumes.map { try #require($0["slices"] as? [[String: Any]]) }
    let files = slices.flatMap { $0.compactMap { $0["file"] as? String } }
    // The middles of both halves of 20 slices.
    #expect(
      files == (1...3).flatMap { ["\($0)_axial_05.png", "\($0)_axial_15.png"] })
    #expect(try Self.names("mr") == files + ["slices.json"])
    let first = try #require(slices[0].first)
    #expect(first["shown_by"] as? String == "range")
    #expect(first["window"] is NSNull)
    let (low, high) = (first["low"] as? Double ?? 0, first["high"] as? Double ?? 0)
    #expect(low < high && first["offset"] as? Double == low)
    #expect(abs((first["scale"] as? Double ?? 0) - (high - low) / 255) < 1e-9)
    #expect(first["orientation"] as? [String] == ["L", "P"])
    // One mapping for all slices of a volume.
    #expect(slices[0].allSatisfy { $0["low"] as? Double == low })
  }

  @Test func `a window that somebody asks for is that of every grey picture`() throws {
    #expect(
      try Self.slice("ex/DICOM/PAT005", "--out", "wide", "--window", "500.5/1000", "--every", "10")
        .code == 0)
    let slices = try Self.index("wide").flatMap { try #require($0["slices"] as? [[String: Any]]) }
    #expect(slices.count == 6)
    for slice in slices {
      #expect((slice["window"] as? [String: Any])?["center"] as? Double == 500.5)
      // 500.5 - 0.5 - 999 / 2 and as much above.
      #expect(slice["low"] as? Double == 0.5)
      #expect(slice["high"] as? Double == 999.5)
    }
  }

  @Test(.needsPeers) func `a series is chosen by its UID, and bytes do not depend on workers`()
    throws
  {
    let folder = try Self.export.get()
    let uid = try Peer.run(
      """
      import pathlib, pydicom, sys
      files = sorted(p for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file())
      print(pydicom.dcmread(files[-1]).SeriesInstanceUID)
      """, folder.url("ex/DICOM/PAT002").path)
    for jobs in ["1", "3"] {
      let end = try Self.slice(
        "ex/DICOM/PAT002", "--series", uid, "--out", "series\(jobs)", "--jobs", jobs, "--apart",
        "30")
      #expect(end.code == 0)
    }
    let names = try Self.names("series1")
    // 20 slices, 10 mm apart: every third.
    #expect(
      names == [0, 3, 6, 9, 12, 15, 18].map { "1_axial_\($0 < 10 ? "0" : "")\($0).png" } + [
        "slices.json"
      ])
    for name in names {
      #expect(try folder.bytes(of: "series1/\(name)") == folder.bytes(of: "series3/\(name)"))
    }
    let none = try Self.slice("ex", "--series", "1.2.3.4", "--out", "none")
    #expect(none.code == 2)
    #expect(none.errors.contains("No picture in the sources is of the series"))
    #expect(!FileManager.default.fileExists(atPath: folder.url("none").path))
  }

  @Test func `a damaged slice is rejected, named, and costs itself alone`() throws {
    let source = try Self.export.get().url("ex/DICOM/PAT001")
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(at: source, to: folder.url("in"))
    let all = try FileManager.default.subpathsOfDirectory(atPath: folder.url("in").path).filter {
      !$0.hasSuffix("SE000") && $0.contains("IM")
    }.sorted()
    let path = try #require(all.last)
    let bytes = try folder.bytes(of: "in/" + path)
    try folder.write(Array(bytes.dropLast(2000)), to: "in/" + path)
    let end = try Program.run("slice", "in", "--out", "out", in: folder.url)
    #expect(end.code == 3)
    #expect(end.output.contains("Rejected, truncated: 1 file"))
    #expect(end.output.contains("  in/\(path)\n"))
    #expect(end.output.contains("Planes cannot be read: "))
    // A scout and 19 of 20 slices.
    #expect(end.output.contains("\n20 slices in out, 1 rejected\n"))
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url("out").path)
    #expect(names.count == 21)
    #expect(!names.contains { $0.hasPrefix(".") })
  }

  @Test func `studies and series have the numbers that inspect gives them`() throws {
    #expect(try Self.slice("ex", "--out", "numbers", "--evenly", "1").code == 3)
    let told = try Self.index("numbers").map { volume in
      "\(volume["study"] ?? 0) \(volume["series"] ?? 0) \(volume["modality"] ?? "") \(volume["planes"] ?? 0)"
    }
    let end = try Program.run("inspect", "ex", "--json", in: Self.export.get().url)
    let json = try JSONSerialization.jsonObject(with: Data(end.output.utf8))
    let studies = try #require((json as? [String: Any])?["studies"] as? [[String: Any]])
    var inspected: [String] = []
    for (study, entry) in studies.enumerated() {
      for (series, entry) in (entry["series"] as? [[String: Any]] ?? []).enumerated() {
        for volume in entry["volumes"] as? [[String: Any]] ?? []
        where entry["modality"] as? String != "pathology" {
          inspected.append(
            "\(study + 1) \(series + 1) \(entry["modality"] ?? "") \(volume["planes"] ?? 0)")
        }
      }
    }
    #expect(inspected.count > 20)
    #expect(told == inspected)
  }

  @Test(.needsPeers) func `nothing of a header that tells who it is stands in the index or a name`()
    throws
  {
    let folder = try Self.export.get()
    #expect(try Self.slice("ex/DICOM", "--out", "all", "--every", "9").code == 3)
    let names = try Self.names("all").joined(separator: "\n")
    try folder.write(Array(names.utf8), to: "names")
    // What the peer finds where it is.
    let planted = try Peer.run(
      """
      import pathlib, pydicom, sys
      files = sorted(p for p in pathlib.Path(sys.argv[1]).rglob("*") if p.is_file())
      print(pydicom.dcmread(files[0]).StudyInstanceUID)
      """, folder.url("ex/DICOM/PAT001").path)
    try folder.write(Array("of \(planted)".utf8), to: "planted")
    let found = try Peer.run(
      script: "header_values.py", ["ex/DICOM", "all/slices.json", "names", "planted"], in: folder)
    let lines = found.split(separator: "\n").dropFirst()
    #expect(lines.count == 1)
    #expect(lines.first?.hasPrefix("planted ") == true)
  }

  @Test func `a folder that is there and empty is used, and stays after Ctrl-C as it was`() throws {
    let folder = try Self.export.get()
    let made = try Program.run(
      "sample-data", "--out", "large", "--ct-slices", "60", in: folder.url)
    #expect(made.code == 0)
    for (name, exists) in [("empty", true), ("fresh", false)] {
      if exists {
        try FileManager.default.createDirectory(
          at: folder.url(name), withIntermediateDirectories: false)
      }
      let program = try Program(
        words: [
          "slice", "large/DICOM/PAT013", "--out", name, "--jobs", "1", "--plane",
          "acquired,coronal,sagittal",
        ], in: folder.url)
      func entries() -> [String] {
        (try? FileManager.default.contentsOfDirectory(atPath: folder.url(name).path)) ?? []
      }
      let patience = Date.now.addingTimeInterval(30)
      while Date.now < patience, entries().isEmpty { usleep(2000) }
      #expect(entries().allSatisfy { $0.hasPrefix(".gmai-prep-") })
      program.send(SIGINT)
      let end = try program.end()
      #expect(end.signal == SIGINT)
      #expect(end.errors.contains("Interrupted. Nothing is left behind."))
      #expect(entries().isEmpty)
      #expect(FileManager.default.fileExists(atPath: folder.url(name).path) == exists)
    }
    #expect(try Self.slice("ex/VOLUME", "--out", "empty", "--every", "9").code == 0)
    #expect(try Self.names("empty").last == "slices.json")
  }
}

@Suite struct SliceCorpusTests {
  @Test(
    .needsCorpus, .needsPeers,
    arguments: [
      ("TorchIO-project__torchio/tests/image_data/dicom", "17 slices of 17 planes, 191488 pixels"),
      ("QIICR__dcmqi/data/segmentations/ct-3slice", "3 slices of 3 planes, 786432 pixels"),
      ("Project-MONAI__MONAI/tests/testing_data/CT_DICOM", "4 slices of 4 planes, 1024 pixels"),
      (
        "pydicom__pydicom/src/pydicom/data/test_files/dicomdirtests/98892001/CT5N",
        "5 slices of 5 planes, 1280 pixels"
      ),
    ])
  func `real CT: a window by pydicom and numpy, and every value back with 16 bits`(
    path: String, said: String
  ) throws {
    let folder = try TemporaryFolder()
    let source = Corpus.location.appending(path: path).path
    for (name, words) in [("w", ["--window", "40/400"]), ("v", ["--depth", "16"])] {
      let end = try Program(
        words: ["slice", source, "--out", name] + words, in: folder.url
      ).end()
      #expect(end.code == 0 || end.code == 3)
    }
    let window = try Peer.run(
      script: "slices.py", ["window", source, "w", "40", "400"], in: folder)
    #expect(window.hasPrefix(said + ", "))
    let values = try Peer.run(script: "slices.py", ["values", source, "v"], in: folder)
    #expect(values == said + "\n")
  }

  @Test(.needsCorpus, .needsPeers)
  func `a radiograph in MONOCHROME1 is inverted, and its line leads back to what pydicom reads`()
    throws
  {
    let folder = try TemporaryFolder()
    let source = Corpus.location.appending(
      path: "tensorflow__io/tests/test_dicom/CR-MONO1-10-chest.dcm"
    ).path
    let end = try Program.run("slice", source, "--out", "v", "--depth", "16", in: folder.url)
    #expect(end.code == 0)
    let said = try Peer.run(script: "slices.py", ["values", source, "v"], in: folder)
    // 440 x 440 pixels.
    #expect(said == "1 slices of 1 planes, 193600 pixels, inverted\n")
  }

  @Test(.needsCorpus) func `a VOI LUT is told as one, and no line leads back through it`() throws {
    let folder = try TemporaryFolder()
    let source = Corpus.location.appending(
      path: "pydicom__pydicom-data/data_store/data/vlut_04.dcm"
    ).path
    let end = try Program.run("slice", source, "--out", "v", in: folder.url)
    #expect(end.code == 0)
    let json = try JSONSerialization.jsonObject(with: Data(folder.bytes(of: "v/slices.json")))
    let volumes = try #require((json as? [String: Any])?["volumes"] as? [[String: Any]])
    let slice = try #require((volumes.first?["slices"] as? [[String: Any]])?.first)
    #expect(slice["shown_by"] as? String == "lut")
    for field in ["window", "low", "high", "offset", "scale"] {
      #expect(slice[field] is NSNull, "\(field)")
    }
  }

  @Test(
    .needsCorpus, .needsPeers,
    arguments: [
      "nipy__nibabel", "neurolabusc__dcm_qa_nih/In/20180918Si", "tensorflow__io",
    ])
  func `real studies: pictures are those of a data set, byte by byte`(path: String) throws {
    let folder = try TemporaryFolder()
    let source = Corpus.location.appending(path: path).path
    let recipe = """
      { burned_in: "accept", pictures: "leave_out", frames: { select: "evenly", n: 3 },
        slices: { planes: ["acquired", "sagittal"], select: "evenly", n: 3 } }
      """
    try folder.write(Array(recipe.utf8), to: "r.json5")
    let end = try Program.run(
      "slice", source, "--out", "look", "--plane", "sagittal,acquired", "--evenly", "3",
      in: folder.url)
    let made = try Program.run(
      "convert", source, "--out", "set", "--recipe", "r.json5", in: folder.url)
    #expect(end.code == made.code)
    let said = try Peer.run(script: "slices.py", ["dataset", "look", "set"], in: folder)
    let parts = said.split(separator: "\n")[0].split(separator: " ")
    #expect(parts[0] == parts[1] && parts[2] == "equal", "\(said)")
    #expect(try #require(Int(parts[0])) > 10)
  }

  @Test(
    .needsCorpus, .needsPeers,
    arguments: [
      ("nipy__nibabel/nibabel/tests/data/anatomical.nii", "axial 25 coronal 41 sagittal 33 exact\n")
    ])
  func `real NIfTI: sections are nibabel's`(path: String, said: String) throws {
    let folder = try TemporaryFolder()
    let source = Corpus.location.appending(path: path).path
    let end = try Program.run(
      "slice", source, "--out", "v", "--depth", "16", "--plane", "axial,coronal,sagittal",
      in: folder.url)
    #expect(end.code == 0)
    #expect(try Peer.run(script: "slices.py", ["nifti", source, "v"], in: folder) == said)
  }
}
