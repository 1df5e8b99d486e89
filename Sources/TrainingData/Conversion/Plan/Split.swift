import MedicalImaging

/// Which split a patient belongs to, and who counts as one patient.
struct SplitRule: Sendable {
  /// Names and shares in the recipe's order; the shares add up to 1.
  let shares: [(name: String, share: Double)]
  let seed: Int

  /// The split of a subject: the same for the same identity and seed, whatever the salt.
  func split(of subject: String) -> String {
    let hash = SHA256.hash("split\0\(seed)\0\(subject)").leading
    let position = Double(hash >> 11) / Double(1 << 53)
    var reached = 0.0
    for (name, share) in shares {
      reached += share
      if position < reached { return name }
    }
    return shares[shares.count - 1].name
  }
}

/// Whose pictures these are, as far as the headers can be believed.
enum SubjectIdentity {
  /// Issuer and Patient ID; nil where the ID is empty or stands for nobody.
  static func of(_ identity: InstanceHeader.Identity) -> String? {
    let id = identity.patientID
    guard !isPlaceholder(id) else { return nil }
    return identity.issuerOfPatientID + "\0" + id
  }

  private static let placeholders: Set<String> = [
    "ANON", "ANONYM", "ANONYMOUS", "ANONYMISED", "ANONYMIZED", "DEIDENTIFIED", "DUMMY", "ID", "N/A",
    "NA", "NIL", "NOID", "NONE", "NULL", "PATIENT", "TEST", "UNKNOWN", "UNDEFINED", "XXX",
  ]

  private static func isPlaceholder(_ id: String) -> Bool {
    let letters = id.uppercased().filter { $0.isLetter || $0.isNumber || $0 == "/" }
    return letters.isEmpty || letters.allSatisfy { $0 == "0" } || placeholders.contains(letters)
  }
}
