import MedicalImaging

/// The display mapping of one volume and why it is this one, for the record.
public struct DisplayChoice: Codable, Hashable, Sendable {
  public enum Source: String, Codable, CaseIterable, Sendable {
    /// The CT preset in `preset`.
    case ctPreset = "ct_preset"
    /// The window that the recipe gives for CT.
    case recipeWindow = "recipe_window"
    /// Three ranges of Hounsfield units as red, green and blue.
    case threeWindow = "three_window"
    /// All that the stored values can be, a grey each: 16 bits.
    case full
    /// The range that the recipe gives for standardized uptake values.
    case uptakeRange = "suv_range"
    case headerLUT = "header_lut"
    case headerWindow = "header_window"
    case foregroundPercentiles = "foreground_percentiles"
    case percentiles
    /// The least and the greatest value of one plane, padding included.
    case planeExtremes = "plane_extremes"
    /// Standard deviations from the mean.
    case zScore = "z_score"
    /// Landmarks of a standard histogram that the recipe gives.
    case landmarks
    /// Colour is shown as it is.
    case colour
    /// Grey of 8 bits that was made to be looked at is shown as it is: of ordinary pictures, and of
    /// cameras and ultrasound.
    case picture
  }

  public var mapping: DisplayMapping
  public var source: Source
  public var preset: CTPreset?
  /// What the percentiles were taken from in the end; nil where none were.
  public var basis: IntensityRange.Basis?
  /// What was odd in the headers and how it was taken.
  public var findings: [InstanceHeader.Finding]
  /// Where percentiles of the values lie between the outermost of them, for training: see
  /// `HistogramLandmarks.percentiles`; nil where nothing was measured, or these are one value.
  public var standardLandmarks: [Double]?

  /// Whether padding is a value like any other.
  public var showsPadding: Bool { source == .planeExtremes }
}
