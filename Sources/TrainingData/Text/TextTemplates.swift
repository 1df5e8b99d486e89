import MedicalImaging

/// The wordings of one language: data, in a JSON5 file of this folder, not code.
struct TextTemplates: Sendable {
  struct Wordings: Sendable, Equatable {
    var ask: [String]
    var answer: [String]
  }

  private let byQuestion: [Recipe.Text.Question: Wordings]

  /// The wordings that come with the program.
  static func named(_ language: Recipe.Text.Language) throws(ImageError) -> TextTemplates {
    switch language {
    case .en: try TextTemplates(PackageResources.English_json5)
    }
  }

  /// Throws `.recipe` where the file does not word every question at least once.
  init(_ bytes: [UInt8]) throws(ImageError) {
    let file: JSONValue
    do {
      file = try JSONValue(json5: bytes)
    } catch {
      throw ImageError(.recipe, "The wordings cannot be read: \(error.sentence)")
    }
    var byQuestion: [Recipe.Text.Question: Wordings] = [:]
    for question in Recipe.Text.Question.allCases {
      let wordings = Wordings(
        ask: Self.texts(file[question.rawValue]?["ask"]),
        answer: Self.texts(file[question.rawValue]?["answer"]))
      guard !wordings.ask.isEmpty, !wordings.answer.isEmpty else {
        throw ImageError(.recipe, "The wordings have none for the question \(question.rawValue).")
      }
      byQuestion[question] = wordings
    }
    self.byQuestion = byQuestion
  }

  func wordings(_ question: Recipe.Text.Question) -> Wordings {
    guard let wordings = byQuestion[question] else {
      preconditionFailure("init has seen to every question")
    }
    return wordings
  }

  private static func texts(_ value: JSONValue?) -> [String] {
    guard case .array(let elements) = value else { return [] }
    return elements.compactMap { if case .string(let text) = $0 { text } else { nil } }
  }
}
