import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

@Suite struct PlaceFinderTests {
  private func finder(_ paths: [String]) -> PlaceFinder {
    let sources: [String: TrainingData.SourceLocation] = [
      "tar": .init(path: paths[0]), "zip-in-zip": .init(path: paths[0], member: 7),
      "tar-in-tar": .init(path: "/private/unpacked/tar/000002"),
    ]
    return PlaceFinder(paths, source: { sources[$0] }, name: { "\($0.path.last ?? " ")" })
  }

  /// A folder with a file, known by its path from the root.
  private func folder() throws -> (TemporaryFolder, real: String) {
    let folder = try TemporaryFolder()
    try folder.write([1], to: "f")
    return (folder, folder.url.resolvingSymlinksInPath().path)
  }

  @Test(arguments: ["", "/", "//", "/."])
  func `a folder is shown as it was typed`(_ end: String) throws {
    let (folder, real) = try folder()
    let place = try finder([folder.url.path + end])
      .place(of: .init(path: real + "/a/b"), named: true)
    #expect(place.path == "a/b")
    #expect(FileManager.default.fileExists(atPath: place.root))
    #expect(place.root == folder.url.path + (end == "/." ? "/." : ""))
    #expect(place.members.isEmpty)
  }

  @Test func `a link to a folder is shown as the link`() throws {
    let (folder, real) = try folder()
    let link = folder.url("link").path
    let target = folder.url("target")
    try FileManager.default.createDirectory(at: target, withIntermediateDirectories: true)
    try FileManager.default.createSymbolicLink(atPath: link, withDestinationPath: target.path)
    let place = try finder([link]).place(of: .init(path: real + "/target/x"), named: true)
    #expect(place.file == link + "/x")
  }

  @Test func `a named file is found in itself, what it lists beside it`() throws {
    let (folder, real) = try folder()
    try folder.write([1], to: "g")
    let finder = finder([folder.url("f").path, folder.url("g").path])
    for (name, argument) in [("f", 0), ("g", 1), ("DICOM/1", 0)] {
      let place = try finder.place(of: .init(path: "\(real)/\(name)"), named: true)
      #expect(place == .init(argument: argument, root: real, path: name))
    }
  }

  @Test func `of two folders the inner one is meant`() throws {
    let (folder, real) = try folder()
    let inner = folder.url("in")
    try FileManager.default.createDirectory(at: inner, withIntermediateDirectories: true)
    let finder = finder([folder.url.path, inner.path])
    #expect(try finder.place(of: .init(path: real + "/in/x"), named: true).argument == 1)
    #expect(try finder.place(of: .init(path: real + "/inside"), named: true).argument == 0)
  }

  @Test(arguments: [
    ("/private/unpacked/tar/000004", nil, [4], ["4"]),
    ("/private/unpacked/tar/000003", 6, [3, 6], ["3", "3"]),
    ("/private/unpacked/tar-in-tar/000005", nil, [2, 5], ["2", "5"]),
    ("/private/unpacked/zip-in-zip/archive", 6, [7, 6], ["f", "e"]),
    // A tar that is in a zip.
    ("/private/unpacked/zip-in-zip/000001", nil, [7, 1], ["f", "1"]),
  ])
  func `what came out of an archive is a member of it, and of the one around that`(
    _ path: String, _ member: Int?, _ indices: [Int], _ names: [String]
  ) throws {
    let (folder, _) = try folder()
    let location = TrainingData.SourceLocation(path: path, member: member)
    let place = try finder([folder.url("f").path]).place(of: location, named: true)
    #expect(place.path == "f")
    #expect(place.members.map(\.index) == indices)
    // The names that are asked for are those of the bytes on the way.
    #expect(place.members.map(\.name) == names)
    let bare = try finder([folder.url("f").path]).place(of: location, named: false)
    #expect(bare.members.map(\.name) == indices.map { _ in nil })
  }

  @Test(arguments: [
    "/private/unpacked/other/000004", "/private/unpacked/tar/notes", "unpacked/tar",
  ])
  func `a file whose path only looks like that of a member is a file`(_ path: String) throws {
    let (folder, _) = try folder()
    let place = try finder([folder.url("f").path]).place(of: .init(path: path), named: true)
    #expect(place == .init(argument: 0, root: "", path: path))
  }

