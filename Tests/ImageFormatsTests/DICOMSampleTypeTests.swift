import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Pixels of 1, 32 and 64 bits, and frames that are native within their fragments.
@Suite struct DICOMSampleTypeTests {
  /// A grey phantom of one row.
  private func row(_ columns: Int, bits: Int, isSigned: Bool = false) -> DICOMPhantom {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0028_0010, "US", [1])
    phantom.set(0x0028_0011, "US", [columns])
    for tag: UInt32 in [0x0028_0100, 0x0028_0101] { phantom.set(tag, "US", [bits]) }
    phantom.set(0x0028_0102, "US", [bits - 1])
    phantom.set(0x0028_0103, "US", [isSigned ? 1 : 0])
    return phantom
  }

  @Test func `one-bit frames follow one another without padding, the lowest bit first`() throws {
    var phantom = row(5, bits: 1)
    phantom.set(0x0028_0008, "IS", "3")
    // 10110 01101 11001 as they follow one another; from the lowest bit of each byte up they are
    // 1,0,1,1,0,0,1,1 = 0xCD and 0,1,1,1,0,0,1 = 0x4E.
    phantom[0x7FE0_0010] = ("OB", .bytes([0xCD, 0x4E]))
    let frames = [[1, 0, 1, 1, 0], [0, 1, 1, 0, 1], [1, 1, 0, 0, 1]]
    for (index, expected) in frames.enumerated() {
      let plane = try DICOMPhantom.decode(phantom.file(), frame: index).plane
      #expect(plane.sample == .uint8)
      #expect(plane.values == expected)
    }
    phantom.set(0x0028_0008, "IS", "4")
    #expect(throws: ImageError.self) { try DICOMPhantom.decode(phantom.file(), frame: 3) }
  }

  @Test(arguments: [false, true])
  func `words of 32 bits come out whole, with their sign, in either order`(_ isBig: Bool) throws {
    let bytes: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFE, 0x00, 0x01, 0x02, 0x03]
    var phantom = row(2, bits: 32)
    phantom[0x7FE0_0010] = (
      "OW", .bytes(isBig ? bytes : [0xFE, 0xFF, 0xFF, 0xFF, 0x03, 0x02, 0x01, 0x00])
    )
    if isBig { phantom.encoding = .explicitBig }
    func plane() throws -> StoredPlane {
      try DICOMPhantom.decode(
        isBig ? phantom.file("1.2.840.10008.1.2.2") : phantom.file()
      ).plane
    }
    #expect(try plane().sample == .uint32)
    #expect(try plane().values == [0xFFFF_FFFE, 0x0001_0203])
    phantom.set(0x0028_0103, "US", [1])
    #expect(try plane().sample == .int32)
    #expect(try plane().values == [-2, 0x0001_0203])
    // 24 of 32 bits, from bit 4 up: 0xFFFFFE.. is -1 there, 0x00010203 >> 4 is 0x1020.
    phantom.set(0x0028_0101, "US", [24])
    phantom.set(0x0028_0102, "US", [27])
    #expect(try plane().values == [-1, 0x1020])
  }

  @Test func `floating-point pixels come out as they are, and what is no number is said`() throws {
    for (element, count) in [(UInt32(0x7FE0_0008), 4), (0x7FE0_0009, 8)] {
      var phantom = row(3, bits: 8 * count)
      phantom[0x7FE0_0010] = nil
      func bits(_ value: Double) -> [UInt8] {
        let pattern = count == 4 ? UInt64(Float(value).bitPattern) : value.bitPattern
        return (0..<count).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
      }
      let vr = count == 4 ? "OF" : "OD"
      phantom[element] = (vr, .bytes([1.5, -0.25, 1e9].flatMap(bits)))
      let frame = try DICOMPhantom.decode(phantom.file())
      #expect(frame.plane.sample == (count == 4 ? .float32 : .float64))
      #expect(frame.plane.bytes == [1.5, -0.25, 1e9].flatMap(bits))
      #expect(frame.findings.isEmpty)
      phantom[element] = (vr, .bytes([1.5, .nan, 1e9].flatMap(bits)))
      #expect(try DICOMPhantom.decode(phantom.file()).findings.map(\.code) == ["non_finite"])
      phantom[element] = (vr, .bytes([1.5, -.infinity, 1e9].flatMap(bits)))
      #expect(try DICOMPhantom.decode(phantom.file()).findings.map(\.code) == ["non_finite"])
    }
  }

  @Test func `the padding of floating-point pixels is theirs`() throws {
    var phantom = row(1, bits: 32)
    phantom[0x7FE0_0010] = nil
    phantom[0x7FE0_0008] = ("OF", .bytes([0, 0, 0, 0]))
    // -1.5 and -3 as Float32.
    phantom[0x0028_0122] = ("FL", .bytes([0, 0, 0xC0, 0xBF]))
    #expect(try phantom.header().padding == PixelPadding(value: -1.5))
    phantom[0x0028_0124] = ("FL", .bytes([0, 0, 0x40, 0xC0]))
    #expect(try phantom.header().padding == PixelPadding(value: -1.5, limit: -3))
  }

  @Test func `frames in fragments are what native ones are, deflated or not`() throws {
    var phantom = row(4, bits: 16)
    phantom.set(0x0028_0008, "IS", "2")
    let frames: [[UInt8]] = [[1, 0, 2, 0, 3, 0, 4, 1], [9, 0, 8, 0, 7, 0, 6, 2]]
    let plain = phantom.file("1.2.840.10008.1.2.1.98", fragments: frames)
    let deflated = phantom.file(
      "1.2.840.10008.1.2.8.1", fragments: frames.map(Self.deflate))
    for file in [plain, deflated] {
      #expect(try DICOMPhantom.decode(file, frame: 0).plane.values == [1, 2, 3, 260])
      #expect(try DICOMPhantom.decode(file, frame: 1).plane.values == [9, 8, 7, 518])
    }
    // Too short, no deflate stream, and one of 16 MB of zeros where 8 bytes are due.
    for fragment: [UInt8] in [
      Self.deflate([1, 2]), [0xFF, 0xFF, 0xFF, 0xFF],
      Self.deflate([UInt8](repeating: 0, count: 1 << 24)),
    ] {
      let file = phantom.file("1.2.840.10008.1.2.8.1", fragments: [fragment, fragment])
      #expect(throws: ImageError.self) { try DICOMPhantom.decode(file, frame: 0) }
    }
    let short = phantom.file("1.2.840.10008.1.2.1.98", fragments: [[1, 2], [3, 4]])
    #expect(throws: ImageError.self) { try DICOMPhantom.decode(short, frame: 0) }
  }

  /// A deflate stream of stored blocks (RFC 1951 3.2.4): its last one marked, each with its length
  /// and the complement of that.
  private static func deflate(_ bytes: [UInt8]) -> [UInt8] {
    stride(from: 0, to: bytes.count, by: 65_535).flatMap { at -> [UInt8] in
      let block = bytes[at..<min(at + 65_535, bytes.count)]
      let length = DICOMPhantom().number(block.count, 2)
      return [block.endIndex == bytes.count ? 1 : 0] + length + length.map { ~$0 } + block
    }
  }

  @Test(arguments: [8, 16])
  func `a palette in segments is what its segments stand for`(_ bits: Int) throws {
    var phantom = row(1, bits: 8)
    phantom.set(0x0028_0004, "CS", "PALETTE COLOR")
    // Discrete 10, 20; a line of 4 to 40; the first segment again; the line again, from 20 to 40.
    let segments = [0, 2, 10, 20, 1, 4, 40]
    let place = bits == 8 ? [2, 2, 0, 0, 0, 0] : [2, 2, 0, 0]
    let data = (segments + place).flatMap { DICOMPhantom().number($0, bits / 8) }
    for channel: UInt32 in 1...3 {
      phantom.set(0x0028_1100 + channel, "US", [12, 0, bits])
      phantom[0x0028_1220 + channel] = ("OW", .bytes(data))
    }
    // 20 to 40 in four steps of 5.
    let once: [UInt16] = [10, 20, 25, 30, 35, 40]
    #expect(
      try phantom.header().palette
        == Array(
          repeating: LookupTable(firstMapped: 0, bits: bits, entries: once + once), count: 3))
    // One entry less than the descriptor says; a reference to a reference; an unknown segment.
    for damaged in [[0, 2, 10, 20], [2, 1, 0, 0, 0, 0], [9, 1, 0, 0]] {
      for channel: UInt32 in 1...3 {
        phantom[0x0028_1220 + channel] = (
          "OW", .bytes(damaged.flatMap { DICOMPhantom().number($0, bits / 8) })
        )
      }
      #expect(throws: ImageError.self) { try phantom.header() }
    }
  }
}
