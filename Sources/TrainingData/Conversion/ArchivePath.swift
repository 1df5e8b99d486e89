import MedicalImaging

/// The way to a source from a file that the user has: into an archive, and into one inside that.
struct ArchivePath {
  /// A member on the way.
  struct Step {
    /// Its number among the entries of a zip, or among the files of a tar, from 0.
    var index: Int
    /// Where its own bytes lie.
    var location: SourceLocation
  }

  /// The user's file: an archive where there are steps.
  private(set) var file: String
  /// The outermost first; none where the source is a file of its own.
  private(set) var steps: [Step] = []

  /// Archives inside each other that are looked at; more are a damaged list of sources.
  private static let deepest = 4

  /// - Parameter source: where the source of a token lies; nil where there is none.
  init<Failure: Error>(
    to location: SourceLocation, source: (String) throws(Failure) -> SourceLocation?
  ) throws(Failure) {
    file = location.path
    var location = location
    for _ in 0..<Self.deepest {
      if let member = location.member {
        steps.insert(Step(index: member, location: location), at: 0)
      }
      file = location.path
      guard let unpacked = UnpackedFile(path: location.path),
        let archive = try source(unpacked.token)
      else { return }
      if let number = unpacked.number {
        steps.insert(Step(index: number, location: SourceLocation(path: location.path)), at: 0)
      }
      location = archive
    }
  }
}
