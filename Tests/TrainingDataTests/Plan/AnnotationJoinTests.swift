import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

/// Annotations and images find each other in the plan's state, whatever comes in which run.
@Suite struct AnnotationJoinTests {
  private typealias Made = AnnotationExport

  private static func slices(_ numbers: [Int], in bench: AnnotationExport) throws {
    for number in numbers {
      try bench.export.write(
        SmallExport.slice("2.25.\(number)", position: Double(number), instance: number),
        to: "\(number).dcm")
    }
  }

  @Test func `an annotation that comes later, and an image that comes later, are joined`() throws {
    let bench = try AnnotationExport()
    try Self.slices([1, 2], in: bench)
    #expect(try bench.plan().annotations(of: "1.dcm").isEmpty)

    try bench.export.write(Made.state("2.25.90", of: ["2.25.1", "2.25.3"], frames: [2]), to: "pr")
    var known = try bench.plan()
    #expect(try known.annotations(of: "1.dcm") == ["pr"])
    #expect(try known.annotations(of: "2.dcm").isEmpty)
    // Frame 2 counts from 1 in the file, from 0 here.
    #expect(try known.frames(of: "pr", in: "1.dcm") == [[1]])
    #expect(try known.join("pr").images == .init(named: 2, here: 1, used: 1))

    try Self.slices([3], in: bench)
    known = try bench.plan()
    #expect(try known.annotations(of: "3.dcm") == ["pr"])
    #expect(try known.join("pr").images == .init(named: 2, here: 2, used: 2))
    #expect(try known.join("pr").parts.map(\.images) == [2])
  }

  @Test
  func `an annotation that has changed is of what it says now, and one that is none of nothing`()
    throws
  {
    let bench = try AnnotationExport()
    try Self.slices([1, 2], in: bench)
    try bench.export.write(Made.state("2.25.90", of: ["2.25.1"]), to: "pr")
    #expect(try bench.plan().rows() == [1, 0])
    try bench.export.write(Made.state("2.25.90", of: ["2.25.2", "2.25.9"]), to: "pr")
    var known = try bench.plan()
    #expect(try known.annotations(of: "1.dcm").isEmpty)
    #expect(try known.annotations(of: "2.dcm") == ["pr"])
    #expect(try known.rows() == [2, 0])
    try bench.export.write(Array("hello".utf8), to: "pr")
    known = try bench.plan()
    #expect(try known.annotations(of: "2.dcm").isEmpty)
    #expect(try known.rows() == [0, 0])
    // An image that holds something else now is found no more.
    try bench.export.write(Made.state("2.25.90", of: ["2.25.2"]), to: "pr")
    try bench.export.write(Array("hello".utf8), to: "2.dcm")
    #expect(try bench.plan().join("pr").images == .init(named: 1, here: 0, used: 0))
  }

  private static func tar(_ members: [(name: String, object: DICOMObject)]) throws -> [UInt8] {
    var tar = TarWriter()
    for (name, object) in members {
      let bytes = try DICOMWriter.file(object)
      try tar.append(name: name, bytes: bytes.span)
    }
    return tar.finishInMemory()
  }

  @Test func `what was in an archive is forgotten when that has changed`() throws {
    let bench = try AnnotationExport()
    try Self.slices([1, 2], in: bench)
    let states = ["a", "b"].enumerated().map { number, name in
      (name: name, object: Made.state("2.25.9\(number)", of: ["2.25.\(number + 1)"]))
    }
    try bench.export.write(Self.tar(states), to: "x.tar")
    var known = try bench.plan()
    #expect(try known.annotations(of: "1.dcm") == ["a"])
    #expect(try known.annotations(of: "2.dcm") == ["b"])
    // Its files were removed by nobody, but another one stands in the place of the first.
    try bench.export.write(Self.tar([states[1]]), to: "x.tar")
    known = try bench.plan()
    #expect(try known.annotations(of: "1.dcm").isEmpty)
    #expect(try known.annotations(of: "2.dcm") == ["b"])
    #expect(try known.rows() == [1, 0])
  }

  @Test func `what draws in the patient belongs to one person's images of that space`() throws {
    let bench = try AnnotationExport()
    for (number, patient, frame) in [
      (1, "A-1", "2.25.600"), (2, "A-1", "2.25.601"), (3, "B-1", "2.25.600"),
    ] {
      var slice = SmallExport.slice("2.25.\(number)", study: number)
      slice.set(.patientID, patient)
      slice.set(.frameOfReference, frame)
      try bench.export.write(slice, to: "\(number).dcm")
    }
    try bench.export.write(Made.structures("2.25.90", in: "2.25.600", patient: "A-1"), to: "rt")
    // It names a picture: its space is not asked.
    try bench.export.write(Made.state("2.25.91", of: ["2.25.3"]), to: "pr")
    let known = try bench.plan()
    #expect(try known.annotations(of: "1.dcm") == ["rt"])
    #expect(try known.annotations(of: "2.dcm").isEmpty)
    #expect(try known.annotations(of: "3.dcm") == ["pr"])
    #expect(try known.frames(of: "rt", in: "1.dcm").isEmpty)
    let join = try known.join("rt")
    #expect(join.isBySpace && join.parts.map(\.images) == [1])
    #expect(try !known.join("pr").isBySpace)
  }

  @Test func `a copy is none of its own, and other bytes under its UID are`() throws {
    let bench = try AnnotationExport()
    try Self.slices([1], in: bench)
    for name in ["a", "b", "c"] {
      let uids = name == "c" ? ["2.25.1", "2.25.2"] : ["2.25.1"]
      try bench.export.write(Made.state("2.25.90", of: uids), to: name)
    }
    let known = try bench.plan()
    let found = try known.annotations(of: "1.dcm")
    #expect(found.count == 2)
    #expect(found.contains("c"))
    let entries = try bench.export.inspect().annotations
    #expect(entries.count == 3)
    let copies = entries.filter { $0.original != nil }
    #expect(copies.count == 1)
    #expect(Set([copies[0].place.path, copies[0].original?.path]) == ["a", "b"])
  }

  @Test(arguments: [1, 3]) func `jobs change nothing`(_ jobs: Int) throws {
    let bench = try AnnotationExport()
    try Self.slices(Array(0..<40), in: bench)
    for number in 0..<40 {
      try bench.export.write(
        Made.keyObjects("2.25.9\(number)", of: (0...number).map { "2.25.\($0)" }), to: "ko\(number)"
      )
    }
    let known = try bench.plan(jobs: jobs)
    // Image 30 is marked by the selections 30 to 39.
    #expect(try known.annotations(of: "30.dcm") == (30..<40).map { "ko\($0)" })
    // 1 + 2 + ... + 40 references.
    #expect(try known.rows() == [820, 0])
  }
}
