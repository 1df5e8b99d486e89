/// How an encoder without tiles takes a picture: as a row of small patches, square blocks of which are
/// neighbours because the model joins a block into one token (Wang et al. 2024, arXiv:2409.12191,
/// section 2.1).
public struct PatchOrder: Codable, Hashable, Sendable {
  /// Of a patch, in pixels.
  public var side: Int
  /// Patches along the side of a block.
  public var merge: Int
  /// How often a still picture comes, as if it were a film.
  public var frames: Int

  /// Qwen2-VL's, unless others are given; all at least 1.
  public init(side: Int = 14, merge: Int = 2, frames: Int = 2) {
    precondition(side > 0 && merge > 0 && frames > 0)
    (self.side, self.merge, self.frames) = (side, merge, frames)
  }
}
