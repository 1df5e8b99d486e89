import MedicalImaging

/// Which of two sides of the body is shown. The raw value stands in texts.
public enum BodySide: String, CaseIterable, Sendable {
  case left, right, both

  /// What Image Laterality or Laterality say (PS3.3 C.7.3.1), of a part of the body that there are two
  /// of; nil where the header says nothing, or something that no part of the kind can have.
  public init?(_ description: InstanceHeader.Description) {
    let region = BodyRegion(term: description.bodyPartExamined)
    // A mammogram is of a breast, whether its header repeats that or not.
    guard region?.isPaired ?? (description.modality == "MG") else { return nil }
    switch description.laterality {
    case "L": self = .left
    case "R": self = .right
    case "B": self = .both
    default: return nil
    }
  }
}

extension BodyRegion {
  /// Whether there is one on the left and one on the right.
  public var isPaired: Bool { Self.paired.contains(name) }

  static let paired: Set<String> = [
    "cheekbone", "orbit", "eye", "ear", "internal auditory canal", "temporal bone",
    "temporomandibular joint", "parotid gland", "submandibular gland", "carotid artery", "lung",
    "breast", "axilla", "kidney", "adrenal gland", "ureter", "ovary", "sacroiliac joint",
    "iliac bone", "buttock", "clavicle", "shoulder blade", "shoulder", "arm", "upper arm", "elbow",
    "forearm", "wrist", "hand", "thumb", "limb", "hip", "thigh", "knee", "kneecap", "lower leg",
    "lower limb", "ankle", "foot", "heel",
  ]
}
