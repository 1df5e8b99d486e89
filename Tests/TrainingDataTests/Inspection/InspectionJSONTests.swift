import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

@Suite struct InspectionJSONTests {
  private static func report() throws -> InspectionReport {
    let export = try SmallExport()
    for (number, position) in [0.0, 1, 4, 5].enumerated() {
      try export.write(
        SmallExport.slice("2.25.\(number)", position: position, instance: number), to: "\(number)")
    }
    try export.write(SmallExport.slice("2.25.1", position: 1, instance: 1), to: "copy")
    try export.write(Array("hello".utf8), to: "a.txt")
    var tar = TarWriter()
    try tar.append(name: "empty", bytes: [UInt8]().span)
    try export.write(tar.finishInMemory(), to: "x.tar")
    // Bits stored above bits allocated: a finding.
    var odd = SmallExport.slice("2.25.50", series: 2)
    odd.set(.bitsStored, 20)
    try export.write(odd, to: "odd")
    // Two of three slices are here; the other state is damaged within its header; the last lacks its
    // preamble and meta header: a finding.
    let state = AnnotationExport.state("2.25.90", of: ["2.25.0", "2.25.2", "2.25.7"])
    try export.write(state, to: "pr")
    let file = try DICOMWriter.file(state)
    try export.write(Array(file.dropLast(20)), to: "short")
    try export.write(Array(file.dropFirst(132)), to: "bare")
    return try export.inspect()
  }

  /// Every key that stands anywhere in a value.
  private static func keys(_ value: JSONValue) -> Set<String> {
    switch value {
    case .object(let members):
      members.reduce(into: []) { found, member in
        found.insert(member.key)
        found.formUnion(keys(member.value))
      }
    case .array(let values): values.reduce(into: []) { $0.formUnion(keys($1)) }
    default: []
    }
  }

  @Test func `counts, studies, rejected and left out agree with the report`() throws {
    let report = try Self.report()
    let json = try JSONValue(json5: report.json)
    #expect(json["format_version"] == 1)
    #expect(json["counts"]?["images"] == 5)
    #expect(json["counts"]?["series"] == 2)
    #expect(json["counts"]?["rejected"] == .object([.init("duplicate", 1), .init("empty", 1)]))
    #expect(
      json["counts"]?["left_out"] == .object([.init("presentation_state", 3), .init("text", 1)]))
    #expect(json["counts"]?["annotations"] == .object([.init("presentation_state", 3)]))
    guard case .array(let annotations) = json["annotations"] else {
      throw TestSupportError("The JSON has another form.")
    }
    #expect(annotations.map { $0["path"] } == ["bare", "pr", "short"])
    #expect(annotations.map { $0["images_named"] } == [3, 3, .null])
    #expect(annotations.map { $0["images_here"] } == [2, 2, .null])
    #expect(annotations[2]["unreadable"]?["code"] == "truncated")
    #expect(
      annotations[1]["of"]
        == .array([.object([.init("study", 1), .init("series", 1), .init("images", 2)])]))
    guard case .array(let studies) = json["studies"],
      case .array(let series) = studies[0]["series"],
      case .array(let volumes) = series[0]["volumes"]
    else { throw TestSupportError("The JSON has another form.") }
    #expect(studies.map { $0["number"] } == [1])
    // Steps of 3, 9 and 3 mm.
    #expect(volumes[0]["step_mm"] == 3.0)
    #expect(
      volumes[0]["findings"]
        == .array([
          .object([
            .init("kind", "missing"), .init("after", 1), .init("planes", 2),
            .init("millimetres", 9.0),
          ])
        ]))
    #expect(volumes[0]["pixel_spacing_mm"] == .array([1.0, 1.0]))
  }

  @Test func `every field is explained in the reference, and nothing else is`() throws {
    let json = try JSONValue(json5: Self.report().json)
    var fields = Self.keys(json)
    // Codes and kinds are values of theirs, not fields.
    fields.subtract(["duplicate", "empty", "text", "presentation_state"])
    let reference = URL(filePath: #filePath)
      .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Docs/Reference/inspect.md")
    let text = try String(contentsOf: reference, encoding: .utf8)
    let explained = Set(
      text.split(separator: "\n").filter { $0.hasPrefix("| `") }
        .compactMap { $0.split(separator: "`").dropFirst().first.map(String.init) })
    #expect(fields.subtracting(explained).isEmpty)
    #expect(explained.subtracting(fields).isEmpty)
  }

  @Test func `an object has the same fields whatever it holds`() throws {
    let empty = InspectionReport(studies: [], rejected: [], leftOut: [])
    #expect(
      String(decoding: empty.json, as: UTF8.self) == """
        {
          "format_version": 1,
          "tool_version": "\(ToolVersion.current)",
          "counts": {
            "studies": 0,
            "series": 0,
            "images": 0,
            "bytes": 0,
            "annotations": {},
            "rejected": {},
            "left_out": {}
          },
          "studies": [],
          "annotations": [],
          "rejected": [],
          "left_out": []
        }

        """)
  }
}
