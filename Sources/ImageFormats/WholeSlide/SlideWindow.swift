import MedicalImaging

/// The part of a region that lies inside its level.
struct SlideWindow {
  /// Columns and rows of the region.
  let columns: Int
  let rows: Int
  /// Columns and rows of the level that the region shows; empty where it shows none.
  let inX: Range<Int>
  let inY: Range<Int>
  /// Column and row of the region at which they begin.
  let toX: Int
  let toY: Int

  /// Throws `.memory` where `bytesPerPixel` of every pixel of the region pass the limit.
  init(
    x: Int, y: Int, columns: Int, rows: Int, in level: SlideLevel, bytesPerPixel: Int,
    memoryLimit: Int
  ) throws(ImageError) {
    precondition(columns > 0 && rows > 0)
    let (pixels, overflow) = columns.multipliedReportingOverflow(by: rows)
    guard !overflow, pixels <= memoryLimit / bytesPerPixel else {
      throw ImageError(
        .memory, "A region of the slide needs more memory than is allowed.",
        remedy: "Read smaller regions, or allow more memory.")
    }
    self.columns = columns
    self.rows = rows
    inX = Self.inside(x, columns, level.columns)
    inY = Self.inside(y, rows, level.rows)
    // Where the range is not empty, the start lies in the region, so neither can overflow.
    toX = inX.isEmpty ? 0 : inX.lowerBound - x
    toY = inY.isEmpty ? 0 : inY.lowerBound - y
  }

  var isEmpty: Bool { inX.isEmpty || inY.isEmpty }
  var isWhole: Bool { inX.count == columns && inY.count == rows }

  private static func inside(_ start: Int, _ count: Int, _ size: Int) -> Range<Int> {
    guard start < size, start > -count else { return 0..<0 }
    // `size` is a side of a picture and `count` one that fits into memory: no overflow.
    return max(start, 0)..<min(start + count, size)
  }
}
