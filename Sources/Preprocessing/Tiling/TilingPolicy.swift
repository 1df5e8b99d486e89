import MedicalImaging

/// A rule, with its parameters, by which pictures become what an encoder gets.
public protocol TilingPolicy: Sendable {
  /// As recipes, `--policy` and samples have it.
  static var name: String { get }
  /// One line for `--help`.
  static var summary: String { get }
  /// What its own model brings pixels to; CLIP's where nothing else is said.
  static var statistics: PixelStatistics { get }

  /// - Throws: `.tiling` for parameters that make no rule, naming the value.
  init(_ parameters: TilingParameters) throws(ImageError)

  /// The layout of a picture.
  ///
  /// Throws `.tiling` for a size that the policy refuses, naming it.
  func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout
}

extension TilingPolicy {
  public static var statistics: PixelStatistics { .clip }
}

/// THE table of tiling policies: a new one is a file of its own and a row here.
public enum TilingPolicies {
  public static let all: [any TilingPolicy.Type] = [
    InternVLTiling.self, ExpandToSquareTiling.self, AnyResolutionTiling.self,
    SmartResizeTiling.self, FixedTiling.self, PhysicalTiling.self,
  ]

  /// - Throws: `.tiling` where there is none of the name, and what the policy throws.
  public static func policy(
    named name: String, _ parameters: TilingParameters
  ) throws(ImageError) -> any TilingPolicy {
    guard let policy = all.first(where: { $0.name == name }) else {
      throw ImageError(
        .tiling, "No tiling policy is named so.",
        remedy: "Choose one of \(all.map { $0.name }.joined(separator: ", ")).")
    }
    return try policy.init(parameters)
  }
}
