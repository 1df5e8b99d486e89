import ImageFormats
import MedicalImaging

/// Which images annotations are of, and which annotations images have.
///
/// An annotation is of the images that it names by SOP Instance UID. One that names none that is used
/// is of the images of its person or study that share a frame of reference with it.
extension PlanState {
  struct Annotation {
    var token: String
    var location: SourceLocation
    var kind: AnnotationSummary.Kind
    var reading: AnnotationReading
    /// The pseudonym of its own study; nil where it could not be read.
    var study: String?
    /// The first of those with the same SOP Instance UID and the same bytes: itself, but for copies.
    var first: String
  }

  /// All that were read, or could not be.
  func annotations() throws -> [Annotation] {
    try database.rows(
      """
      SELECT token, path, member, bytes, kind, annotation, study, coalesce(\(Self.first), token)
      FROM source WHERE annotation IS NOT NULL ORDER BY token
      """
    ).compactMap { row in
      guard let kind = AnnotationSummary.Kind(rawValue: row[4].text) else { return nil }
      return Annotation(
        token: row[0].text, location: Self.source(row).location, kind: kind,
        reading: try StoredJSON.decode(AnnotationReading.self, row[5].blob),
        study: row[6] == .null ? nil : row[6].text, first: row[7].text)
    }
  }

  private static let first = """
    (SELECT min(o.token) FROM source o
     WHERE o.sop = source.sop AND o.sop != '' AND o.sha256 = source.sha256
       AND o.annotation IS NOT NULL)
    """

  // MARK: Of an annotation

  /// How many instances an annotation names, how many of them are here, and how many of these are
  /// used.
  struct Presence: Equatable {
    var named = 0
    var here = 0
    var used = 0
  }

  /// What an annotation is of.
  struct Join {
    var images = Presence()
    /// What is no image: other annotations, documents.
    var objects = Presence()
    /// Whether its images are those of its frames of reference, and none that it names.
    var isBySpace = false
    /// Used images by study and series, in the order of their pseudonyms.
    var parts: [(study: String, series: String, images: Int)] = []
  }

  func join(of annotation: String) throws -> Join {
    var join = Join()
    let token = [Database.Value.text(annotation)]
    try database.run(
      """
      SELECT is_image, count(*), sum(here), sum(used) FROM (
        SELECT max(is_image) AS is_image,
          EXISTS (SELECT 1 FROM source WHERE source.sop = r.sop) AS here,
          EXISTS (SELECT 1 FROM source WHERE source.sop = r.sop AND outcome = 'image') AS used
        FROM annotation_reference r WHERE token = ? GROUP BY r.sop)
      GROUP BY is_image
      """, token
    ) { row in
      let presence = Presence(named: row[1].integer, here: row[2].integer, used: row[3].integer)
      if row[0].integer == 1 { join.images = presence } else { join.objects = presence }
    }
    join.parts = try parts(
      """
      SELECT i.study, i.series, count(DISTINCT i.sop)
      FROM annotation_reference r JOIN source i ON i.sop = r.sop AND i.outcome = 'image'
      WHERE r.token = ? GROUP BY i.study, i.series ORDER BY i.study, i.series
      """, token)
    guard join.parts.isEmpty else { return join }
    join.parts = try parts(
      """
      SELECT i.study, i.series, count(DISTINCT i.token)
      FROM source a JOIN annotation_frame f ON f.token = a.token
        JOIN source i ON i.frame = f.frame AND i.outcome = 'image' AND \(Self.isOfOnePerson)
      WHERE a.token = ? GROUP BY i.study, i.series ORDER BY i.study, i.series
      """, token)
    join.isBySpace = !join.parts.isEmpty
    return join
  }

  /// Frames of reference are one's own; where headers repeat one, it is not believed.
  static let isOfOnePerson = """
    (i.study = a.study OR (i.subject != '' AND i.subject = a.subject))
    """

  /// Where an annotation names an image that is used, its frames of reference say nothing.
  static let namesNoneThatIsUsed = """
    NOT EXISTS (
      SELECT 1 FROM annotation_reference r JOIN source o ON o.sop = r.sop AND o.outcome = 'image'
      WHERE r.token = a.token)
    """

  private func parts(_ sql: String, _ values: [Database.Value]) throws
    -> [(study: String, series: String, images: Int)]
  {
    try database.rows(sql, values).map { ($0[0].text, $0[1].text, $0[2].integer) }
  }

  // MARK: Of an image

  /// Tokens of the annotations that a used image has, copies left out, and the references that name
  /// it: none where they share a frame of reference with it alone.
  func annotations(ofImage image: String) throws -> [(token: String, references: [ImageReference])]
  {
    try database.rows(
      """
      SELECT token FROM source WHERE token = coalesce(\(Self.first), token) AND token IN (
        SELECT r.token FROM source i JOIN annotation_reference r ON r.sop = i.sop
        WHERE i.token = ?1 AND i.outcome = 'image'
        UNION
        SELECT a.token FROM source i JOIN annotation_frame f ON f.frame = i.frame
          JOIN source a ON a.token = f.token AND \(Self.isOfOnePerson)
        WHERE i.token = ?1 AND i.outcome = 'image' AND \(Self.namesNoneThatIsUsed))
      ORDER BY token
      """, [.text(image)]
    ).map { row in
      let references = try database.rows(
        """
        SELECT reference FROM annotation_reference
        WHERE token = ? AND sop = (SELECT sop FROM source WHERE token = ?) ORDER BY position
        """, [row[0], .text(image)]
      ).map { try StoredFields.read(ImageReference.self, $0[0].blob) }
      return (row[0].text, references)
    }
  }
}
