import MedicalImaging

extension UsageError: CustomStringConvertible {
  /// What is wrong and what to do, in one or two sentences.
  public var description: String {
    switch self {
    case .noCommand(let known): "No command is given. Name one of \(known.joined(separator: ", "))."
    case .unknownCommand(let name, let known):
      "There is no command \(name)."
        + guess(name, known, else: " Name one of \(known.joined(separator: ", ")).")
    case .unknownOption(let name, let known):
      "There is no option \(name)." + guess(name, known, else: "")
    case .missingValue(let option, let accepts): "\(option) needs a value: \(accepts)."
    case .flagWithValue(let option): "\(option) takes no value. Give it alone."
    case .repeatedOption(let option): "\(option) is given more than once. Give it once."
    case .refusedValue(let name, let given, let accepts):
      "\(name) cannot be \(given.isEmpty ? "empty" : given). It takes \(accepts)."
    case .missingArgument(let name, let accepts): "\(name) is missing. Give \(accepts)."
    case .missingOption(let name, let accepts): "\(name) is missing. Give it \(accepts)."
    case .surplusArgument(let text): "\(text) is one argument too many."
    case .refused(let sentence): sentence
    }
  }

  private func guess(_ word: String, _ known: [String], else other: String) -> String {
    Spelling.nearest(to: word, among: known).map { " Did you mean \($0)?" } ?? other
  }
}
