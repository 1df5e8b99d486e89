import ImageFormats
import MedicalImaging

/// What annotations say of one study's images, for its plan; what comes and goes of them changes a study as
/// its images do.
extension PlanState {
  /// An annotation, and the images of the study that it is of.
  struct StudyAnnotation {
    var token: String
    var location: SourceLocation
    var bytes: Int
    var kind: AnnotationSummary.Kind
    /// "" where it has none.
    var sopInstanceUID: String
    /// Known where another annotation has its SOP Instance UID too; else "".
    var sha256: String
    /// Tokens.
    var images: Set<String>
  }

  /// The annotations of a study's used images that can be read, copies left out, by token.
  func annotations(ofStudy study: String) throws -> [StudyAnnotation] {
    var found: [StudyAnnotation] = []
    try database.run(
      """
      SELECT a.token, a.path, a.member, a.bytes, a.annotation, a.sop, j.image, a.sha256
      FROM (\(Self.studyJoins)) j JOIN source a ON a.token = j.token
      WHERE a.token = coalesce(\(Self.firstCopy), a.token) ORDER BY a.token, j.image
      """, [.text(study)]
    ) { row in
      guard found.last?.token != row[0].text else {
        found[found.count - 1].images.insert(row[6].text)
        return
      }
      guard
        case .summary(let summary) = try StoredJSON.decode(AnnotationReading.self, row[4].blob),
        summary.form != .rejection
      else { return }
      found.append(
        StudyAnnotation(
          token: row[0].text, location: Self.source(row).location, bytes: row[3].integer,
          kind: summary.kind, sopInstanceUID: row[5] == .null ? "" : row[5].text,
          sha256: row[7] == .null ? "" : row[7].text,
          images: [row[6].text]))
    }
    // One object in several encodings is one object.
    return found.filter { annotation in
      annotation.sopInstanceUID.isEmpty
        || !found.contains {
          $0.sopInstanceUID == annotation.sopInstanceUID
            && ($0.sha256, $0.token) < (annotation.sha256, annotation.token)
        }
    }
  }

  /// The images of a study that key object selections mark, by token, and their frames, counted from 0: none
  /// where all are meant. Selections that mark what is to be rejected count for nothing.
  func keyImages(ofStudy study: String) throws -> [String: Set<Int>] {
    let selections = try annotations(ofStudy: study).filter { $0.kind == .keyObjectSelection }
    var keys: [String: Set<Int>] = [:]
    for selection in selections {
      for image in selection.images.sorted() {
        let references = try database.rows(
          """
          SELECT reference FROM annotation_reference
          WHERE token = ? AND sop = (SELECT sop FROM source WHERE token = ?)
          """, [.text(selection.token), .text(image)]
        ).map { try StoredFields.read(ImageReference.self, $0[0].blob) }
        for reference in references {
          let isWhole = reference.frames.isEmpty || keys[image]?.isEmpty == true
          keys[image] = isWhole ? [] : keys[image, default: []].union(reference.frames)
        }
      }
    }
    return keys
  }

  /// Annotations of each study, as a text that tells whether they have changed.
  func annotationsByStudy() throws -> [String: String] {
    var texts: [String: String] = [:]
    try database.run(
      """
      SELECT DISTINCT j.study, a.token, a.bytes, a.modified FROM (
        SELECT i.study, r.token FROM annotation_reference r
          JOIN source i ON i.sop = r.sop AND i.outcome = 'image'
        UNION
        SELECT i.study, f.token FROM annotation_frame f
          JOIN source i ON i.frame = f.frame AND i.outcome = 'image'
          JOIN source a ON a.token = f.token
        WHERE \(Self.isOfOnePerson) AND \(Self.namesNoneThatIsUsed)) j
      JOIN source a ON a.token = j.token ORDER BY j.study, a.token
      """
    ) { row in
      texts[row[0].text, default: ""] += "+\(row[1].text):\(row[2].integer):\(row[3].integer)"
    }
    return texts
  }

  private static let firstCopy = """
    (SELECT min(o.token) FROM source o
     WHERE o.sop = a.sop AND o.sop != '' AND o.sha256 = a.sha256 AND o.annotation IS NOT NULL)
    """

  /// Each annotation with each used image of study ?1 that it is of, by what it names, else by its frames
  /// of reference.
  private static let studyJoins = """
    SELECT DISTINCT r.token AS token, i.token AS image FROM source i
      JOIN annotation_reference r ON r.sop = i.sop
    WHERE i.study = ?1 AND i.outcome = 'image'
    UNION
    SELECT f.token AS token, i.token AS image FROM source i
      JOIN annotation_frame f ON f.frame = i.frame
      JOIN source a ON a.token = f.token
    WHERE i.study = ?1 AND i.outcome = 'image' AND \(isOfOnePerson) AND \(namesNoneThatIsUsed)
    """
}
