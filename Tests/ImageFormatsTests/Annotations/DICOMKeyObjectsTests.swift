import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Key object selections: the corpus has none.
@Suite struct DICOMKeyObjectsTests {
  private static func image(_ uid: String, frames: [Int] = []) -> DICOMObject {
    DICOMReportTests.item(
      "CONTAINS", "IMAGE", nil, [(.referencedSOPSequence, .items([.image(uid, frames: frames)]))])
  }

  private static func evidence(_ uids: [String]) -> DICOMObject.Value {
    .items([
      DICOMObject([
        (.studyInstanceUID, .texts(["1.9"])),
        (
          .referencedSeriesSequence,
          .items([
            DICOMObject([
              (.seriesInstanceUID, .texts(["1.9.1"])),
              (.referencedSOPSequence, .items(uids.map { .image($0) })),
            ])
          ])
        ),
      ])
    ])
  }

  @Test func `a selection names its instances, its title and why`() throws {
    var object = DICOMReportTests.document(
      [
        DICOMReportTests.item(
          "HAS CONCEPT MOD", "CODE", ("113011", "DCM", "Document Title Modifier"),
          [
            (
              DICOMAttribute(0x0040, 0xA168, .sq),
              DICOMObject.code("113002", "DCM", "For Referring Provider")
            )
          ]),
        DICOMReportTests.item(
          "HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"),
          [(DICOMAttribute(0x0040, 0xA123, .pn), .texts(["Dulcimero^Tobosina"]))]),
        DICOMReportTests.text(("113012", "DCM", "Key Object Description"), "Fracture"),
        Self.image("1.2.8", frames: [1, 4]), Self.image("1.2.7"),
      ], sopClass: "88.59")
    object.set(.conceptNameCodeSequence, DICOMObject.code("113000", "DCM", "Of Interest"))
    object.set(DICOMAttribute(0x0040, 0xA375, .sq), Self.evidence(["1.2.7", "1.2.8", "1.2.6"]))
    guard case .keyObjects(let found) = try object.annotation() else {
      throw TestSupportError("It is no selection.")
    }
    #expect(found.title == CodedConcept(value: "113000", scheme: "DCM", meaning: "Of Interest"))
    #expect(found.modifiers.map(\.value) == ["113002"])
    #expect(found.description == "Fracture")
    func reference(_ uid: String, _ frames: [Int]) -> ImageReference {
      ImageReference(
        studyInstanceUID: "1.9", seriesInstanceUID: "1.9.1",
        sopClassUID: "1.2.840.10008.5.1.4.1.1.2", sopInstanceUID: uid, frames: frames)
    }
    // What is evidence alone was not selected.
    #expect(found.references == [reference("1.2.8", [0, 3]), reference("1.2.7", [])])
    #expect(found.references[0].names("1.2.8", frame: 3))
    #expect(!found.references[0].names("1.2.8", frame: 1))
    #expect(found.references[1].names("1.2.7", frame: 1))
    #expect(!"\(found)".contains("Dulcimero"))
    #expect(!found.isRejection)
  }

  /// PS3.16 CID 7010 and 7011.
  @Test(arguments: [
    ("113000", "DCM", false), ("113001", "DCM", true), ("113010", "DCM", true),
    ("113013", "DCM", false), ("113037", "DCM", true), ("113038", "DCM", true),
    ("113039", "DCM", true), ("113001", "99LOCAL", false),
  ])
  func `a title says whether what is marked is not to be used`(
    _ code: String, _ scheme: String, _ isRejection: Bool
  ) throws {
    var object = DICOMReportTests.document([Self.image("1.2.7")], sopClass: "88.59")
    object.set(.conceptNameCodeSequence, DICOMObject.code(code, scheme, "Title"))
    let annotation = try object.annotation()
    guard case .keyObjects(let found) = annotation else {
      throw TestSupportError("It is no selection.")
    }
    #expect(found.isRejection == isRejection)
    #expect(annotation.summary.form == (isRejection ? .rejection : nil))
  }
}
