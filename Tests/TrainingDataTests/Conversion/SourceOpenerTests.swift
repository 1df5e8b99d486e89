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
}
