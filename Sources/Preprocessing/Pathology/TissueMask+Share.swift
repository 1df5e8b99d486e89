extension TissueMask {
  /// The share of a rectangle that is tissue, 0 to 1 in millionths, so that all of it is 1 whatever was
  /// rounded on the way; what lies outside of the mask is none. `scale` is how many pixels of the mask
  /// one of the rectangle's stands for, along a side.
  public func share(of columns: Range<Int>, rows: Range<Int>, scale: Double) -> Double {
    func line(_ range: Range<Int>, _ side: Int) -> (from: Double, to: Double, pixels: Range<Int>) {
      let from = min(Double(range.lowerBound) * scale, Double(side))
      let to = min(Double(range.upperBound) * scale, Double(side))
      return (from, to, Int(from)..<max(Int(from), min(Int(to.rounded(.up)), side)))
    }
    let (x, y) = (line(columns, mask.columns), line(rows, mask.rows))
    var area = 0.0
    for row in y.pixels {
      var width = 0.0
      for column in x.pixels where mask.bytes[row * mask.columns + column] == 1 {
        width += min(x.to, Double(column + 1)) - max(x.from, Double(column))
      }
      area += width * (min(y.to, Double(row + 1)) - max(y.from, Double(row)))
    }
    let share = area / (Double(columns.count) * scale * Double(rows.count) * scale)
    return (share * 1e6).rounded() / 1e6
  }
}
