/// A plane whose numbers stand for structures; 0 is the background.
public struct LabelPlane: Codable, Hashable, Sendable {
  public var columns: Int
  public var rows: Int
  /// Row by row: rows x columns.
  public var numbers: [Int32]

  public init(columns: Int, rows: Int, numbers: [Int32]) {
    precondition(columns >= 0 && rows >= 0 && numbers.count == columns * rows)
    self.columns = columns
    self.rows = rows
    self.numbers = numbers
  }

  /// 1 where a mask is inside.
  public init(_ mask: PlaneMask) {
    self.init(columns: mask.columns, rows: mask.rows, numbers: mask.bytes.map(Int32.init))
  }

  /// The pixels of one number.
  public func mask(of number: Int32) -> PlaneMask {
    PlaneMask(columns: columns, rows: rows, bytes: numbers.map { $0 == number ? 1 : 0 })
  }
}
