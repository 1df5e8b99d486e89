import Foundation
import TestSupport
import Testing

@testable import gmai_prep

@Suite struct InspectUsageTests {
  @Test func `a source, or a token with a data set, is asked for`() {
    let nothing = Session("inspect")
    #expect(nothing.code == .usage)
    #expect(nothing.errors.contains("SOURCE is missing."))
    for words in [["--source", "abc"], ["x", "--source", "abc", "--out", "set"]] {
      let call = Session(["inspect"] + words)
      #expect(call.code == .usage)
      #expect(call.errors.contains("--source goes with --out"))
    }
  }

  @Test func `a source that is not there fails with a sentence`() {
    let call = Session("inspect", "/nonexistent/export")
    #expect(call.code == .failed)
    #expect(call.output.isEmpty)
    #expect(call.errors.contains("/nonexistent/export cannot be found."))
  }

  @Test func `a data set that is not there fails with a sentence`() {
    let call = Session("inspect", "--source", "abc", "--out", "/nonexistent/set")
    #expect(call.code == .failed)
    #expect(call.errors.contains("no private folder of a data set there"))
  }

  @Test func `a broken recipe fails before anything is read`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{sede: 1}".utf8), to: "r.json5")
    let call = Session("inspect", folder.url.path, "--recipe", folder.url("r.json5").path)
    #expect(call.code == .failed)
    #expect(call.errors.contains("Did you mean seed?"))
  }
}

@Suite(.serialized) struct InspectSampleTests {
  /// The synthetic export, and what is said of it.
  static let sample = Result {
    let folder = try TemporaryFolder()
    let written = try Program.run("sample-data", "--out", "export", in: folder.url)
    guard written.code == 0 else { throw TestSupportError(written.errors) }
    return (folder: folder, end: try Program.run("inspect", "export", in: folder.url))
  }

  @Test func `the synthetic export is told study by study, and what is not used by code`() throws {
    let end = try Self.sample.get().end
    #expect(end.code == 3)
    #expect(end.errors.isEmpty)
    // As Sources/SampleData writes it; SampleDataTests has pydicom count the same.
    for part in [
      """
      Study 4: 2 series, 19 images, 2.45 MB

        Series 1: CT, abdomen, 1 image, 63.1 kB
      """,
      """
          Volume  Kind    Planes  Rows x columns     Step  Plane
          1       volume      18       256 x 256  12.0 mm  axial
          2 planes are missing after plane 7.
      """,
      """
        Series 2: MR, brain, 40 images, 1.36 MB
          12 of 16 bits, MONOCHROME2
          Explicit VR Little Endian
          Volume  Kind    Planes  Rows x columns     Step  Plane
          1-2     volume      20       128 x 128  6.00 mm  axial
          Why more than one: echo
      """,
      """
          1-3     volume      20       128 x 128  6.00 mm  axial
          Why more than one: temporal position
      """,
      """
        burned_in: 1 file
          Its header says that annotation is burned into the picture. Have the
            annotation removed from the pixels first.
          export/DICOM/PAT011/ST000/SE000/IM0000
      """,
      """
        picture: 8 files
          export/PICTURES/picture_01.png
          export/PICTURES/picture_02.png
          export/PICTURES/picture_03.png
          ... and 5 more
      """,
      """
          NIfTI-1
          Volume  Kind    Planes  Rows x columns     Step  Plane
          1       volume      28        112 x 96  5.00 mm  axial
      """,
      "\n12 studies, 230 images, 1 rejected, 14 left out\n",
    ] {
      #expect(end.output.contains(part), "\(part)")
    }
  }

  @Test func `no line is wider than the terminal`() throws {
    let folder = try Self.sample.get().folder
    for columns in [80, 60] {
      let end = try Program(
        words: ["inspect", "export"], in: folder.url,
        wrapper: ["/usr/bin/env", "COLUMNS=\(columns)"]
      ).end()
      let widest = end.output.split(separator: "\n").map(\.count).max() ?? 0
      #expect(widest <= columns)
    }
  }

  @Test func `the DICOMDIR alone leads to the same studies`() throws {
    let (folder, end) = try Self.sample.get()
    let alone = try Program.run("inspect", "export/DICOMDIR", in: folder.url)
    // The volume is no DICOM, and the last study.
    let cut = try #require(end.output.range(of: "Study 12:")).lowerBound
    #expect(alone.output.hasPrefix(end.output[..<cut]))
    #expect(alone.output.hasSuffix("\n11 studies, 229 images, 1 rejected, 1 left out\n"))
  }

