import MedicalImaging

/// How the grey pictures of one modality are shown. Colour is never mapped, whatever the modality.
public struct ModalityProfile: Hashable, Sendable {
  /// What decides on the display mapping.
  public enum Rule: String, Codable, Sendable {
    /// Hounsfield units by a preset for the body part.
    case ctPreset = "ct_preset"
    /// By what lies above Otsu's threshold, as the recipe says: no unit, and much air.
    case foreground
    /// Standardized uptake values by a range of the recipe; what has none by `header`.
    case uptake = "suv"
    /// The header's VOI LUT, else its first valid window, else percentiles of all values.
    case header
    /// As `header`, but 8 bits without either as they are: they were made to be looked at.
    case camera
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
  ///
  /// Counts of NM have no unit. The window in its header is that of whoever processed the study, and
  /// reaches the hottest spot, which percentiles would cut; where there is none, they leave out the bladder.
  /// Projections are no volumes, so that the scope of XA and RF speaks of reconstructed slices alone.
  public static let all = [
    ModalityProfile(modality: "CT", rule: .ctPreset, scope: .volume),
    ModalityProfile(modality: "MR", rule: .foreground, scope: .volume),
    ModalityProfile(modality: "PT", rule: .uptake, scope: .volume),
    ModalityProfile(modality: "NM", rule: .header, scope: .volume),
    ModalityProfile(modality: "CR", rule: .header, scope: .instance),
    ModalityProfile(modality: "DX", rule: .header, scope: .instance),
    ModalityProfile(modality: "MG", rule: .header, scope: .instance),
    ModalityProfile(modality: "IO", rule: .header, scope: .instance),
    ModalityProfile(modality: "PX", rule: .header, scope: .instance),
    ModalityProfile(modality: "XA", rule: .header, scope: .volume),
    ModalityProfile(modality: "RF", rule: .header, scope: .volume),
    ModalityProfile(modality: "US", rule: .camera, scope: .instance),
    ModalityProfile(modality: "IVUS", rule: .camera, scope: .instance),
    ModalityProfile(modality: "OPT", rule: .camera, scope: .volume),
    ModalityProfile(modality: "OPTENF", rule: .camera, scope: .instance),
    ModalityProfile(modality: "OCT", rule: .camera, scope: .volume),
    ModalityProfile(modality: "IVOCT", rule: .camera, scope: .volume),
    ModalityProfile(modality: "OP", rule: .camera, scope: .instance),
    ModalityProfile(modality: "ES", rule: .camera, scope: .instance),
    ModalityProfile(modality: "DMS", rule: .camera, scope: .instance),
    ModalityProfile(modality: "XC", rule: .camera, scope: .instance),
    ModalityProfile(modality: "GM", rule: .camera, scope: .instance),
    ModalityProfile(modality: "SM", rule: .header, scope: .instance),
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
