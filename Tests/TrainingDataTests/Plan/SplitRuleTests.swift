import MedicalImaging
import Testing

@testable import TrainingData

@Suite struct SplitRuleTests {
  private static let shares = [("train", 0.8), ("validation", 0.1), ("test", 0.1)]

  @Test func `every split gets its share of the subjects`() {
    let rule = SplitRule(shares: Self.shares, seed: 1)
    var counts: [String: Int] = [:]
    for number in 0..<20_000 { counts[rule.split(of: "\0P\(number)"), default: 0] += 1 }
    // Of 20,000, with 4 standard deviations: sqrt(20000 x 0.8 x 0.2) = 57, and 42 for 0.1.
    #expect(abs((counts["train"] ?? 0) - 16_000) < 4 * 57)
    #expect(abs((counts["validation"] ?? 0) - 2000) < 4 * 42)
    #expect(abs((counts["test"] ?? 0) - 2000) < 4 * 42)
  }

  /// Where a subject lies between 0 and 1: the upper 53 bits of SHA-256("split\0<seed>\0<subject>"),
  /// by Python's hashlib.
  @Test(arguments: [
    (1, "\0P1", 0.4134), (1, "\0P2", 0.7181), (1, "HOSP\0P1", 0.2186), (1, "\0P4", 0.8138),
    (1, "\0P5", 0.9666), (2, "\0P2", 0.9395), (2, "\0P5", 0.0027),
  ])
  func `a subject stays where it is for good`(_ seed: Int, _ subject: String, _ place: Double) {
    let rule = SplitRule(
      shares: [("below", place - 0.0001), ("at", 0.0003), ("above", 1)], seed: seed)
    #expect(rule.split(of: subject) == "at")
  }

  @Test func `the order of the recipe decides who gets which part`() {
    let rule = SplitRule(shares: [("a", 0.5), ("b", 0.5)], seed: 1)
    let turned = SplitRule(shares: [("b", 0.5), ("a", 0.5)], seed: 1)
    #expect(rule.split(of: "\0P1") == "a")
    #expect(turned.split(of: "\0P1") == "b")
    #expect(SplitRule(shares: [("all", 1)], seed: 1).split(of: "\0P5") == "all")
    // Shares that add up to a little less than 1 lose nobody.
    #expect(SplitRule(shares: [("a", 0.1), ("b", 0.1)], seed: 1).split(of: "\0P5") == "b")
  }
}

@Suite struct SubjectIdentityTests {
  private static func subject(_ id: String, issuer: String = "") -> String? {
    var identity = InstanceHeader.Identity()
    identity.patientID = id
    identity.issuerOfPatientID = issuer
    return SubjectIdentity.of(identity)
  }

  @Test(arguments: [
    "", " ", "0", "0000000", "00-00", "ANON", "anonymous", "Anonymized", "ANONYMISED", "N/A",
    "none",
    "NULL", "Unknown", "patient", "TEST", "xxx", "-", "***", "ID",
  ])
  func `an ID that stands for nobody is none`(_ id: String) {
    #expect(Self.subject(id) == nil)
    #expect(Self.subject(id, issuer: "HOSP") == nil)
  }

  @Test(arguments: ["1", "10", "PATIENT7", "TEST-123", "ANON_0001", "Ü42", "0A"])
  func `any other ID is somebody`(_ id: String) {
    #expect(Self.subject(id) != nil)
  }

  @Test func `one ID of two issuers is two people`() {
    #expect(Self.subject("7", issuer: "A") != Self.subject("7", issuer: "B"))
    #expect(Self.subject("B7", issuer: "A") != Self.subject("7", issuer: "AB"))
    #expect(Self.subject("7") == Self.subject("7", issuer: ""))
  }
}
