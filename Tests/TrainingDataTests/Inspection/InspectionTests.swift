import Foundation
import ImageFormats
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

@testable import TrainingData

@Suite struct InspectionTests {
  @Test func `a series is described by coded facts, its volumes by their geometry`() throws {
    let export = try SmallExport()
    // Positions 0, 1, 2, 5 and 6: two planes are missing behind the third.
    for (number, position) in [0.0, 1, 2, 5, 6].enumerated() {
      try export.write(
        SmallExport.slice("2.25.\(number)", position: position, instance: number),
        to: "a/\(number)")
    }
    let report = try export.inspect()
    #expect(report.studies.count == 1)
    let series = try #require(report.studies.first?.series.first)
    #expect(series.modality == .ct)
    #expect(series.dicomModality == "CT")
    #expect(series.bodyRegions == ["chest"])
    #expect(series.images == 5)
    let file = try DICOMWriter.file(SmallExport.slice("2.25.0")).count
    #expect(series.bytes >= 5 * file && report.studies[0].bytes == series.bytes)
    #expect(
      series.pixels == [
        .init(
          value: .init(
            samples: 1, bitsStored: 12, bitsAllocated: 16, isSigned: false,
            photometric: .monochrome2), images: 5)
      ])
    #expect(series.syntaxes.map(\.value.name) == ["Explicit VR Little Endian"])
    #expect(series.syntaxes.map(\.images) == [5])
    // 9 mm are three steps of 3 mm.
    let volume = VolumeSummary(
      kind: .volume, planes: 5, rows: 4, columns: 6,
      spacing: PixelSpacing(betweenRows: 1, betweenColumns: 1), step: 3, plane: .axial,
      reasons: [], findings: [GeometryFinding(.missing, after: 2, planes: 2, millimetres: 9)])
    #expect(series.volumes == [volume])
    #expect(report.rejected.isEmpty && report.leftOut.isEmpty)
  }

  @Test func `studies come as their files lie, series by their numbers`() throws {
    let export = try SmallExport()
    try export.write(SmallExport.slice("2.25.1", series: 7, study: 2), to: "b/1")
    try export.write(SmallExport.slice("2.25.2", series: 3, study: 2), to: "b/2")
    var other = SmallExport.slice("2.25.30", series: 9, study: 1)
    other.set(.rows, 2)
    other.set(.columns, 12)
    try export.write(other, to: "a")
    let report = try export.inspect()
    #expect(report.studies.map { $0.series.count } == [1, 2])
    #expect(report.studies[0].series[0].volumes.map(\.rows) == [2])
    #expect(report.images == 3)
    let reversed = try export.inspect(.init(), "b", "a")
    #expect(reversed.studies.map { $0.series.count } == [2, 1])
  }

  @Test func `volumes say why they stand apart`() throws {
    let export = try SmallExport()
    for number in 0..<6 {
      var slice = SmallExport.slice(
        "2.25.\(number)", position: Double(number % 3), instance: number)
      slice.set(.echoTime, .decimals([number < 3 ? 5 : 80]))
      try export.write(slice, to: "\(number)")
    }
    let volumes = try #require(try export.inspect().studies.first?.series.first?.volumes)
    #expect(volumes.map(\.planes) == [3, 3])
    #expect(volumes.map(\.reasons) == [[.echo], [.echo]])
  }

  @Test func `a modality or a transfer syntax that no table has is not repeated`() throws {
    let export = try SmallExport()
    var slice = SmallExport.slice("2.25.1")
    slice.set(.modality, "QUILL")
    slice.set(.bodyPartExamined, "PEREGRINE")
    try export.write(slice, to: "1")
    let series = try #require(try export.inspect().studies.first?.series.first)
    #expect(series.dicomModality == nil)
    #expect(series.bodyRegions.isEmpty)
    var description = InstanceHeader.Description()
    description.transferSyntaxUID = "1.2.3.4"
    #expect(SeriesSummary.Syntax(description).name == "unknown")
    #expect(SeriesSummary.Syntax(description).uid == "")
  }

  @Test func `what would be rejected or left out stands with its path`() throws {
    let export = try SmallExport()
    try export.write(SmallExport.slice("2.25.1"), to: "in/1.dcm")
    try export.write(SmallExport.slice("2.25.1"), to: "in/copy.dcm")
    try export.write([UInt8](), to: "in/empty.dcm")
    try export.write(Array("[autorun]\n".utf8), to: "in/autorun.inf")
    var burned = SmallExport.slice("2.25.2")
    burned.set(.burnedInAnnotation, "YES")
    try export.write(burned, to: "in/screen")
    let report = try export.inspect(.init(), "in")
    #expect(report.images == 1)
    #expect(report.leftOut.map(\.kind) == ["text"])
    #expect(report.leftOut.map(\.place.path) == ["autorun.inf"])
    #expect(report.leftOut[0].place.file == export.folder.url("in/autorun.inf").path)

    let byPath = Dictionary(uniqueKeysWithValues: report.rejected.map { ($0.place.path, $0) })
    #expect(report.rejected.map(\.place.path) == byPath.keys.sorted())
    #expect(byPath["empty.dcm"]?.code == .empty)
    #expect(byPath["screen"]?.code == .burnedIn)
    // Which of two equal files is kept is not promised; that each names the other is.
    let names: Set = ["1.dcm", "copy.dcm"]
    let copy = try #require(report.rejected.first { $0.code == .duplicate })
    #expect(names == [copy.place.path, copy.original?.path])
    #expect(report.rejected.count == 3)
    #expect(report.rejected.allSatisfy { $0.token == nil })
    #expect(!copy.message.contains { $0.isHexDigit && $0.isNumber })
  }

  @Test func `a recipe decides on what is left out`() throws {
    let export = try SmallExport()
    var scout = SmallExport.slice("2.25.1")
    scout.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "LOCALIZER"]))
    try export.write(scout, to: "scout")
    var screen = SmallExport.slice("2.25.2")
    screen.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.7")
    try export.write(screen, to: "screen")
    #expect(try export.inspect().rejected.map(\.code) == [.burnedIn])
    var recipe = Recipe()
    recipe.exclude = [.localizer]
    recipe.burnedIn = .accept
    let report = try export.inspect(.init(recipe: recipe))
    #expect(report.rejected.isEmpty)
    #expect(report.leftOut.map(\.kind) == ["localizer"])
    #expect(report.images == 1)
  }

  @Test func `members of a tar are known by their names in it`() throws {
    let export = try SmallExport()
    var tar = TarWriter()
    for (name, bytes) in [
      ("DISC/IM1", try DICOMWriter.file(SmallExport.slice("2.25.1"))),
      ("DISC/README.TXT", Array("hello".utf8)), ("DISC/IM2", []),
    ] {
      try tar.append(name: name, bytes: bytes.span)
    }
    try export.write(tar.finishInMemory(), to: "x.tar")
    for report in [try export.inspect(), try export.inspect(.init(), "x.tar")] {
      #expect(report.images == 1)
      #expect(report.leftOut.map(\.place.path) == ["x.tar"])
      #expect(report.leftOut.map(\.place.members) == [[.init(index: 1, name: "DISC/README.TXT")]])
      #expect(report.rejected.map(\.place.members) == [[.init(index: 2, name: "DISC/IM2")]])
      #expect(report.rejected.map(\.place.file) == [export.folder.url("x.tar").path])
    }
  }

  @Test func `what a DICOMDIR names and is not there would be rejected`() throws {
    let export = try SmallExport()
    var directory = DICOMDirectoryWriter(fileSetID: "SMALL")
    for number in 1...2 {
      try directory.add(SmallExport.slice("2.25.\(number)"), file: ["DICOM", "IM\(number)"])
    }
    try export.write(directory.file(), to: "DICOMDIR")
    try export.write(SmallExport.slice("2.25.1"), to: "DICOM/IM1")
    let report = try export.inspect(.init(), "DICOMDIR")
    #expect(report.images == 1)
    #expect(report.rejected.map(\.code) == [.missing])
    #expect(report.rejected.map(\.place.path) == ["DICOM/IM2"])
  }

  @Test func `nothing that is a picture gives an empty report, nothing at all an error`() throws {
    let export = try SmallExport()
    try export.write(Array("hello".utf8), to: "a.txt")
    let report = try export.inspect()
    #expect(report.images == 0 && report.rejected.isEmpty && report.leftOut.count == 1)
    let error = try #require(throws: ImageError.self) { try export.inspect(.init(), "b") }
    #expect(error.code == .missing)
  }

  @Test func `a worker that cannot be started ends the inspection with an error`() throws {
    let export = try SmallExport()
    try export.write(SmallExport.slice("2.25.1"), to: "1")
    let nobody = WorkerCommand(executable: "/nonexistent/worker", arguments: [])
    #expect(throws: ImageError.self) {
      try Inspection(.init(), worker: nobody).inspect([export.path])
    }
  }

  @Test func `equal sources give equal JSON, whatever the number of workers`() throws {
    let export = try SmallExport()
    for number in 0..<70 {
      try export.write(
        SmallExport.slice(
          "2.25.\(number)", series: number % 3, study: number % 2,
          position: Double(number), instance: number), to: "\(number)")
    }
    try export.write(SmallExport.slice("2.25.3"), to: "copy")
    var one = Inspection.Options()
    one.workers.jobs = 1
    var three = Inspection.Options()
    three.workers.jobs = 3
    #expect(try export.inspect(one).json == export.inspect(three).json)
  }
}
