import MedicalImaging
import Testing

@testable import Preprocessing

@Suite struct BodyRegionTests {
  @Test func `a term is found however its words are set apart`() {
    for term in ["CHEST", "THORAX", "chest"] { #expect(BodyRegion(term: term)?.name == "chest") }
    for term in ["WHOLEBODY", "WHOLE BODY", "Whole-Body"] {
      #expect(BodyRegion(term: term)?.name == "whole body")
    }
    #expect(BodyRegion(term: "C_SPINE")?.name == "cervical spine")
    #expect(BodyRegion(term: "CHESTABDPELVIS")?.name == "chest, abdomen and pelvis")
  }

  @Test func `a term that is not in the table has no name`() {
    for term in ["", " ", "TOTAL B", "JANE DOE", "CHEST OF DOE", "ÉPAULE"] {
      #expect(BodyRegion(term: term) == nil)
    }
  }

  @Test func `no term and no name stands twice, and terms are in their looked-up form`() {
    let terms = BodyRegion.all.flatMap(\.terms)
    #expect(Set(terms).count == terms.count)
    #expect(Set(BodyRegion.all.map(\.name)).count == BodyRegion.all.count)
    for region in BodyRegion.all {
      for term in region.terms { #expect(BodyRegion(term: term) == region) }
    }
  }
}

@Suite struct ModalityNameTests {
  private func name(_ modality: String, _ sopClass: String = "") -> String {
    var description = InstanceHeader.Description()
    description.modality = modality
    description.sopClassUID = sopClass
    return ModalityName(description).rawValue
  }

  @Test func `modalities are named in the taxonomy's words`() {
    #expect(
      ["CT", "MR", "US", "PT", "ES", "NM"].map { name($0) }
        == ["CT", "MR", "ultrasound", "PET", "endoscopy", "nuclear medicine"])
    #expect(["CR", "DX", "MG", "XA", "RF"].allSatisfy { name($0) == "X-ray" })
    #expect(["", "OT", "SEG", "DOE"].allSatisfy { name($0) == "other" })
    #expect(ModalityName.allCases.count == 15)
  }

  @Test func `where Modality says nothing the SOP class may`() {
    // CT, Digital X-Ray for presentation, Ultrasound multi-frame, Secondary Capture.
    #expect(name("OT", "1.2.840.10008.5.1.4.1.1.2") == "CT")
    #expect(name("", "1.2.840.10008.5.1.4.1.1.1.1") == "X-ray")
    #expect(name("", "1.2.840.10008.5.1.4.1.1.3.1") == "ultrasound")
    #expect(name("", "1.2.840.10008.5.1.4.1.1.7") == "other")
  }
}

@Suite struct AnatomicalPlaneTests {
  private func plane(_ row: Vector3, _ column: Vector3) -> AnatomicalPlane? {
    AnatomicalPlane(
      PlaneGeometry(position: Vector3(0, 0, 0), alongRow: row, alongColumn: column))
  }

  @Test func `a plane is named by the axis that its normal is nearest to`() {
    let (x, y, z) = (Vector3(1, 0, 0), Vector3(0, 1, 0), Vector3(0, 0, 1))
    #expect(plane(x, y) == .axial)
    #expect(plane(x, z * -1) == .coronal)
    #expect(plane(y, z * -1) == .sagittal)
    #expect(plane(y * -1, x) == .axial)
    #expect(plane(x, x) == nil)
    #expect(plane(Vector3(.nan, 0, 0), y) == nil)
  }

  @Test func `it may lean by 20 degrees and not by 21`() {
    // Rows turned about x: (0, cos, sin) with 19.9 and 20.1 degrees.
    let x = Vector3(1, 0, 0)
    #expect(plane(x, Vector3(0, 0.940_288, 0.340_380)) == .axial)
    #expect(plane(x, Vector3(0, 0.939_094, 0.343_660)) == .oblique)
  }
}
