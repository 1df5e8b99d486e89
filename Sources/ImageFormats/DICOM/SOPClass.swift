import MedicalImaging

/// What a SOP Class (PS3.4 B.5, PS3.6 A) means to this toolkit: one row a class, or a family.
///
/// Image classes stand in no row: whatever holds Rows, Columns and Pixel Data is a picture.
struct SOPClass: Sendable {
  enum Meaning: Sendable {
    case leftOut(LeftOutKind)
    /// A part of a slide, read by `SlideReader`.
    case slide
    /// Its pixels are read, and are no picture of a patient.
    case notAPicture(ErrorCode)
    case mediaDirectory
  }

  /// The UID, or all UIDs below it where it ends in a dot.
  let uid: String
  let meaning: Meaning

  private static let storage = "1.2.840.10008.5.1.4.1.1."
  /// VL Whole Slide Microscopy Image Storage.
  static let wholeSlide = storage + "77.1.6"

  /// Segmentation and Label Map Segmentation Storage.
  static let segmentations = [storage + "66.4", storage + "66.7"]

  /// Searched in order: single classes before their families.
  static let all: [SOPClass] = [
    SOPClass("1.2.840.10008.1.3.10", .mediaDirectory),
    SOPClass(segmentations[0], .notAPicture(.segmentation)),
    SOPClass(segmentations[1], .notAPicture(.segmentation)),
    SOPClass(storage + "481.2", .notAPicture(.dose)),
    SOPClass(wholeSlide, .slide),
    SOPClass(storage + "88.59", .leftOut(.keyObjectSelection)),
    SOPClass(storage + "88.", .leftOut(.structuredReport)),
    SOPClass(storage + "11.", .leftOut(.presentationState)),
    SOPClass(storage + "481.3", .leftOut(.structureSet)),
    SOPClass(storage + "481.5", .leftOut(.radiotherapyPlan)),
    SOPClass(storage + "481.8", .leftOut(.radiotherapyPlan)),
    SOPClass(storage + "481.10", .leftOut(.radiotherapyPlan)),
    SOPClass(storage + "481.4", .leftOut(.radiotherapyRecord)),
    SOPClass(storage + "481.6", .leftOut(.radiotherapyRecord)),
    SOPClass(storage + "481.7", .leftOut(.radiotherapyRecord)),
    SOPClass(storage + "481.9", .leftOut(.radiotherapyRecord)),
    SOPClass(storage + "9.", .leftOut(.waveform)),
    SOPClass(storage + "91.1", .leftOut(.bulkAnnotations)),
    SOPClass(storage + "67", .leftOut(.realWorldValueMapping)),
    SOPClass(storage + "66.1", .leftOut(.registration)),
    SOPClass(storage + "66.2", .leftOut(.registration)),
    SOPClass(storage + "66.3", .leftOut(.registration)),
    SOPClass(storage + "66.5", .leftOut(.surface)),
    SOPClass(storage + "68.1", .leftOut(.surface)),
    SOPClass(storage + "68.2", .leftOut(.surface)),
    SOPClass(storage + "66.6", .leftOut(.tractography)),
    SOPClass(storage + "104.", .leftOut(.encapsulatedDocument)),
    SOPClass(storage + "66", .leftOut(.rawData)),
    SOPClass(storage + "4.2", .leftOut(.spectroscopy)),
    SOPClass(storage + "200.", .leftOut(.protocolDefinition)),
    SOPClass("1.2.840.10008.5.1.4.39.1", .leftOut(.colorPalette)),
    SOPClass("1.2.840.10008.5.1.4.38.", .leftOut(.protocolDefinition)),
    SOPClass("1.2.840.10008.5.1.4.43.", .leftOut(.otherObject)),
    SOPClass("1.2.840.10008.5.1.4.45.", .leftOut(.otherObject)),
  ]

  /// The row of a UID; nil for image classes and unknown ones.
  static func row(of uid: String) -> SOPClass? {
    all.first { $0.uid.hasSuffix(".") ? uid.hasPrefix($0.uid) : uid == $0.uid }
  }

  /// Classes of pictures, as far as their absence of pixels must be told from being none.
  private static let images: [String] = [
    "1", "1.", "2", "2.", "3", "3.1", "4", "4.1", "4.3", "4.4", "5", "6", "6.", "7", "7.", "12.",
    "13.", "14.", "20", "30", "66.4", "66.7", "77.", "128", "128.1", "130", "481.1", "481.2",
    "501.",
  ]

  /// Whether a UID names a class of pictures.
  static func isImage(_ uid: String) -> Bool {
    guard uid.hasPrefix(storage) else { return false }
    let tail = uid.dropFirst(storage.count)
    return images.contains { $0.hasSuffix(".") ? tail.hasPrefix($0) : tail == $0 }
  }

  private init(_ uid: String, _ meaning: Meaning) {
    self.uid = uid
    self.meaning = meaning
  }
}
