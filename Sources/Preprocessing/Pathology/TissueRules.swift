/// By what tissue is told from glass and ink. Areas and distances are of the slide, whatever the
/// picture's scale.
///
/// The limits hold for stained sections in transmitted light. They are those of the presets for biopsies of CLAM
/// (Lu et al., Nature Biomedical Engineering 5 (2021), 555) where it has such a limit.
public struct TissueRules: Hashable, Sendable {
  /// 255 times the saturation that glass may have: Otsu's threshold splits whatever there is, the grain
  /// of an empty slide too. CLAM's `sthresh`.
  public var leastSaturation = 15
  /// 255 times the saturation that no glass has: where all is tissue, Otsu's threshold would part pale
  /// tissue from dark.
  public var mostSaturation = 40
  /// Largest and smallest of red, green and blue are at least so far apart in tissue; nearer to each
  /// other they are glass, dust, or shadow. histolab and Deep-Histopath have 15 as the difference that
  /// is still grey.
  public var leastChroma = 16
  /// What lets less light through in its lightest colour is no tissue: the black around scans.
  public var leastValue = 40
  /// Regions up to this area are no tissue, in square micrometres: a square of 128 micrometres, CLAM's
  /// 512 x 512 pixels at 40 x.
  public var largestSpeck = 16_384.0
  /// Holes in tissue up to this area are tissue: vessels, ducts and fat cells.
  public var largestHole = 16_384.0
  /// How marks of pens are found; nil keeps them.
  public var pens: PenRules? = PenRules()

  public init() {}
}

/// By which colours marks of pens are told from stains. Published filters list triples of limits by
/// colour (Deep-Histopath, histolab); these are the same colours as ranges of hue.
public struct PenRules: Hashable, Sendable {
  /// Green and cyan, where no common stain is: between the hues, of at least the saturation.
  public var green = Range(hues: 70...190, saturation: 0.15, value: 0)
  /// Blue, as saturated as haematoxylin is not at this scale.
  public var blue = Range(hues: 190...248, saturation: 0.5, value: 0)
  /// Red without the blue that eosin keeps; the range goes over 0. Blood is of this colour too.
  public var red = Range(hues: 350...372, saturation: 0.45, value: 0.45)
  /// Of a red mark at least this share is at least so saturated, and blood hardly anywhere is.
  public var strongRed = Strong(saturation: 0.75, share: 0.25)
  /// Black and dark grey: the lightest colour is below the first, all lie nearer than the second.
  public var darkestValue = 100
  public var mostChroma = 24
  /// Smaller marks are none, in square micrometres: a pen is as wide as a few hundred micrometres, and
  /// a vessel full of blood is not.
  public var smallestMark = 50_000.0
  /// How far beyond a mark its blurred edge reaches, in micrometres.
  public var margin = 48.0

  public init() {}

  /// Colours of one hue.
  public struct Range: Hashable, Sendable {
    /// In degrees, from 0 for red.
    public var hues: ClosedRange<Double>
    /// At least so much, of 1.
    public var saturation: Double
    /// At least so much, of 1.
    public var value: Double

    func contains(_ color: HSV) -> Bool {
      guard color.saturation >= saturation, color.value >= value else { return false }
      let hue = color.hue * 360
      return hues.contains(hue) || hues.contains(hue + 360)
    }
  }

  public struct Strong: Hashable, Sendable {
    public var saturation: Double
    public var share: Double
  }

  /// What a pixel's colour may be.
  enum Ink { case none, ink, red, strongRed }

  func ink(_ red: UInt8, _ green: UInt8, _ blue: UInt8) -> Ink {
    let (most, least) = (max(red, green, blue), min(red, green, blue))
    if most < darkestValue, most - least < mostChroma { return .ink }
    // Glass is met most often, and in no range.
    guard most - least >= 8 else { return .none }
    let color = HSV(red: red, green: green, blue: blue)
    if self.green.contains(color) || self.blue.contains(color) { return .ink }
    guard self.red.contains(color) else { return .none }
    return color.saturation >= strongRed.saturation ? .strongRed : .red
  }
}
