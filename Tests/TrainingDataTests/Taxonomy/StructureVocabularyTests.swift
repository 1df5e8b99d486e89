import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats
@testable import TrainingData

/// Names of structures come from closed vocabularies.
@Suite struct StructureVocabularyTests {
  private let vocabulary = StructureVocabulary.standard

  @Test(.needsPeers) func `codes and meanings are those of pydicom's dictionary`() throws {
    let lines = try Peer.run(script: "structure_codes.py", in: TemporaryFolder())
      .split(separator: "\n")
    #expect(lines.count == 969)
    for line in lines {
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let name = StructureName(name: cells[3], code: "\(cells[0]):\(cells[1])")
      let concept = CodedConcept(value: cells[1], scheme: cells[0], meaning: "whatever")
      #expect(vocabulary.name(of: concept) == name)
      if !cells[2].isEmpty {
        let former = CodedConcept(value: cells[2], scheme: "SRT", meaning: "")
        #expect(vocabulary.name(of: former) == name)
      }
    }
  }

  @Test func `private codes and unknown ones say nothing, whatever they mean`() {
    for (value, scheme) in [("10200004", "99LOCAL"), ("1", "SCT"), ("T-62000", "SCT"), ("", "")] {
      #expect(
        vocabulary.name(of: CodedConcept(value: value, scheme: scheme, meaning: "Liver")) == nil)
    }
  }

  @Test(arguments: [
    ("Liver", "Liver", "SCT:10200004"), ("LIVER", "Liver", "SCT:10200004"),
    ("Lung_L", "left lung", "SCT:39607008"), ("Lt Lung", "left lung", "SCT:39607008"),
    ("LungRight", "right lung", "SCT:39607008"),
    ("Glnd_Submand_R", "right submandibular gland", "SCT:54019009"),
    ("Spinal-Cord", "Spinal cord", "SCT:2748008"),
    ("Bowel_Small", "Small intestine", "SCT:30315005"), ("BODY", "body outline", nil),
  ])
  func `names of structure sets that are known ones are read with their sides`(
    _ text: String, _ name: String, _ code: String?
  ) {
    #expect(vocabulary.name(ofText: text) == StructureName(name: name, code: code))
  }

  @Test(arguments: ["Mr. Liver", "Liver 2 Alonsina", "Lung L R", "", "_", "GTV 1 Smith"])
  func `other names are nobody's to keep`(_ text: String) {
    #expect(vocabulary.name(ofText: text) == nil)
  }

  @Test func `what a name stands for is in the standard, but for five`() {
    let others = vocabulary.aliasedMeanings.filter { !vocabulary.hasCode($0) }
    #expect(others == ["Areola", "Lens of eye", "Optic nerve", "body outline"])
  }

  @Test func `the recipe's names go before codes, and codes before names`() {
    let names = StructureNames([.init("My Liver", "donor liver"), .init("3", "tumour")])
    var segment = DICOMSegmentation.Segment(
      number: 1, category: nil,
      type: CodedConcept(value: "10200004", scheme: "SCT", meaning: "Liver"), label: "my-liver")
    #expect(
      names.name(of: segment) == StructureName(name: "donor liver", code: "SCT:10200004"))
    segment.label = "Mrs. Alonsina"
    #expect(names.name(of: segment) == StructureName(name: "Liver", code: "SCT:10200004"))
    segment.type = nil
    #expect(names.name(of: segment) == .unknown)

    let table = LabelTable([1: "liver", 2: "segment of ours", 3: "x"])
    #expect(names.name(ofNumber: 1, table) == StructureName(name: "liver", code: "SCT:10200004"))
    #expect(names.name(ofNumber: 2, table) == StructureName(name: "segment of ours", code: nil))
    #expect(names.name(ofNumber: 3, table) == StructureName(name: "tumour", code: nil))
    #expect(names.name(ofNumber: 4, table) == .unknown)
  }
}
