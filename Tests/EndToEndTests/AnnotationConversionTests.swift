import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

/// Annotations among the sources of a conversion: what they are of is remembered, and nothing that is
/// wrong with them costs more than themselves.
@Suite struct AnnotationConversionTests {
  private static let image = PhantomSeries(patient: 1, slices: 3)

  private static func bench() throws -> Bench {
    let bench = try Bench()
    try image.write(to: bench.sources)
    return bench
  }

  /// A selection of the series' first slice, `depth` containers deep, and of `more` other instances.
  private static func selection(depth: Int = 0, more: Int = 0) -> DICOMObject {
    let uid = image.object(0).text(.sopInstanceUID)
    var children = ([uid] + (0..<more).map { "2.25.\($0)" }).map { uid in
      var named = DICOMObject()
      named.set(DICOMAttribute(0x0008, 0x1155, .ui), uid)
      return item("IMAGE", [(DICOMAttribute(0x0008, 0x1199, .sq), [named])])
    }
    for _ in 0..<depth { children = [item("CONTAINER", [(content, children)])] }
    var selection = item("CONTAINER", [(content, children)])
    selection.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.88.59")
    selection.set(.sopInstanceUID, "2.25.9999999")
    return selection
  }

  private static let content = DICOMAttribute(0x0040, 0xA730, .sq)

  private static func item(
    _ type: String, _ sequences: [(DICOMAttribute, [DICOMObject])]
  ) -> DICOMObject {
    var item = DICOMObject()
    item.set(DICOMAttribute(0x0040, 0xA010, .cs), "CONTAINS")
    item.set(DICOMAttribute(0x0040, 0xA040, .cs), type)
    for (attribute, items) in sequences { item.set(attribute, .items(items)) }
    return item
  }

  /// What `inspect` says of each annotation: its path, the code of why it cannot be read, and the
  /// codes of its findings.
  private static func inspected(_ bench: Bench) throws -> [String: [String]] {
    let end = try Program.run("inspect", bench.sources.path, "--json")
    #expect(end.code == 0)
    let json = try JSONValue(json5: Array(end.output.utf8))
    guard case .array(let entries) = json["annotations"] else { return [:] }
    var found: [String: [String]] = [:]
    for entry in entries {
      guard case .string(let path) = entry["path"], case .array(let findings) = entry["findings"]
      else { continue }
      let codes = [entry["unreadable"]?["code"]] + findings.map { $0["code"] }
      found[path] = codes.compactMap { if case .string(let code) = $0 { code } else { nil } }
    }
    return found
  }

  @Test func `what is nested, cut or claimed beyond measure stays left out, and says why`() throws {
    let bench = try Self.bench()
    let whole = try DICOMWriter.file(Self.selection())
    try bench.write(whole, to: "a-whole")
    try bench.write(DICOMWriter.file(Self.selection(depth: 90)), to: "b-deep")
    try bench.write(DICOMWriter.file(Self.selection(depth: 1000)), to: "c-deeper")
    try bench.write(Array(whole.dropLast(37)), to: "d-cut")
    // Acquisition Context Sequence of 4 GB, explicit VR.
    let claim: [UInt8] = [0x40, 0, 0x55, 5, 0x53, 0x51, 0, 0, 0xF0, 0xFF, 0xFF, 0xFF]
    var object = Self.selection()
    object.set(Self.content, .items([]))
    try bench.write(DICOMWriter.file(object) + claim + [0xFE, 0xFF, 0, 0xE0], to: "e-claim")
    try bench.write(
      DICOMWriter.file(Self.selection().without(DICOMAttribute(0x0040, 0xA040, .cs))),
      to: "f-empty")

    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().leftOut() == ["key_object_selection": 6])
    #expect(try bench.dataSet().rejects().isEmpty)
    #expect(try bench.dataSet().rows().count == 3)
    #expect(
      try Self.inspected(bench) == [
        "a-whole": [], "b-deep": [], "c-deeper": ["damaged_header"], "d-cut": ["truncated"],
        "e-claim": ["truncated"], "f-empty": ["damaged_header"],
      ])
  }

  @Test func `of references beyond measure as many are kept as any study needs`() throws {
    let bench = try Self.bench()
    try bench.write(
      DICOMWriter.file(Self.selection(more: DICOMAnnotation.mostReferences)), to: "ko")
    #expect(try bench.convert().code == 0)
    let state = try PlanState(path: bench.dataSet().privateFolder.path + "/state.sqlite")
    let token = Bench.token("ko")
    #expect(
      try state.join(of: token).images
        == .init(named: DICOMAnnotation.mostReferences, here: 1, used: 1))
    guard case .summary(let summary) = try state.annotations().first?.reading else {
      throw TestSupportError("It cannot be read.")
    }
    #expect(summary.count == DICOMAnnotation.mostReferences + 1)
    #expect(summary.findings.map(\.code) == ["references_capped"])
  }

  @Test(arguments: [("kill", "crash"), ("allocate", "memory")])
  func `an annotation that ends its worker is left out all the same`(_ how: String, _ code: String)
    throws
  {
    let bench = try Self.bench()
    try bench.write(DICOMWriter.file(Self.selection()), to: "ko")
    var options = Conversion.Options(output: bench.dataSet().url.path)
    options.salt = Bench.salt
    options.workers.jobs = 1
    options.workers.memory = 1 << 29
    // It is opened for what it is in peace, and then for what it is of.
    let worker = WorkerCommand(
      executable: Program.path("MisbehavingWorker"),
      arguments: [how, Bench.token("ko"), "1", "\(Int.max)", bench.folder.url("count").path])
    let outcome = try Conversion(options, worker: worker).convert([bench.sources.path])
    #expect(outcome.samples == 3)
    #expect(outcome.rejected == 0)
    #expect(outcome.leftOut.map(\.kind) == ["key_object_selection"])
    let state = try PlanState(path: bench.dataSet().privateFolder.path + "/state.sqlite")
    let readings = try state.annotations().map(\.reading)
    #expect(readings.count == 1)
    guard case .unreadable(let error) = readings.first else {
      throw TestSupportError("It was read.")
    }
    #expect(error.code.rawValue == code)
  }

  @Test(.needsPeers)
  func `a segmentation of images that are not here is rejected with what it is of`()
    throws
  {
    let bench = try Bench()
    try Peer.run(script: "make_annotations.py", [bench.sources.path], in: bench.folder)
    #expect(try bench.convert().code == 3)
    let rejects = try bench.dataSet().rejects().filter { $0.code == "segmentation" }
    // By make_annotations.py; images that are listed count, here or not.
    let expected = ["seg-elsewhere.dcm": "2 segments, of 4 images"]
    #expect(
      Dictionary(uniqueKeysWithValues: rejects.map { ($0.source, $0.message) })
        == Dictionary(
          uniqueKeysWithValues: expected.map {
            (Bench.token($0), "The source is a DICOM segmentation: \($1).")
          }))
    #expect(rejects.allSatisfy { $0.remedy.contains("`gmai-prep inspect` shows") })
    #expect(
      try bench.dataSet().leftOut() == [
        "key_object_selection": 1, "presentation_state": 1, "structured_report": 3,
      ])
    #expect(try bench.dataSet().rows().count == 7)
    // No name, no label, no UID of a header anywhere.
    let said = try Peer.run(
      script: "data_set.py", [bench.dataSet().url.path, "--source", bench.sources.path],
      in: bench.folder)
    #expect(said.hasPrefix("7 samples"))
  }
}
