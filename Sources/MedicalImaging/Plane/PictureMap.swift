/// How a picture came out of its source by steps that keep rows and columns straight, and so how places
/// in one lie in the other.
///
/// Edges of both lie upon each other: a resize takes corners to corners. Steps but resizes are exact,
/// and so are their inverses.
public struct PictureMap: Hashable, Sendable {
  public enum Step: Codable, Hashable, Sendable {
    /// Columns run the other way.
    case mirror
    /// Rows run the other way.
    case flip
    /// Rows become columns.
    case transpose
    /// Only these remain; they must be in the picture.
    case crop(columns: Range<Int>, rows: Range<Int>)
    /// So many columns and rows that show nothing of the source are laid around it.
    case pad(left: Int, top: Int, right: Int, bottom: Int)
    /// The whole is spread over so many columns and rows.
    case resize(columns: Int, rows: Int)
  }

  public let sourceColumns, sourceRows: Int
  public private(set) var columns, rows: Int
  /// In the order in which they were made.
  public private(set) var steps: [Step] = []
  /// The part of the picture that shows something of the source; empty where none does.
  public private(set) var visible: EdgeBox

  /// Where the picture's x and y lie in the source. Rows of a transposed one are the source's columns.
  private var x = AxisMap()
  private var y = AxisMap()
  /// Whether the picture's x is the source's y.
  public private(set) var swapsAxes = false

  /// The source itself.
  public init(columns: Int, rows: Int) {
    precondition(columns > 0 && rows > 0)
    (sourceColumns, sourceRows) = (columns, rows)
    (self.columns, self.rows) = (columns, rows)
    visible = EdgeBox(columns: 0..<columns, rows: 0..<rows)
  }

  /// A further step, made on the picture as it is.
  public mutating func append(_ step: Step) {
    steps.append(step)
    switch step {
    case .mirror:
      x.reverse(columns)
      (visible.x0, visible.x1) = (Double(columns) - visible.x1, Double(columns) - visible.x0)
    case .flip:
      y.reverse(rows)
      (visible.y0, visible.y1) = (Double(rows) - visible.y1, Double(rows) - visible.y0)
    case .transpose:
      swap(&x, &y)
      swap(&columns, &rows)
      swapsAxes.toggle()
      visible = EdgeBox(x0: visible.y0, y0: visible.x0, x1: visible.y1, y1: visible.x1)
    case .crop(let newColumns, let newRows):
      precondition(!newColumns.isEmpty && newColumns.clamped(to: 0..<columns) == newColumns)
      precondition(!newRows.isEmpty && newRows.clamped(to: 0..<rows) == newRows)
      visible = visible.intersection(EdgeBox(columns: newColumns, rows: newRows))
      move(newColumns.lowerBound, newRows.lowerBound)
      (columns, rows) = (newColumns.count, newRows.count)
    case .pad(let left, let top, let right, let bottom):
      precondition(min(left, top, right, bottom) >= 0)
      move(-left, -top)
      columns += left + right
      rows += top + bottom
    case .resize(let newColumns, let newRows):
      precondition(newColumns > 0 && newRows > 0)
      visible.x0 = visible.x0 * Double(newColumns) / Double(columns)
      visible.x1 = visible.x1 * Double(newColumns) / Double(columns)
      visible.y0 = visible.y0 * Double(newRows) / Double(rows)
      visible.y1 = visible.y1 * Double(newRows) / Double(rows)
      x.resize(from: columns, to: newColumns)
      y.resize(from: rows, to: newRows)
      (columns, rows) = (newColumns, newRows)
    }
  }

  /// The picture's corner is now here.
  private mutating func move(_ column: Int, _ row: Int) {
    x.shift(column)
    y.shift(row)
    visible.x0 -= Double(column)
    visible.x1 -= Double(column)
    visible.y0 -= Double(row)
    visible.y1 -= Double(row)
  }

  /// With a further step.
  public func appending(_ step: Step) -> PictureMap {
    var map = self
    map.append(step)
    return map
  }

  /// From this map's source to another's picture: the other's source is this map's picture.
  public func appending(_ other: PictureMap) -> PictureMap {
    precondition(columns == other.sourceColumns && rows == other.sourceRows)
    var map = self
    for step in other.steps { map.append(step) }
    return map
  }

  /// The stored picture turned to be upright.
  public func turned(_ orientation: PlaneOrientation) -> PictureMap {
    var map = self
    if orientation.swapsAxes { map.append(.transpose) }
    if orientation.flipsColumns { map.append(.mirror) }
    if orientation.flipsRows { map.append(.flip) }
    return map
  }

  /// From the picture to its source. What a crop left out comes back as padding.
  public var inverse: PictureMap {
    var back: [Step] = []
    var map = PictureMap(columns: sourceColumns, rows: sourceRows)
    for step in steps {
      switch step {
      case .mirror, .flip, .transpose: back.append(step)
      case .crop(let columns, let rows):
        back.append(
          .pad(
            left: columns.lowerBound, top: rows.lowerBound, right: map.columns - columns.upperBound,
            bottom: map.rows - rows.upperBound))
      case .pad(let left, let top, _, _):
        back.append(.crop(columns: left..<left + map.columns, rows: top..<top + map.rows))
      case .resize: back.append(.resize(columns: map.columns, rows: map.rows))
      }
      map.append(step)
    }
    map = PictureMap(columns: columns, rows: rows)
    for step in back.reversed() { map.append(step) }
    return map
  }

  /// Where a place of the picture lies in the source.
  public func source(of point: EdgePoint) -> EdgePoint {
    let (x, y) = (x.source(of: point.x), y.source(of: point.y))
    return swapsAxes ? EdgePoint(x: y, y: x) : EdgePoint(x: x, y: y)
  }

  /// Where a place of the source lies in the picture; where `visible` does not contain it, it is not
  /// seen.
  public func picture(of point: EdgePoint) -> EdgePoint {
    let (u, v) = swapsAxes ? (point.y, point.x) : (point.x, point.y)
    return EdgePoint(x: x.picture(of: u), y: y.picture(of: v))
  }

  /// 3 x 3, row by row: (column, row, 1) of the picture -> of the source, both counted at the centres
  /// of pixels.
  public var sourceFromPixel: [[Double]] {
    let across = [x.scale, 0, x.centerOffset]
    let down = [0, y.scale, y.centerOffset]
    return swapsAxes ? [down, across, [0, 0, 1]] : [across, down, [0, 0, 1]]
  }

  /// Whether the picture shows the source as in a mirror.
  public var isMirrored: Bool { (x.scale * y.scale < 0) != swapsAxes }
}
