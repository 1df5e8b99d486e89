import ImageFormats
import MedicalImaging
import Testing

@Suite struct DICOMHeaderTests {
  private func codes(_ header: InstanceHeader) -> [String] { header.findings.map(\.code) }

  @Test func `A plain header is read completely`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0008_0005, "CS", "ISO_IR 100")
    phantom.set(0x0008_0008, "CS", "ORIGINAL\\primary\\AXIAL")
    phantom.set(0x0008_0032, "TM", "010203.5")
    phantom.set(0x0010_0020, "LO", " 4711 ")
    phantom.set(0x0020_0011, "IS", "3")
    phantom.set(0x0020_0013, "IS", " 12")
    phantom.set(0x0020_0032, "DS", "-10\\20.5\\3e1")
    phantom.set(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
    phantom.set(0x0020_0060, "CS", "L")
    phantom.set(0x0028_0030, "DS", "0.5\\0.25")
    phantom.set(0x0028_0120, "US", [63536])
    phantom.set(0x0028_0103, "US", [1])
    phantom.set(0x0028_1050, "DS", "40\\300")
    phantom.set(0x0028_1051, "DS", "400\\1500")
    phantom.set(0x0028_1052, "DS", "-1024")
    phantom.set(0x0028_1053, "DS", "2")
    let header = try phantom.header()
    #expect(header.identity.patientID == "4711")
    #expect(header.description.imageType == ["ORIGINAL", "PRIMARY", "AXIAL"])
    #expect(header.description.laterality == "L")
    #expect(header.description.units == .hounsfield)
    #expect(header.order.seriesNumber == 3 && header.order.instanceNumber == 12)
    // 1 h 2 min 3.5 s
    #expect(header.order.acquisitionTime == 3723.5)
    #expect(header.shared.geometry?.position == Vector3(-10, 20.5, 30))
    #expect(header.shared.geometry?.normal == Vector3(0, 0, 1))
    #expect(header.shared.spacing == PixelSpacing(betweenRows: 0.5, betweenColumns: 0.25))
    // 63536 as a signed word: 63536 - 65536
    #expect(header.padding == PixelPadding(value: -2000))
    #expect(header.shared.modality == .linear(slope: 2, intercept: -1024))
    #expect(
      header.shared.voi == [
        .window(Window(center: 40, width: 400)), .window(Window(center: 300, width: 1500)),
      ])
    #expect(header.perFrame.isEmpty && header.findings.isEmpty)
  }

  @Test(arguments: [
    (TransferSyntax.Encoding.explicitLittle, "1.2.840.10008.1.2.1"),
    (.implicitLittle, "1.2.840.10008.1.2"), (.explicitBig, "1.2.840.10008.1.2.2"),
  ])
  func `Every encoding gives the same header and values, with and without a meta header`(
    encoding: TransferSyntax.Encoding, syntax: String
  ) throws {
    var phantom = DICOMPhantom.grey()
    phantom.encoding = encoding
    for file in [phantom.file(syntax), phantom.dataSet] {
      #expect(try DICOMPhantom.header(file).description.transferSyntaxUID == syntax)
      #expect(try DICOMPhantom.decode(file).plane.values == [1, 2, 3, 4])
      #expect(DICOMReader.recognises(head: file))
    }
  }

  @Test func `A data set in another encoding than its meta header says is read, and noted`() throws
  {
    var phantom = DICOMPhantom.grey()
    phantom.encoding = .implicitLittle
    let file = phantom.file("1.2.840.10008.1.2.1")
    #expect(try codes(DICOMPhantom.header(file)) == ["transfer_syntax_mismatch"])
    #expect(try DICOMPhantom.decode(file).plane.values == [1, 2, 3, 4])
  }

  /// PS3.5 H.3.1 and I.2 give the bytes of the Japanese and the Korean name.
  @Test func `Identity is decoded by its character sets`() throws {
    let cases: [(String, [UInt8], String)] = [
      ("ISO_IR 100", [0x4D, 0xFC, 0x6C], "Mül"),
      ("ISO_IR 192", [0xC3, 0xBC], "ü"),
      (
        "\\ISO 2022 IR 87",
        [0x1B, 0x24, 0x42, 0x3B, 0x33, 0x45, 0x44, 0x1B, 0x28, 0x42], "山田"
      ),
      ("\\ISO 2022 IR 149", [0x1B, 0x24, 0x29, 0x43, 0xFB, 0xF3], "洪"),
      ("ISO 2022 IR 13", [0xD4, 0xCF, 0xC0, 0xDE], "ﾔﾏﾀﾞ"),
      ("GB18030", [0xCD, 0xF5], "王"),
      // No set that exists: bytes that are UTF-8 are taken so, others as Latin-1.
      ("NONSENSE", [0x4D, 0xFC, 0x6C], "Mül"),
    ]
    for (charset, bytes, expected) in cases {
      var phantom = DICOMPhantom.grey()
      phantom.set(0x0008_0005, "CS", charset)
      phantom[0x0010_0020] = ("LO", .bytes(bytes))
      #expect(try phantom.header().identity.patientID == expected, "\(charset)")
    }
  }

  @Test func `Impossible numbers of bits are mended, and noted`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0101, "US", [20])
    phantom.set(0x0028_0102, "US", [40])
    let header = try phantom.header()
    #expect(header.format.bitsStored == 16 && header.format.highBit == 15)
    #expect(codes(header) == ["bits_stored_above_allocated", "high_bit"])
  }

  @Test func `Windows that are no numbers are dropped, and noted`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_1050, "DS", "40\\x\\7")
    phantom.set(0x0028_1051, "DS", "400\\5")
    phantom.set(0x0028_1056, "CS", "SIGMOID")
    let header = try phantom.header()
    #expect(
      header.shared.voi == [.window(Window(center: 40, width: 400, function: .sigmoid))])
    #expect(codes(header) == ["window"])
  }

  @Test(arguments: ["0", "abc"])
  func `A slope that is zero or no number leaves values alone, and is noted`(slope: String) throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_1052, "DS", "5")
    phantom.set(0x0028_1053, "DS", slope)
    let header = try phantom.header()
    #expect(header.shared.modality == .identity)
    #expect(codes(header) == ["rescale"])
  }

  @Test func `Look-up tables keep their order, sign and packing`() throws {
    var words = DICOMPhantom()
    words.set(0x0028_3002, "SS", [3, -2, 16])
    words[0x0028_3006] = ("OW", .words([10, 20, 30]))
    var packed = DICOMPhantom()
    packed.set(0x0028_3002, "US", [4, 0, 8])
    packed[0x0028_3006] = ("OW", .bytes([1, 2, 3, 4]))
    var short = DICOMPhantom()
    short.set(0x0028_3002, "US", [4, 0, 8])
    short[0x0028_3006] = ("OW", .bytes([1, 2]))
    var phantom = DICOMPhantom.grey()
    phantom[0x0028_3000] = ("SQ", .items([words]))
    phantom[0x0028_3010] = ("SQ", .items([packed, short]))
    let header = try phantom.header()
    #expect(
      header.shared.modality
        == .table(LookupTable(firstMapped: -2, bits: 16, entries: [10, 20, 30])))
    #expect(
      header.shared.voi == [.table(LookupTable(firstMapped: 0, bits: 8, entries: [1, 2, 3, 4]))])
    #expect(codes(header) == ["voi_lut"])
  }

  @Test func `A descriptor of zero entries means 65536`() throws {
    var table = DICOMPhantom()
    table.set(0x0028_3002, "US", [0, 0, 16])
    table[0x0028_3006] = ("OW", .words(Array(0..<65536)))
    var phantom = DICOMPhantom.grey()
    phantom[0x0028_3000] = ("SQ", .items([table]))
    guard case .table(let read) = try phantom.header().shared.modality else {
      Issue.record("no table")
      return
    }
    #expect(read.entries.count == 65536 && read[65535] == 65535)
  }

  @Test(arguments: ["0\\0\\0\\0\\1\\0", "1\\0\\0\\0.1\\1\\0", "1\\0\\0\\0\\2\\0"])
  func `An orientation that is not orthonormal gives no geometry`(orientation: String) throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0020_0032, "DS", "0\\0\\0")
    phantom.set(0x0020_0037, "DS", orientation)
    let header = try phantom.header()
    #expect(header.shared.geometry == nil)
    #expect(codes(header) == ["orientation"])
  }

  @Test func `The vendors' b-values are found by their creators`() throws {
    // GE adds 1e9 to the value that it means.
    let cases: [(UInt32, String, UInt32, String, Double)] = [
      (0x0019_0010, "SIEMENS MR HEADER", 0x0019_100C, "800", 800),
      (0x0043_0011, "GEMS_PARM_01", 0x0043_1139, "1000000700\\8\\0\\0", 700),
    ]
    for (block, creator, tag, text, expected) in cases {
      var phantom = DICOMPhantom.grey()
      phantom.set(0x0008_0060, "CS", "MR")
      phantom.set(block, "LO", creator)
      phantom.set(tag, "IS", text)
      #expect(try phantom.header().order.bValue == expected)
    }
  }

  @Test func `Functional groups give each frame its own facts`() throws {
    func position(_ z: Int) -> DICOMPhantom {
      var inner = DICOMPhantom()
      inner.set(0x0020_0032, "DS", "0\\0\\\(z)")
      var diffusion = DICOMPhantom()
      diffusion[0x0018_9087] = ("FD", .doubles([Double(z * 100)]))
      var content = DICOMPhantom()
      content.set(0x0020_9056, "SH", "S\(z)")
      content[0x0020_9128] = ("UL", .bytes([UInt8(z + 1), 0, 0, 0]))
      var group = DICOMPhantom()
      group[0x0020_9113] = ("SQ", .items([inner]))
      group[0x0018_9117] = ("SQ", .items([diffusion]))
      group[0x0020_9111] = ("SQ", .items([content]))
      return group
    }
    var orientation = DICOMPhantom()
    orientation.set(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
    var measures = DICOMPhantom()
    measures.set(0x0028_0030, "DS", "2\\3")
    measures.set(0x0018_0050, "DS", "4")
    var transformation = DICOMPhantom()
    transformation.set(0x0028_1052, "DS", "1")
    transformation.set(0x0028_1053, "DS", "0.5")
    var shared = DICOMPhantom()
    shared[0x0020_9116] = ("SQ", .items([orientation]))
    shared[0x0028_9110] = ("SQ", .items([measures]))
    shared[0x0028_9145] = ("SQ", .items([transformation]))
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0008, "IS", "2")
    phantom[0x5200_9229] = ("SQ", .items([shared]))
    phantom[0x5200_9230] = ("SQ", .items([position(0), position(5)]))
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...8)))
    let file = phantom.file()
    let header = try DICOMPhantom.header(file)
    #expect(header.perFrame.count == 2 && header.findings.isEmpty)
    let second = header.facts(frame: 1)
    #expect(second.geometry?.position == Vector3(0, 0, 5))
    #expect(second.spacing == PixelSpacing(betweenRows: 2, betweenColumns: 3))
    #expect(second.sliceThickness == 4)
    #expect(second.modality == .linear(slope: 0.5, intercept: 1))
    #expect(second.bValue == 500 && second.stackID == "S5" && second.temporalPosition == 6)
    #expect(try DICOMPhantom.decode(file, frame: 1).plane.values == [5, 6, 7, 8])

    phantom[0x5200_9230] = ("SQ", .items([position(5), position(5)]))
    let alike = try phantom.header()
    #expect(alike.perFrame.isEmpty && alike.shared.bValue == 500)
  }

  @Test func `A number of frames that is none is counted from the data`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0008, "IS", "1A")
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...12)))
    let header = try phantom.header()
    #expect(header.frames == 3)
    #expect(codes(header) == ["number_of_frames"])
  }

  @Test func `What is no picture is left out, and what is not read is refused by its code`() throws
  {
    let storage = "1.2.840.10008.5.1.4.1.1."
    let left: [(String, LeftOutKind)] = [
      ("88.11", .structuredReport), ("88.59", .keyObjectSelection), ("11.1", .presentationState),
      ("481.3", .structureSet), ("481.5", .radiotherapyPlan), ("9.1.1", .waveform),
      ("91.1", .bulkAnnotations), ("67", .realWorldValueMapping), ("104.1", .encapsulatedDocument),
      ("66", .rawData),
    ]
    for (tail, kind) in left {
      var phantom = DICOMPhantom()
      phantom.set(0x0008_0016, "UI", storage + tail)
      guard case .leftOut(let found) = try DICOMReader.read(SourceBytes(phantom.file())) else {
        Issue.record("\(tail) is not left out")
        continue
      }
      #expect(found == kind)
    }
    var slide = DICOMPhantom.grey()
    slide.set(0x0008_0016, "UI", storage + "77.1.6")
    guard case .slide = try DICOMReader.read(SourceBytes(slide.file())) else {
      Issue.record("a slide is none")
      return
    }
    let read: [(String, ErrorCode?)] = [
      ("66.4", .segmentation), ("66.7", .segmentation), ("481.2", .dose), ("30", nil), ("2", nil),
    ]
    for (tail, code) in read {
      var phantom = DICOMPhantom.grey()
      phantom.set(0x0008_0016, "UI", storage + tail)
      #expect(try DICOMReader.whyNoPicture(phantom.header().description)?.code == code)
    }
  }

  @Test func `Pixels and syntaxes that are not read are refused by their code`() throws {
    func refused(_ change: (inout DICOMPhantom) -> Void) throws -> ErrorCode? {
      var phantom = DICOMPhantom.grey()
      change(&phantom)
      return try error { try phantom.header() }
    }
    #expect(try refused { $0.set(0x0008_0008, "CS", "ORIGINAL\\PRIMARY\\MOSAIC") } == .mosaic)
    #expect(try refused { $0[0x7FE0_0010] = nil } == .noPixels)
    #expect(try refused { $0.set(0x0028_0010, "US", [0]) } == .damagedHeader)
    #expect(try refused { $0.set(0x0028_0100, "US", [12]) } == .unsupportedPixels)
    #expect(try refused { $0.set(0x0028_0002, "US", [4]) } == .unsupportedPixels)
    #expect(try refused { $0.set(0x0028_0004, "CS", "YBR_PARTIAL_420") } == .unsupportedPixels)
    for uid in ["4.110", "4.59", "4.66", "4.100", "4.107", "4.94"] {
      let file = DICOMPhantom.grey().file("1.2.840.10008.1.2." + uid, fragments: [[1, 2]])
      #expect(try error { try DICOMPhantom.header(file) } == .unsupportedSyntax)
    }
  }

  @Test func `A header cut anywhere is an error, and one nested without end too`() throws {
    let file = DICOMPhantom.grey().file()
    let pixels = 8
    for count in 132..<file.count - pixels {
      #expect(throws: ImageError.self) { try DICOMPhantom.header(Array(file.prefix(count))) }
    }
    // 100,000 sequences within each other, 20 bytes each.
    let one: [UInt8] = [
      0x08, 0x00, 0x40, 0x11, 0x53, 0x51, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFE, 0xFF, 0x00, 0xE0,
      0xFF, 0xFF, 0xFF, 0xFF,
    ]
    let deep = (0..<100_000).flatMap { _ in one }
    let nested = DICOMPhantom.grey().file(dataSet: deep)
    #expect(try error { try DICOMPhantom.header(nested) } == .damagedHeader)
  }

  private func error(_ body: () throws -> InstanceHeader) throws -> ErrorCode? {
    do {
      _ = try body()
      return nil
    } catch let error as ImageError {
      return error.code
    }
  }
}
