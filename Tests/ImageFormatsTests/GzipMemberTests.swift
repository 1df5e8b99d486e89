import Foundation
import TestSupport
import Testing

@testable import ImageFormats

@Suite struct GzipMemberTests {
  /// Parts, and the gzip file that they make.
  private func member(_ parts: [[UInt8]]) -> [UInt8] {
    let writer = GzipPartWriter()
    var bytes = GzipMember.head
    var made: [GzipMember.Part] = []
    for part in parts {
      let before = bytes.count
      let new = unsafe part.span.withUnsafeBytes { plain in
        unsafe writer.part(of: plain) { unsafe bytes += $0 }
      }
      #expect(new.packedBytes == bytes.count - before)
      #expect(new.plainBytes == part.count)
      made.append(new)
    }
    return bytes + GzipMember.tail(of: made)
  }

  /// What Python's zlib says of a file: what is in it, and whether it is one member to its last byte.
  private static let program = """
    import sys, zlib
    packed = open(sys.argv[1], "rb").read()
    one = zlib.decompressobj(31)
    plain = one.decompress(packed)
    print(plain == open(sys.argv[2], "rb").read(), one.eof, len(one.unused_data))
    """

  private func expectOneMember(_ parts: [[UInt8]], _ comment: Comment) throws {
    let folder = try TemporaryFolder()
    try folder.write(member(parts), to: "a.gz")
    try folder.write(parts.flatMap { $0 }, to: "a")
    let said = try Peer.run(Self.program, folder.url("a.gz").path, folder.url("a").path)
    #expect(said == "True True 0", comment)
  }

  @Test(.needsPeers) func `parts of all kinds make one member that Python's zlib reads`() throws {
    var generator = SeededGenerator(seed: 5)
    // Stored blocks, fixed codes, dynamic codes; more than one block.
    let noise = (0..<200_000).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let grain = (0..<400_000).map {
      UInt8($0 % 2 == 0 ? .random(in: 90...110, using: &generator) : 3)
    }
    let zeros = [UInt8](repeating: 0, count: 3_000_000)
    try expectOneMember([noise], "noise")
    try expectOneMember([grain, zeros, noise, [7], grain], "several kinds")
    try expectOneMember([zeros, zeros], "zeros")
  }

  @Test(.needsPeers) func `wherever a part ends within a byte, the next one follows`() throws {
    // Lengths of short texts in bits go through all remainders of 8.
    var generator = SeededGenerator(seed: 6)
    let parts = (1...64).map { count in
      (0..<count).map { _ in UInt8.random(in: 97...122, using: &generator) }
    }
    try expectOneMember(parts, "short parts")
  }

  @Test(.needsPeers) func `grain of 12 bits takes within 5 % of what zlib's level 6 takes`() throws
  {
    // A smooth picture with noise, as CT has it.
    var generator = SeededGenerator(seed: 7)
    let words = (0..<512 * 512).map { i -> UInt16 in
      let (x, y) = (Double(i % 512) / 512, Double(i / 512) / 512)
      let noise = (0..<4).reduce(0.0) { sum, _ in sum + .random(in: -12...12, using: &generator) }
      return UInt16(1000 + 800 * x * y + noise)
    }
    let folder = try TemporaryFolder()
    try folder.write(numbers: words, to: "a")
    let ours = try member([folder.bytes(of: "a")]).count
    let theirs = try Peer.run(
      "import sys, zlib; print(len(zlib.compress(open(sys.argv[1], 'rb').read(), 6)))",
      folder.url("a").path)
    let size = try #require(Int(theirs))
    #expect(ours < size * 105 / 100, "\(ours) against \(size)")
  }

  @Test func `our own reader takes it too`() throws {
    let parts = [[UInt8](repeating: 1, count: 70_000), Array("end".utf8)]
    let source = try SourceBytes(member(parts))
    #expect(source.isGzip)
    let plain = try source.inflated(limit: 1 << 20)
    #expect(plain.copy(0..<plain.count) == parts.flatMap { $0 })
  }
}
