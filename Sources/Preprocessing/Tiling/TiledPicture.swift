import MedicalImaging

/// What a tiling policy has to know of a picture.
public struct TiledPicture: Hashable, Sendable {
  /// In pixels.
  public let columns, rows: Int
  /// Of a pixel; nil where it is not known.
  public let pixelSize: PixelSize?
  /// Whether it is of a microscope's slide, whose tiles are measured in micrometres.
  public let isSlide: Bool

  /// Millimetres.
  public struct PixelSize: Codable, Hashable, Sendable {
    public var width, height: Double

    public init(width: Double, height: Double) {
      (self.width, self.height) = (width, height)
    }
  }

  /// - Throws: `.tiling` unless both sides have 1 to 2,147,483,647 pixels, and sizes of pixels are finite
  ///   and above 0.
  public init(
    columns: Int, rows: Int, pixelSize: PixelSize? = nil, isSlide: Bool = false
  ) throws(ImageError) {
    // What policies reckon of sides in 32 bits stays within 64.
    let sides = 1...Int(Int32.max)
    guard sides.contains(columns), sides.contains(rows) else {
      throw ImageError(.tiling, "A picture of \(columns) x \(rows) pixels cannot be tiled.")
    }
    for side in [pixelSize?.width, pixelSize?.height].compactMap(\.self)
    where !(side.isFinite && side > 0) {
      throw ImageError(.tiling, "A pixel cannot be \(side) mm large.")
    }
    (self.columns, self.rows) = (columns, rows)
    (self.pixelSize, self.isSlide) = (pixelSize, isSlide)
  }

  /// How large a pixel is after resizes, crops and pads; nil where the picture's own size is not known.
  func pixelSize(after steps: [PictureMap.Step]) -> PixelSize? {
    guard let pixelSize else { return nil }
    var map = PictureMap(columns: columns, rows: rows)
    for step in steps { map.append(step) }
    let toSource = map.sourceFromPixel
    return PixelSize(
      width: pixelSize.width * toSource[0][0], height: pixelSize.height * toSource[1][1])
  }
}
