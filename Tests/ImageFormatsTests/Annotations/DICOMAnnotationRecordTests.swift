import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// What is kept of an annotation to join it with images.
@Suite struct DICOMAnnotationRecordTests {
  private static func state(_ images: [DICOMObject]) throws -> DICOMAnnotation {
    try DICOMObject.annotation(
      "11.1",
      [
        (
          .referencedSeriesSequence,
          .items([
            DICOMObject([
              (.seriesInstanceUID, .texts(["1.2.9"])), (.referencedImageSequence, .items(images)),
            ])
          ])
        )
      ]
    ).annotation()
  }

  @Test func `references are kept with their frames as far as the bound goes, and it is said`()
    throws
  {
    let state = try Self.state([.image("1.1", frames: [1, 4]), .image("1.2"), .image("1.3")])
    func kept(_ most: Int) -> [String] {
      state.record(mostReferences: most).references.map(\.sopInstanceUID)
    }
    // The first counts three: itself and two frames.
    #expect(kept(5) == ["1.1", "1.2", "1.3"])
    #expect(kept(4) == ["1.1", "1.2"])
    #expect(kept(2) == [])
    #expect(state.record(mostReferences: 5).summary.findings.isEmpty)
    #expect(state.record(mostReferences: 4).summary.findings.map(\.code) == ["references_capped"])
    let record = state.record()
    #expect(record.references == state.references)
    #expect(record.references[0].frames == [0, 3])
    #expect(record.references.allSatisfy { $0.seriesInstanceUID == "1.2.9" })
    #expect(record.identity.sopInstanceUID == "1.2.3.4")
  }

  @Test(arguments: [
    ("", true), ("1.2.840.10008.5.1.4.1.1.2", true), ("1.2.840.10008.5.1.4.1.1.77.1.6", true),
    ("1.3.6.1.4.1", true), ("1.2.840.10008.5.1.4.1.1.66.4", false),
    ("1.2.840.10008.5.1.4.1.1.88.33", false), ("1.2.840.10008.5.1.4.1.1.104.1", false),
  ])
  func `pictures are told from other objects by their class`(_ uid: String, _ isImage: Bool) {
    #expect(ImageReference(sopClassUID: uid, sopInstanceUID: "1.2").isOfImage == isImage)
  }
}
