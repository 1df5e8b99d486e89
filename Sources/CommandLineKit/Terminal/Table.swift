/// Rows in columns for people, made to fit a terminal.
///
/// Where the natural widths do not fit, the widest of the columns that may shrink give way, down to
/// six columns each. Columns that are kept whole stay whole: half a number is a wrong number.
public struct Table: Sendable {
  /// One column: its heading and how its cells stand in it.
  public struct Column: Sendable {
    /// What happens to a cell that is wider than its column.
    public enum Overflow: Sendable { case keep, truncate, wrap }

    let title: String
    let isRight: Bool
    let overflow: Overflow

    /// Words, from the left edge.
    public init(_ title: String, _ overflow: Overflow = .truncate) {
      self.title = title
      self.overflow = overflow
      isRight = false
    }

    /// Numbers, to the right edge, always whole.
    public init(right title: String) {
      self.title = title
      overflow = .keep
      isRight = true
    }
  }

  private let columns: [Column]
  private var rows: [[String]] = []

  public init(_ columns: [Column]) { self.columns = columns }

  public var isEmpty: Bool { rows.isEmpty }

  /// Adds a row: one cell a column. Control characters are shown as U+FFFD.
  public mutating func append(_ cells: [String]) {
    precondition(cells.count == columns.count, "A row needs a cell for every column.")
    rows.append(cells.map(\.withoutControls))
  }

  /// Heading and rows, two spaces between columns, every line ended.
  public func text(width: Int) -> String {
    let widths = fit(to: width)
    return ([columns.map(\.title)] + rows).flatMap { line($0, widths) }.map { $0 + "\n" }.joined()
  }

  private func fit(to width: Int) -> [Int] {
    var widths = columns.indices.map { column in
      rows.reduce(columns[column].title.displayWidth) { max($0, $1[column].displayWidth) }
    }
    let least = 6
    var surplus = widths.reduce(2 * (columns.count - 1), +) - width
    while surplus > 0 {
      let shrinkable = columns.indices.filter {
        columns[$0].overflow != .keep && widths[$0] > least
      }
      guard let widest = shrinkable.max(by: { widths[$0] < widths[$1] }) else { break }
      widths[widest] -= 1
      surplus -= 1
    }
    return widths
  }

  private func line(_ cells: [String], _ widths: [Int]) -> [String] {
    let blocks = columns.indices.map { index -> [String] in
      switch columns[index].overflow {
      case .keep: [cells[index]]
      case .truncate: [cells[index].truncated(to: widths[index])]
      // A word that is wider than its column is cut: the next column must keep its edge.
      case .wrap: cells[index].wrapped(to: widths[index]).map { $0.truncated(to: widths[index]) }
      }
    }
    return (0..<(blocks.map(\.count).max() ?? 0)).map { row in
      var line = ""
      for (index, block) in blocks.enumerated() {
        let cell = row < block.count ? block[row] : ""
        let gap = String(repeating: " ", count: max(0, widths[index] - cell.displayWidth))
        line += (index == 0 ? "" : "  ") + (columns[index].isRight ? gap + cell : cell + gap)
      }
      return String(line.reversed().drop { $0 == " " }.reversed())
    }
  }
}
