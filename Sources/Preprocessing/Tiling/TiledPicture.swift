import MedicalImaging

/// What a tiling policy has to know of a picture.
public struct TiledPicture: Hashable, Sendable {
  public let columns, rows: Int
  /// Of a pixel; nil where it is not known.
  public let pixelSize: PixelSize?

  /// Millimetres.
  public struct PixelSize: Hashable, Sendable {
    public var width, height: Double

    public init(width: Double, height: Double) {
      (self.width, self.height) = (width, height)
    }
  }

  /// - Throws: `.tiling` unless both sides are at least 1, and sizes of pixels are finite and above 0.
  public init(columns: Int, rows: Int, pixelSize: PixelSize? = nil) throws(ImageError) {
    guard columns > 0, rows > 0 else {
      throw ImageError(.tiling, "A picture of \(columns) x \(rows) pixels cannot be tiled.")
    }
    for side in [pixelSize?.width, pixelSize?.height].compactMap(\.self)
    where !(side.isFinite && side > 0) {
      throw ImageError(.tiling, "A pixel cannot be \(side) mm large.")
    }
    (self.columns, self.rows, self.pixelSize) = (columns, rows, pixelSize)
  }
}
