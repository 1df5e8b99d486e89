import ImageFormats
import MedicalImaging

/// Annotations and what they are of. Whatever forgets a source forgets what was read of it, and joins
/// are made when they are asked for: nothing depends on what was found first.
extension PlanState {
  func makeAnnotationTables() throws(ImageError) {
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS annotation_reference (
        token TEXT NOT NULL REFERENCES source (token) ON DELETE CASCADE,
        position INTEGER NOT NULL, sop TEXT NOT NULL, is_image INTEGER NOT NULL,
        reference BLOB NOT NULL, PRIMARY KEY (token, position)) WITHOUT ROWID
      """)
    try database.run(
      """
      CREATE INDEX IF NOT EXISTS annotation_reference_by_sop ON annotation_reference (sop)
      """)
    try database.run(
      """
      CREATE TABLE IF NOT EXISTS annotation_frame (
        token TEXT NOT NULL REFERENCES source (token) ON DELETE CASCADE,
        frame TEXT NOT NULL, PRIMARY KEY (token, frame)) WITHOUT ROWID
      """)
    try database.run(
      "CREATE INDEX IF NOT EXISTS annotation_frame_by_frame ON annotation_frame (frame)")
  }

  /// What was read of an annotation, or why it cannot be read.
  enum AnnotationReading: Codable {
    case summary(AnnotationSummary)
    case unreadable(ImageError)
  }

  private static let isUnused: String = {
    // Segmentations have pixels: they are rejects, under their own code.
    let kinds = AnnotationSummary.Kind.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return "outcome IN ('left_out', 'rejected') AND kind IN (\(kinds))"
  }()

  /// Annotations that nothing is known of but their kind.
  func unreadAnnotations() throws -> [WorkerRequest.Source] {
    try database.rows(
      """
      SELECT token, path, member, bytes FROM source
      WHERE \(Self.isUnused) AND annotation IS NULL ORDER BY token
      """
    ).map(Self.source)
  }

  func record(
    _ record: AnnotationRecord, _ token: String, study: String, subject: String
  ) throws {
    try database.run(
      "UPDATE source SET annotation = ?, study = ?, subject = ? WHERE token = ?",
      [
        .blob(StoredJSON.encode(AnnotationReading.summary(record.summary))), .text(study),
        .text(subject),
        .text(token),
      ])
    try recordInstance(token, record.identity.sopInstanceUID)
    for (position, reference) in record.references.enumerated() {
      try database.run(
        "INSERT INTO annotation_reference VALUES (?, ?, ?, ?, ?)",
        [
          .text(token), .integer(position), .text(reference.sopInstanceUID),
          .integer(reference.isOfImage ? 1 : 0), .blob(StoredFields.bytes(reference)),
        ])
    }
    for frame in Set(record.framesOfReference) {
      try database.run(
        "INSERT INTO annotation_frame VALUES (?, ?)", [.text(token), .text(frame)])
    }
  }

  func recordUnreadable(_ token: String, _ error: ImageError) throws {
    try database.run(
      "UPDATE source SET annotation = ? WHERE token = ?",
      [.blob(StoredJSON.encode(AnnotationReading.unreadable(error))), .text(token)])
  }

  /// Annotations whose SOP Instance UID another one has as well, without a digest.
  func undigestedAnnotations() throws -> [WorkerRequest.Source] {
    try database.rows(
      """
      SELECT token, path, member, bytes FROM source
      WHERE annotation IS NOT NULL AND sha256 IS NULL AND sop IN (
        SELECT sop FROM source WHERE annotation IS NOT NULL AND sop != ''
        GROUP BY sop HAVING count(*) > 1)
      ORDER BY token
      """
    ).map(Self.source)
  }
}
