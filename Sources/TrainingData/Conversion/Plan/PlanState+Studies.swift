import MedicalImaging

/// Studies: whose they are, what they hold, and whether they are what they were.
extension PlanState {
  /// Subjects whose one ID goes with several births or sexes: they are no single person.
  func ambiguousSubjects() throws -> Set<String> {
    Set(
      try database.rows(
        """
        SELECT subject FROM source WHERE outcome = 'image' AND subject != '' GROUP BY subject
        HAVING count(DISTINCT nullif(birth, '')) > 1
          OR count(DISTINCT CASE WHEN sex IN ('M', 'F') THEN sex END) > 1
        """
      ).map { $0[0].text })
  }

  /// The header of an image as it is stored.
  func header(_ token: String) throws -> [UInt8] {
    try database.rows("SELECT header FROM source WHERE token = ?", [.text(token)]).first?[0].blob
      ?? []
  }

  /// The images of one study by series and token.
  func images(ofStudy study: String) throws -> [UnitPlanner.Image] {
    try database.rows(
      """
      SELECT token, path, member, bytes, header, series, sha256, repeated
      FROM source WHERE outcome = 'image' AND study = ? ORDER BY series, token
      """, [.text(study)]
    ).map { row in
      UnitPlanner.Image(
        source: Self.source(row),
        row: ImageRow(
          header: try StoredHeader.decode(row[4].blob), series: row[5].text,
          sha256: row[6] == .null ? nil : row[6].text, isRepeated: row[7].integer != 0))
    }
  }

  /// Forgets that instances of DICOM slides were rejected with their series.
  func reopenSlides() throws {
    try database.run(
      "UPDATE source SET outcome = 'image', kind = NULL, error = NULL, slide = 1 WHERE slide = 2")
  }

  /// Instances of DICOM slides that are in use, series by series.
  func slides() throws -> [(token: String, series: String)] {
    try database.rows(
      "SELECT token, series FROM source WHERE slide = 1 AND outcome = 'image' ORDER BY series, token"
    ).map { ($0[0].text, $0[1].text) }
  }

  /// Rejects an instance of a DICOM slide with its series.
  func recordSlide(_ token: String, refusal: ImageError) throws {
    try recordReject(token, refusal)
    try database.run("UPDATE source SET slide = 2 WHERE token = ?", [.text(token)])
  }

  struct ImageRow {
    var header: InstanceHeader
    var series: String
    var sha256: String?
    var isRepeated: Bool
  }

  /// Every study that has images, with what tells whether it has changed.
  func studies() throws -> [(study: String, subject: String, fingerprint: String)] {
    let annotations = try annotationsByStudy()
    return try database.rows(
      """
      SELECT study, min(subject), group_concat(token || ':' || bytes || ':' || modified)
      FROM (SELECT * FROM source WHERE outcome = 'image' ORDER BY study, token)
      GROUP BY study ORDER BY study
      """
    ).map {
      let content = $0[2].text + annotations[$0[0].text, default: ""]
      return ($0[0].text, $0[1].text, SHA256.hash(content).hex)
    }
  }

  func knownStudy(_ study: String) throws -> (split: String, fingerprint: String)? {
    try database.rows("SELECT split, fingerprint FROM study WHERE study = ?", [.text(study)])
      .first.map { ($0[0].text, $0[1].text) }
  }

  func recordStudy(
    _ study: String, split: String, fingerprint: String, standsForPatient: Bool
  ) throws {
    try database.run(
      """
      INSERT OR REPLACE INTO study (study, split, fingerprint, stands_for_patient)
      VALUES (?, ?, ?, ?)
      """,
      [
        .text(study), .text(split), .text(fingerprint), .integer(standsForPatient ? 1 : 0),
      ])
  }

  /// Studies that were planned and of which no image is left: their sources went out of an archive,
  /// or hold something else now.
  func vanishedStudies() throws -> [String] {
    try database.rows(
      """
      SELECT study FROM study WHERE NOT EXISTS
        (SELECT 1 FROM source WHERE source.study = study.study AND source.outcome = 'image')
      ORDER BY study
      """
    ).map { $0[0].text }
  }

  func forget(study: String) throws {
    try database.run("DELETE FROM study WHERE study = ?", [.text(study)])
  }

  /// Studies that stand for a patient of their own, since their Patient ID says nothing.
  func studiesStandingForPatients() throws -> Int {
    try database.rows("SELECT coalesce(sum(stands_for_patient), 0) FROM study")[0][0].integer
  }
}
