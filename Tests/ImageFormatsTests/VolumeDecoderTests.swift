import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct VolumeDecoderTests {
  private static func decoder(
    _ phantom: NIfTIPhantom, gzip: Bool = false, memoryLimit: Int = 1 << 30
  ) throws -> VolumeDecoder {
    let bytes = try SourceBytes(gzip ? Gzip.stored(phantom.file) : phantom.file)
    return VolumeDecoder(
      header: try NIfTIReader.read(bytes), voxels: bytes, memoryLimit: memoryLimit)
  }

  private static func values(_ decoded: DecodedVolume) -> [Int] {
    decoded.volume.numbers.map { Int($0) }
  }

  @Test(arguments: [false, true])
  func `slices come in any order as they are in the whole`(gzip: Bool) throws {
    var phantom = NIfTIPhantom.counting
    phantom.axes = [2, 1, 3, 2]
    let decoder = try Self.decoder(phantom, gzip: gzip)
    #expect(try Self.values(decoder.decode(volume: 0)) == [0, 1, 2, 3, 4, 5])
    #expect(try Self.values(decoder.decode(volume: 1)) == [6, 7, 8, 9, 10, 11])
    // Slice k of volume n begins with 6 n + 2 k.
    for (n, k) in [(0, 0), (0, 2), (1, 1), (0, 1), (1, 2), (1, 0)] {
      let slice = try decoder.decode(volume: n, slices: k..<k + 1)
      #expect(slice.volume.slices == 1)
      #expect(Self.values(slice) == [6 * n + 2 * k, 6 * n + 2 * k + 1])
    }
    #expect(try Self.values(decoder.decode(volume: 1, slices: 1..<3)) == [8, 9, 10, 11])
  }

  @Test(arguments: [false, true])
  func `of voxels that end early the whole slices are given`(gzip: Bool) throws {
    var phantom = NIfTIPhantom.counting
    phantom.axes = [2, 1, 3, 2]
    // Slices of 4 bytes: 2 of volume 1 are whole, and a byte of its last.
    phantom.voxels.removeLast(3)
    let decoder = try Self.decoder(phantom, gzip: gzip)
    #expect(try decoder.decode(volume: 0).findings.isEmpty)
    let second = try decoder.decode(volume: 1)
    #expect(Self.values(second) == [6, 7, 8, 9])
    #expect(second.volume.slices == 2)
    #expect(second.findings.map(\.code) == ["slices_missing"])
    #expect(second.findings[0].sentence.contains("last 1 slices"))
    let error = #expect(throws: ImageError.self) { try decoder.decode(volume: 1, slices: 2..<3) }
    #expect(error?.code == .truncated)
  }

  @Test func `a gzip file that is cut gives what is before the cut`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.axes = [2, 1, 6]
    let whole = Gzip.stored(phantom.file)
    func decode(dropping count: Int) throws -> DecodedVolume {
      let bytes = try SourceBytes(Array(whole.dropLast(count)))
      return try VolumeDecoder(header: NIfTIReader.read(bytes), voxels: bytes).decode(volume: 0)
    }
    // The last 8 bytes are checksum and length, the 24 before are voxels.
    let unchecked = try decode(dropping: 1)
    #expect(unchecked.findings.map(\.code) == ["checksum_missing"])
    #expect(unchecked.volume.slices == 6)
    let cut = try decode(dropping: 8 + 9)
    #expect(cut.findings.map(\.code) == ["slices_missing"])
    #expect(Self.values(cut) == [0, 1, 2, 3, 4, 5])
  }

  @Test func `a wrong checksum is found at the end, a wrong code where it stands`() throws {
    // Long enough that the header is read without coming to the end.
    var phantom = NIfTIPhantom(axes: [200, 1, 3])
    phantom.voxels = [UInt8](repeating: 5, count: 1200)
    func code(at place: Int) throws -> (slice: ErrorCode?, whole: ErrorCode?) {
      var file = Gzip.stored(phantom.file)
      file[file.count - place] ^= 1
      let bytes = try SourceBytes(file)
      let decoder = VolumeDecoder(header: try NIfTIReader.read(bytes), voxels: bytes)
      func code(_ slices: Range<Int>?) -> ErrorCode? {
        do throws(ImageError) {
          _ = try decoder.decode(volume: 0, slices: slices)
          return nil
        } catch {
          return error.code
        }
      }
      return (code(0..<1), code(nil))
    }
    // From the end: length, checksum, a voxel of the last slice.
    for place in [1, 5, 9] {
      let found = try code(at: place)
      #expect(found.slice == nil)
      #expect(found.whole == .damagedPixels)
    }
  }

  @Test func `members in a row are one stream, and bytes behind them are none`() throws {
    let file = NIfTIPhantom.counting.file
    let members = Gzip.stored(Array(file[..<100])) + Gzip.stored(Array(file[100..<360]))
    let all = members + Gzip.stored(Array(file[360...])) + Array("behind".utf8)
    let bytes = try SourceBytes(all)
    let decoded = try VolumeDecoder(header: NIfTIReader.read(bytes), voxels: bytes)
      .decode(volume: 0)
    #expect(Self.values(decoded) == Array(0..<12))
    #expect(decoded.findings.map(\.code) == ["bytes_behind"])
  }

  @Test(arguments: [false, true])
  func `a small file that claims gigabytes is refused by size`(gzip: Bool) throws {
    var phantom = NIfTIPhantom.counting
    phantom.axes = [20_000, 20_000, 20_000]
    let decoder = try Self.decoder(phantom, gzip: gzip)
    for slices in [nil, 0..<2] as [Range<Int>?] {
      let error = #expect(throws: ImageError.self) {
        try decoder.decode(volume: 0, slices: slices)
      }
      // 16 TB are above any limit; two slices are 1.6 GB.
      #expect(error?.code == .memory)
    }
    // One slice of 800 MB is within the limit, and not there.
    let error = #expect(throws: ImageError.self) { try decoder.decode(volume: 0, slices: 0..<1) }
    #expect(error?.code == .truncated)
  }

  @Test func `the limit counts what one call takes`() throws {
    let phantom = NIfTIPhantom.counting
    #expect(try Self.decoder(phantom, memoryLimit: 24).decode(volume: 0).volume.slices == 2)
    let decoder = try Self.decoder(phantom, memoryLimit: 23)
    #expect(throws: ImageError.self) { try decoder.decode(volume: 0) }
    #expect(try decoder.decode(volume: 0, slices: 1..<2).volume.slices == 1)
  }

  @Test func `no numbers and infinities are counted and left alone`() throws {
    let floats: [Float] = [1, .nan, -.nan, .infinity, -.infinity, .greatestFiniteMagnitude]
    let doubles: [Double] = [-0.0, .signalingNaN, .infinity, .infinity, -2, .leastNonzeroMagnitude]
    func decoded<Number: BitwiseCopyable>(_ numbers: [Number], _ type: Int) throws -> DecodedVolume
    {
      var phantom = NIfTIPhantom(axes: [6], datatype: type)
      phantom.voxels = unsafe numbers.withUnsafeBytes { unsafe [UInt8]($0) }
      let decoded = try Self.decoder(phantom).decode(volume: 0)
      #expect(decoded.volume.bytes == phantom.voxels)
      return decoded
    }
    let single = try decoded(floats, 16)
    #expect(single.findings.map(\.code) == ["non_finite"])
    #expect(single.findings[0].sentence == "2 values are no numbers, 2 are infinite.")
    #expect(single.volume.nonFinite.negativeInfinity == 1)
    let double = try decoded(doubles, 64)
    #expect(double.volume.nonFinite.notANumber == 1)
    #expect(double.volume.nonFinite.positiveInfinity == 2)
    #expect(try decoded([Float](repeating: 1, count: 6), 16).findings.isEmpty)
  }

  @Test func `complex voxels give their magnitude`() throws {
    // 3-4-5, 5-12-13 and 8-15-17 triangles.
    let parts: [Float] = [3, -4, 5, 12, -8, 15]
    var phantom = NIfTIPhantom(axes: [3], datatype: 32, bits: 64, slope: -2)
    phantom.voxels = unsafe parts.withUnsafeBytes { unsafe [UInt8]($0) }
    let decoder = try Self.decoder(phantom)
    #expect(decoder.header.findings.map(\.code) == ["complex_magnitude"])
    #expect(decoder.header.modality == .linear(slope: 2, intercept: 0))
    let volume = try decoder.decode(volume: 0).volume
    #expect(volume.sample == .float32)
    #expect(volume.numbers == [5, 13, 17])
  }

  @Test func `voxels of a pair come from its own image`() throws {
    let folder = try TemporaryFolder()
    var phantom = NIfTIPhantom(magic: "ni1", voxelOffset: 0)
    phantom.behind = []
    let voxels = NIfTIPhantom.counting.voxels
    try folder.write(phantom.file, to: "scan.hdr")
    try folder.write(voxels, to: "scan.img")
    // A sibling whose voxels are others.
    try folder.write(NIfTIPhantom(voxels: [UInt8](repeating: 9, count: 24)).file, to: "scan.nii")
    try folder.write(Gzip.stored([UInt8](repeating: 8, count: 24)), to: "scan.img.gz")
    try folder.write(Gzip.stored(phantom.file), to: "scan.hdr.gz")
    func bytes(_ name: String) throws -> [UInt8] {
      let source = try ImageFiles(path: folder.url(name).path)
      let header = try NIfTIReader.read(source.header)
      return try VolumeDecoder(header: header, voxels: source.voxels).decode(volume: 0)
        .volume.bytes
    }
    for name in ["scan.hdr", "scan.img"] { #expect(try bytes(name) == voxels) }
    for name in ["scan.hdr.gz", "scan.img.gz"] {
      #expect(try bytes(name) == [UInt8](repeating: 8, count: 24))
    }
    #expect(try bytes("scan.nii") == [UInt8](repeating: 9, count: 24))
    // A name that is no pair's, and a pair without its image.
    try folder.write(phantom.file, to: "other.nii")
    try folder.write(phantom.file, to: "alone.HDR")
    for name in ["other.nii", "alone.HDR"] {
      let error = #expect(throws: ImageError.self) {
        try ImageFiles(path: folder.url(name).path)
      }
      #expect(error?.code == .missing)
    }
    try folder.write(voxels, to: "alone.IMG")
    #expect(try bytes("alone.HDR") == voxels)
  }

  /// Every bit of a header that is turned gives a volume or an error, in bounded memory.
  @Test func `no damage to a header ends the process`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.behind = [1, 0, 0, 0, 16, 0, 0, 0] + [UInt8](repeating: 0, count: 8)
    for kind in [NIfTIPhantom.Kind.nifti1, .nifti2, .analyze] {
      phantom.kind = kind
      let file = phantom.file
      var ends: Set<String> = []
      for bit in 0..<(8 * (file.count - 24)) {
        var damaged = file
        damaged[bit / 8] ^= 1 << UInt8(bit % 8)
        do {
          let bytes = try SourceBytes(damaged)
          let header = try NIfTIReader.read(bytes)
          let decoder = VolumeDecoder(header: header, voxels: bytes, memoryLimit: 1 << 14)
          _ = try decoder.decode(volume: header.volumes - 1)
          ends.insert("read")
        } catch {
          ends.insert(error.code.rawValue)
        }
      }
      #expect(ends.isSuperset(of: ["read", "damaged_header", "memory", "truncated"]))
    }
  }
}

/// gzip members without compression (RFC 1952, RFC 1951 3.2.4).
enum Gzip {
  static func stored(_ bytes: [UInt8]) -> [UInt8] {
    precondition(bytes.count < 65_536)
    let count = [UInt8(truncatingIfNeeded: bytes.count), UInt8(bytes.count >> 8)]
    var crc: UInt32 = .max
    for byte in bytes {
      crc ^= UInt32(byte)
      for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
    }
    let tail = (0..<4).map { UInt8(truncatingIfNeeded: ~crc >> (8 * $0)) }
    return [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255, 1] + count + count.map { ~$0 } + bytes + tail
      + count + [0, 0]
  }
}
