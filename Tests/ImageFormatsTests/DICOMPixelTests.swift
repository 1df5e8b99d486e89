import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct DICOMPixelTests {
  @Test func `Bits above the high bit are cut off and the sign is extended`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0101, "US", [12])
    phantom.set(0x0028_0102, "US", [11])
    phantom[0x7FE0_0010] = ("OW", .words([0xF001, 0x0800, 0x0FFF, 0x17FF]))
    // The low 12 bits: 0x001, 0x800, 0xFFF, 0x7FF.
    #expect(try DICOMPhantom.decode(phantom.file()).plane.values == [1, 2048, 4095, 2047])
    phantom.set(0x0028_0103, "US", [1])
    let signed = try DICOMPhantom.decode(phantom.file()).plane
    #expect(signed.sample == .int16)
    #expect(signed.values == [1, -2048, -1, 2047])
    // High bit 15: the same 12 bits stand four higher.
    phantom.set(0x0028_0102, "US", [15])
    phantom[0x7FE0_0010] = ("OW", .words([0x001F, 0x800F, 0xFFF0, 0x7FF0]))
    #expect(try DICOMPhantom.decode(phantom.file()).plane.values == [1, -2048, -1, 2047])
  }

  @Test func `Eight bits in big-endian words come out in order, odd frames too`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.encoding = .explicitBig
    phantom.set(0x0028_0010, "US", [1])
    phantom.set(0x0028_0011, "US", [3])
    phantom.set(0x0028_0008, "IS", "2")
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { phantom.set(tag, "US", [8]) }
    phantom.set(0x0028_0102, "US", [7])
    phantom[0x7FE0_0010] = ("OW", .bytes([2, 1, 4, 3, 6, 5]))
    let file = phantom.file("1.2.840.10008.1.2.2")
    #expect(try DICOMPhantom.decode(file, frame: 0).plane.values == [1, 2, 3])
    #expect(try DICOMPhantom.decode(file, frame: 1).plane.values == [4, 5, 6])
  }

  private func color(_ photometric: String, planar: Int, _ bytes: [UInt8]) -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0002, "US", [3])
    phantom.set(0x0028_0004, "CS", photometric)
    phantom.set(0x0028_0006, "US", [planar])
    phantom.set(0x0028_0010, "US", [1])
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { phantom.set(tag, "US", [8]) }
    phantom.set(0x0028_0102, "US", [7])
    phantom[0x7FE0_0010] = ("OB", .bytes(bytes))
    return phantom
  }

  @Test func `Colours are red, green and blue side by side, however they are stored`() throws {
    let side = color("RGB", planar: 0, [1, 2, 3, 4, 5, 6])
    #expect(try DICOMPhantom.decode(side.file()).plane.values == [1, 2, 3, 4, 5, 6])
    let planes = color("RGB", planar: 1, [1, 4, 2, 5, 3, 6])
    #expect(try DICOMPhantom.decode(planes.file()).plane.values == [1, 2, 3, 4, 5, 6])
    // Y 100, Cb 128, Cr 228: R = 100 + 140.2, G = 100 - 71.4 = 28.6, B = 100.
    // Y 200, Cb 28, Cr 128: R = 200, G = 200 + 34.4 = 234.4, B = 200 - 177.2 = 22.8.
    let ybr = color("YBR_FULL", planar: 0, [100, 128, 228, 200, 28, 128])
    #expect(try DICOMPhantom.decode(ybr.file()).plane.values == [240, 29, 100, 200, 234, 23])
    // Two columns share Cb 128 and Cr 228.
    let half = color("YBR_FULL_422", planar: 0, [100, 0, 128, 228])
    #expect(try DICOMPhantom.decode(half.file()).plane.values == [240, 29, 100, 140, 0, 0])
  }

  @Test func `A palette gives its colours, 16-bit entries their high byte`() {
    let plane = StoredPlane(
      columns: 3, rows: 1, samplesPerPixel: 1, sample: .uint8, bytes: [0, 6, 200])
    let tables = [
      LookupTable(firstMapped: 5, bits: 16, entries: [0x1234, 0xABCD]),
      LookupTable(firstMapped: 5, bits: 8, entries: [7, 8]),
      LookupTable(firstMapped: 0, bits: 8, entries: [9]),
    ]
    // Inputs below the first take the first entry, those above the last one.
    #expect(
      PaletteColor.rgb(plane, tables).bytes == [0x12, 7, 9, 0xAB, 8, 9, 0xAB, 8, 9])
  }

  @Test func `RLE gives back its words, and padding behind a plane does no harm`() throws {
    // High bytes 1, 1, 1, 2: a run of three and a literal. Low bytes 5, 6, 7, 8: a literal of four.
    let high: [UInt8] = [0xFE, 1, 0, 2]
    let low: [UInt8] = [3, 5, 6, 7, 8, 0x80]
    let head = [2, 64, 68] + [Int](repeating: 0, count: 13)
    let frame = head.flatMap { DICOMPhantom().number($0, 4) } + high + low
    let file = DICOMPhantom.grey().file("1.2.840.10008.1.2.5", fragments: [frame])
    #expect(try DICOMPhantom.decode(file).plane.values == [0x105, 0x106, 0x107, 0x208])
    let short = DICOMPhantom.grey().file(
      "1.2.840.10008.1.2.5", fragments: [Array(frame.dropLast(4))])
    #expect(throws: ImageError.self) { try DICOMPhantom.decode(short) }
  }

  @Test(arguments: 2...16)
  func `Lossless JPEG of every precision gives back its samples`(precision: Int) throws {
    var generator = SeededGenerator(seed: UInt64(precision))
    let samples = (0..<4).map { _ in Int.random(in: 0..<1 << precision, using: &generator) }
    let jpeg = LosslessJPEG.encode(samples, columns: 2, rows: 2, precision: precision)
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0101, "US", [precision])
    phantom.set(0x0028_0102, "US", [precision - 1])
    let file = phantom.file("1.2.840.10008.1.2.4.70", fragments: [jpeg])
    let frame = try DICOMPhantom.decode(file)
    #expect(frame.plane.values == samples)
    #expect(frame.findings.isEmpty)
    let withoutEnd = phantom.file("1.2.840.10008.1.2.4.70", fragments: [jpeg.dropLast(2)])
    #expect(try DICOMPhantom.decode(withoutEnd).plane.values == samples)
  }

  @Test func `Fragments find their frames by offsets, by their number and by their markers`() throws
  {
    let frames = [[1, 2, 3, 4], [9, 8, 7, 6]]
    let coded = frames.map { LosslessJPEG.encode($0, columns: 2, rows: 2, precision: 16) }
    let halves = coded.flatMap { [Array($0.prefix(20)), Array($0.dropFirst(20))] }
    let second = 2 * 8 + coded[0].count + coded[0].count % 2
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0008, "IS", "2")
    let files = [
      phantom.file("1.2.840.10008.1.2.4.70", fragments: coded),
      phantom.file("1.2.840.10008.1.2.4.70", offsets: [0, second - 8], fragments: coded),
      phantom.file("1.2.840.10008.1.2.4.70", offsets: [0, second], fragments: halves),
      phantom.file("1.2.840.10008.1.2.4.70", fragments: halves),
      // An offset table that fits nothing is not believed.
      phantom.file("1.2.840.10008.1.2.4.70", offsets: [0, 3], fragments: halves),
      phantom.file("1.2.840.10008.1.2.4.70", fragments: halves, ended: false),
    ]
    for file in files {
      for (i, frame) in frames.enumerated() {
        #expect(try DICOMPhantom.decode(file, frame: i).plane.values == frame)
      }
    }
    #expect(try DICOMPhantom.header(files[5]).findings.map(\.code) == ["pixels_truncated"])
    #expect(
      try DICOMPhantom.decode(files[4]).findings.map(\.code) == [
        "offset_table", "frame_boundaries",
      ]
    )
  }

  @Test func `A frame behind the end is truncated, those before it are read`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0008, "IS", "2")
    phantom[0x7FE0_0010] = ("OW", .words(Array(1...8)))
    let file = Array(phantom.file().dropLast(2))
    #expect(try DICOMPhantom.decode(file, frame: 0).plane.values == [1, 2, 3, 4])
    #expect(throws: ImageError(.truncated, "The source ends before the frame does.")) {
      try DICOMPhantom.decode(file, frame: 1)
    }
  }

  @Test func `The bitstream is believed over the header, and the lie is noted`() throws {
    let jpeg = LosslessJPEG.encode([5, 6], columns: 2, rows: 1, precision: 12)
    let frame = try DICOMPhantom.decode(
      DICOMPhantom.grey().file("1.2.840.10008.1.2.4.50", fragments: [jpeg]))
    #expect(frame.plane.rows == 1 && frame.plane.values == [5, 6])
    #expect(Set(frame.findings.map(\.code)) == ["frame_size", "precision", "codec"])
  }

  @Test func `What would take too much memory is refused before it is taken`() throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0010, "US", [65535])
    phantom.set(0x0028_0011, "US", [65535])
    let jpeg = LosslessJPEG.encode([5, 6], columns: 2, rows: 1, precision: 12)
    // Rows and columns of the frame header stand at 7 and 9 of this encoder's stream.
    var bomb = jpeg
    for i in 7...10 { bomb[i] = 0xFF }
    for file in [
      phantom.file(), phantom.file("1.2.840.10008.1.2.5", fragments: [jpeg]),
      phantom.file("1.2.840.10008.1.2.4.70", fragments: [bomb]),
    ] {
      #expect(throws: ImageError(.memory, "A frame needs more memory than is allowed.")) {
        try DICOMPhantom.decode(file, memoryLimit: 1 << 26)
      }
    }
  }

  @Test func `Encapsulated pixels without a transfer syntax are recognised by their first bytes`()
    throws
  {
    let jpeg = LosslessJPEG.encode([1, 2, 3, 4], columns: 2, rows: 2, precision: 16)
    let file = DICOMPhantom.grey().file("", fragments: [jpeg])
    let header = try DICOMPhantom.header(file)
    #expect(header.description.transferSyntaxUID == "1.2.840.10008.1.2.4.57")
    #expect(header.findings.map(\.code).contains("encapsulated"))
    #expect(try DICOMPhantom.decode(file).plane.values == [1, 2, 3, 4])
  }
}
