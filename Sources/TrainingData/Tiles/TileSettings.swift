import MedicalImaging
import Preprocessing

/// How ordinary pictures become tiles.
public struct TileSettings: Codable, Hashable, Sendable {
  /// The name of a row of `TilingPolicies.all`.
  public var policy: String
  /// The policy's numbers.
  public var parameters = TilingParameters()
  /// How pictures are resized.
  public var filter = ResizeFilter.bicubic
  /// Millimetres from pixel to pixel, which ordinary pictures do not say; nil where nobody knows.
  public var pixelSize: Double?
  /// What is written beside the tiles; nil for nothing.
  public var tensor: TensorFile?

  /// Pixels as numbers, as an encoder takes them.
  public struct TensorFile: Codable, Hashable, Sendable {
    public enum Format: String, Codable, CaseIterable, Sendable { case npy, safetensors }

    /// The kind of file.
    public var format: Format
    /// Nil: those of the policy's own model.
    public var statistics: PixelStatistics?
    /// The type of its numbers.
    public var scalar = Tensor.Scalar.float32

    /// Float32 by the statistics of the policy's own model.
    public init(_ format: Format) { self.format = format }
  }

  /// A policy with the numbers of its own model.
  public init(policy: String = InternVLTiling.name) { self.policy = policy }

  /// The policy itself.
  ///
  /// Throws `.tiling` where there is none of the name, or where its parameters make no rule.
  func rule() throws(ImageError) -> any TilingPolicy {
    try TilingPolicies.policy(named: policy, parameters)
  }

  /// That they can be followed.
  ///
  /// Throws as `rule`, `.tiling` where the policy needs to know how large pixels are, and
  /// `.unsupportedFormat` where the file cannot hold such numbers.
  func check() throws(ImageError) {
    let rule = try rule()
    guard pixelSize != nil || type(of: rule).name != PhysicalTiling.name else {
      throw ImageError(.tiling, "How large a pixel of the pictures is has to be given.")
    }
    guard tensor?.format != .npy || tensor?.scalar != .bfloat16 else {
      throw ImageError(.unsupportedFormat, "A .npy file holds no bfloat16.")
    }
  }
}
