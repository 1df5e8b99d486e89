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
}
