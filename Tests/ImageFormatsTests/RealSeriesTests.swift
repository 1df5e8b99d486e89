import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Whole series beside what dcm2niix made of them.
@Suite struct RealSeriesTests {
  private static let root = "neurolabusc__dcm_qa_nih"

  /// Writes a series' voxels, shape and place for the peer, and gives its volumes.
  static func write(
    _ sources: [SourceBytes], as stem: String, to folder: TemporaryFolder
  ) throws -> [AssembledVolume] {
    let headers = try sources.map { source -> InstanceHeader in
      guard case .image(let header) = try DICOMReader.read(source) else {
        throw TestSupportError("A file of the series is no image.")
      }
      return header
    }
    #expect(Set(headers.map(\.identity.seriesInstanceUID)).count == 1)
    let volumes = SeriesAssembly.volumes(of: headers)
    let decoders = try zip(headers, sources).map { try FrameDecoder(header: $0, bytes: $1) }
    var voxels: [UInt8] = []
    for plane in volumes.flatMap(\.planes) {
      voxels += try decoders[plane.instance].decode(frame: plane.frame).plane.bytes
    }
    let planes = volumes[0].planes
    let header = headers[planes[0].instance]
    let first = header.facts(frame: planes[0].frame)
    guard let geometry = first.geometry, let spacing = first.spacing, let step = volumes[0].step
    else { throw TestSupportError("The series has no place in the patient.") }
    // Columns of the affine: along the row, along the column, along the normal, the origin.
    var affine = geometry.pixelToPatient(spacing: spacing)
    for (row, part) in [geometry.normal.x, geometry.normal.y, geometry.normal.z].enumerated() {
      affine[row][2] = part * step
    }
    let shape = [header.format.columns, header.format.rows, planes.count, volumes.count]
    try folder.write(voxels, to: stem + ".raw")
    try folder.write(numbers: affine.flatMap(\.self), to: stem + ".affine")
    try folder.write(numbers: shape.map(Int32.init), to: stem + ".shape")
    return volumes
  }

  private static func files(_ prefix: String) throws -> [SourceBytes] {
    try Corpus().entries.map(\.path).filter { $0.hasPrefix("\(root)/In/\(prefix)/") }.map {
      try SourceBytes(path: Corpus.location.path + "/" + $0)
    }
  }

