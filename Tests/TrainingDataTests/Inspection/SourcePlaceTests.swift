import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

@Suite struct PlaceFinderTests {
  private func finder(_ paths: [String]) -> PlaceFinder {
    PlaceFinder(paths, unpacked: "/private/unpacked") { $0 == "abc" ? .init(path: paths[0]) : nil }
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
    #expect(place.member == nil)
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

  @Test func `a file out of a tar is a member of the tar`() throws {
    let (folder, _) = try folder()
    let finder = finder([folder.url("f").path])
    let place = try finder.place(of: .init(path: "/private/unpacked/abc/000004"), named: true)
    #expect(place.path == "f")
    // The archive holds nothing: there is no name to be had.
    #expect(place.member == .init(index: 4, name: nil))
  }

  @Test func `places are ordered by argument, path and member`() {
    let places: [SourcePlace] = [
      .init(argument: 0, root: "r", path: "a"),
      .init(argument: 0, root: "r", path: "a", member: .init(index: 2, name: "b")),
      .init(argument: 0, root: "r", path: "a", member: .init(index: 10, name: "a")),
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

  @Test func `a token is a path, a member of a zip or one of a tar`() throws {
    let folder = try TemporaryFolder()
    var tar = TarWriter()
    try tar.append(name: "first", bytes: [1].span)
    try tar.append(name: "second", bytes: [2].span)
    try folder.write(tar.finishInMemory(), to: "x.tar")
    let archive = folder.url("x.tar").path
    let unpacked = folder.url("set.private/unpacked").path
    let sources = try sources(
      [
        SourceLine(source: token("a"), path: "/mnt/export/1.dcm"),
        SourceLine(source: token("b"), path: "/gone/x.zip", member: 7),
        SourceLine(source: token("c"), path: archive),
        SourceLine(source: token("d"), path: "\(unpacked)/\(token("c"))/000001"),
        SourceLine(source: token("e"), path: "/mnt/unpacked/x/000001"),
      ], in: folder)
    #expect(try sources.place(of: token("a")).file == "/mnt/export/1.dcm")
    let zipped = try sources.place(of: token("b"))
    #expect(zipped.file == "/gone/x.zip" && zipped.member == .init(index: 7, name: nil))
    let unpackedPlace = try sources.place(of: token("d"))
    #expect(unpackedPlace.file == archive)
    #expect(unpackedPlace.member == .init(index: 1, name: "second"))
    #expect(try sources.place(of: token("e")).file == "/mnt/unpacked/x/000001")
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
