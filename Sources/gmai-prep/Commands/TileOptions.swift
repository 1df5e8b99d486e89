import CommandLineKit
import GMAIPrep

/// How pictures become tiles, as it is said on the command line.
enum TileOptions {
  static let policy = Option(
    required: "policy", "NAME", .policy, "By whose rule pictures are cut.")

  // MARK: Numbers

  private static let tileSize = Option(
    "tile-size", "PIXELS", .integer(in: 1...65_536),
    "Side of a tile, of all policies but smart-resize; that of the policy's own model if left out.")
  private static let minTiles = Option(
    "min-tiles", "N", .integer(in: 1...65_536),
    "Tiles of the grid at least, of internvl; 1 if left out.")
  private static let maxTiles = Option(
    "max-tiles", "N", .integer(in: 1...65_536),
    "Tiles of the grid at most, of internvl and physical; 12 if left out.")
  private static let noThumbnail = Option(
    flag: "no-thumbnail",
    "Only the grid, without the whole picture as one more tile; of internvl and physical.")
  private static let pinpoints = Option(
    "pinpoints", "LIST", .pinpoints,
    "Sizes of the grid to choose from, height x width in pixels with commas between, of anyres.")
  private static let factor = Option(
    "factor", "PIXELS", .integer(in: 1...65_536),
    "What sides become multiples of, of smart-resize; 28 if left out.")
  private static let minPixels = Option(
    "min-pixels", "N", .integer(in: 1...Int(Int32.max)),
    "Pixels of the resized picture at least, of smart-resize; 3136 if left out.")
  private static let maxPixels = Option(
    "max-pixels", "N", .integer(in: 1...Int(Int32.max)),
    "Pixels of the resized picture at most, of smart-resize; 1003520 if left out.")
  private static let edge = Option(
    "edge", "MM", .number(in: 0.01...10_000),
    "Millimetres along the edge of a tile, of physical; 200 if left out.")
  private static let pixelSize = Option(
    "pixel-size", "MM", .number(in: 1e-6...1000),
    "Millimetres from pixel to pixel of all pictures, which do not say it themselves.")
  private static let filter = Option(
    "filter", "NAME", .choice(), default: ResizeFilter.bicubic,
    "How pictures are resized, by Pillow's names.")

  static let numbers: [any CommandOption] = [
    tileSize, minTiles, maxTiles, noThumbnail, pinpoints, factor, minPixels, maxPixels, edge,
    pixelSize, filter,
  ]

  // MARK: Tensors

  private static let format = Option<TileSettings.TensorFile.Format?>(
    "tensor", "FORMAT", .choice(), "Also the numbers that the encoder is fed: npy or safetensors.")
  private static let statistics = Option<PixelStatistics?>(
    "statistics", "NAME", .choice(),
    "What numbers are brought to, with --tensor; those of the policy's own model if left out.")
  private static let scalar = Option<Tensor.Scalar?>(
    "scalar", "TYPE", .scalar, "Their type, with --tensor; float32 if left out.")

  static let tensor: [any CommandOption] = [format, statistics, scalar]

  // MARK: Settings

  /// - Throws: `UsageError` for what the policy does not know, and for what belongs to a tensor without one.
  static func settings(_ call: Invocation) throws -> TileSettings {
    let policy = call[policy]
    try check(call, policy)
    var settings = TileSettings(policy: policy)
    settings.parameters.tileSize = call[tileSize]
    settings.parameters.minTiles = call[minTiles] ?? settings.parameters.minTiles
    settings.parameters.maxTiles = call[maxTiles] ?? settings.parameters.maxTiles
    settings.parameters.thumbnail = !call[noThumbnail]
    settings.parameters.pinpoints = call[pinpoints]
    settings.parameters.factor = call[factor]
    settings.parameters.minPixels = call[minPixels]
    settings.parameters.maxPixels = call[maxPixels]
    settings.parameters.edgeMillimetres = call[edge]
    settings.filter = call[filter]
    settings.pixelSize = call[pixelSize]
    settings.tensor = call[format].map { TileSettings.TensorFile($0) }
    settings.tensor?.statistics = call[statistics]
    settings.tensor?.scalar = call[scalar] ?? .float32
    return settings
  }

  private static func check(_ call: Invocation, _ policy: String) throws {
    let given: [(TilingNumber, OptionForm, Bool)] = [
      (.tileSize, tileSize.form, call[tileSize] != nil),
      (.minTiles, minTiles.form, call[minTiles] != nil),
      (.maxTiles, maxTiles.form, call[maxTiles] != nil),
      (.thumbnail, noThumbnail.form, call[noThumbnail]),
      (.pinpoints, pinpoints.form, call[pinpoints] != nil),
      (.factor, factor.form, call[factor] != nil),
      (.minPixels, minPixels.form, call[minPixels] != nil),
      (.maxPixels, maxPixels.form, call[maxPixels] != nil),
      (.edge, edge.form, call[edge] != nil),
    ]
    for (number, form, isGiven) in given where isGiven && !number.isOf(policy: policy) {
      throw UsageError.refused("--\(form.name) says nothing to the policy \(policy).")
    }
    guard call[format] != nil || call[statistics] == nil && call[scalar] == nil else {
      throw UsageError.refused("--statistics and --scalar are of the numbers that --tensor writes.")
    }
  }
}

extension ValueKind where Value == String {
  /// A name of the table of policies.
  fileprivate static var policy: Self {
    let names = TilingPolicies.all.map { $0.name }
    return Self("one of \(names.joined(separator: ", "))", completion: .words(names)) {
      names.contains($0) ? $0 : nil
    }
  }
}

extension ValueKind where Value == [[Int]] {
  /// `336x672,672x336`
  fileprivate static var pinpoints: Self {
    Self("heights and widths such as 336x672,672x336") { text in
      let sizes = text.split(separator: ",", omittingEmptySubsequences: false).map { size in
        size.split(separator: "x", omittingEmptySubsequences: false).map { Int($0) ?? 0 }
      }
      return sizes.allSatisfy { $0.count == 2 && $0.allSatisfy { $0 > 0 } } ? sizes : nil
    }
  }
}

extension ValueKind where Value == Tensor.Scalar {
  /// One in floating point.
  fileprivate static var scalar: Self {
    let words = Tensor.Scalar.allCases.filter { $0 != .int64 }.map(\.rawValue)
    return Self("one of \(words.joined(separator: ", "))", completion: .words(words)) {
      words.contains($0) ? Tensor.Scalar(rawValue: $0) : nil
    }
  }
}
