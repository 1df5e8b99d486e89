/// What an annotation was made on: an instance, or some frames or segments of it (PS3.3 10.3).
///
/// UIDs lead back to a patient: they are personal data.
public struct ImageReference: Codable, Hashable, Sendable {
  /// "" where the annotation does not say it.
  public var studyInstanceUID: String
  /// "" where the annotation does not say it.
  public var seriesInstanceUID: String
  /// "" where the annotation does not say it.
  public var sopClassUID: String
  public var sopInstanceUID: String
  /// Frames that are meant, counted from 0; all of them where there are none.
  public var frames: [Int]
  /// Numbers of the segments that are meant, where the instance is a segmentation; all of them where
  /// there are none.
  public var segments: [Int]

  public init(
    studyInstanceUID: String = "", seriesInstanceUID: String = "", sopClassUID: String = "",
    sopInstanceUID: String, frames: [Int] = [], segments: [Int] = []
  ) {
    self.studyInstanceUID = studyInstanceUID
    self.seriesInstanceUID = seriesInstanceUID
    self.sopClassUID = sopClassUID
    self.sopInstanceUID = sopInstanceUID
    self.frames = frames
    self.segments = segments
  }

  /// Whether frame `index`, counted from 0, of an instance is among what is meant.
  public func names(_ sopInstanceUID: String, frame index: Int) -> Bool {
    self.sopInstanceUID == sopInstanceUID && (frames.isEmpty || frames.contains(index))
  }
}
