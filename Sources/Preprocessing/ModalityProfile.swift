import MedicalImaging

/// How the grey pictures of one modality are shown. Colour is never mapped, whatever the modality.
public struct ModalityProfile: Hashable, Sendable {
  /// What decides on the display mapping.
  public enum Rule: String, Codable, Sendable {
    /// Hounsfield units by a preset for the body part.
    case ctPreset = "ct_preset"
    /// Percentiles of what lies above Otsu's threshold: no unit, and much air.
    case foregroundPercentiles = "foreground_percentiles"
    /// The header's VOI LUT, else its first valid window, else percentiles of all values.
    case header
  }

  /// Over what statistics are taken and one mapping holds.
  public enum Scope: String, Codable, Sendable {
    /// All slices of a volume.
    case volume
    /// All frames of one instance.
    case instance
  }

  /// Modality's defined term (PS3.3 C.7.3.1.1.1); SC means the secondary capture classes.
  public let modality: String
  public let rule: Rule
  public let scope: Scope

  /// THE table: one row a modality.
  public static let all = [
    ModalityProfile(modality: "CT", rule: .ctPreset, scope: .volume),
    ModalityProfile(modality: "MR", rule: .foregroundPercentiles, scope: .volume),
    ModalityProfile(modality: "CR", rule: .header, scope: .instance),
    ModalityProfile(modality: "DX", rule: .header, scope: .instance),
    ModalityProfile(modality: "MG", rule: .header, scope: .instance),
    ModalityProfile(modality: "US", rule: .header, scope: .instance),
    ModalityProfile(modality: "XA", rule: .header, scope: .instance),
    ModalityProfile(modality: "SC", rule: .header, scope: .instance),
  ]

  /// What goes for every other modality.
  public static let other = ModalityProfile(modality: "", rule: .header, scope: .volume)

  /// The row for a header. A secondary capture is a picture of a screen or a film: its values are
  /// not those of the modality that it names (PS3.3 A.8).
  public static func row(for description: InstanceHeader.Description) -> ModalityProfile {
    let modality = description.isSecondaryCapture ? "SC" : description.modality
    return all.first { $0.modality == modality } ?? other
  }
}

extension InstanceHeader.Description {
  /// Secondary Capture Image Storage and its multi-frame classes (PS3.4 B.5).
  var isSecondaryCapture: Bool {
    let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7"
    return sopClassUID == secondaryCapture || sopClassUID.hasPrefix(secondaryCapture + ".")
  }
}
