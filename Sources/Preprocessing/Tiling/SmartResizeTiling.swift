import MedicalImaging

/// Qwen2-VL's dynamic resolution (Wang et al. 2024, arXiv:2409.12191), as `smart_resize` of transformers 4.46.3
/// does it: both sides become multiples of a factor, with no fewer and no more pixels than allowed. The whole
/// picture is one tile, which is resized and never cut.
public struct SmartResizeTiling: TilingPolicy, Hashable {
  public static let name = "smart-resize"
  public static let summary = "The whole as one tile of sides that are multiples of 28 (Qwen2-VL)."

  /// Pixels that the sides of a token's square have: two patches of the encoder.
  public let factor: Int
  /// Of the resized picture.
  public let pixels: ClosedRange<Int>

  /// - Throws: `.tiling` unless the factor is even and 8 to 256, and 1 <= min <= max <= 1,000,000,000 pixels.
  public init(_ parameters: TilingParameters = TilingParameters()) throws(ImageError) {
    let factor = parameters.factor ?? 28
    guard (8...256).contains(factor), factor.isMultiple(of: 2) else {
      throw ImageError(.tiling, "The factor is an even number from 8 to 256, not \(factor).")
    }
    let least = parameters.minPixels ?? 56 * 56
    let most = parameters.maxPixels ?? 28 * 28 * 1280
    guard least >= 1, least <= most, most <= 1_000_000_000 else {
      throw ImageError(
        .tiling,
        "Pixels go from 1 at least to 1000000000 at most, not from \(least) to \(most).")
    }
    self.factor = factor
    pixels = least...most
  }

  /// Throws `.tiling` where a side is under the factor, one side is over 200 times the other, or the most
  /// pixels leave a side none.
  public func layout(of picture: TiledPicture) throws(ImageError) -> TileLayout {
    let (columns, rows) = (picture.columns, picture.rows)
    guard min(columns, rows) >= factor else {
      throw ImageError(
        .tiling, "A side of \(min(columns, rows)) pixels is shorter than the factor, \(factor).")
    }
    guard Double(max(columns, rows)) / Double(min(columns, rows)) <= 200 else {
      throw ImageError(
        .tiling,
        "A picture of \(columns) x \(rows) pixels has one side over 200 times the other.")
    }
    let (width, height) = size(columns: columns, rows: rows)
    guard width > 0, height > 0 else {
      throw ImageError(
        .tiling,
        "A picture of \(columns) x \(rows) pixels has no \(factor) pixels left on its shorter side, "
          + "since \(pixels.upperBound) pixels are the most.")
    }
    let canvas = TileLayout.Canvas(
      .grid, steps: [.resize(columns: width, rows: height)], tileColumns: width, tileRows: height)
    return TileLayout(
      policy: Self.name, picture, canvases: [canvas],
      tokens: width / factor * (height / factor), patches: PatchOrder(side: factor / 2))
  }

  /// The nearest multiples, halves to the even one; where they have too many pixels those below, too few
  /// those above sides of the right area.
  private func size(columns: Int, rows: Int) -> (columns: Int, rows: Int) {
    let unit = Double(factor)
    func multiple(_ units: Double, _ rule: FloatingPointRoundingRule) -> Int {
      Int(units.rounded(rule)) * factor
    }
    let width = multiple(Double(columns) / unit, .toNearestOrEven)
    let height = multiple(Double(rows) / unit, .toNearestOrEven)
    let area = Double(columns * rows)
    if width * height > pixels.upperBound {
      let ratio = (area / Double(pixels.upperBound)).squareRoot()
      return (
        multiple(Double(columns) / ratio / unit, .down),
        multiple(Double(rows) / ratio / unit, .down)
      )
    }
    if width * height < pixels.lowerBound {
      let ratio = (Double(pixels.lowerBound) / area).squareRoot()
      return (
        multiple(Double(columns) * ratio / unit, .up), multiple(Double(rows) * ratio / unit, .up)
      )
    }
    return (width, height)
  }
}
