import Foundation
import TestSupport
import Testing

@testable import gmai_prep

@Suite struct ResamplingUsageTests {
  @Test(
    arguments: [
      "", "Even", "0", "-1", "0.001", "1e-2", "nan", "inf", "0x1", "1x1", "1x", "1x1x1x1", "1 mm",
      "1x1xeven", "1001", "1,5",
    ])
  func `a spacing that is none is refused with a sentence that says what one is`(_ text: String) {
    let call = Session("volume", "/nonexistent", "--out", "a.nii", "--resample=\(text)")
    #expect(call.code == .usage)
    #expect(call.errors.contains("--resample cannot be \(text.isEmpty ? "empty" : text)."))
    let words = call.errors.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    #expect(
      words.contains(
        "It takes even, millimetres from voxel to voxel from 0.01 to 1000 such as 1, or those along "
          + "columns, rows and slices such as 0.5x0.5x2."))
  }

  @Test(arguments: ["even", "1", ".5", "0.01", "1000", "0.5x0.5x2"])
  func `a spacing is taken`(_ text: String) {
    let call = Session("volume", "/nonexistent/export", "--out", "a.nii", "--resample", text)
    #expect(call.code == .failed)
    #expect(call.errors.contains("/nonexistent/export cannot be found."))
  }
}

@Suite(.serialized) struct VolumeResamplingTests {
  /// Small series, each resampled to some spacings; texts by the name of the output.
  static let volumes = Result {
    let folder = try TemporaryFolder()
    let runs = try Peer.run(script: "volume_resampled.py", ["make", "in"], in: folder)
    var texts: [String: String] = [:]
    for run in runs.split(separator: "\n").map({ $0.split(separator: " ").map(String.init) }) {
      let name = "\(run[0])@\(run[1])"
      let end = try Program.run(
        "volume", "in/\(run[0])", "--out", "out/\(name).nii", "--resample", run[1], in: folder.url)
      guard end.code == 0 else { throw TestSupportError("\(name): \(end.output)\(end.errors)") }
      texts[name] = end.output
    }
    return (folder: folder, texts: texts)
  }

  private static func json(_ name: String) throws -> [String: Any] {
    let bytes = try Data(volumes.get().folder.bytes(of: "out/\(name).json"))
    return try #require(JSONSerialization.jsonObject(with: bytes) as? [String: Any])
  }

