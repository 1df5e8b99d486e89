import MedicalImaging

/// What an inspection asks of the state that a conversion would plan from.
extension PlanState {
  /// A source that is not used: where it lies, and why.
  struct Unused {
    var token: String
    var location: SourceLocation
    /// The code of a reject, or the kind of what is left out.
    var kind: String
    /// nil for what is left out.
    var error: ImageError?
  }

  func unused(_ outcome: Outcome) throws -> [Unused] {
    try database.rows(
      "SELECT token, path, member, kind, error FROM source WHERE outcome = ? ORDER BY token",
      [.text(outcome.rawValue)]
    ).map { row in
      Unused(
        token: row[0].text, location: Self.location(row[1], row[2]), kind: row[3].text,
        error: row[4] == .null ? nil : try StoredJSON.decode(ImageError.self, row[4].blob))
    }
  }

  func location(of token: String) throws -> SourceLocation? {
    try database.rows("SELECT path, member FROM source WHERE token = ?", [.text(token)])
      .first.map { Self.location($0[0], $0[1]) }
  }

  /// The image that is used in the place of a copy: equal bytes, or equal pixels under one UID.
  func original(ofCopy token: String) throws -> SourceLocation? {
    try database.run("CREATE INDEX IF NOT EXISTS source_by_sha256 ON source (sha256)")
    return try database.rows(
      """
      SELECT kept.path, kept.member FROM source copy JOIN source kept
        ON kept.sha256 = copy.sha256
          OR (kept.sop = copy.sop AND copy.sop != '' AND kept.pixels = copy.pixels)
      WHERE copy.token = ? AND kept.outcome = 'image' ORDER BY kept.token LIMIT 1
      """, [.text(token)]
    ).first.map { Self.location($0[0], $0[1]) }
  }

  private static func location(_ path: Database.Value, _ member: Database.Value) -> SourceLocation {
    if case .integer(let index) = member {
      return SourceLocation(path: path.text, member: index)
    }
    return SourceLocation(path: path.text)
  }
}
