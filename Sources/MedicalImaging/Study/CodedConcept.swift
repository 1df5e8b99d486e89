/// A meaning by its code (PS3.3 8.8): value, scheme and the scheme's own words. No free text of a file.
public struct CodedConcept: Codable, Hashable, Sendable {
  /// Code Value, or Long Code Value: "10200004".
  public var value: String
  /// Coding Scheme Designator: "SCT".
  public var scheme: String
  /// Code Meaning: "Liver".
  public var meaning: String

  public init(value: String, scheme: String, meaning: String) {
    self.value = value
    self.scheme = scheme
    self.meaning = meaning
  }
}
