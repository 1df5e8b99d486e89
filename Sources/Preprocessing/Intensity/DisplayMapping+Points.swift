import MedicalImaging

extension DisplayMapping {
  /// - Throws: `ImageError` with code `invalidWindow`: see `init`.
  static func validate(_ points: [Point]) throws {
    let isRising = zip(points, points.dropFirst()).allSatisfy {
      $0.value <= $1.value && $0.display < $1.display
    }
    guard points.count > 1, isRising, let first = points.first, let last = points.last,
      points.allSatisfy({ $0.value.isFinite }), first.display >= 0, last.display <= 1,
      first.value < last.value, (last.value - first.value).isFinite
    else {
      throw ImageError(.invalidWindow, "The points of a scale of greys do not rise.")
    }
  }

  /// 0...1; a value at which the scale jumps is shown as what comes behind the jump.
  static func display(_ value: Double, _ points: [Point]) -> Double {
    // NaN is black, as it is in a range.
    guard value >= points[0].value else { return value.isNaN ? 0 : points[0].display }
    // The last point that does not lie above the value.
    var (low, high) = (0, points.count)
    while high - low > 1 {
      let middle = (low + high) / 2
      if points[middle].value <= value { low = middle } else { high = middle }
    }
    guard high < points.count else { return points[low].display }
    let (a, b) = (points[low], points[high])
    return a.display + (value - a.value) / (b.value - a.value) * (b.display - a.display)
  }
}
