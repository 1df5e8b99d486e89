import MedicalImaging

/// How the pixels of a label's plane lie on those of a picture: pixel on pixel, turned or flipped perhaps,
/// and a part of it perhaps. Labels that lie otherwise are of another picture: nothing is resampled.
public struct PlaneAlignment: Hashable, Sendable {
  /// A corner of a label may lie beside the pixel that it belongs to by this part of a pixel, and out of
  /// the plane by this part of the distance of slices.
  public static let tolerance = 0.1

  /// From the label's plane to the picture's.
  public let map: PictureMap

  /// nil where the pixels of both do not lie upon each other, where no pixel of the label is in the
  /// picture, or where a corner lies further from the plane than `tolerance` times `step`, in millimetres.
  public init?(of label: PlaneGrid, on picture: PlaneGrid, step: Double) {
    guard Self.distance(of: label, from: picture) <= Self.tolerance * step else { return nil }
    let (columns, rows) = (Double(label.columns - 1), Double(label.rows - 1))
    func corner(_ column: Double, _ row: Double) -> PixelPoint {
      picture.pixel(of: label.patient(column: column, row: row))
    }
    // Which way the label's columns and rows run in the picture.
    let across = label.geometry.alongRow
    let swaps =
      abs(across.dot(picture.geometry.alongRow)) < abs(across.dot(picture.geometry.alongColumn))
    let (h, v) =
      swaps
      ? (picture.geometry.alongColumn, picture.geometry.alongRow)
      : (picture.geometry.alongRow, picture.geometry.alongColumn)
    let alongColumns: Double = across.dot(h) < 0 ? -1 : 1
    let alongRows: Double = label.geometry.alongColumn.dot(v) < 0 ? -1 : 1
    let first = corner(0, 0)
    let start = (first.column.rounded(), first.row.rounded())
    guard abs(start.0) < 1e6, abs(start.1) < 1e6 else { return nil }
    for (column, row) in [(0, 0), (columns, 0), (0, rows), (columns, rows)] {
      let (x, y) = (alongColumns * column, alongRows * row)
      let expected = (start.0 + (swaps ? y : x), start.1 + (swaps ? x : y))
      let place = corner(column, row)
      // Also where one is no number.
      guard abs(place.column - expected.0) <= Self.tolerance,
        abs(place.row - expected.1) <= Self.tolerance
      else { return nil }
    }

    var map = PictureMap(columns: label.columns, rows: label.rows)
    if swaps { map.append(.transpose) }
    if (swaps ? alongRows : alongColumns) < 0 { map.append(.mirror) }
    if (swaps ? alongColumns : alongRows) < 0 { map.append(.flip) }
    let far = corner(columns, rows)
    let left = Int(min(start.0, far.column.rounded()))
    let top = Int(min(start.1, far.row.rounded()))
    let (right, bottom) = (
      min(map.columns, picture.columns - left), min(map.rows, picture.rows - top)
    )
    guard max(0, -left) < right, max(0, -top) < bottom else { return nil }
    self.init(map, left, top, max(0, -left)..<right, max(0, -top)..<bottom, picture)
  }

  /// Cuts off what is beside the picture, and lays as much around the rest as the picture is larger.
  private init(
    _ turned: PictureMap, _ left: Int, _ top: Int, _ columns: Range<Int>, _ rows: Range<Int>,
    _ picture: PlaneGrid
  ) {
    var map = turned
    if columns.count < map.columns || rows.count < map.rows {
      map.append(.crop(columns: columns, rows: rows))
    }
    let (x, y) = (left + columns.lowerBound, top + rows.lowerBound)
    if columns.count < picture.columns || rows.count < picture.rows {
      map.append(
        .pad(
          left: x, top: y, right: picture.columns - x - columns.count,
          bottom: picture.rows - y - rows.count))
    }
    self.map = map
  }

  /// How far the corner of a label's plane that is furthest from a picture's plane is from it, in
  /// millimetres.
  public static func distance(of label: PlaneGrid, from picture: PlaneGrid) -> Double {
    let normal = picture.geometry.normal
    let (columns, rows) = (Double(label.columns - 1), Double(label.rows - 1))
    return [(0, 0), (columns, 0), (0, rows), (columns, rows)].reduce(0) { furthest, corner in
      let place = label.patient(column: corner.0, row: corner.1)
      return max(furthest, abs((place - picture.geometry.position).dot(normal)))
    }
  }
}

extension PlaneGrid {
  /// Where the centre of a pixel lies in the patient (PS3.3 C.7.6.2.1.1, equation C.7.6.2.1-1); parts of a
  /// pixel count too.
  func patient(column: Double, row: Double) -> Vector3 {
    geometry.position + geometry.alongRow * (column * spacing.betweenColumns)
      + geometry.alongColumn * (row * spacing.betweenRows)
  }
}
