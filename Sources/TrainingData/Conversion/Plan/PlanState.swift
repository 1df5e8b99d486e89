import Glibc
import ImageFormats
import MedicalImaging

/// What is known of every source: found, scanned, judged, and the study it belongs to.
///
/// One SQLite file in the private folder. Headers stand in it whole, so that a million files are
/// planned without holding a million headers.
final class PlanState {
  let database: Database

  init(path: String) throws(ImageError) {
    database = try Database(path: path)
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS source (
        token TEXT PRIMARY KEY, path TEXT NOT NULL, member INTEGER, name TEXT, bytes INTEGER,
        modified INTEGER,
        outcome TEXT NOT NULL, kind TEXT, header BLOB, error BLOB, sha256 TEXT, pixels TEXT,
        study TEXT, series TEXT, subject TEXT, birth TEXT, sex TEXT, sop TEXT, repeated INTEGER NOT NULL DEFAULT 0,
        -- 1 for an ordinary picture, 2 for an image of another kind, used or not.
        picture INTEGER NOT NULL DEFAULT 0,
        -- Frame of Reference UID of an image; of an annotation what was read of it.
        frame TEXT, annotation BLOB,
        -- 1 for an instance of a DICOM slide, 2 where it was rejected with its series.
        slide INTEGER NOT NULL DEFAULT 0)
      """)
    try database.run("CREATE INDEX IF NOT EXISTS source_by_study ON source (study, series)")
    try database.run("CREATE INDEX IF NOT EXISTS source_by_sop ON source (sop)")
    try database.run("CREATE INDEX IF NOT EXISTS source_by_path ON source (path, member)")
    try database.run("CREATE INDEX IF NOT EXISTS source_by_frame ON source (frame)")
    try makeAnnotationTables()
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS study (
        study TEXT PRIMARY KEY, split TEXT NOT NULL, fingerprint TEXT NOT NULL,
        stands_for_patient INTEGER NOT NULL)
      """)
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS partition (
        id TEXT PRIMARY KEY, generation INTEGER, position INTEGER, split TEXT, role TEXT,
        planes INTEGER)
      """)
    try database.run(
      "CREATE TABLE IF NOT EXISTS partition_study (partition TEXT, study TEXT)")
  }

  func transaction(_ body: () throws -> Void) throws { try database.transaction(body) }

  // MARK: Sources

  /// Where a source stands on its way.
  enum Outcome: String {
    case found, image
    case leftOut = "left_out"
    case rejected, container

    /// Where it stands when it is found.
    init(_ source: FoundSource) {
      self = source.leftOut != nil ? .leftOut : source.problem != nil ? .rejected : .found
    }
  }

  /// Remembers a source; one that is known and unchanged keeps what is known of it, wherever it has
  /// been moved to.
  ///
  /// Returns where it was, if it was known and has changed: nothing is true any more of what was in
  /// it.
  @discardableResult
  func remember(_ source: FoundSource, token: String) throws -> SourceLocation? {
    let known = try self.known(token)
    if let known, known.bytes == source.bytes, known.modified == source.modified {
      try database.run(
        "UPDATE source SET path = ?, member = ? WHERE token = ?",
        [.text(source.location.path), Self.value(source.location.member), .text(token)])
      // With a zip its members have moved.
      if known.location.member == nil, known.location.path != source.location.path {
        try database.run(
          "UPDATE source SET path = ? WHERE path = ? AND member IS NOT NULL",
          [.text(source.location.path), .text(known.location.path)])
      }
      // What it belongs to may have come since.
      if let kind = source.leftOut { try recordLeftOut(token, kind: kind) }
      return nil
    }
    try database.run(
      """
      INSERT OR REPLACE INTO source
        (token, path, member, name, bytes, modified, outcome, error, kind)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
      """,
      [
        .text(token), .text(source.location.path), Self.value(source.location.member),
        .optional(source.member), .integer(source.bytes), .integer(source.modified),
        .text(Outcome(source).rawValue),
        .optional(source.problem.map { StoredJSON.encode($0) }),
        .optional(source.leftOut ?? source.problem?.code.rawValue),
      ])
    return known?.location
  }

  func token(of location: SourceLocation) throws -> String? {
    try database.rows(
      "SELECT token FROM source WHERE path = ? AND member IS ?",
      [.text(location.path), Self.value(location.member)]
    ).first?[0].text
  }

  /// A source as it was when it was remembered.
  func known(_ token: String) throws -> (location: SourceLocation, bytes: Int, modified: Int)? {
    try database.rows(
      "SELECT path, member, bytes, modified FROM source WHERE token = ?", [.text(token)]
    ).first.map {
      (
        SourceLocation(path: $0[0].text, member: Self.member($0[1])), $0[2].integer, $0[3].integer
      )
    }
  }

  /// The name that a member of an archive has in there; nil for a file of its own.
  func name(of location: SourceLocation) throws -> String? {
    try database.rows(
      "SELECT name FROM source WHERE path = ? AND member IS ?",
      [.text(location.path), Self.value(location.member)]
    ).first.flatMap { $0[0] == .null ? nil : $0[0].text }
  }

  /// Forgets the members of an archive: those of the zip at a path, nil where there is none, and
  /// those whose bytes lie in the folder of its own. Returns what was forgotten.
  func forgetMembers(ofZip path: String?, in folder: String) throws
    -> [(token: String, location: SourceLocation)]
  {
    // "0" is what follows "/" in the order of bytes.
    let rows = try database.rows(
      """
      SELECT token, path, member FROM source WHERE path = ?1 AND member IS NOT NULL
      UNION ALL
      SELECT token, path, member FROM source WHERE path > ?2 || '/' AND path < ?2 || '0'
        AND (member IS NULL OR path = ?3)
      """, [.optional(path), .text(folder), .text(folder + "/" + UnpackedFile.archive)])
    for row in rows { try database.run("DELETE FROM source WHERE token = ?", [row[0]]) }
    return rows.map {
      ($0[0].text, SourceLocation(path: $0[1].text, member: Self.member($0[2])))
    }
  }

  func sources(_ outcome: Outcome) throws -> [WorkerRequest.Source] {
    try database.rows(
      "SELECT token, path, member, bytes, name FROM source WHERE outcome = ? ORDER BY token",
      [.text(outcome.rawValue)]
    ).map { row in
      var source = Self.source(row)
      source.member = row[4] == .null ? nil : row[4].text
      return source
    }
  }

  /// An image with its stored header, the pseudonyms of its study and series, and the subject's
  /// identity.
  func recordImage(
    _ token: String, header: [UInt8], identity: InstanceHeader.Identity, study: String,
    series: String, subject: String, isSlide: Bool
  ) throws {
    try database.run(
      """
      UPDATE source SET outcome = 'image', header = ?, study = ?, series = ?, subject = ?,
        birth = ?, sex = ?, sop = ?, frame = ?, slide = ? WHERE token = ?
      """,
      [
        .blob(header), .text(study), .text(series), .text(subject),
        .text(identity.patientBirthDate), .text(identity.patientSex),
        .text(identity.sopInstanceUID), .text(identity.frameOfReferenceUID),
        .integer(isSlide ? 1 : 0), .text(token),
      ])
  }

  /// Which instance a source is, used or not: others may refer to it.
  func recordInstance(_ token: String, _ sopInstanceUID: String) throws {
    guard !sopInstanceUID.isEmpty else { return }
    try database.run(
      "UPDATE source SET sop = ? WHERE token = ?", [.text(sopInstanceUID), .text(token)])
  }

  /// Marks an image that the recipe accepts although text may be burned in.
  func recordAccepted(_ token: String) throws {
    try database.run("UPDATE source SET kind = 'burned_in' WHERE token = ?", [.text(token)])
  }

  /// Whether a source is an ordinary picture, or an image of another kind.
  func recordKind(_ token: String, isPicture: Bool) throws {
    try database.run(
      "UPDATE source SET picture = ? WHERE token = ?", [.integer(isPicture ? 1 : 2), .text(token)])
  }

  /// Leaves out all ordinary pictures, readable or not; with `besideOthers` only where an image of
  /// another kind was found.
  func leaveOutPictures(besideOthers: Bool) throws {
    try database.run(
      """
      UPDATE source SET outcome = 'left_out', kind = 'picture', error = NULL
      WHERE picture = 1 AND outcome IN ('image', 'rejected')
      """
        + (besideOthers ? " AND EXISTS (SELECT 1 FROM source WHERE picture = 2)" : ""))
  }

  func recordLeftOut(_ token: String, kind: String) throws {
    try database.run(
      "UPDATE source SET outcome = 'left_out', kind = ? WHERE token = ?",
      [.text(kind), .text(token)])
  }

  /// What stands for others: an archive, or a DICOMDIR, whose files may change while it does not.
  func recordContainer(_ token: String, isDirectory: Bool) throws {
    try database.run(
      "UPDATE source SET outcome = 'container', kind = ? WHERE token = ?",
      [.optional(isDirectory ? "directory" : nil), .text(token)])
  }

  /// Has DICOMDIRs followed once more that were followed by an earlier run.
  func reopenDirectories(_ tokens: Set<String>) throws {
    for row in try database.rows(
      "SELECT token FROM source WHERE outcome = 'container' AND kind = 'directory'")
    where tokens.contains(row[0].text) {
      try database.run("UPDATE source SET outcome = 'found' WHERE token = ?", [row[0]])
    }
  }

  func recordReject(_ token: String, _ error: ImageError) throws {
    try database.run(
      "UPDATE source SET outcome = 'rejected', kind = ?, error = ? WHERE token = ?",
      [.text(error.code.rawValue), .blob(StoredJSON.encode(error)), .text(token)])
  }

  func recordDigests(_ token: String, sha256: String?, pixels: String?) throws {
    try database.run(
      "UPDATE source SET sha256 = coalesce(?, sha256), pixels = coalesce(?, pixels) WHERE token = ?",
      [.optional(sha256), .optional(pixels), .text(token)])
  }

  /// Has files tried again that could not be opened: rights may have been given since, and what was
  /// absent may have come. Folders are walked again anyway.
  func retryUnopened() throws {
    let rows = try database.rows(
      """
      SELECT token, path FROM source WHERE outcome = 'rejected' AND member IS NULL
      AND kind IN ('permission', 'missing')
      """)
    for row in rows where unsafe access(row[1].text, R_OK) == 0 {
      let (token, path) = (row[0], row[1].text)
      guard SourceDiscovery.isFile(path) else {
        try database.run("DELETE FROM source WHERE token = ?", [token])
        continue
      }
      try database.run(
        """
        UPDATE source SET outcome = 'found', kind = NULL, error = NULL, bytes = ?, modified = ?
        WHERE token = ?
        """,
        [.integer(AtomicFile.size(path)), .integer(SourceDiscovery.modified(path)), token])
    }
  }

  // MARK: Copies

  /// Images whose SOP Instance UID is missing or stands in another file as well, without a digest.
  func undigestedCopies() throws -> [WorkerRequest.Source] {
    try database.rows(
      """
      SELECT token, path, member, bytes FROM source WHERE outcome = 'image' AND sha256 IS NULL
      AND (sop = '' OR sop IN
        (SELECT sop FROM source WHERE outcome = 'image' GROUP BY sop HAVING count(*) > 1))
      ORDER BY token
      """
    ).map(Self.source)
  }

  /// Rejected sources whose file digest is not known yet.
  func undigestedRejects() throws -> [WorkerRequest.Source] {
    try database.rows(
      """
      SELECT token, path, member, bytes FROM source
      WHERE outcome = 'rejected' AND sha256 IS NULL AND kind NOT IN ('missing', 'permission')
      ORDER BY token
      """
    ).map(Self.source)
  }

  struct Copy {
    var token, sop, sha256: String
    var pixels: String?
    /// Whether it is used already by a partition that stays.
    var isUsed: Bool
  }

  /// Images with a digest, copies side by side: by UID, then those in use, then by digest.
  func copies() throws -> [Copy] {
    try database.rows(
      """
      SELECT token, sop, sha256, pixels,
        EXISTS (SELECT 1 FROM partition_study p WHERE p.study = source.study) AS used
      FROM source WHERE outcome = 'image' AND sha256 IS NOT NULL
      ORDER BY sop, used DESC, sha256, token
      """
    ).map {
      Copy(
        token: $0[0].text, sop: $0[1].text, sha256: $0[2].text,
        pixels: $0[3] == .null ? nil : $0[3].text, isUsed: $0[4].integer != 0)
    }
  }

  func recordRepeated(_ token: String) throws {
    try database.run("UPDATE source SET repeated = 1 WHERE token = ?", [.text(token)])
  }

  // MARK: What the report says

  /// True where nothing was found that is, or claims to be, a medical picture.
  func isEmpty() throws -> Bool {
    try database.rows(
      "SELECT 1 FROM source WHERE outcome IN ('image', 'rejected') LIMIT 1"
    ).isEmpty
  }

  /// What was odd in headers: code -> images.
  func findings() throws -> [String: Int] {
    var counts: [String: Int] = [:]
    try database.run("SELECT header FROM source WHERE outcome = 'image'") { row in
      for finding in try StoredHeader.decode(row[0].blob).findings {
        counts[finding.code, default: 0] += 1
      }
    }
    let repeated = try database.rows(
      "SELECT count(*) FROM source WHERE outcome = 'image' AND repeated = 1 AND sop != ''")
    if repeated[0][0].integer > 0 {
      counts["sop_instance_uid_with_other_pixels"] = repeated[0][0].integer
    }
    return counts
  }

  /// Images that were used although text of a person may be in their pixels.
  func burnedInAccepted() throws -> Int {
    try database.rows("SELECT count(*) FROM source WHERE outcome = 'image' AND kind = 'burned_in'")[
      0][0].integer
  }

  func rejects() throws -> [Reject] {
    try database.rows(
      "SELECT token, sha256, error FROM source WHERE outcome = 'rejected' ORDER BY token"
    ).map {
      Reject(
        token: $0[0].text, sha256: $0[1] == .null ? nil : $0[1].text,
        error: try StoredJSON.decode(ImageError.self, $0[2].blob))
    }
  }

  /// Kinds of what was left out, but for some tokens: labels of them are used, or they are rejects.
  func leftOut(without others: Set<String>) throws -> [(kind: String, count: Int)] {
    var counts: [String: Int] = [:]
    try database.run("SELECT kind, token FROM source WHERE outcome = 'left_out'") { row in
      if !others.contains(row[1].text) { counts[row[0].text, default: 0] += 1 }
    }
    return counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
  }

  /// Every source's token, place and name in its archive, for `sources.jsonl`.
  func locations(
    _ body: (_ token: String, _ location: SourceLocation, _ name: String?) throws -> Void
  ) throws {
    try database.run("SELECT token, path, member, name FROM source ORDER BY token") {
      try body(
        $0[0].text, SourceLocation(path: $0[1].text, member: Self.member($0[2])),
        $0[3] == .null ? nil : $0[3].text)
    }
  }

  static func source(_ row: [Database.Value]) -> WorkerRequest.Source {
    WorkerRequest.Source(
      token: row[0].text,
      location: SourceLocation(path: row[1].text, member: member(row[2])), bytes: row[3].integer)
  }

  private static func value(_ member: Int?) -> Database.Value {
    member.map(Database.Value.integer) ?? .null
  }

  private static func member(_ value: Database.Value) -> Int? {
    if case .integer(let number) = value { number } else { nil }
  }
}
