import Preprocessing

/// A number of tiling policies: THE table of what the command line and `layout.json` call them.
public enum TilingNumber: String, CaseIterable, Sendable {
  case tileSize = "tile_size"
  case minTiles = "min_tiles"
  case maxTiles = "max_tiles"
  case thumbnail

  /// Whether the policy of a name goes by it.
  public func isOf(policy: String) -> Bool {
    switch self {
    case .tileSize, .minTiles, .maxTiles, .thumbnail: policy == InternVLTiling.name
    }
  }

  /// The member of `layout.json`; null is what the policy's own model has.
  func write(_ parameters: TilingParameters, to json: inout JSONWriter) {
    switch self {
    case .tileSize: json.member(rawValue, parameters.tileSize)
    case .minTiles: json.member(rawValue, parameters.minTiles)
    case .maxTiles: json.member(rawValue, parameters.maxTiles)
    case .thumbnail: json.member(rawValue, parameters.thumbnail)
    }
  }
}
