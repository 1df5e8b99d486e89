import MedicalImaging
import Preprocessing

/// One turn of a conversation, as the seed trainer reads it.
struct Turn: Equatable, Sendable {
  enum Speaker: String { case human, gpt }

  var from: Speaker
  var value: String
}

/// Writes the conversation about one picture out of its facts, by seeded templates.
///
/// A question whose answer the header does not carry is not asked.
struct ConversationWriter: Sendable {
  let templates: TextTemplates
  let questions: [Recipe.Text.Question]
  let seed: Int

  /// The turns, and which wordings they were made of. Where the header answers none of the
  /// questions it is the caption's: a picture is never without a conversation.
  ///
  /// `key` is the sample's: the same sample is worded the same way in every run. Each of the `pictures`
  /// has its place at the beginning.
  func conversation(
    about facts: PictureFacts, key: String, pictures: Int = 1
  ) -> (turns: [Turn], wordings: String) {
    var turns: [Turn] = []
    var wordings: [String] = []
    let answered = questions.filter { isAnswered($0, by: facts) }
    for question in answered.isEmpty ? [.caption] : answered {
      let wording = templates.wordings(question)
      let ask = pick(wording.ask, "ask", question, key)
      let answer = pick(wording.answer, "answer", question, key)
      turns.append(Turn(from: .human, value: wording.ask[ask]))
      turns.append(Turn(from: .gpt, value: fill(wording.answer[answer], with: facts)))
      wordings.append("\(question.rawValue).\(ask).\(answer)")
    }
    turns[0].value = String(repeating: "<image>\n", count: pictures) + turns[0].value
    return (turns, wordings.joined(separator: " "))
  }

  private func isAnswered(_ question: Recipe.Text.Question, by facts: PictureFacts) -> Bool {
    switch question {
    case .caption: true
    case .modality: facts.modality != .other
    case .bodyRegion: facts.region != nil
    case .plane: facts.plane != nil
    case .view: facts.view != nil
    case .laterality: facts.side != nil
    }
  }

  private func pick(
    _ wordings: [String], _ role: String, _ question: Recipe.Text.Question, _ key: String
  ) -> Int {
    let digest = SHA256.hash("\(seed)\0\(key)\0\(question.rawValue)\0\(role)")
    return Int(digest.leading % UInt64(wordings.count))
  }

  private func fill(_ template: String, with facts: PictureFacts) -> String {
    let picture = Self.withArticle(
      [
        facts.plane?.rawValue, facts.view?.rawValue,
        facts.modality == .other ? nil : facts.modality.rawValue,
        facts.kind.rawValue,
      ].compactMap { $0 }.joined(separator: " "))
    // "The left breast", but not "the both breast".
    let side =
      facts.side == .left || facts.side == .right ? facts.side.map { $0.rawValue + " " } ?? "" : ""
    let fields: [(String, String)] = [
      ("{a_picture}", picture),
      ("{of_region}", facts.region.map { " of the " + side + $0 } ?? ""),
      (
        "{display}",
        facts.preset.map { preset in
          let name = preset.rawValue.split(separator: "_").joined(separator: " ")
          return " It is shown in \(Self.withArticle(name)) window."
        } ?? ""
      ),
      ("{modality}", facts.modality.rawValue),
      ("{a_modality}", Self.withArticle(facts.modality.rawValue)),
      ("{region}", "the " + (facts.region ?? "")),
      ("{plane}", facts.plane?.rawValue ?? ""),
      ("{a_plane}", Self.withArticle(facts.plane?.rawValue ?? "")),
      ("{view}", facts.view?.rawValue ?? ""),
      ("{a_view}", Self.withArticle(facts.view?.rawValue ?? "")),
      ("{the_side}", facts.side == .both ? "both sides" : "the \(side)side"),
    ]
    var text = ""
    var rest = template[...]
    while let brace = rest.firstIndex(of: "{") {
      text += rest[..<brace]
      rest = rest[brace...]
      guard let field = fields.first(where: { rest.hasPrefix($0.0) }) else {
        preconditionFailure("a wording has a field that nobody fills in")
      }
      text += field.1
      rest = rest.dropFirst(field.0.count)
    }
    text += rest
    // A sentence may begin with a field.
    return text.prefix(1).uppercased() + text.dropFirst()
  }

  /// "a" or "an" by sound: an MR, an X-ray, an OCT, but a PET and a CT.
  static func withArticle(_ phrase: String) -> String {
    let first = phrase.prefix { $0 != " " }
    let soundsOfVowel = ["MR", "X-ray", "OCT"].contains(String(first))
    let vowel = first.first.map { "aeiou".contains($0) } ?? false
    return (soundsOfVowel || vowel ? "an " : "a ") + phrase
  }
}
