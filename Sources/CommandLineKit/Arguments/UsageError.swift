/// What is wrong with a command line, as facts; `UsageError+Words.swift` says them to people.
public enum UsageError: Error, Hashable, Sendable {
  case noCommand(among: [String])
  case unknownCommand(String, among: [String])
  case unknownOption(String, among: [String])
  case missingValue(option: String, accepts: String)
  case flagWithValue(option: String)
  case repeatedOption(String)
  case refusedValue(of: String, given: String, accepts: String)
  case missingArgument(String, accepts: String)
  case missingOption(String, accepts: String)
  case surplusArgument(String)
  /// What only the command itself can tell, as a whole sentence with its remedy.
  case refused(String)
}
