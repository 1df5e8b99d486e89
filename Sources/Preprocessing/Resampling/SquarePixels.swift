import MedicalImaging

/// The size in which a picture is shown so that its pixels are square: the side along which pixels are
/// longer gets more of them, the other stays as it is (PS3.3 C.7.6.3.1.7, 10.7.1.3).
public struct SquarePixels: Hashable, Sendable {
  /// Ratios nearer to 1 are taken as 1.
  public static let tolerance = 0.01
  /// Ratios outside of this are no shape of a pixel.
  public static let plausible = 0.1...10.0

  public let sourceColumns, sourceRows: Int
  public let columns, rows: Int

  init(sourceColumns: Int, sourceRows: Int, columns: Int, rows: Int) {
    (self.sourceColumns, self.sourceRows) = (sourceColumns, sourceRows)
    (self.columns, self.rows) = (columns, rows)
  }

  /// Whether a pixel's height over its width is another than 1, and can be one.
  public static func areNeeded(aspect: Double) -> Bool {
    plausible.contains(aspect) && abs(aspect - 1) > tolerance
  }

  /// `aspect` is the height of a pixel over its width.
  public init(columns: Int, rows: Int, aspect: Double) {
    (sourceColumns, sourceRows) = (columns, rows)
    guard Self.areNeeded(aspect: aspect) else {
      (self.columns, self.rows) = (columns, rows)
      return
    }
    self.columns = aspect < 1 ? Int((Double(columns) / aspect).rounded()) : columns
    self.rows = aspect > 1 ? Int((Double(rows) * aspect).rounded()) : rows
  }

  /// A part of a slide that becomes a square picture of so many pixels a side.
  public init(columns: Int, rows: Int, side: Int) {
    self.init(sourceColumns: columns, sourceRows: rows, columns: side, rows: side)
  }

  /// A picture that is shown as it is.
  public init(columns: Int, rows: Int) { self.init(columns: columns, rows: rows, aspect: 1) }

  /// For every picture that is resized; nil for others.
  public var finding: InstanceHeader.Finding? {
    isUnchanged
      ? nil : .init("pixels_not_square", "Pixels are not square; the picture was resized.")
  }

  public var isUnchanged: Bool { columns == sourceColumns && rows == sourceRows }

  /// Columns and rows of the source that one column and one row of the picture stand for.
  public var scale: (x: Double, y: Double) {
    (Double(sourceColumns) / Double(columns), Double(sourceRows) / Double(rows))
  }

  /// From the source to the picture.
  public var map: PictureMap {
    var map = PictureMap(columns: sourceColumns, rows: sourceRows)
    if !isUnchanged { map.append(.resize(columns: columns, rows: rows)) }
    return map
  }

  /// 3 x 3, row by row: (column, row, 1) of the picture -> of the source, both counted at the centres
  /// of pixels; edges of both lie upon each other.
  public var sourceFromPixel: [[Double]] { map.sourceFromPixel }

  /// 8-bit pixels in the size of the picture, by Pillow's bicubic resize; `channels` samples a pixel.
  public func resized(_ pixels: [UInt8], channels: Int) -> [UInt8] {
    guard !isUnchanged else { return pixels }
    return PictureResize(
      columns: sourceColumns, rows: sourceRows, toColumns: columns, toRows: rows)(
        pixels, channels: channels)
  }
}
