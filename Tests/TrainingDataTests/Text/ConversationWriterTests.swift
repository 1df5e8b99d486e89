import MedicalImaging
import Preprocessing
import Testing

@testable import ImageFormats
@testable import TrainingData

@Suite struct ConversationWriterTests {
  private static func writer(
    _ questions: [Recipe.Text.Question] = Recipe.Text.Question.allCases, seed: Int = 1
  ) throws -> ConversationWriter {
    ConversationWriter(templates: try .named(.en), questions: questions, seed: seed)
  }

  /// Everything that the table of facts allows: kinds, modalities, planes, regions, views, sides, presets.
  private static var allFacts: [PictureFacts] {
    var all: [PictureFacts] = []
    let regions: [String?] = [nil] + BodyRegion.all.map(\.name)
    for modality in ModalityName.allCases {
      for (number, region) in regions.enumerated() {
        let planes: [AnatomicalPlane?] = [nil] + AnatomicalPlane.allCases
        let plane = planes[number % planes.count]
        let views: [RadiographicView?] = modality == .xRay ? RadiographicView.allCases : [nil]
        all.append(
          PictureFacts(
            kind: plane == nil ? (number % 2 == 0 ? .image : .frame) : .slice, modality: modality,
            region: region, plane: plane, view: plane == nil ? views[number % views.count] : nil,
            side: number % 4 == 0 ? nil : BodySide.allCases[number % 4 - 1],
            preset: modality == .ct ? CTPreset.allCases[number % CTPreset.allCases.count] : nil))
      }
    }
    return all
  }

  @Test func `every wording for every fact is a whole sentence`() throws {
    let writer = try Self.writer()
    var answers = Set<String>()
    for (number, facts) in Self.allFacts.enumerated() {
      for key in 0..<4 {
        let (turns, wordings) = writer.conversation(about: facts, key: "\(number).\(key)")
        #expect(turns.map(\.from) == (0..<turns.count).map { $0 % 2 == 0 ? .human : .gpt })
        #expect(wordings.split(separator: " ").count * 2 == turns.count)
        #expect(turns[0].value.hasPrefix("<image>\n"))
        for (place, turn) in turns.enumerated() {
          let text = place == 0 ? String(turn.value.dropFirst("<image>\n".count)) : turn.value
          #expect(!text.contains("<image>") && !text.contains("{") && !text.contains("}"))
          #expect(!text.contains("  ") && !text.contains(" .") && !text.contains("the the"))
          #expect(text.first?.isUppercase == true, "\(text)")
          #expect(text.last == "." || (turn.from == .human && text.last == "?"), "\(text)")
          if turn.from == .gpt { answers.insert(text) }
        }
      }
    }
    // "a" or "an" by sound: vowels of plain words, and the names of M, X and O.
    for answer in answers {
      let words = answer.split { $0 == " " || $0 == "." }
      for (article, word) in zip(words, words.dropFirst()) where article.lowercased() == "a" {
        #expect(!"aeiou".contains(word.first ?? " "), "\(answer)")
        #expect(!["MR", "X-ray", "OCT"].contains(word), "\(answer)")
      }
      for (article, word) in zip(words, words.dropFirst()) where article.lowercased() == "an" {
        let isSoft = "aeiou".contains(word.first ?? " ") || ["MR", "X-ray", "OCT"].contains(word)
        #expect(isSoft, "\(answer)")
      }
    }
    // "An oblique MR slice of the knee.": some of the thousands.
    #expect(answers.contains("Ultrasound.") && answers.contains { $0.hasPrefix("An oblique MR") })
  }

  @Test(arguments: [
    (ModalityName.ct, "a CT"), (.mr, "an MR"), (.xRay, "an X-ray"), (.oct, "an OCT"),
    (.pet, "a PET"), (.ultrasound, "an ultrasound"), (.endoscopy, "an endoscopy"),
    (.infraredReflectance, "an infrared reflectance imaging"),
    (.nuclearMedicine, "a nuclear medicine"), (.fundusPhotography, "a fundus photography"),
  ])
  func `a modality has the article that it is spoken with`(
    _ modality: ModalityName, _ words: String
  ) {
    #expect(ConversationWriter.withArticle(modality.rawValue) == words)
  }

  @Test func `what the header does not carry is neither asked nor said`() throws {
    let writer = try Self.writer()
    let facts = PictureFacts(kind: .image, modality: .other)
    for key in 0..<50 {
      let (turns, wordings) = writer.conversation(about: facts, key: "\(key)")
      #expect(turns.count == 2)
      #expect(wordings.hasPrefix("caption."))
      // Five wordings around the same words: an image, and nothing else.
      let said = turns[1].value.lowercased()
      #expect(said.contains("an image"))
      for word in ["slice", "axial", "window", "of the", "other", "ct", "mr"] {
        #expect(!said.split { !$0.isLetter }.map(String.init).contains(word), "\(said)")
      }
    }
    var plain = facts
    plain.modality = .mr
    #expect(writer.conversation(about: plain, key: "x").turns.count == 4)
    plain.region = "brain"
    #expect(writer.conversation(about: plain, key: "x").turns.count == 6)
    plain.plane = .sagittal
    #expect(writer.conversation(about: plain, key: "x").turns.count == 8)
    plain.view = .craniocaudal
    #expect(writer.conversation(about: plain, key: "x").turns.count == 10)
    plain.side = .left
    #expect(writer.conversation(about: plain, key: "x").turns.count == 12)
  }

