import Preprocessing

/// A number of tiling policies: THE table of what the command line and `layout.json` call them.
public enum TilingNumber: String, CaseIterable, Sendable {
  case tileSize = "tile_size"
  case minTiles = "min_tiles"
  case maxTiles = "max_tiles"
  case thumbnail
  case pinpoints
  case factor
  case minPixels = "min_pixels"
  case maxPixels = "max_pixels"
  case edge = "edge_mm"

  /// Whether the policy of a name goes by it.
  public func isOf(policy: String) -> Bool {
    switch self {
    case .tileSize: policy != SmartResizeTiling.name
    case .minTiles: policy == InternVLTiling.name
    case .maxTiles, .thumbnail: [InternVLTiling.name, PhysicalTiling.name].contains(policy)
    case .pinpoints: policy == AnyResolutionTiling.name
    case .factor, .minPixels, .maxPixels: policy == SmartResizeTiling.name
    case .edge: policy == PhysicalTiling.name
    }
  }

  /// The member of `layout.json`; null is what the policy's own model has.
  func write(_ parameters: TilingParameters, to json: inout JSONWriter) {
    switch self {
    case .tileSize: json.member(rawValue, parameters.tileSize)
    case .minTiles: json.member(rawValue, parameters.minTiles)
    case .maxTiles: json.member(rawValue, parameters.maxTiles)
    case .thumbnail: json.member(rawValue, parameters.thumbnail)
    case .pinpoints:
      json.key(rawValue)
      json.array(parameters.pinpoints) { json, size in json.integers(size) }
    case .factor: json.member(rawValue, parameters.factor)
    case .minPixels: json.member(rawValue, parameters.minPixels)
    case .maxPixels: json.member(rawValue, parameters.maxPixels)
    case .edge: json.member(rawValue, parameters.edgeMillimetres)
    }
  }
}
