import MedicalImaging

/// A mask as the lengths of its runs, column by column from the left and down each: outside, inside,
/// outside and so on; the first may be 0. COCO's run-length encoding.
public struct MaskRuns: Hashable, Sendable {
  public let columns: Int
  public let rows: Int
  /// They add up to columns x rows.
  public let counts: [Int]

  /// Throws `.annotation` where the counts do not add up to the pixels, or one is below zero.
  public init(columns: Int, rows: Int, counts: [Int]) throws(ImageError) {
    precondition(columns >= 0 && rows >= 0)
    let (pixels, overflows) = columns.multipliedReportingOverflow(by: rows)
    guard !overflows else { throw .annotation("The picture of a mask has impossible sides.") }
    var left = pixels
    for count in counts {
      guard count >= 0, count <= left else {
        throw .annotation("The runs of a mask do not fit its picture.")
      }
      left -= count
    }
    guard left == 0 else { throw .annotation("The runs of a mask end before its picture does.") }
    self.columns = columns
    self.rows = rows
    self.counts = counts
  }

  public init(_ mask: PlaneMask) {
    columns = mask.columns
    rows = mask.rows
    var counts: [Int] = []
    var current: UInt8 = 0
    var length = 0
    for column in 0..<mask.columns {
      for at in stride(from: column, to: mask.bytes.count, by: mask.columns) {
        if mask.bytes[at] != current {
          counts.append(length)
          (current, length) = (mask.bytes[at], 0)
        }
        length += 1
      }
    }
    counts.append(length)
    self.counts = counts
  }

  /// The same, a byte a pixel.
  public var mask: PlaneMask {
    var mask = PlaneMask(columns: columns, rows: rows, filled: false)
    eachRun { start, end in
      for at in start..<end { mask.bytes[at % rows * columns + at / rows] = 1 }
    }
    return mask
  }

  /// In pixels.
  public var area: Int {
    stride(from: 1, to: counts.count, by: 2).reduce(0) { $0 + counts[$1] }
  }

  /// The smallest box around what is inside; nil where nothing is.
  public var box: EdgeBox? {
    var box: EdgeBox?
    eachRun { start, end in
      let (first, last) = (start / rows, (end - 1) / rows)
      // A run over the end of a column reaches its foot, and the head of the next.
      let top = first == last ? start % rows : 0
      let bottom = first == last ? (end - 1) % rows + 1 : rows
      let own = EdgeBox(columns: first..<last + 1, rows: top..<bottom)
      box =
        box.map {
          EdgeBox(
            x0: min($0.x0, own.x0), y0: min($0.y0, own.y0), x1: max($0.x1, own.x1),
            y1: max($0.y1, own.y1))
        } ?? own
    }
    return box
  }

  /// Runs inside, counted down the columns.
  private func eachRun(_ body: (_ start: Int, _ end: Int) -> Void) {
    var at = 0
    for (i, count) in counts.enumerated() {
      if !i.isMultiple(of: 2), count > 0 { body(at, at + count) }
      at += count
    }
  }
}