  @Test(.needsPeers) func `nothing of a header that tells who it is stands in it`() throws {
    let (folder, end) = try Self.sample.get()
    let json = try Program.run("inspect", "export", "--json", in: folder.url)
    try folder.write(Array(end.output.utf8), to: "text")
    try folder.write(Array(json.output.utf8), to: "json")
    try folder.write(Array("Study of SYNTHETIC-0003, 1 image".utf8), to: "planted")
    let found = try Peer.run(
      script: "header_values.py", ["export", "text", "json", "planted"], in: folder)
    let lines = found.split(separator: "\n")
    // 228 images and a report have UIDs of their own.
    #expect(Int(lines[0]) ?? 0 > 229)
    // SYNTHETIC-0003 is a Patient ID of the export.
    #expect(lines.dropFirst() == ["planted 14"])
  }

  @Test func `a token of rejects.jsonl leads back to its file`() throws {
    let folder = try Self.sample.get().folder
    try folder.write(Array("NRRD0004\n".utf8), to: "volume.nrrd")
    let converted = try Program.run(
      "convert", "export/DICOM/PAT011", "volume.nrrd", "--out", "set", in: folder.url)
    #expect(converted.code == 3)
    let lines = try String(decoding: folder.bytes(of: "set/rejects.jsonl"), as: UTF8.self)
      .split(separator: "\n")
    var paths: [String] = []
    for line in lines {
      let reject = try #require(
        JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any])
      let token = try #require(reject["source"] as? String)
      let end = try Program.run("inspect", "--source", token, "--out", "set", in: folder.url)
      #expect(end.code == 0)
      paths.append(end.output)
      // The same source has the same token where the data set is named.
      let json = try Program.run(
        "inspect", "export/DICOM/PAT011", "volume.nrrd", "--out", "set", "--json",
        in: folder.url)
      #expect(json.output.contains("\"source\": \"\(token)\""))
    }
    let root = folder.url.resolvingSymlinksInPath().path
    let expected = ["export/DICOM/PAT011/ST000/SE000/IM0000", "volume.nrrd"]
      .map { "\(root)/\($0)\n" }
    #expect(paths.sorted() == expected)

    let unknown = try Program.run(
      "inspect", "--source", "0123456789abcdef", "--out", "set", in: folder.url)
    #expect(unknown.code == 1)
    #expect(unknown.output.isEmpty)
    #expect(unknown.errors.contains("No source of this data set has that token."))
  }

  @Test func `an export without pictures ends with 2`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("hello".utf8), to: "a.txt")
    let end = try Program.run("inspect", ".", in: folder.url)
    #expect(end.code == 2)
    #expect(
      end.output == "Left out: 1 file\n  text: 1 file\n    ./a.txt\n\n"
        + "0 studies, 0 images, 0 rejected, 1 left out\n")
    #expect(end.errors.contains("Nothing in the sources is a medical picture."))
  }

  @Test func `Ctrl-C leaves nothing behind`() throws {
    let folder = try TemporaryFolder()
    let export = try Self.sample.get().folder.url("export/DICOM/PAT001/ST000/SE001/IM0000")
    let image = try Data(contentsOf: export)
    let temporary = folder.url("tmp")
    for place in ["tmp", "in"] {
      try FileManager.default.createDirectory(
        at: folder.url(place), withIntermediateDirectories: true)
    }
    try image.write(to: folder.url("in/0"))
    // One file under thousands of names: more than is read in the time until the signal.
    for number in 1...4000 {
      try FileManager.default.linkItem(at: folder.url("in/0"), to: folder.url("in/\(number)"))
    }
    let program = try Program(
      words: ["inspect", "in"], in: folder.url,
      wrapper: ["/usr/bin/env", "TMPDIR=\(temporary.path)"])
    func entries() -> [String] {
      (try? FileManager.default.contentsOfDirectory(atPath: temporary.path)) ?? []
    }
    func state() -> String? { entries().first.map { temporary.path + "/\($0)/state.sqlite" } }
    let patience = Date.now.addingTimeInterval(30)
    while Date.now < patience, !(state().map(FileManager.default.fileExists) ?? false) {
      usleep(2000)
    }
    let inner = try #require(entries().first)
    let mode =
      try FileManager.default.attributesOfItem(
        atPath: temporary.appending(path: inner).path)[.posixPermissions] as? Int
    #expect(mode == 0o700)
    program.send(SIGINT)
    let end = try program.end()
    #expect(end.signal == SIGINT)
    #expect(end.output.isEmpty)
    #expect(end.errors.contains("Interrupted. Nothing is left behind."))
    #expect(entries().isEmpty)
  }
}