  @Test(arguments: [
    ("MG", "BREAST", "CC", "R", "a craniocaudal X-ray image of the right breast."),
    ("MG", "BREAST", "MLO", "L", "a mediolateral oblique X-ray image of the left breast."),
    // Sides of two breasts are not one breast's.
    ("MG", "BREAST", "MLO", "B", "a mediolateral oblique X-ray image of the breast."),
    ("DX", "CHEST", "PA", "L", "a posteroanterior X-ray image of the chest."),
    ("CR", "KNEE", "LATERAL", "R", "a lateral X-ray image of the right knee."),
    ("CR", "HAND", "MRS QUIXOTIC", "U", "an X-ray image of the hand."),
    ("US", "BREAST", "CC", "L", "an ultrasound image of the left breast."),
  ])
  func `view and side stand in the caption where the header says them by known words`(
    _ modality: String, _ part: String, _ word: String, _ side: String, _ caption: String
  ) throws {
    var description = InstanceHeader.Description()
    description.modality = modality
    description.bodyPartExamined = part
    description.viewPosition = word
    description.laterality = side
    let facts = PictureFacts(description, geometry: nil, volume: .pictures, preset: nil)
    let turns = try Self.writer([.caption]).conversation(about: facts, key: "x").turns
    #expect(turns[1].value.lowercased().hasSuffix(caption.lowercased()))
  }

  @Test func `view and side are answered in the header's sense`() throws {
    let facts = PictureFacts(
      kind: .image, modality: .xRay, region: "breast", view: .mediolateralOblique, side: .right)
    for key in 0..<40 {
      let view = try Self.writer([.view]).conversation(about: facts, key: "\(key)").turns
      #expect(view[1].value.lowercased().contains("mediolateral oblique"))
      let side = try Self.writer([.laterality]).conversation(about: facts, key: "\(key)").turns
      #expect(side[1].value.lowercased().hasSuffix("the right side."))
    }
    var both = facts
    both.side = .both
    let side = try Self.writer([.laterality]).conversation(about: both, key: "x").turns
    #expect(side[1].value.lowercased().hasSuffix("both sides."))
  }

  @Test func `a picture that answers no question of the recipe has its caption`() throws {
    let writer = try Self.writer([.plane, .bodyRegion])
    let (turns, wordings) = writer.conversation(
      about: PictureFacts(kind: .image, modality: .xRay), key: "x")
    #expect(turns.count == 2)
    #expect(turns[0].value.hasPrefix("<image>\n"))
    #expect(turns[1].value.contains("X-ray image"))
    #expect(wordings.hasPrefix("caption."))
  }

  @Test func `one key and seed give one wording, and all wordings come up`() throws {
    let facts = PictureFacts(
      kind: .slice, modality: .ct, region: "breast", plane: .axial, view: .frontal, side: .left)
    let writer = try Self.writer()
    var seen: [String: Set<Substring>] = [:]
    for key in 0..<400 {
      let (turns, wordings) = writer.conversation(about: facts, key: "\(key)")
      #expect(writer.conversation(about: facts, key: "\(key)").turns == turns)
      for wording in wordings.split(separator: " ") {
        let question = String(wording.split(separator: ".")[0])
        seen[question, default: []].insert(wording)
      }
    }
    // 6 x 5 wordings of the caption, 5 x 5 of the others. Of 30, none is missed in 400 draws but
    // with a chance of 30 (29/30)^400 = 4e-5.
    #expect(
      seen.mapValues(\.count) == [
        "caption": 30, "modality": 25, "body_region": 25, "plane": 25, "view": 25,
        "laterality": 25,
      ])
    let other = try Self.writer(seed: 2)
    #expect(
      (0..<20).contains {
        other.conversation(about: facts, key: "\($0)").turns
          != writer.conversation(about: facts, key: "\($0)").turns
      })
  }

  @Test func `facts are what the header says, and a plane only of a slice`() {
    var description = InstanceHeader.Description()
    description.modality = "CT"
    description.bodyPartExamined = "Head & Neck"
    let geometry = PlaneGeometry(
      position: Vector3(0, 0, 0), alongRow: Vector3(1, 0, 0), alongColumn: Vector3(0, 0, -1))
    let slice = PictureFacts(description, geometry: geometry, volume: .volume, preset: .bone)
    #expect(
      slice
        == PictureFacts(
          kind: .slice, modality: .ct, region: "head and neck", plane: .coronal, preset: .bone))
    description.bodyPartExamined = "MRS QUIXOTIC"
    description.modality = "SECRET"
    let film = PictureFacts(description, geometry: geometry, volume: .cine, preset: nil)
    #expect(film == PictureFacts(kind: .frame, modality: .other))
  }
}
