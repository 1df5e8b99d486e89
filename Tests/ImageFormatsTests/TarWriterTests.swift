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

  @Test(.enabled(if: Peer.isExpected))
  func `python's tarfile reads names, bytes and fixed metadata`() throws {
    let scratch = try Scratch()
    let path = try scratch.write("x.tar", try Self.archive())
    let listing = try Peer.run(
      """
      import sys, tarfile, hashlib
      with tarfile.open(sys.argv[1], "r:") as tar:
          for m in tar:
              assert m.isreg() and (m.mtime, m.uid, m.gid, m.mode) == (0, 0, 0, 0o644)
              assert m.uname == m.gname == ""
              print(m.name, m.size, hashlib.sha256(tar.extractfile(m).read()).hexdigest())
      """, path)
    let expected = Self.members.map { name, bytes in
      "\(name) \(bytes.count) \(Self.sha256(bytes))"
    }
    #expect(listing == expected.joined(separator: "\n"))
  }

  @Test(.enabled(if: Peer.isExpected))
  func `webdataset groups the members into samples`() throws {
    let scratch = try Scratch()
    var tar = TarWriter()
    for (name, bytes) in Self.members.prefix(4) { try tar.append(name: name, bytes: bytes.span) }
    let path = try scratch.write("train-000000.tar", tar.finishInMemory())
    let samples = try Peer.run(
      """
      import sys, webdataset
      for s in webdataset.WebDataset(sys.argv[1], shardshuffle=False):
          print(s["__key__"], len(s["json"]), len(s["0.png"]))
      """, path)
    // The lengths of the four members above.
    #expect(samples == "a 9 512\nb 2 511")
  }

  @Test func `a descriptor gets the same bytes, and the summary is theirs`() throws {
    let scratch = try Scratch()
    let descriptor = unsafe open(scratch.file("x.tar"), O_WRONLY | O_CREAT | O_EXCL, 0o600)
    defer { close(descriptor) }
    var tar = TarWriter(descriptor: descriptor)
    for (name, bytes) in Self.members { try tar.append(name: name, bytes: bytes.span) }
    let summary = try tar.finish()
    let written = try scratch.read("x.tar")
    #expect(written == (try Self.archive()))
    #expect(summary.bytes == written.count)
    #expect(summary.sha256 == Self.sha256(written))
  }

  @Test func `a range of a spool is the same as its bytes`() throws {
    let scratch = try Scratch()
    let spool = PNGEncoderTests.bytes(2_500_000)
    let descriptor = unsafe open(try scratch.write("spool", spool), O_RDONLY)
    defer { close(descriptor) }
    var ranged = TarWriter()
    try ranged.append(name: "a.png", range: 13..<2_400_000, of: descriptor)
    var whole = TarWriter()
    try whole.append(name: "a.png", bytes: Array(spool[13..<2_400_000]).span)
    let (fromRange, fromBytes) = (ranged.finishInMemory(), whole.finishInMemory())
    #expect(fromRange == fromBytes)
  }

  @Test func `a spool that ends before its range is truncated`() throws {
    let scratch = try Scratch()
    let descriptor = unsafe open(try scratch.write("spool", [1, 2, 3]), O_RDONLY)
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