@Suite struct InspectCorpusTests {
  private func inspect(_ name: String) throws -> Program.End {
    try Program.run("inspect", name, in: Corpus.location)
  }

  @Test(.needsCorpus) func `TorchIO's series has 17 slices, and one file is empty`() throws {
    let end = try inspect("TorchIO-project__torchio")
    #expect(end.code == 3)
    // Sizes of the 17 files in inventory.csv: 404,872 bytes.
    let corpus = try Corpus()
    let bytes = corpus.entries.filter {
      $0.path.hasPrefix("TorchIO-project__torchio") && $0.kind.hasPrefix("DICOM")
    }.reduce(0) { $0 + $1.bytes }
    #expect(bytes / 1000 == 404 || bytes / 1000 == 405)
    #expect(
      end.output == """
        Study 1: 1 series, 17 images, 405 kB

          Series 1: CT, 17 images, 405 kB
            16 bits, signed, MONOCHROME2
            Implicit VR Little Endian
            Volume  Kind    Planes  Rows x columns     Step  Plane
            1       volume      17        128 x 88  2.00 mm  axial

        Rejected: 1 file
          empty: 1 file
            The file is empty. Copy the file again: nothing of it arrived.
            TorchIO-project__torchio/src/torchio/py.typed

        1 study, 17 images, 1 rejected, 0 left out

        """)
  }

  @Test(.needsCorpus) func `GE's 600 files are 4 series of 10 volumes of 15 planes`() throws {
    let end = try inspect("neurolabusc__dcm_qa_nih/In/20180918GE")
    #expect(end.code == 0)
    // Ref/ has 4 NIfTI of 64 x 64 x 15 x 10 with 5 mm between slices.
    let row = "    1-10    volume      15         64 x 64  5.00 mm  axial\n"
    #expect(end.output.components(separatedBy: row).count == 1 + 4)
    #expect(end.output.contains("Study 1: 4 series, 600 images,"))
    #expect(end.output.hasSuffix("\n1 study, 600 images, 0 rejected, 0 left out\n"))
  }

  @Test(.needsCorpus, .needsPeers)
  func `nothing of the corpus's headers that tells who or where it was stands in it`() throws {
    let folder = try TemporaryFolder()
    for (name, words) in [("text", ["inspect", "."]), ("json", ["inspect", ".", "--json"])] {
      let end = try Program(words: words, in: Corpus.location).end()
      #expect(end.code == 3)
      #expect(end.output.utf8.count > 20_000)
      try folder.write(Array(end.output.utf8), to: name)
    }
    let found = try Peer.run(
      script: "header_values.py", [Corpus.location.path, "text", "json"], in: folder)
    let lines = found.split(separator: "\n")
    #expect(lines.count == 1, "values that stand in the output, by length: \(found)")
    #expect(Int(lines[0]) ?? 0 > 1500)
  }

  @Test(.needsCorpus) func `every file of the corpus is told once`() throws {
    let end = try Program.run("inspect", ".", "--json", in: Corpus.location)
    let json = try #require(
      JSONSerialization.jsonObject(with: Data(end.output.utf8)) as? [String: Any])
    let counts = try #require(json["counts"] as? [String: Any])
    func paths(_ name: String) throws -> [String] {
      try #require(json[name] as? [[String: Any]]).filter { $0["member"] is NSNull }
        .compactMap { $0["path"] as? String }
    }
    let unused = try paths("rejected") + paths("left_out")
    #expect(Set(unused).count == unused.count)
    // All DICOM files with rows and columns that are not rejected are images, and all volumes and slides; those
    // that pydicom cannot read have neither in the inventory.
    let pictures = try Corpus().entries.filter {
      $0.kind.hasPrefix("DICOM") && $0.rows != nil && $0.columns != nil
        || $0.kind == "DICOM(unreadable)" || $0.kind.hasPrefix("NIfTI") || $0.kind == "Analyze7.5"
        || $0.kind == "TIFF/WSI SVS"
    }
    // Segmentations of used images are told as annotations alone.
    let annotations = try #require(json["annotations"] as? [[String: Any]])
      .filter { $0["kind"] as? String == "segmentation" }.compactMap { $0["path"] as? String }
    let used = Set(pictures.map(\.path)).subtracting(unused).subtracting(annotations)
    let images = try #require(counts["images"] as? Int)
    #expect(used.count == images)
  }
}
