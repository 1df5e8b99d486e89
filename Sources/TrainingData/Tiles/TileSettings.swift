import MedicalImaging
import Preprocessing

/// How ordinary pictures become tiles.
public struct TileSettings: Codable, Hashable, Sendable {
  /// The name of a row of `TilingPolicies.all`.
  public var policy: String
  public var parameters = TilingParameters()
  public var filter = ResizeFilter.bicubic
  /// Millimetres from pixel to pixel, which ordinary pictures do not say; nil where nobody knows.
  public var pixelSize: Double?

  public init(policy: String = InternVLTiling.name) { self.policy = policy }

  /// The policy itself.
  ///
  /// Throws `.tiling` where there is none of the name, or where its parameters make no rule.
  func rule() throws(ImageError) -> any TilingPolicy {
    try TilingPolicies.policy(named: policy, parameters)
  }
}
