import Foundation
import TestSupport
import Testing

/// Archives in archives that are deeper, larger or other than they should be.
extension NestedArchiveTests {
  @Test(arguments: [
    ["zip", "zip", "zip"], ["zip", "zip", "tar"], ["zip", "tar", "zip"], ["tar", "zip", "zip"],
    ["tar", "tar", "tar.gz"], ["zip", "zip", "zip", "zip", "zip"],
  ])
  func `a second level is refused, and the names in it are never paths`(_ kinds: [String]) throws {
    let bench = try Bench()
    try Self.study(0).write(to: bench.sources)
    try Self.write(Self.study(1), [0, 1, 2, 3], to: "climbing", of: bench)
    try Self.nest(bench, "climbing", kinds, to: "export")
    let before = FileManager.default.entries(bench.folder.url)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().map(\.dicomModality) == ["CT", "CT", "CT", "CT"])
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["unsupported_format"])
    let reject = try #require(rejects.first)
    #expect(reject.message == "It is an archive in an archive that is in another one.")
    #expect(reject.remedy == "Unpack the outermost archive and name the folder.")
    #expect(reject.sourceSha256 != nil)
    #expect(bench.unpacked().isEmpty)
    let made = FileManager.default.entries(bench.folder.url)
    #expect(Set(made).subtracting(before) == ["set", "set.private"])
  }

  @Test func `one level of climbing names is read, and leads nowhere`() throws {
    let bench = try Bench()
    try Self.write(Self.study(0), [0, 1, 2, 3], to: "climbing", of: bench)
    for (number, kinds) in Self.four.enumerated() {
      try Self.nest(bench, "climbing", kinds, to: "export\(number)")
    }
    let before = FileManager.default.entries(bench.folder.url)
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 4)
    #expect(try Set(bench.dataSet().rejects().map(\.code)) == ["duplicate"])
    let made = FileManager.default.entries(bench.folder.url)
    #expect(Set(made).subtracting(before) == ["set", "set.private"])
  }

  @Test func `an inner archive that is broken, encrypted or a lie costs itself`() throws {
    let bench = try Bench()
    try Self.study(0).write(to: bench.sources)
    let slices = [0, 1, 2, 3]
    try Self.write(Self.study(1), slices, to: "plain", of: bench)
    /// Packs the folder into an inner archive, spoils that, and puts it into an outer one.
    func spoil(
      _ inner: String, _ outer: [String], _ name: String, _ change: (inout [UInt8]) -> Void
    )
      throws
    {
      let packed = bench.folder.url("packed-\(name)")
      try FileManager.default.createDirectory(at: packed, withIntermediateDirectories: true)
      try Peer.run(
        script: "nest_archives.py",
        [bench.folder.url("plain").path, packed.appending(path: "inner").path, inner],
        in: bench.folder)
      var bytes = try [UInt8](Data(contentsOf: packed.appending(path: "inner")))
      change(&bytes)
      try Data(bytes).write(to: packed.appending(path: "inner"))
      try Self.nest(bench, "packed-\(name)", outer, to: name)
    }
    // Its directory is missing.
    try spoil("zip", ["zip"], "cut.zip") { $0.removeLast(300) }
    try spoil("zip", ["tar"], "cut.zip.tar") { $0.removeLast(300) }
    // A tar gives what is whole: without its end and the last 100 bytes of the fourth slice.
    try spoil("tar", ["zip"], "cut.tar") { bytes in
      let end = bytes.lastIndex { $0 != 0 } ?? 0
      bytes.removeSubrange((end - 100)...)
    }
    // The flag of encryption in the local header and in the directory of every member.
    try spoil("stored", ["zip"], "locked") { bytes in
      for at in bytes.indices.dropLast(4) {
        if bytes[at...].starts(with: [0x50, 0x4B, 3, 4]) { bytes[at + 6] |= 1 }
        if bytes[at...].starts(with: [0x50, 0x4B, 1, 2]) { bytes[at + 8] |= 1 }
      }
    }
    // The outer directory says that the inner archive has nearly 4 GiB.
    try spoil("zip", ["zip"], "liar") { _ in }
    let liar = bench.sources.appending(path: "liar")
    var bytes = try [UInt8](Data(contentsOf: liar))
    // The last directory entry is the outer one's.
    let entry = try #require(
      bytes.indices.dropLast(4).last { bytes[$0...].starts(with: [0x50, 0x4B, 1, 2]) })
    bytes.replaceSubrange(entry + 24..<entry + 28, with: [255, 255, 255, 254])
    try Data(bytes).write(to: liar)
    // The outer archive's CRC of the inner one is wrong.
    try spoil("stored", ["stored"], "crc") { _ in }
    let crc = bench.sources.appending(path: "crc")
    bytes = try [UInt8](Data(contentsOf: crc))
    bytes[bytes.count / 2] ^= 1
    try Data(bytes).write(to: crc)

    let end = try bench.convert()
    #expect(end.code == 3)
    let rows = try bench.dataSet().rows()
    #expect(rows.count { $0.dicomModality == "CT" } == 4)
    #expect(rows.count { $0.dicomModality == "MR" } == 3)
    let rejects = try bench.dataSet().rejects()
    #expect(Set(rejects.map(\.code)) == ["broken_archive"])
    let messages = rejects.map(\.message).sorted()
    #expect(
      messages
        == [
          "A member of the archive claims more bytes than its data can hold.",
          "A member of the archive is damaged.",
        ] + Array(repeating: "A member of the archive is encrypted.", count: 4) + [
          "The archive is damaged or its end is missing.",
          "The archive's directory is missing or damaged.",
          "The archive's directory is missing or damaged.",
        ])
    #expect(bench.unpacked().isEmpty)
  }

  @Test(
    .enabled("needs the right to mount a tmpfs") { Mount.isAllowed }, arguments: ["zip", "tar"])
  func `an inner archive that would fill the disk is refused, and leaves room for the next`(
    _ kind: String
  ) throws {
    let bench = try Bench()
    try Self.write(Self.study(0), [0, 1, 2, 3], to: "plain", of: bench)
    try Self.nest(bench, "plain", ["zip", "tar"], to: "good")
    // 40 MB of zeros that a zip packs to 40 kB.
    try FileManager.default.createDirectory(
      at: bench.folder.url("zeros"), withIntermediateDirectories: true)
    try Data(count: 40_000_000).write(to: bench.folder.url("zeros/0"))
    try Self.nest(bench, "zeros", ["zip", kind == "zip" ? "stored" : "tar"], to: "bomb")
    let disk = try Mount(bench.folder.url("disk"), kilobytes: 16_384)
    defer { disk.end() }
    #expect(
      try bench.convert("set", from: nil, "--private", bench.folder.url("disk/key").path).code == 3)
    #expect(try bench.dataSet().rows().count == 4)
    let rejects = try bench.dataSet().rejects()
    #expect(rejects.map(\.code) == ["broken_archive"])
    #expect(rejects.first?.message == "The archive holds more bytes than may be unpacked.")
  }
}
