import MedicalImaging

/// The images of a slide's tissue as levels: those of one size are one level.
struct SlidePyramid {
  let levels: [SlideLevel]
  /// The instances of each level.
  let members: [[SlideTiles.Source]]
  /// Of level 0; nil where it is missing or contradicted.
  let micronsPerPixel: MicronsPerPixel?
  private(set) var findings: [InstanceHeader.Finding] = []

  /// How far the ratios of levels may be apart, as a part of them, besides a pixel of rounding.
  private static let tolerance = 0.02

  /// Throws `.damagedHeader` where an image has no size, or images are not of one picture.
  init(_ sources: [SlideTiles.Source]) throws(ImageError) {
    guard sources.allSatisfy({ $0.instance.columns > 0 && $0.instance.rows > 0 }) else {
      throw ImageError(.damagedHeader, "An image of the slide does not say how large it is.")
    }
    let sorted = sources.sorted {
      ($1.instance.columns, $1.instance.rows, $0.index)
        < ($0.instance.columns, $0.instance.rows, $1.index)
    }
    var members: [[SlideTiles.Source]] = []
    for source in sorted {
      if let last = members.last?[0].instance, last.columns == source.instance.columns,
        last.rows == source.instance.rows
      {
        members[members.count - 1].append(source)
      } else {
        members.append([source])
      }
    }
    let base = members[0][0].instance
    let (columns, rows) = (Double(base.columns), Double(base.rows))
    var levels: [SlideLevel] = []
    for member in members.map(\.[0].instance) {
      let (across, down) = (columns / Double(member.columns), rows / Double(member.rows))
      // A level's sides are rounded to whole pixels.
      let rounded = max(1 / Double(member.columns), 1 / Double(member.rows))
      guard abs(across - down) <= max(across, down) * (Self.tolerance + rounded) else {
        throw Self.contradiction
      }
      levels.append(
        SlideLevel(columns: member.columns, rows: member.rows, downsample: (across + down) / 2))
    }
    guard sources.allSatisfy({ Self.agree($0.instance.orientation, base.orientation) }) else {
      throw Self.contradiction
    }
    self.levels = levels
    self.members = members
    let doubt = Self.spacingsDiffer(members, levels)
    micronsPerPixel = doubt ? nil : base.micronsPerPixel
    if doubt {
      findings.append(
        .init(
          "slide_spacing",
          "Images of the slide contradict each other in Pixel Spacing; it was not used."))
    }
  }

  private static let contradiction = ImageError(
    .damagedHeader, "The images of the slide are not of one picture in several sizes.",
    remedy: "Export the slide again, as a series of its own.")

  private static func agree(_ a: [Double], _ b: [Double]) -> Bool {
    a.isEmpty || b.isEmpty || zip(a, b).allSatisfy { abs($0 - $1) <= 1e-3 }
  }

  /// Whether an image's spacing is not level 0's times its downsample.
  private static func spacingsDiffer(_ members: [[SlideTiles.Source]], _ levels: [SlideLevel])
    -> Bool
  {
    guard let base = members[0][0].instance.micronsPerPixel else { return false }
    for (level, sources) in zip(levels, members) {
      let rounded = max(1 / Double(level.columns), 1 / Double(level.rows))
      for spacing in sources.compactMap(\.instance.micronsPerPixel) {
        for (own, expected) in [(spacing.x, base.x), (spacing.y, base.y)] {
          let expected = expected * level.downsample
          if abs(own - expected) > expected * (tolerance + rounded) { return true }
        }
      }
    }
    return false
  }
}
