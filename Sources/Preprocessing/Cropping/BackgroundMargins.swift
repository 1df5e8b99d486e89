import MedicalImaging

/// Finds the margins of a radiograph that show nothing: air around the patient, or around a breast.
///
/// Foreground is what lies above Otsu's threshold of the modality values that are shown, as they are
/// looked at (below it where the picture is inverted). Columns and rows are cut off from the edges as
/// long as less than one percent of their pixels are foreground. Of a mammogram the run of columns, and
/// in there of rows, that holds most of the foreground is kept, so that letters beside the breast hold
/// nothing open.
struct BackgroundMargins {
  private let modality: ModalityTransform
  private let padding: PixelPadding?
  private let isInverted: Bool
  private let isMammogram: Bool

  /// Of a side, what is left around the foreground.
  private static let margin = 0.02
  /// Of a side, what is left at least.
  private static let leastSide = 0.5
  /// Variance between the two classes over the whole (Otsu 1979, eq. 17): 0.75 for values that are spread
  /// evenly, which have no two classes.
  private static let leastSeparation = 0.8
  /// Of all pixels, what foreground is at least.
  private static let leastForeground = 0.05

  /// Nil for what is no radiograph of one frame.
  init?(_ header: InstanceHeader, frame: Int) {
    guard ["CR", "DX", "MG"].contains(header.description.modality), header.frames == 1,
      header.format.samplesPerPixel == 1, header.palette == nil
    else { return nil }
    modality = header.facts(frame: frame).modality
    padding = header.padding
    isInverted = DisplayPlan.isInverted(header.format, header.description)
    isMammogram = header.description.modality == "MG"
  }

  /// Columns and rows of the plane that the foreground and its margin lie in; nil where nothing tells it
  /// from the background.
  func foreground(
    of plane: StoredPlane, within crop: PlaneCrop
  ) -> (columns: Range<Int>, rows: Range<Int>)? {
    var histogram = ValueHistogram()
    histogram.add(plane: crop.pixels(of: plane), padding: padding, modality: modality)
    guard let threshold = histogram.otsuThreshold,
      let separation = histogram.distribution.separation(at: threshold),
      separation > Self.leastSeparation,
      let mapping = try? DisplayMapping(
        .range(low: threshold, high: threshold), inverted: isInverted)
    else { return nil }
    // White above the threshold, black below it and where padding is.
    let table = DisplayTable(
      sample: plane.sample, modality: modality, padding: padding, mapping: mapping)
    let shown = crop.applied(to: table.render(plane), columns: plane.columns, pixelBytes: 1)
    let (width, height) = (crop.columns.count, crop.rows.count)

    var counts = [Int](repeating: 0, count: width)
    for row in 0..<height {
      for column in 0..<width { counts[column] += Int(shown[row * width + column] & 1) }
    }
    guard Double(counts.reduce(0, +)) >= Self.leastForeground * Double(crop.area),
      let columns = kept(counts, of: height)
    else { return nil }
    counts = (0..<height).map { row in
      columns.reduce(0) { $0 + Int(shown[row * width + $1] & 1) }
    }
    guard let rows = kept(counts, of: columns.count) else { return nil }
    let side = max(width, height)
    return (
      Self.widened(columns, of: width, longest: side, from: crop.columns.lowerBound),
      Self.widened(rows, of: height, longest: side, from: crop.rows.lowerBound)
    )
  }

  /// The lines that hold foreground, from the first to the last, or the run that holds most of it.
  private func kept(_ counts: [Int], of length: Int) -> Range<Int>? {
    var best: (range: Range<Int>, count: Int)?
    var start: Int?
    var sum = 0
    for (line, count) in counts.enumerated() {
      if count * 100 >= length {
        if start == nil { (start, sum) = (line, 0) }
        sum += count
      } else if isMammogram {
        start = nil
      }
      guard let start, count * 100 >= length else { continue }
      if best.map({ sum > $0.count }) ?? true { best = (start..<line + 1, sum) }
    }
    return best?.range
  }

  /// The same with its margin, and not less than half of the side.
  private static func widened(
    _ range: Range<Int>, of count: Int, longest: Int, from origin: Int
  ) -> Range<Int> {
    let margin = Int((Double(longest) * margin).rounded(.up))
    var low = max(range.lowerBound - margin, 0)
    var high = min(range.upperBound + margin, count)
    let missing = Int((Double(count) * leastSide).rounded(.up)) - (high - low)
    if missing > 0 {
      low = max(low - missing / 2, 0)
      high = min(low + (count + 1) / 2, count)
      low = high - (count + 1) / 2
    }
    return low + origin..<high + origin
  }
}

extension ValueDistribution {
  /// How well a threshold parts the values: variance between what is above it and what is not, over the
  /// variance of all; nil where all values are one.
  fileprivate func separation(at threshold: Double) -> Double? {
    var (weight, sum, squares) = (0.0, 0.0, 0.0)
    var (lowWeight, lowSum) = (0.0, 0.0)
    let center = values.first ?? 0
    for (value, count) in zip(values, counts) {
      // Counted from the least value, so that no square loses the others.
      let (x, n) = (value - center, Double(count))
      weight += n
      sum += n * x
      squares += n * x * x
      if value <= threshold { (lowWeight, lowSum) = (lowWeight + n, lowSum + n * x) }
    }
    let (highWeight, highSum) = (weight - lowWeight, sum - lowSum)
    let total = squares / weight - sum / weight * (sum / weight)
    guard lowWeight > 0, highWeight > 0, total > 0 else { return nil }
    let distance = highSum / highWeight - lowSum / lowWeight
    return lowWeight / weight * (highWeight / weight) * distance * distance / total
  }
}
