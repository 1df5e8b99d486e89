import Glibc
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct TarWriterTests {
  /// Members of every awkward size: empty, one block, one byte around it, more than a write.
  static let members: [(String, [UInt8])] = [
    ("a.json", Array(#"{"id": 1}"#.utf8)), ("a.0.png", [UInt8](repeating: 7, count: 512)),
    ("b.json", Array("{}".utf8)), ("b.0.png", [UInt8](repeating: 8, count: 511)),
    ("c.json", []), ("c.0.png", PNGEncoderTests.bytes(3_000_001)),
    ("images/" + String(repeating: "d", count: 120) + "/e.png", [1, 2, 3]),
  ]

  static func archive() throws -> [UInt8] {
    var tar = TarWriter()
    for (name, bytes) in members { try tar.append(name: name, bytes: bytes.span) }
    return tar.finishInMemory()
  }

  static func sha256(_ bytes: [UInt8]) -> Digest {
    unsafe bytes.withUnsafeBytes { unsafe SHA256.hash($0) }
  }

  @Test(.needsPeers)
  func `python's tarfile reads names, bytes and fixed metadata`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Self.archive(), to: "x.tar")
    let listing = try Peer.run(script: "tar_listing.py", in: folder)
    let expected = Self.members.map { name, bytes in
      "\(name) \(bytes.count) \(Self.sha256(bytes))"
    }
    #expect(listing == expected.joined(separator: "\n") + "\n")
  }

  @Test(.needsPeers)
  func `webdataset groups the members into samples`() throws {
    let folder = try TemporaryFolder()
    var tar = TarWriter()
    for (name, bytes) in Self.members.prefix(4) { try tar.append(name: name, bytes: bytes.span) }
    try folder.write(tar.finishInMemory(), to: "x.tar")
    let samples = try Peer.run(script: "webdataset_samples.py", in: folder)
    // The lengths of the four members above.
    #expect(samples == "a 9 512\nb 2 511\n")
  }

  @Test func `a descriptor gets the same bytes, and the summary is theirs`() throws {
    let folder = try TemporaryFolder()
    let descriptor = unsafe open(folder.url("x.tar").path, O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { close(descriptor) }
    var tar = TarWriter(descriptor: descriptor)
    for (name, bytes) in Self.members { try tar.append(name: name, bytes: bytes.span) }
    let summary = try tar.finish()
    let written = try folder.bytes(of: "x.tar")
    #expect(written == (try Self.archive()))
    #expect(summary.bytes == written.count)
    #expect(summary.sha256 == Self.sha256(written))
  }

  @Test func `a range of a spool is the same as its bytes`() throws {
    let folder = try TemporaryFolder()
    let spool = PNGEncoderTests.bytes(2_500_000)
    try folder.write(spool, to: "spool")
    let descriptor = unsafe open(folder.url("spool").path, O_RDONLY)
    defer { close(descriptor) }
    var ranged = TarWriter()
    try ranged.append(name: "a.png", range: 13..<2_400_000, of: descriptor)
    var whole = TarWriter()
    try whole.append(name: "a.png", bytes: Array(spool[13..<2_400_000]).span)
    let (fromRange, fromBytes) = (ranged.finishInMemory(), whole.finishInMemory())
    #expect(fromRange == fromBytes)
  }

  @Test func `a spool that ends before its range is truncated`() throws {
    let folder = try TemporaryFolder()
    try folder.write([1, 2, 3], to: "spool")
    let descriptor = unsafe open(folder.url("spool").path, O_RDONLY)
    defer { close(descriptor) }
    var code: ErrorCode?
    var tar = TarWriter()
    do { try tar.append(name: "a", range: 0..<4, of: descriptor) } catch { code = error.code }
    #expect(code == .truncated)
  }

  @Test func `a full disk is said to be full`() throws {
    // /dev/full answers every write with ENOSPC.
    let descriptor = unsafe open("/dev/full", O_WRONLY)
    defer { close(descriptor) }
    var code: ErrorCode?
    do {
      var tar = TarWriter(descriptor: descriptor)
      try tar.append(name: "a", bytes: [1].span)
      _ = try tar.finish()
    } catch { code = error.code }
    #expect(code == .outputFull)
  }
}
