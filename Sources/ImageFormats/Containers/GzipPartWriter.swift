import CDeflate
import CISAL
import CZlib
import MedicalImaging

/// Deflates parts of a gzip member by libdeflate, each for itself.
///
/// libdeflate ends what it makes with a final block, which may stand only at the end of a member. So
/// a part is inflated once more: that shows where its last block begins, and that every byte comes
/// back.
@safe public final class GzipPartWriter {
  /// Level 1: on pictures of 16 bits within 3 % of zlib's level 6, at many times its speed.
  private static let level: Int32 = 1

  private let compressor: OpaquePointer
  private let inflater: UnsafeMutablePointer<z_stream>
  private var packed: [UInt8] = []
  private var scratch = [UInt8](repeating: 0, count: 1 << 18)

  public init() {
    unsafe inflater = .allocate(capacity: 1)
    unsafe inflater.initialize(to: z_stream())
    // Negative: deflate alone, without head and tail.
    let status = unsafe inflateInit2_(
      inflater, -15, zlibVersion(), Int32(MemoryLayout<z_stream>.size))
    guard let compressor = unsafe libdeflate_alloc_compressor(Self.level), status == Z_OK else {
      // Fails only where the process is out of memory.
      fatalError("a compressor could not be started: cannot allocate memory")
    }
    unsafe self.compressor = compressor
  }

  deinit {
    unsafe libdeflate_free_compressor(compressor)
    unsafe inflateEnd(inflater)
    unsafe inflater.deallocate()
  }

  /// Deflates bytes, fewer than 2^31, into a part that ends with a whole byte; `write` takes it.
  public func part<Failure: Error>(
    of plain: UnsafeRawBufferPointer, _ write: (UnsafeRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) -> GzipMember.Part {
    precondition(plain.count < 1 << 31)
    // Behind the bound is room for what joins it to the next part.
    let room = unsafe libdeflate_deflate_compress_bound(compressor, plain.count) + 8
    if packed.count < room { packed = [UInt8](repeating: 0, count: room) }
    let made = unsafe packed.withUnsafeMutableBytes { packed in
      unsafe libdeflate_deflate_compress(
        compressor, plain.baseAddress, plain.count, packed.baseAddress, packed.count - 8)
    }
    precondition(made > 0, "the bound of libdeflate does not hold")
    let (ends, checksum) = walk(made)
    // Its first bit says whether a block is the last one (RFC 1951 3.2.3).
    packed[ends.lastBlock / 8] &= ~(1 << UInt8(ends.lastBlock % 8))
    // An empty stored block: three bits of zero, which are there already or begin a byte, then
    // from a whole byte on its length and the length's complement (RFC 1951 3.2.4).
    var count = made
    if 8 * made - ends.end < 3 {
      packed[count] = 0
      count += 1
    }
    for (offset, byte) in ([0, 0, 0xFF, 0xFF] as [UInt8]).enumerated() {
      packed[count + offset] = byte
    }
    count += 4
    let expected = unsafe cisal_crc32(0, plain.baseAddress, plain.count)
    precondition(checksum == expected, "what libdeflate made does not inflate to what it was")
    try unsafe packed.withBytes { (packed) throws(Failure) in
      try unsafe write(UnsafeRawBufferPointer(rebasing: packed[..<count]))
    }
    return GzipMember.Part(checksum: checksum, plainBytes: plain.count, packedBytes: count)
  }

  /// Inflates the first `count` bytes of `packed`: in bits where the last block begins and where it
  /// ends, and the CRC-32 of what comes out.
  private func walk(_ count: Int) -> (ends: (lastBlock: Int, end: Int), checksum: UInt32) {
    unsafe inflateReset(inflater)
    var lastBlock = 0
    var end = 0
    var checksum: UInt32 = 0
    unsafe packed.withUnsafeMutableBufferPointer { packed in
      unsafe scratch.withUnsafeMutableBufferPointer { scratch in
        unsafe inflater.pointee.next_in = packed.baseAddress
        unsafe inflater.pointee.avail_in = UInt32(count)
        while true {
          unsafe inflater.pointee.next_out = scratch.baseAddress
          unsafe inflater.pointee.avail_out = UInt32(scratch.count)
          let status = unsafe inflate(inflater, Z_BLOCK)
          let given = unsafe scratch.count - Int(inflater.pointee.avail_out)
          checksum = unsafe cisal_crc32(checksum, scratch.baseAddress, given)
          guard status == Z_OK else { break }
          // Between two blocks data_type has 128; in its lowest bits, how many of the last byte
          // taken are not used yet (zlib.h, inflate).
          let state = Int(unsafe inflater.pointee.data_type)
          guard state & 128 != 0 else { continue }
          let at = 8 * (count - Int(unsafe inflater.pointee.avail_in)) - state & 7
          // 64 says that the block that has just ended is the last one.
          if state & 64 != 0 {
            end = at
            break
          }
          lastBlock = at
        }
      }
    }
    return ((lastBlock, end), checksum)
  }
}