  @Test func `places are ordered by argument, path and member`() {
    let places: [SourcePlace] = [
      .init(argument: 0, root: "r", path: "a"),
      .init(argument: 0, root: "r", path: "a", members: [.init(index: 2, name: "b")]),
      .init(
        argument: 0, root: "r", path: "a",
        members: [.init(index: 2, name: "b"), .init(index: 0, name: "c")]),
      .init(argument: 0, root: "r", path: "a", members: [.init(index: 10, name: "a")]),
      .init(argument: 0, root: "r", path: "b"),
      .init(argument: 1, root: "r", path: "a"),
    ]
    #expect(places.reversed().sorted() == places)
  }
}

@Suite struct DataSetSourcesTests {
  /// A private folder with these lines.
  private func sources(_ lines: [SourceLine], in folder: TemporaryFolder) throws -> DataSetSources {
    let workspace = Workspace(output: folder.url("set").path)
    try FileManager.default.createDirectory(
      atPath: workspace.privateFolder, withIntermediateDirectories: true)
    try Data(lines.flatMap { StoredJSON.encode($0) + [10] })
      .write(to: URL(filePath: workspace.sources))
    return DataSetSources(workspace)
  }

  private func token(_ letter: Character) -> String { String(repeating: letter, count: 32) }

  @Test func `a token is a path, or a member of an archive, or of one in that`() throws {
    let folder = try TemporaryFolder()
    // As the private folder was called when it was written.
    let unpacked = "/before/it/moved/unpacked"
    let (tar, zip, inner) = (token("c"), token("f"), token("0"))
    let sources = try sources(
      [
        SourceLine(source: token("a"), path: "/mnt/export/1.dcm"),
        SourceLine(source: token("b"), path: "/gone/x.zip", member: 7, name: "DISC/\"7\""),
        SourceLine(source: tar, path: "/gone/x.tar"),
        SourceLine(source: token("d"), path: "\(unpacked)/\(tar)/000001", name: "second"),
        SourceLine(source: token("e"), path: "/mnt/unpacked/x/000001"),
        SourceLine(source: zip, path: "/gone/\"x\".zip", member: 2, name: "in.zip"),
        SourceLine(source: token("1"), path: "\(unpacked)/\(zip)/archive", member: 0, name: "one"),
        SourceLine(source: inner, path: "\(unpacked)/\(tar)/000002", name: "in.tar"),
        SourceLine(source: token("2"), path: "\(unpacked)/\(inner)/000005", name: "two"),
        SourceLine(source: token("3"), path: "\(unpacked)/\(tar)/000002", member: 4, name: "three"),
      ], in: folder)
    func expect(_ letter: Character, _ file: String, _ members: [SourcePlace.Member]) throws {
      let place = try sources.place(of: token(letter))
      #expect(place == SourcePlace(argument: 0, root: "", path: file, members: members))
    }
    try expect("a", "/mnt/export/1.dcm", [])
    try expect("b", "/gone/x.zip", [.init(index: 7, name: "DISC/\"7\"")])
    try expect("d", "/gone/x.tar", [.init(index: 1, name: "second")])
    try expect("e", "/mnt/unpacked/x/000001", [])
    try expect(
      "1", "/gone/\"x\".zip", [.init(index: 2, name: "in.zip"), .init(index: 0, name: "one")])
    try expect("2", "/gone/x.tar", [.init(index: 2, name: "in.tar"), .init(index: 5, name: "two")])
    try expect(
      "3", "/gone/x.tar", [.init(index: 2, name: "in.tar"), .init(index: 4, name: "three")])
  }

  @Test func `sources that name each other in a circle end somewhere`() throws {
    let folder = try TemporaryFolder()
    let (a, b) = (token("a"), token("b"))
    let sources = try sources(
      [
        SourceLine(source: a, path: "/unpacked/\(b)/000001"),
        SourceLine(source: b, path: "/unpacked/\(a)/000002"),
      ], in: folder)
    #expect(try sources.place(of: a).members.count == 4)
  }

  @Test func `an unknown token, or none of this data set, is refused without being repeated`()
    throws
  {
    let folder = try TemporaryFolder()
    let line = SourceLine(source: token("a"), path: "/mnt/\(token("f"))")
    let sources = try sources([line], in: folder)
    // The second stands in the file, but as a part of a path.
    for unknown in [token("0"), token("f"), "a", ""] {
      let error = try #require(throws: ImageError.self) { try sources.place(of: unknown) }
      #expect(error.code == .missing)
      #expect(error.remedy.contains("rejects.jsonl"))
    }
  }

  @Test func `a data set that is not there is refused`() throws {
    let folder = try TemporaryFolder()
    let sources = DataSetSources(Workspace(output: folder.url("set").path))
    let error = try #require(throws: ImageError.self) { try sources.place(of: token("a")) }
    #expect(error.code == .missing)
    #expect(error.remedy.contains("--private"))
  }
}