  @Test(.needsPeers)
  func `values and grids are those of SimpleITK, of scipy, and of dcm2niix's tilt correction`()
    throws
  {
    let folder = try Self.volumes.get().folder
    let said = try Peer.run(script: "volume_resampled.py", ["check", "in", "out"], in: folder)
    // Pictures have 23 columns and 19 rows of 0.6 x 0.8 mm: 13.2 and 14.4 mm from first to last centre,
    // so 14 and 15 voxels of 1 mm. Seven slices lie 2.5 mm apart: 16 of 1 mm. A tilt of 15 degrees over
    // 15 mm is 4.02 mm, or 5.02 rows: 6 more. Each slice then has 23 x 6 voxels outside.
    //
    // `back`: where the gantry tilts the other way, dcm2niix 1.0.20220720 puts its corrected volume 4 mm
    // away from its own volume before the correction; reference and place say what is right.
    #expect(
      said == """
        axial@0.3x0.4x0.5 45x37x31 spacing 0 grid yes reference all 51615 itk all 51615 on its grid
        axial@1 14x15x16 spacing 0 grid yes reference all 3360 itk all 3360 on its grid
        axial@3 5x5x6 spacing 0 grid yes reference all 150 itk all 150 on its grid
        axial@even 23x19x7 as it is
        back@even 23x25x7 tilt 966 grid yes reference all 4025 dcm2niix elsewhere, 4.0 mm apart
        blank@1 14x15x3 spacing 0 grid yes reference all 630
        both@1 14x24x29 tilt+uneven+spacing 3542 grid yes reference all 9744
        both@even 23x29x12 tilt+uneven 2760 grid yes reference all 8004
        colours@1_1 23x19x1 as it is
        colours@1_2 23x19x2 as it is
        echo@1 15x15x8x2 tilt+uneven+spacing 330 grid yes reference all 3600
        echo@even 25x19x4x2 tilt+uneven 304 grid yes reference all 3800
        gap@1_1 14x15x5 spacing 0 grid yes reference all 1050 itk all 1050 on its grid
        gap@1_2 14x15x10 uneven+spacing 0 grid yes reference all 2100
        gap@even_1 23x19x3 as it is
        gap@even_2 23x19x5 uneven 0 grid yes reference all 2185
        lut@1 14x15x6 spacing 0 grid yes reference all 1260
        nan@1 14x15x16 spacing 0 grid yes reference all 3360
        oblique@0.6x0.8x1 23x19x16 spacing 0 grid yes reference all 6992 itk all 6992 on its grid
        oblique@0.9 15x17x17 spacing 0 grid yes reference all 4335 itk all 4335 on its grid
        oblique@100 1x1x1 spacing 0 grid yes reference all 1 itk all 1 on its grid
        oblique@even 23x19x7 as it is
        one@1 14x15x1 spacing 0 grid yes reference all 210
        one@even 23x19x1 as it is
        own@0.6x0.8x2.5 23x19x7 as it is
        padding@0.6x0.8x1.7 23x19x9 spacing 0 grid yes reference all 3933
        padding@1 14x15x16 spacing 0 grid yes reference all 3360
        padtilt@0.7 19x27x22 tilt+spacing 2128 grid yes reference all 11286
        padtilt@even 23x25x7 tilt 966 grid yes reference all 4025
        pet@1 14x15x16 spacing 0 grid yes reference all 3360 itk all 3360 on its grid
        placeless@1 23x19x1 as it is
        sheared@0.7x0.9x1.1 26x25x14 tilt+spacing 4493 grid yes reference all 9100
        sheared@even 31x28x7 tilt 3017 grid yes reference all 6076
        thick@even 23x19x12 uneven 0 grid yes reference all 5244
        tilt@1 14x20x16 tilt+spacing 1050 grid yes reference all 4480
        tilt@even 23x25x7 tilt 966 grid yes reference all 4025 dcm2niix all 2990, 0.0 mm apart
        uneven@1.25 11x12x23 uneven+spacing 0 grid yes reference all 3036
        uneven@even 23x19x12 uneven 0 grid yes reference all 5244

        """)
  }

  @Test(.needsPeers) func `bytes do not depend on workers`() throws {
    let folder = try Self.volumes.get().folder
    for (name, ending, spacing) in [
      ("both", "nii", "0.2x0.2x0.1"), ("both", "nii.gz", "0.2x0.2x0.1"), ("echo", "nii", "0.12"),
      ("padtilt", "nii.gz", "0.15"),
    ] {
      for jobs in ["1", "3"] {
        let end = try Program.run(
          "volume", "in/\(name)", "--out", "jobs\(jobs)/\(name)-\(ending).\(ending)", "--jobs",
          jobs, "--resample", spacing, in: folder.url)
        #expect(end.code == 0)
      }
      let bytes = try folder.bytes(of: "jobs1/\(name)-\(ending).\(ending)")
      #expect(try folder.bytes(of: "jobs3/\(name)-\(ending).\(ending)") == bytes)
      // More than one piece.
      #expect(bytes.count > 4 << 20 || ending == "nii.gz")
    }
    let same = try Peer.run(
      "import gzip, sys; a, b = sys.argv[1:]; print(gzip.open(a).read() == open(b, 'rb').read())",
      folder.url("jobs1/both-nii.gz.nii.gz").path, folder.url("jobs1/both-nii.nii").path)
    #expect(same == "True")
  }

  @Test(.needsPeers) func `what was done is said, to people and in the JSON`() throws {
    let texts = try Self.volumes.get().texts.mapValues {
      $0.split(whereSeparator: \.isWhitespace).joined(separator: " ")
    }
    let said: [(String, String)] = [
      ("tilt@even", "Resampled: its shear straightened. 966 voxels outside of it are -2024.0."),
      (
        "uneven@1.25",
        "Resampled: its uneven slices made even, from voxels of 0.6 x 0.8 x uneven mm."
      ),
      ("axial@1", "Resampled: from voxels of 0.6 x 0.8 x 2.5 mm."),
      ("colours@1", "Not resampled: between colours there are no values."),
      ("placeless@1", "Not resampled: it has no place in the patient."),
    ]
    for (name, words) in said { #expect(texts[name]?.contains(words) == true, "\(name)") }
    #expect(texts["axial@even"]?.contains("esampled") == false)

    let tilt = try #require(Self.json("tilt@1")["resampled"] as? [String: Any])
    #expect(
      Set(tilt.keys) == ["method", "mended", "from_mm", "to_mm", "fill", "voxels_outside"])
    #expect(tilt["method"] as? String == "linear")
    #expect(tilt["mended"] as? [String] == ["tilt", "spacing"])
    #expect(tilt["to_mm"] as? [Double] == [1, 1, 1])
    let uneven = try #require(Self.json("uneven@even")["resampled"] as? [String: Any])
    #expect(uneven["mended"] as? [String] == ["uneven"])
    #expect((uneven["from_mm"] as? [Any])?.last is NSNull)
    #expect((uneven["to_mm"] as? [Double])?.last == 2.5)
    let values = try #require(Self.json("tilt@1")["values"] as? [String: Any])
    #expect(values["kind"] as? String == "modality")
    #expect(values["type"] as? String == "float32")
    for name in ["axial@even", "colours@1_1", "placeless@1", "own@0.6x0.8x2.5"] {
      let resampled = try Self.json(name)["resampled"]
      #expect(resampled is NSNull, "\(name)")
    }
  }

  @Test(.needsPeers) func `what lies so already is written as without the option`() throws {
    let folder = try Self.volumes.get().folder
    for name in ["axial", "oblique", "placeless"] {
      let end = try Program.run(
        "volume", "in/\(name)", "--out", "plain/\(name).nii", in: folder.url)
      #expect(end.code == 0)
      let spacing = name == "placeless" ? "1" : "even"
      for ending in ["nii", "json"] {
        let plain = try folder.bytes(of: "plain/\(name).\(ending)")
        #expect(try folder.bytes(of: "out/\(name)@\(spacing).\(ending)") == plain)
      }
    }
  }

  @Test(.needsPeers)
  func `a damaged slice is rejected and leaves a gap, also where no voxel needs it`()
    throws
  {
    let folder = try TemporaryFolder()
    try FileManager.default.copyItem(
      at: Self.volumes.get().folder.url("in/tilt"), to: folder.url("in"))
    let bytes = try folder.bytes(of: "in/02.dcm")
    try folder.write(Array(bytes.dropLast(20)), to: "in/02.dcm")
    // At 7.5 mm there is no voxel near the third slice, at 5 mm.
    for spacing in ["even", "1x1x7.5"] {
      let end = try Program.run(
        "volume", "in", "--out", "\(spacing)/v.nii", "--resample", spacing, in: folder.url)
      #expect(end.code == 3)
      #expect(end.output.contains("Rejected, truncated: 1 file"))
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.url(spacing).path)
      #expect(names.sorted() == ["v_1.json", "v_1.nii", "v_2.json", "v_2.nii"])
    }
  }

  @Test(.needsPeers)
  func `a grid that no file or no worker can hold costs a series, with a remedy`()
    throws
  {
    let folder = try Self.volumes.get().folder
    // 22 pixels of 20 mm further on there are 44,000 voxels of 0.01 mm; of 0.02 mm 22,001 x 18,001 voxels
    // of 4 bytes are more than the half of a GiB that a source may take.
    for (spacing, code, words) in [
      ("0.01", "unsupported_pixels", "has more voxels than NIfTI-1 can say. Ask for a larger"),
      ("0.02x0.02x400", "memory", "needs more memory than is allowed. Ask for a larger spacing"),
    ] {
      let end = try Program.run(
        "volume", "in/wide", "--out", "wide/v.nii", "--resample", spacing, "--memory", "1",
        "--jobs", "1", in: folder.url)
      #expect(end.code == 3)
      #expect(end.output.contains("Rejected, \(code): 2 files"))
      let said = end.output.split(whereSeparator: \.isWhitespace).joined(separator: " ")
      #expect(said.contains(words))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url("wide").path) == [])
    }
  }
}
