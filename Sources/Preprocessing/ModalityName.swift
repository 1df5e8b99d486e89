import MedicalImaging

/// What kind of picture it is, in the 13 words of GMAI-VL's taxonomy and two more for what they
/// leave out. The raw value is the word that stands in samples and texts.
public enum ModalityName: String, Codable, CaseIterable, Sendable {
  case ct = "CT"
  case mr = "MR"
  case endoscopy
  case pathology
  case xRay = "X-ray"
  case fundusPhotography = "fundus photography"
  case dermoscopy
  case ultrasound
  case microscopy
  case oct = "OCT"
  case infraredReflectance = "infrared reflectance imaging"
  case pet = "PET"
  case ophthalmoscope
  case nuclearMedicine = "nuclear medicine"
  case other

  /// By Modality (PS3.3 C.7.3.1.1.1), else by the SOP class where that names one technique
  /// (PS3.4 B.5): secondary captures and unknown classes are `other`.
  public init(_ description: InstanceHeader.Description) {
    self =
      Self.byModality[description.modality] ?? Self.bySOPClass[description.sopClassUID] ?? .other
  }

  private static let byModality: [String: ModalityName] = [
    "CT": .ct, "MR": .mr, "PT": .pet, "NM": .nuclearMedicine,
    "CR": .xRay, "DX": .xRay, "MG": .xRay, "XA": .xRay, "RF": .xRay, "RG": .xRay, "IO": .xRay,
    "PX": .xRay,
    "US": .ultrasound, "IVUS": .ultrasound,
    "ES": .endoscopy, "SM": .pathology, "GM": .microscopy, "DMS": .dermoscopy,
    "OP": .fundusPhotography, "OPT": .oct, "OPTENF": .oct, "IVOCT": .oct, "OCT": .oct,
  ]

  private static let bySOPClass: [String: ModalityName] = {
    let storage = "1.2.840.10008.5.1.4.1.1."
    let names: [String: ModalityName] = [
      "2": .ct, "2.1": .ct, "2.2": .ct,
      "4": .mr, "4.1": .mr, "4.3": .mr, "4.4": .mr,
      "128": .pet, "128.1": .pet, "130": .pet, "5": .nuclearMedicine, "20": .nuclearMedicine,
      "1": .xRay, "1.1": .xRay, "1.1.1": .xRay, "1.2": .xRay, "1.2.1": .xRay, "1.3": .xRay,
      "1.3.1": .xRay, "12.1": .xRay, "12.1.1": .xRay, "12.2": .xRay, "12.2.1": .xRay,
      "13.1.1": .xRay, "13.1.2": .xRay, "13.1.3": .xRay, "13.1.4": .xRay, "13.1.5": .xRay,
      "3": .ultrasound, "3.1": .ultrasound, "6": .ultrasound, "6.1": .ultrasound,
      "6.2": .ultrasound,
      "77.1.1": .endoscopy, "77.1.1.1": .endoscopy,
      "77.1.2": .microscopy, "77.1.2.1": .microscopy, "77.1.3": .pathology, "77.1.6": .pathology,
      "77.1.5.1": .fundusPhotography, "77.1.5.2": .fundusPhotography, "77.1.5.4": .oct,
      "14.1": .oct, "14.2": .oct, "77.1.7": .dermoscopy,
    ]
    return Dictionary(uniqueKeysWithValues: names.map { (storage + $0.key, $0.value) })
  }()
}
