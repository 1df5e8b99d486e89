/// Which pixels of a plane belong to something.
public struct PlaneMask: Codable, Hashable, Sendable {
  public var columns: Int
  public var rows: Int
  /// Row by row, rows x columns: 1 inside, 0 outside.
  public var bytes: [UInt8]

  public init(columns: Int, rows: Int, bytes: [UInt8]) {
    precondition(columns >= 0 && rows >= 0 && bytes.count == columns * rows)
    self.columns = columns
    self.rows = rows
    self.bytes = bytes
  }

  /// All pixels inside, or none.
  public init(columns: Int, rows: Int, filled: Bool) {
    self.init(
      columns: columns, rows: rows, bytes: .init(repeating: filled ? 1 : 0, count: columns * rows))
  }

  /// How many pixels are inside.
  public var area: Int { bytes.reduce(0) { $0 + Int($1) } }

  /// Leaves inside what is inside of both; they must be of one size.
  public mutating func formIntersection(_ other: PlaneMask) {
    precondition(columns == other.columns && rows == other.rows)
    for i in bytes.indices { bytes[i] &= other.bytes[i] }
  }

  /// The least rectangle that holds what is inside; empty where nothing is.
  public var bounds: (columns: Range<Int>, rows: Range<Int>) {
    var (left, right, top, bottom) = (columns, -1, rows, -1)
    for row in 0..<rows {
      let line = bytes[row * columns..<(row + 1) * columns]
      guard let first = line.firstIndex(of: 1), let last = line.lastIndex(of: 1) else { continue }
      left = min(left, first - row * columns)
      right = max(right, last - row * columns)
      top = min(top, row)
      bottom = row
    }
    return right < 0 ? (0..<0, 0..<0) : (left..<right + 1, top..<bottom + 1)
  }
}