  @Test(.needsCorpus, .needsPeers)
  func `600 GE files are 4 series of 10 volumes, slices and times as the reference has them`()
    throws
  {
    let folder = try TemporaryFolder()
    var count = 0
    for series in 4...7 {
      let files = try Self.files("20180918GE/mr_000\(series)")
      count += files.count
      let volumes = try Self.write(files, as: "DCM2NIIX_regression_test_\(series)", to: folder)
      #expect(volumes.map(\.planes.count) == Array(repeating: 15, count: 10))
      #expect(volumes.allSatisfy { $0.reasons == [.repetition] && $0.findings.isEmpty })
    }
    #expect(count == 600)
    let reference = Corpus.location.appending(path: "\(Self.root)/Ref").path
    #expect(
      try Peer.run(script: "nifti_series.py", [reference], in: folder) == "4 series equal\n")
  }

  @Test(.needsCorpus, .needsPeers)
  func `8 Siemens mosaics are 4 series of 2 volumes, slices and times as the reference has them`()
    throws
  {
    let folder = try TemporaryFolder()
    for (series, stem) in [
      (3, "EPI_PE=AP_3"), (4, "EPI_PE=PA_4"), (5, "EPI_PE=RL_5"), (6, "EPI_PE=LR_6"),
    ] {
      let files = try Self.files("20180918Si/mr_000\(series)")
      #expect(files.count == 2)
      let volumes = try Self.write(files, as: stem, to: folder)
      #expect(volumes.map(\.planes.count) == [5, 5])
    }
    let reference = Corpus.location.appending(path: "\(Self.root)/Ref").path
    #expect(
      try Peer.run(script: "nifti_series.py", [reference], in: folder) == "4 series equal\n")
  }

  /// A mosaic of 5 slices of 4 x 4 in 3 x 3 tiles, oblique, with Siemens' own header.
  private static func mosaic(normal: Double, protocolSlice: Int) -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\M\\ND\\MOSAIC")
    phantom.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.4")
    phantom.set(0x0008_0018, "UI", "1.2.826.0.1.77.4.1")
    phantom.set(0x0008_0020, "DA", "20370519")
    phantom.set(0x0008_0030, "TM", "101112")
    phantom.set(0x0008_0032, "TM", "101112")
    phantom.set(0x0008_0060, "CS", "MR")
    phantom.set(0x0008_0070, "LO", "SIEMENS")
    phantom.set(0x0018_0050, "DS", "3")
    phantom.set(0x0018_0080, "DS", "2000")
    phantom.set(0x0018_0081, "DS", "30")
    phantom.set(0x0018_0088, "DS", "3.5")
    phantom.set(0x0019_0010, "LO", "SIEMENS MR HEADER")
    phantom.set(0x0019_100A, "US", [5])
    phantom.set(0x0020_000D, "UI", "1.2.826.0.1.77.4.2")
    phantom.set(0x0020_000E, "UI", "1.2.826.0.1.77.4.3")
    phantom.set(0x0020_0011, "IS", "4")
    phantom.set(0x0020_0012, "IS", "1")
    phantom.set(0x0020_0013, "IS", "1")
    phantom.set(0x0020_0032, "DS", "-20\\-30\\40")
    // 30 degrees about x.
    phantom.set(0x0020_0037, "DS", "1\\0\\0\\0\\0.8660254038\\0.5")
    phantom.set(0x0028_0030, "DS", "2\\1.5")
    phantom.set(0x0028_0010, "US", [12])
    phantom.set(0x0028_0011, "US", [12])
    phantom.set(0x0029_0010, "LO", "SIEMENS CSA HEADER")
    phantom[0x0029_1010] = (
      "OB",
      .bytes(
        csa([
          ("NumberOfImagesInMosaic", ["5"]),
          ("ProtocolSliceNumber", ["\(protocolSlice)"]),
          // The cross product of the two directions, (0, -0.5, 0.866), or its opposite.
          (
            "SliceNormalVector",
            ["0.00000000", "\(-0.5 * normal)", "\(0.8660254038 * normal)"]
          ),
        ]))
    )
    phantom[0x7FE0_0010] = ("OW", .words((0..<144).map { $0 * 7 % 1009 }))
    return phantom
  }

  /// Siemens' header in its second form.
  private static func csa(_ fields: [(name: String, values: [String])]) -> [UInt8] {
    func number(_ value: Int) -> [UInt8] { DICOMPhantom().number(value, 4) }
    func padded(_ text: String, _ count: Int) -> [UInt8] {
      Array(text.utf8) + [UInt8](repeating: 0, count: count - text.utf8.count)
    }
    var bytes = Array("SV10".utf8) + [4, 3, 2, 1] + number(fields.count) + number(77)
    for (name, values) in fields {
      bytes += padded(name, 64) + number(values.count) + padded("FD", 4)
      bytes += number(4) + number(values.count) + number(77)
      for value in values {
        let count = (value.utf8.count + 4) / 4 * 4
        bytes += number(count) + number(count) + number(77) + number(count)
        bytes += padded(value, count)
      }
    }
    return bytes
  }

  @Test(.needsPeers)
  func `mosaics of both directions and both numberings lie where dcm2niix puts them`() throws {
    let folder = try TemporaryFolder()
    for (stem, normal, slice) in [
      ("up", 1.0, 0), ("down", -1.0, 0), ("numbered_back", 1.0, 4), ("down_back", -1.0, 4),
    ] {
      let file = Self.mosaic(normal: normal, protocolSlice: slice).file()
      try FileManager.default.createDirectory(
        at: folder.url("\(stem).dicom"), withIntermediateDirectories: true)
      try folder.write(file, to: "\(stem).dicom/1.dcm")
      let volumes = try Self.write([SourceBytes(file)], as: stem, to: folder)
      #expect(volumes.map(\.planes.count) == [5])
      #expect(volumes[0].step.map { abs($0 - 3.5) < 1e-6 } == true)
    }
    #expect(
      try Peer.run(script: "nifti_series.py", ["dcm2niix"], in: folder) == "4 series equal\n")
  }

  @Test func `a mosaic that says too little is refused, and one without a place has none`() throws {
    var phantom = Self.mosaic(normal: 1, protocolSlice: 0)
    let header = try phantom.header()
    // The first slice is the first tile, half of 12 - 4 pixels into the picture each way:
    // -20 + 4 * 1.5; -30 + 4 * 2 * 0.866; 40 + 4 * 2 * 0.5.
    let first = try #require(header.facts(frame: 0).geometry).position
    #expect(abs(first.x + 14) < 1e-9)
    #expect(abs(first.y + 23.0717967696) < 1e-6)
    #expect(abs(first.z - 44) < 1e-6)
    #expect((header.frames, header.format.rows, header.format.columns) == (5, 4, 4))

    phantom[0x0029_1010] = nil
    #expect(try phantom.header().facts(frame: 0).geometry == nil)
    #expect(try phantom.header().findings.map(\.code) == ["mosaic_place"])
    phantom[0x0019_100A] = nil
    #expect(throws: ImageError.self) { try phantom.header() }
    // Damage anywhere in Siemens' header is no trap.
    let whole = Self.mosaic(normal: 1, protocolSlice: 0)
    guard case .bytes(let bytes)? = whole[0x0029_1010]?.value else { return }
    for position in bytes.indices {
      for value: UInt8 in [0, 1, 0x7F, 0x80, 0xFF] where bytes[position] != value {
        var damaged = whole
        var changed = bytes
        changed[position] = value
        damaged[0x0029_1010] = ("OB", .bytes(changed))
        _ = try damaged.header()
      }
    }
    // Numbers that nobody counts with are no trap, and place nothing.
    for (tag, vr, text) in [
      (UInt32(0x0018_0088), "DS", "1e300"), (0x0028_0030, "DS", "1e300\\1e300"),
    ] {
      var far = whole
      far.set(tag, vr, text)
      #expect(try far.header().facts(frame: 4).geometry == nil)
    }
    var many = whole
    many[0x0019_100A] = nil
    many[0x0029_1010] = ("OB", .bytes(Self.csa([("NumberOfImagesInMosaic", ["1e300"])])))
    #expect(throws: ImageError.self) { try many.header() }
    // What newer systems have cut already keeps the word alone.
    var cut = DICOMPhantom.grey()
    cut.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\MOSAIC")
    cut.set(0x0028_0008, "IS", "2")
    cut[0x7FE0_0010] = ("OW", .words([1, 2, 3, 4, 5, 6, 7, 8]))
    #expect(try cut.header().frames == 2)
  }
}
