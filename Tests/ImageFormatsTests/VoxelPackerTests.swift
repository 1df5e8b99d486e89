import MedicalImaging
import Testing

@testable import ImageFormats

@Suite struct VoxelPackerTests {
  /// Packs a plane of 2 columns and 2 rows, and gives the numbers.
  private func pack<Number: BitwiseCopyable & Equatable>(
    _ bytes: [UInt8], _ sample: StoredPlane.Sample, as type: Number.Type, _ voxel: NIfTIVoxel,
    _ transform: ModalityTransform? = nil
  ) throws -> [Number]? {
    let plane = StoredPlane(columns: 2, rows: 2, samplesPerPixel: 1, sample: sample, bytes: bytes)
    let packer = VoxelPacker(NIfTIVolume(columns: 2, rows: 2, slices: 1, voxel: voxel))
    var out = [UInt8](repeating: 0xEE, count: 4 * voxel.sample.size)
    let outcome = try unsafe out.withUnsafeMutableBytes {
      try unsafe packer.pack(plane, transform, into: $0)
    }
    guard outcome == .packed else { return nil }
    return unsafe out.withUnsafeBytes { raw in
      (0..<4).map {
        unsafe raw.loadUnaligned(fromByteOffset: $0 * MemoryLayout<Number>.size, as: type)
      }
    }
  }

  private func bytes<Number: BitwiseCopyable>(_ numbers: [Number]) -> [UInt8] {
    unsafe numbers.withUnsafeBytes { unsafe Array($0) }
  }

  @Test func `the lowest row comes first`() throws {
    let words: [Int16] = [1, 2, -3, 4]
    #expect(
      try pack(bytes(words), .int16, as: Int16.self, NIfTIVoxel(.int16)) == [-3, 4, 1, 2])
  }

  @Test func `numbers keep their value in a wider type, and are refused by one that lacks it`()
    throws
  {
    let unsigned: [UInt16] = [0, 1, 32_767, 65_535]
    #expect(
      try pack(bytes(unsigned), .uint16, as: Int32.self, NIfTIVoxel(.int32))
        == [32_767, 65_535, 0, 1])
    #expect(
      try pack(bytes(unsigned), .uint16, as: Double.self, NIfTIVoxel(.float64))
        == [32_767, 65_535, 0, 1])
    #expect(try pack(bytes(unsigned), .uint16, as: Int16.self, NIfTIVoxel(.int16)) == nil)
    #expect(try pack(bytes(unsigned), .uint16, as: UInt8.self, NIfTIVoxel(.uint8)) == nil)
    let signed: [Int16] = [-1, 0, 1, 2]
    #expect(try pack(bytes(signed), .int16, as: UInt16.self, NIfTIVoxel(.uint16)) == nil)
    #expect(try pack(bytes(signed), .int16, as: UInt32.self, NIfTIVoxel(.uint32)) == nil)
    let fractions: [Float] = [0.5, 1, 2, 3]
    #expect(try pack(bytes(fractions), .float32, as: Int32.self, NIfTIVoxel(.int32)) == nil)
  }

  @Test func `modality values are stored ones times slope plus intercept, or looked up`() throws {
    let words: [Int16] = [0, 1, 2, -2]
    #expect(
      try pack(
        bytes(words), .int16, as: Float.self, NIfTIVoxel(.float32),
        .linear(slope: 0.25, intercept: -1)) == [-0.5, -1.5, -1, -0.75])
    // Outside of a table its ends hold (PS3.3 C.11.1.1.1).
    let table = LookupTable(firstMapped: 0, bits: 16, entries: [10, 20])
    #expect(
      try pack(bytes(words), .int16, as: Float.self, NIfTIVoxel(.float32), .table(table))
        == [20, 10, 10, 20])
  }

  @Test func `a picture of another size, and colours of 16 bits, are refused`() {
    let packer = VoxelPacker(NIfTIVolume(columns: 2, rows: 2, slices: 1, voxel: .rgb))
    func failure(_ plane: StoredPlane) -> ErrorCode? {
      var out = [UInt8](repeating: 0, count: 12)
      do {
        _ = try unsafe out.withUnsafeMutableBytes { try unsafe packer.pack(plane, nil, into: $0) }
        return nil
      } catch {
        return (error as? ImageError)?.code
      }
    }
    let small = StoredPlane(
      columns: 1, rows: 2, samplesPerPixel: 3, sample: .uint8, bytes: [UInt8](1...6))
    #expect(failure(small) == .damagedPixels)
    let deep = StoredPlane(
      columns: 2, rows: 2, samplesPerPixel: 3, sample: .uint16, bytes: [UInt8](1...24))
    #expect(failure(deep) == .unsupportedPixels)
  }

  @Test func `a frame is packed in place only where nothing above its high bit has to go`() throws {
    for (stored, first, isInPlace) in [
      (12, 0x0FFF, true), (12, 0x1FFF, false), (16, 0xFFFF, true),
    ] {
      var phantom = DICOMPhantom.grey()
      phantom.set(0x0028_0101, "US", [stored])
      phantom.set(0x0028_0102, "US", [stored - 1])
      phantom[0x7FE0_0010] = ("OW", .words([first, 2, 3, 4]))
      let decoder = try FrameDecoder(
        header: phantom.header(), bytes: SourceBytes(phantom.file()))
      let packer = VoxelPacker(
        NIfTIVolume(columns: 2, rows: 2, slices: 1, voxel: NIfTIVoxel(.uint16)))
      var out = [UInt8](repeating: 0, count: 8)
      let outcome = try unsafe out.withUnsafeMutableBytes {
        try unsafe packer.pack(frame: 0, of: decoder, nil, into: $0)
      }
      #expect(outcome == (isInPlace ? .packed : nil))
      if isInPlace { #expect(out == bytes([UInt16(3), 4, UInt16(first), 2])) }
    }
  }
}
