import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct TarArchiveTests {
  /// An archive that python's tarfile made for a case of make_tar.py.
  static func path(_ name: String, mode: String, _ folder: TemporaryFolder) throws -> String {
    try Peer.run(script: "make_tar.py", ["x", mode, name], in: folder)
    return folder.url("x").path
  }

  /// A file of these bytes.
  static func path(_ bytes: [UInt8], _ folder: TemporaryFolder) throws -> String {
    try folder.write(bytes, to: "x")
    return folder.url("x").path
  }

  /// What lies in a folder, sorted.
  static func names(in folder: TemporaryFolder) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
  }

  @Test(.needsPeers, arguments: ["w:", "w:gz", "w:bz2", "w:xz"])
  func `members come out whole, whatever the compression`(mode: String) throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("regular", mode: mode, folder)
    #expect(try TarArchive.isTar(path: path))
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 4_000_000)
    #expect(unpacked.error == nil)
    #expect(
      unpacked.members.map(\.name) == [
        "DICOM/IM0001", "Bär/" + String(repeating: "d", count: 150), "empty",
      ])
    #expect(
      unpacked.members.map(\.path) == (0...2).map { out.url("00000\($0)").path })
    let first = try out.bytes(of: "000000")
    #expect(first.count == 3_000_000 && first.suffix(3).elementsEqual("abc".utf8))
    #expect(try out.bytes(of: "000001") == [0x78] && out.bytes(of: "000002") == [])
  }

  @Test func `a Zstandard tar is one too`() throws {
    // One raw block holds any content, so that the frame can be built by hand (RFC 8878 3.1.1).
    var tar = TarWriter()
    try tar.append(name: "a", bytes: [9].span)
    let bytes = tar.finishInMemory()
    let count = bytes.count
    // Magic, descriptor with a 4-byte content size in a single segment, the size, one last raw block.
    let size = (0..<4).map { UInt8(truncatingIfNeeded: count >> (8 * $0)) }
    let head = (0..<3).map { UInt8(truncatingIfNeeded: (count << 3 | 1) >> (8 * $0)) }
    let folder = try TemporaryFolder()
    let file = [0x28, 0xB5, 0x2F, 0xFD, 0xA0] + size + head + bytes
    let path = try Self.path(file, folder)
    #expect(ArchiveKind.recognise(head: file) == .compressed)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1000)
    #expect(unpacked.error == nil && unpacked.members.map(\.name) == ["a"])
    #expect(try out.bytes(of: "000000") == [9])
  }

  @Test(.needsPeers)
  func `nothing leaves the folder: climbing names are numbers, links and devices are left out`()
    throws
  {
    let folder = try TemporaryFolder()
    let path = try Self.path("climbing", mode: "w:", folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1000)
    #expect(unpacked.error == nil)
    #expect(unpacked.members.map(\.name) == ["../../escaped", "/absolute", "link/inside"])
    #expect(try Self.names(in: out) == ["000000", "000001", "000002"])
    #expect(try out.bytes(of: "000002") == [0x33])
  }

  @Test(arguments: [700, 2000, 3_000])
  func `a truncated tar gives what is whole, and an error about the rest`(count: Int) throws {
    // Blocks: a's header and 1 of data, b's header and 4 of data, and the end. Cuts lie in a's
    // data, in b's data, and in b's data again.
    var tar = TarWriter()
    try tar.append(name: "a", bytes: [UInt8](repeating: 1, count: 512).span)
    try tar.append(name: "b", bytes: [UInt8](repeating: 2, count: 2000).span)
    let folder = try TemporaryFolder()
    let path = try Self.path(Array(tar.finishInMemory().prefix(count)), folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1 << 20)
    #expect(unpacked.error?.code == .brokenArchive)
    #expect(unpacked.members.map(\.name) == (count < 1024 ? [] : ["a"]))
    #expect(try Self.names(in: out) == (count < 1024 ? [] : ["000000"]))
  }

  @Test(.needsPeers)
  func `a truncated gzip gives what is whole, and an error about the rest`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.path("noise", mode: "w:gz", folder)
    // Noise does not shrink: the first 70,000 bytes hold all of a and a part of b.
    let path = try Self.path(Array(folder.bytes(of: "x").prefix(70_000)), folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1 << 20)
    #expect(unpacked.error?.code == .brokenArchive)
    #expect(unpacked.members.map(\.name) == ["a"])
    #expect(try Self.names(in: out) == ["000000"])
  }

  @Test(.needsPeers)
  func `a flipped bit in a gzip is noticed, even where it still inflates`() throws {
    let folder = try TemporaryFolder()
    // Noise is stored, not packed: a bit in its middle changes one byte and breaks no code.
    _ = try Self.path("noise", mode: "w:gz", folder)
    var bytes = try folder.bytes(of: "x")
    bytes[20_000] ^= 1
    let path = try Self.path(bytes, folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1 << 20)
    #expect(unpacked.error?.code == .brokenArchive)
    #expect(unpacked.error?.message.contains("checksum") == true)
    #expect(unpacked.members.map(\.name) == ["a", "b"])
  }

  @Test(.needsPeers)
  func `a gzip of several members is one`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.path("parts", mode: "", folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(
      path: folder.url("x").path, into: out.url.path, limit: 1 << 20)
    #expect(unpacked.error == nil)
    #expect(unpacked.members.map(\.name) == ["a", "b"])
  }

  @Test(.needsPeers)
  func `a bomb stops at the limit`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("bomb", mode: "w:gz", folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 5_000_000)
    #expect(unpacked.error?.code == .brokenArchive)
    #expect(unpacked.error?.message == "The archive holds more bytes than may be unpacked.")
    #expect(try Self.names(in: out) == ["000000"])
  }

  @Test func `a damaged header ends the unpacking`() throws {
    var tar = TarWriter()
    try tar.append(name: "a", bytes: [1].span)
    try tar.append(name: "b", bytes: [2].span)
    var bytes = tar.finishInMemory()
    bytes[1024 + 150] ^= 1  // the checksum of b's header
    let folder = try TemporaryFolder()
    let path = try Self.path(bytes, folder)
    let out = try TemporaryFolder()
    let unpacked = try TarArchive.unpack(path: path, into: out.url.path, limit: 1000)
    #expect(unpacked.members.map(\.name) == ["a"])
    #expect(unpacked.error?.code == .brokenArchive)
  }

  @Test func `a folder that takes no file is an error of the output`() throws {
    var tar = TarWriter()
    try tar.append(name: "a", bytes: [1].span)
    let folder = try TemporaryFolder()
    let path = try Self.path(tar.finishInMemory(), folder)
    let error = try #require(throws: ImageError.self) {
      try TarArchive.unpack(path: path, into: folder.url("absent").path, limit: 1000)
    }
    #expect(error.code == .outputFull)
  }

  @Test func `archives are known by content alone`() throws {
    var tar = TarWriter()
    try tar.append(name: "a", bytes: [1].span)
    let bytes = tar.finishInMemory()
    #expect(ArchiveKind.recognise(head: bytes) == .tar)
    #expect(ArchiveKind.recognise(head: Array(bytes.prefix(511))) == nil)
    #expect(ArchiveKind.recognise(head: [UInt8](repeating: 0, count: 1024)) == nil)
    #expect(ArchiveKind.recognise(head: Array("PK\u{3}\u{4}".utf8)) == .zip)
    #expect(ArchiveKind.recognise(head: [0x1F, 0x8B, 8, 0]) == .compressed)
    #expect(ArchiveKind.recognise(head: Array("BZh91AY&SY".utf8)) == .compressed)
    #expect(ArchiveKind.recognise(head: []) == nil)
    #expect(
      ArchiveKind.recognise(head: [UInt8](repeating: 0, count: 128) + Array("DICM".utf8)) == nil)
  }

  @Test(.needsPeers, arguments: ["w:", "w:gz", "w:bz2", "w:xz"])
  func `a tar is known by its beginning, however large it is`(mode: String) throws {
    let folder = try TemporaryFolder()
    // Noise does not shrink: two megabytes are twice what is looked at, and more than one block of
    // bzip2.
    _ = try Self.path("large", mode: mode, folder)
    let bytes = try folder.bytes(of: "x")
    #expect(bytes.count > 2 * TarArchive.beginningCount)
    let beginning = Array(bytes.prefix(TarArchive.beginningCount))
    #expect(TarArchive.isTar(beginning: beginning))
    #expect(!TarArchive.isTar(beginning: Array(beginning.prefix(20))))
    #expect(!TarArchive.isTar(beginning: []))
    // A whole one of a few bytes is one as well.
    _ = try Self.path("climbing", mode: mode, folder)
    #expect(TarArchive.isTar(beginning: try folder.bytes(of: "x")))
  }

  @Test(.needsPeers)
  func `a gzip without a tar in it is none`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("nifti", mode: "", folder)
    #expect(try !TarArchive.isTar(path: path))
    #expect(!TarArchive.isTar(beginning: try folder.bytes(of: "x")))
  }
}
