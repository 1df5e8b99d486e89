import MedicalImaging

/// Where on a slide tissue lies, found in a small picture of it without a model.
///
/// Pixels are tissue whose saturation lies above Otsu's threshold (of whole numbers from 0 to 255, as
/// scikit-image's `threshold_otsu` has it), within the limits of `TissueRules`; what is dark or grey is
/// not, nor what has the colour of ink. Small holes are filled, then small specks removed, as
/// scikit-image's `remove_small_holes` (4-connected) and `remove_small_objects` (8-connected) do.
public struct TissueMask: Hashable, Sendable {
  public let mask: PlaneMask
  /// Of the mask's pixels.
  public let micronsPerPixel: MicronsPerPixel
  /// Otsu's threshold of 255 times the saturation, of all pixels but ink and what is dark; nil where
  /// they have no two values.
  public let otsuThreshold: Int?
  /// The one that was used: tissue lies above it.
  public let threshold: Int
  /// How many pixels were taken as ink, with the margin around it.
  public let inkArea: Int

  /// Of the picture, 0 to 1.
  public var tissueShare: Double {
    Double(mask.area) / Double(max(mask.columns * mask.rows, 1))
  }

  /// Areas are meant for pictures of 4 to 30 micrometres a pixel.
  ///
  /// - Parameters:
  ///   - bytes: rows x columns x 3, row by row, 8 bits of red, green and blue.
  ///   - micronsPerPixel: both above 0.
  public init(
    columns: Int, rows: Int, bytes: [UInt8], micronsPerPixel: MicronsPerPixel,
    rules: TissueRules = TissueRules()
  ) {
    precondition(columns > 0 && rows > 0 && bytes.count == columns * rows * 3)
    precondition(micronsPerPixel.x > 0 && micronsPerPixel.y > 0)
    func pixels(_ area: Double) -> Int {
      Int(min(area / (micronsPerPixel.x * micronsPerPixel.y), 1e15))
    }
    let ink = rules.pens.map {
      Self.ink(columns, rows, bytes, $0, pixels($0.smallestMark), micronsPerPixel)
    }
    var saturations = [UInt8](repeating: 0, count: columns * rows)
    var open: [UInt8] = []
    open.reserveCapacity(columns * rows)
    // What can be no tissue keeps a saturation of 0.
    let table = HSV.saturations
    for i in saturations.indices where ink?.bytes[i] != 1 {
      let (r, g, b) = (bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2])
      let (most, least) = (max(r, g, b), min(r, g, b))
      guard most >= rules.leastValue else { continue }
      let saturation = table[Int(most) << 8 | Int(least)]
      open.append(saturation)
      if most - least >= rules.leastChroma { saturations[i] = saturation }
    }
    otsuThreshold = Self.otsu(open)
    let least = rules.leastSaturation
    threshold = min(max(otsuThreshold ?? least, least), max(rules.mostSaturation, least))
    var mask = PlaneMask(
      columns: columns, rows: rows,
      bytes: saturations.map { [threshold] in Int($0) > threshold ? 1 : 0 })
    mask.fillHoles(upTo: pixels(rules.largestHole))
    if let ink {
      for i in mask.bytes.indices where ink.bytes[i] == 1 { mask.bytes[i] = 0 }
    }
    mask.removeRegions(upTo: pixels(rules.largestSpeck))
    self.mask = mask
    self.micronsPerPixel = micronsPerPixel
    inkArea = ink?.area ?? 0
  }

  private static func otsu(_ saturations: [UInt8]) -> Int? {
    guard !saturations.isEmpty else { return nil }
    var histogram = ValueHistogram()
    histogram.add(
      plane: StoredPlane(
        columns: saturations.count, rows: 1, samplesPerPixel: 1, sample: .uint8,
        bytes: saturations), padding: nil, modality: .identity)
    return histogram.otsuThreshold.map { Int($0) }
  }

  private static func ink(
    _ columns: Int, _ rows: Int, _ bytes: [UInt8], _ rules: PenRules, _ smallest: Int,
    _ size: MicronsPerPixel
  ) -> PlaneMask {
    let colors = (0..<columns * rows).map { i in
      rules.ink(bytes[3 * i], bytes[3 * i + 1], bytes[3 * i + 2])
    }
    var ink = PlaneMask(
      columns: columns, rows: rows, bytes: colors.map { $0 == .ink ? 1 : 0 })
    let reds = LabelPlane(
      columns: columns, rows: rows,
      numbers: colors.map { $0 == .red || $0 == .strongRed ? 1 : 0 })
    if colors.contains(.strongRed) {
      let found = ConnectedComponents(reds)
      var strong = [Int](repeating: 0, count: found.components.count)
      for (i, color) in colors.enumerated() where color == .strongRed {
        strong[Int(found.numbers[i]) - 1] += 1
      }
      let isInk = zip(strong, found.components).map {
        Double($0) >= rules.strongRed.share * Double($1.area)
      }
      for (i, number) in found.numbers.enumerated() where number > 0 && isInk[Int(number) - 1] {
        ink.bytes[i] = 1
      }
    }
    guard ink.bytes.contains(1) else { return ink }
    ink.removeRegions(upTo: smallest)
    ink.widen(
      columns: Int((rules.margin / size.x).rounded(.up)),
      rows: Int((rules.margin / size.y).rounded(.up)))
    return ink
  }
}
