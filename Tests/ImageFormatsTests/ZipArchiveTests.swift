import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite(.needsPeers) struct ZipArchiveTests {
  /// An archive that python's zipfile made for a case of make_zip.py.
  static func path(_ name: String, _ folder: TemporaryFolder) throws -> String {
    try Peer.run(script: "make_zip.py", [name], in: folder)
    return folder.url("x.zip").path
  }

  @Test func `regular members are listed and read, stored or packed`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("regular", folder)
    let archive = try ZipArchive(path: path)
    #expect(
      archive.members.map(\.name) == [
        "DICOM/IM0001", "empty", "Bär.dcm", "packed.lzma", "packed.bz2",
      ])
    #expect(archive.members.map(\.size) == [3000, 0, 3, 500, 500])
    #expect(
      try archive.read(0, limit: 3000)
        == Array(repeatElement(Array("abc".utf8), count: 1000).joined()))
    // The folder is entry 1.
    #expect(try archive.read(2, limit: 10) == [])
    #expect(try archive.read(3, limit: 10) == Array("xyz".utf8))
    #expect(try archive.read(5, limit: 500) == [UInt8](repeating: 0x72, count: 500))
  }

  @Test func `names that climb and links are never paths`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("climbing", folder)
    let archive = try ZipArchive(path: path)
    #expect(archive.members.map(\.name) == ["../../etc/passwd", "/abs"])
    #expect(try archive.read(archive.members[0].index, limit: 9) == [0x31])
  }

  @Test func `a member whose CRC is wrong is broken, its neighbours are not`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("damaged", folder)
    let archive = try ZipArchive(path: path)
    #expect(try archive.read(0, limit: 9) == Array("good".utf8))
    let error = try #require(throws: ImageError.self) { try archive.read(1, limit: 9) }
    #expect(error.code == .brokenArchive)
    #expect(error.message == "A member of the archive is damaged.")
    #expect(try archive.read(2, limit: 9) == Array("fine".utf8))
  }

  @Test func `an encrypted member says so`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("encrypted", folder)
    let archive = try ZipArchive(path: path)
    let error = try #require(throws: ImageError.self) { try archive.read(0, limit: 9) }
    #expect(error.code == .brokenArchive)
    #expect(error.message == "A member of the archive is encrypted.")
    #expect(error.remedy.contains("password"))
  }

  @Test func `a bomb is refused by its size, or by a size that its data cannot have`() throws {
    let folder = try TemporaryFolder()
    let path = try Self.path("bomb", folder)
    let large = try #require(throws: ImageError.self) {
      try ZipArchive(path: path).read(0, limit: 1_000_000)
    }
    #expect(large.code == .memory)

    let liar = try Self.path("liar", folder)
    let lie = try #require(throws: ImageError.self) {
      try ZipArchive(path: liar).read(0, limit: Int.max)
    }
    #expect(lie.code == .brokenArchive)
  }

  @Test(arguments: ["", "PK", "no archive at all, but some text of a read-me"])
  func `what is no zip is a broken archive`(text: String) throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(text.utf8), to: "x.zip")
    let error = try #require(throws: ImageError.self) {
      try ZipArchive(path: folder.url("x.zip").path)
    }
    #expect(error.code == .brokenArchive)
  }

  @Test func `a truncated zip is a broken archive`() throws {
    let folder = try TemporaryFolder()
    _ = try Self.path("damaged", folder)
    let whole = try folder.bytes(of: "x.zip")
    for count in stride(from: 1, to: whole.count, by: 7) {
      try folder.write(Array(whole.prefix(count)), to: "cut.zip")
      let error = try #require(throws: ImageError.self) {
        try ZipArchive(path: folder.url("cut.zip").path)
      }
      #expect(error.code == .brokenArchive)
    }
  }

  // MARK: In parts, and to a file

  @Test func `a member's beginning needs no more of it`() throws {
    let folder = try TemporaryFolder()
    let archive = try ZipArchive(path: Self.path("regular", folder))
    #expect(try archive.beginning(of: 0, count: 4) == Array("abca".utf8))
    #expect(try archive.beginning(of: 0, count: 9999).count == 3000)
    #expect(try archive.beginning(of: 2, count: 4) == [])
    #expect(try archive.beginning(of: 5, count: 2) == Array("rr".utf8))
    // Its CRC is wrong, which only the end shows; and what claims gigabytes is read where it begins.
    let damaged = try ZipArchive(path: Self.path("damaged", folder))
    #expect(try damaged.beginning(of: 1, count: 2) == Array("hu".utf8))
    let liar = try ZipArchive(path: Self.path("liar", folder))
    #expect(try liar.beginning(of: 0, count: 10) == [UInt8](repeating: 0, count: 10))
    let locked = try ZipArchive(path: Self.path("encrypted", folder))
    let error = try #require(throws: ImageError.self) { try locked.beginning(of: 0, count: 1) }
    #expect(error.message == "A member of the archive is encrypted.")
  }

  @Test func `a member is written to a file, whole`() throws {
    let folder = try TemporaryFolder()
    let archive = try ZipArchive(path: Self.path("bomb", folder))
    let path = folder.url("out").path
    try archive.extract(0, to: path, limit: 50_000_000)
    #expect(try folder.bytes(of: "out") == [UInt8](repeating: 0, count: 50_000_000))
    // What is there is not written over.
    let error = try #require(throws: ImageError.self) {
      try archive.extract(0, to: path, limit: 50_000_000)
    }
    #expect(error.code == .outputFull)
    #expect(try folder.bytes(of: "out").count == 50_000_000)
  }

  @Test(arguments: [
    ("bomb", 0, 49_999_999, "The archive holds more bytes than may be unpacked."),
    ("liar", 0, Int.max, "A member of the archive claims more bytes than its data can hold."),
    ("damaged", 1, 9, "A member of the archive is damaged."),
    ("encrypted", 0, 9, "A member of the archive is encrypted."),
  ])
  func `what cannot be written whole leaves no file`(
    _ name: String, _ index: Int, _ limit: Int, _ message: String
  ) throws {
    let folder = try TemporaryFolder()
    let archive = try ZipArchive(path: Self.path(name, folder))
    let error = try #require(throws: ImageError.self) {
      try archive.extract(index, to: folder.url("out").path, limit: limit)
    }
    #expect(error.code == .brokenArchive)
    #expect(error.message == message)
    #expect(throws: (any Error).self) { try folder.bytes(of: "out") }
  }

  @Test func `an absent file is unreadable`() throws {
    let folder = try TemporaryFolder()
    let error = try #require(throws: ImageError.self) {
      try ZipArchive(path: folder.url("absent").path)
    }
    #expect(error.code == .unreadable)
  }
}
