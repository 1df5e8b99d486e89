import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct RadiographicViewTests {
  private func description(
    _ modality: String = "DX", word: String = "", code: String = ""
  ) -> InstanceHeader.Description {
    var description = InstanceHeader.Description()
    description.modality = modality
    description.viewPosition = word
    description.viewCode = code
    return description
  }

  @Test func `every word and every code says its view, of its kind of picture alone`() {
    for row in RadiographicView.table {
      let (own, other) = row.isOfBreast ? ("MG", "CR") : ("CR", "MG")
      for word in row.words {
        #expect(RadiographicView(description(own, word: word)) == row.view)
        #expect(RadiographicView(description(other, word: word)) == nil)
        // What is none of X-rays has no view.
        #expect(RadiographicView(description("CT", word: word)) == nil)
      }
      for code in row.codes {
        #expect(RadiographicView(description(own, code: code)) == row.view)
        #expect(RadiographicView(description(other, code: code)) == nil)
        #expect(RadiographicView(description("US", code: code)) == nil)
      }
    }
    let rows = RadiographicView.table
    #expect(Set(rows.map(\.view)) == Set(RadiographicView.allCases))
    let codes = rows.flatMap(\.codes)
    let words = rows.flatMap(\.words)
    #expect(Set(codes).count == codes.count && Set(words).count == words.count)
  }

  @Test(arguments: [
    ("MG", "CC", RadiographicView.craniocaudal, "craniocaudal"),
    ("MG", "MLO", .mediolateralOblique, "mediolateral oblique"),
    ("DX", "AP", .anteroposterior, "anteroposterior"),
    ("CR", "PA", .posteroanterior, "posteroanterior"), ("DX", "LATERAL", .lateral, "lateral"),
    ("CR", "LL", .leftLateral, "left lateral"),
    ("RF", "RLD", .rightDecubitus, "right lateral decubitus"),
  ])
  func `the usual words mean what they mean`(
    _ modality: String, _ word: String, _ view: RadiographicView, _ said: String
  ) {
    #expect(RadiographicView(description(modality, word: word)) == view)
    #expect(view.rawValue == said)
  }

  @Test func `what is unknown, or contradicts itself, says nothing`() {
    for word in ["", "MRS QUIXOTIC", "CCX", "A P", "APPA"] {
      #expect(RadiographicView(description(word: word)) == nil)
      #expect(RadiographicView(description("MG", word: word)) == nil)
    }
    #expect(RadiographicView(description("MG", word: "CC", code: "R-10226")) == nil)
    #expect(RadiographicView(description("MG", word: "CC", code: "127457009")) == nil)
    #expect(RadiographicView(description("MG", word: "CC", code: "R-10242")) == .craniocaudal)
    // A word of another table takes nothing away from a code.
    #expect(
      RadiographicView(description("MG", word: "SCREENING", code: "R-10242")) == .craniocaudal)
  }

  @Test(.needsPeers) func `codes are those of pydicom's context groups`() throws {
    let said = try Peer.run(
      """
      from pydicom.sr._cid_dict import cid_concepts
      from pydicom.sr._concepts_dict import concepts
      from pydicom.sr._snomed_dict import mapping
      for group in (4010, 4014):
          for name in cid_concepts[group]["SCT"]:
              for code, (meaning, groups) in concepts["SCT"][name].items():
                  if group in groups:
                      print(group, code, mapping["SCT"].get(code, "-"), meaning.replace("-", "").replace(" ", ""), sep=" ")
      """)
    var theirs: [String: [String]] = [:]
    for line in said.split(separator: "\n") {
      let words = line.split(separator: " ").map(String.init)
      theirs[words[0] + words[1]] = Array(words[2...])
    }
    #expect(theirs.count > 50)
    for row in RadiographicView.table where !row.codes.isEmpty {
      let found = theirs[(row.isOfBreast ? "4014" : "4010") + row.codes[0]]
      #expect(found?.first == row.codes[1], "\(row.view)")
      let name = row.view.rawValue.filter { $0 != " " }
      let meaning = [
        // The same in other words.
        "mediolateral": "mediallateral",
        "laterallyexaggeratedcraniocaudal": "craniocaudalexaggeratedlaterally",
        "mediallyexaggeratedcraniocaudal": "craniocaudalexaggeratedmedially",
      ][name]
      #expect(found?.last == meaning ?? name, "\(row.view)")
    }
    // All of mammography but its specimens.
    let breast = RadiographicView.table.filter(\.isOfBreast)
    #expect(breast.count == theirs.keys.count { $0.hasPrefix("4014") } - 1)
  }

  @Test func `a side is said of parts that there are two of`() {
    var knee = description()
    knee.bodyPartExamined = "KNEE"
    for (word, side) in [
      ("L", BodySide.left), ("R", .right), ("B", .both), ("U", nil), ("", nil), ("LEFT", nil),
    ] {
      knee.laterality = word
      #expect(BodySide(knee) == side)
    }
    var other = description(word: "")
    other.laterality = "L"
    for part in ["CHEST", "SPINE", "FINGER", "", "MRS QUIXOTIC"] {
      other.bodyPartExamined = part
      #expect(BodySide(other) == nil, "\(part)")
    }
    other.bodyPartExamined = ""
    other.modality = "MG"
    #expect(BodySide(other) == .left)
    other.bodyPartExamined = "CHEST"
    #expect(BodySide(other) == nil)
    // Every name is one of the table.
    #expect(BodyRegion.paired.isSubset(of: BodyRegion.all.map(\.name)))
  }
}
