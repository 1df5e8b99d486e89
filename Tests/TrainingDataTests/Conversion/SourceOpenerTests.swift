import ImageFormats
import TestSupport
import Testing

@testable import TrainingData

@Suite(.needsPeers) struct SourceOpenerTests {
  /// A zip with an archive of that kind in it, which holds 100,000 bytes.
  private static func nested(_ kind: String) throws -> (
    TemporaryFolder, TrainingData.SourceLocation
  ) {
    let folder = try TemporaryFolder()
    try folder.write([UInt8](repeating: 1, count: 100_000), to: "a")
    try Peer.run(
      "import sys, shutil, os, zipfile; os.chdir(sys.argv[1]); os.mkdir('d'); os.rename('a', 'd/a'); "
        + "name = shutil.make_archive('in', sys.argv[2], 'd'); z = zipfile.ZipFile('x.zip', 'w'); "
        + "z.write(name, 'in'); z.close()", folder.url.path, kind)
    return (folder, TrainingData.SourceLocation(path: folder.url("x.zip").path, member: 0))
  }

  @Test(arguments: [("zip", ArchiveKind.zip), ("tar", .tar), ("gztar", .compressed)])
  func `an archive in an archive is known without being held in memory`(
    _ name: String, _ kind: ArchiveKind
  ) throws {
    let (folder, location) = try Self.nested(name)
    let opener = SourceOpener(memoryLimit: 50)
    #expect(try opener.archive(in: location) == kind)
    #expect(try opener.isTar(location) == (name != "zip"))
    // The file itself is an archive, but in none.
    #expect(try opener.archive(in: TrainingData.SourceLocation(path: location.path)) == nil)
    #expect(try !opener.isTar(TrainingData.SourceLocation(path: location.path)))
    withExtendedLifetime(folder) {}
  }

  @Test func `a member that may be a slide is known without being held in memory`() throws {
    let folder = try TemporaryFolder()
    try Peer.run(
      "import sys, zipfile; z = zipfile.ZipFile(sys.argv[1], 'w'); z.writestr('a', b'II*\\0' + bytes(99)); "
        + "z.writestr('b', b'SQLite format 3\\0' + bytes(99)); z.writestr('c', bytes(99)); z.close()",
      folder.url("x.zip").path)
    let path = folder.url("x.zip").path
    func isTooLarge(_ member: Int?, limit: Int) throws -> Bool {
      try SourceOpener(memoryLimit: limit)
        .isTooLargeSlide(TrainingData.SourceLocation(path: path, member: member))
    }
    for member in 0..<2 {
      #expect(try isTooLarge(member, limit: 50))
      #expect(try !isTooLarge(member, limit: 500))
    }
    #expect(try !isTooLarge(2, limit: 50))
    #expect(try !isTooLarge(nil, limit: 50))
  }
}
