/// Where a picture's tiles lie: `columns` x `rows` squares of `tileSize`, row by row, then the
/// thumbnail.
public struct InternVLLayout: Codable, Hashable, Sendable {
  public var tileSize: Int
  public var columns: Int
  public var rows: Int
  public var thumbnail: Bool

  /// Pictures that the encoder gets.
  public var pictures: Int { columns * rows + (thumbnail ? 1 : 0) }

  /// Tokens of all pictures: one for each 2 x 2 of the encoder's patches of 14 pixels, 256 for a
  /// tile of 448.
  public var tokens: Int {
    let patches = tileSize / 14
    return pictures * (patches * patches / 4)
  }
}
