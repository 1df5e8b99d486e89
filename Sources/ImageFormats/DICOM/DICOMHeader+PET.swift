import Glibc
import MedicalImaging

/// What standardized uptake values need, by the vendor-neutral pseudo-code of QIBA (RSNA, 2018-06-26).
extension DICOMHeaderReader {
  private static let enhancedPET = "1.2.840.10008.5.1.4.1.1.130"

  /// Nil of other modalities.
  func readPET(_ description: InstanceHeader.Description) -> PETFacts? {
    guard description.modality == "PT" else { return nil }
    let isEnhanced = classUID == Self.enhancedPET
    var facts = PETFacts()
    readCorrections(&facts, isEnhanced: isEnhanced)
    facts.uptakeType = readUptakeType()
    facts.weight = root.number(.patientWeight)
    facts.height = root.number(.patientSize)
    facts.sex = PETFacts.Sex(rawValue: root.code(.patientSex)) ?? .unknown
    facts.uptakeFactor = readPhilips(0x00)
    facts.activityFactor = readPhilips(0x09)
    // What one of several radiopharmaceuticals leads to is no uptake of that one.
    let drugs = converted(.radiopharmaceuticals).items(.radiopharmaceuticals)
    guard let drug = drugs.first, drugs.count == 1 else { return facts }
    // Megabecquerels in enhanced images (PS3.3 C.8.22.4), becquerels in others (C.8.9.2).
    facts.dose = drug.number(.radionuclideTotalDose).map { isEnhanced ? $0 * 1e6 : $0 }
    facts.halfLife = drug.number(.radionuclideHalfLife).flatMap { $0 > 0 ? $0 : nil }
    facts.decaySeconds =
      switch facts.decayCorrection {
      case .administration: 0
      case .start:
        secondsToScan(
          drug, halfLife: facts.halfLife,
          scan: isEnhanced ? moment(root, .decayCorrectionDateTime) : scanStart(facts.halfLife))
      case .none, .unknown: nil
      }
    return facts
  }

  private func readCorrections(_ facts: inout PETFacts, isEnhanced: Bool) {
    if isEnhanced {
      facts.isAttenuationCorrected = root.code(.attenuationCorrected) == "YES"
      facts.isDecayCorrected = root.code(.decayCorrected) == "YES"
      if facts.isDecayCorrected { facts.decayCorrection = .start }
      return
    }
    let corrections = converted(.correctedImage).strings(.correctedImage).map { $0.uppercased() }
    facts.isAttenuationCorrected = corrections.contains("ATTN")
    facts.isDecayCorrected = corrections.contains("DECY")
    facts.decayCorrection =
      PETFacts.DecayCorrection(
        rawValue: converted(.decayCorrection).code(.decayCorrection)) ?? .unknown
  }

  /// By body weight where nothing is said.
  private func readUptakeType() -> PETFacts.UptakeType {
    let word = converted(.suvType).code(.suvType)
    return word.isEmpty ? .bodyWeight : PETFacts.UptakeType(rawValue: word) ?? .other
  }

  private func readPhilips(_ element: UInt8) -> Double? {
    root.privateTag(0x7053, creator: "Philips PET Private Group", element)
      .flatMap { root.number($0) }.flatMap { $0 > 0 ? $0 : nil }
  }

  /// From the injection to `scan`; nil where either is unknown, or where more than one day fits.
  private func secondsToScan(_ drug: DICOMItem, halfLife: Double?, scan: DICOMMoment?) -> Double? {
    guard let scan else { return nil }
    if let injection = moment(drug, .radiopharmaceuticalStartDateTime) {
      return scan.seconds(since: injection)
    }
    // The date is not said: the scan's, or the day before.
    guard
      let time = drug.strings(.radiopharmaceuticalStartTime).first.flatMap(DICOMMoment.time),
      let halfLife, let seconds = scan.seconds(since: scan.sameDay(at: time, zone: zone))
    else { return nil }
    let passed = seconds < 0 ? seconds + DICOMMoment.day : seconds
    // A nuclide that lasts may have been injected days before.
    return passed + DICOMMoment.day > PETFacts.mostHalfLives * halfLife ? passed : nil
  }

  /// The time that values are corrected to, of Decay Correction START.
  private func scanStart(_ halfLife: Double?) -> DICOMMoment? {
    let acquisition =
      moment(root, .acquisitionDate, .acquisitionTime) ?? moment(root, .acquisitionDateTime)
      ?? firstFrame
    if let series = moment(root, .seriesDate, .seriesTime), let acquisition,
      let passed = acquisition.seconds(since: series), passed >= 0
    {
      return series
    }
    // A series that was made of another has a date and time of its own.
    if let tag = root.privateTag(0x0009, creator: "GEMS_PETD_01", 0x0D),
      let scan = moment(root, tag)
    {
      return scan
    }
    // Frame Reference Time is that of the average count rate, counted from the start of the scan;
    // Acquisition Time is the start of the frame (PS3.3 C.8.9.4.1.5).
    guard let acquisition, let halfLife,
      let reference = root.number(.frameReferenceTime), reference > 0,
      let duration = root.number(.actualFrameDuration), duration > 0
    else { return nil }
    let decay = log(2) / halfLife
    let inFrame = decay * duration / 1000
    let average = log(inFrame / (1 - exp(-inFrame))) / decay
    return DICOMMoment(
      seconds: acquisition.seconds - reference / 1000 + average, zone: acquisition.zone)
  }

  /// When the first frame of a converted image was acquired.
  private var firstFrame: DICOMMoment? {
    root.items(.perFrameFunctionalGroups)
      .compactMap {
        $0.first(.frameContentSequence).flatMap { moment($0, .frameAcquisitionDateTime) }
      }
      .min { $0.seconds < $1.seconds }
  }

  /// The item that says an element: the data set, or of a converted image what was in all its images
  /// (PS3.3 C.7.6.16.2.25).
  private func converted(_ tag: DICOMTag) -> DICOMItem {
    root.has(tag)
      ? root
      : root.first(.sharedFunctionalGroups)?.first(.unassignedSharedConvertedAttributes) ?? root
  }

  private var zone: Double? { root.strings(.timezoneOffset).first.flatMap(DICOMMoment.zone) }

  private func moment(_ item: DICOMItem, _ tag: DICOMTag) -> DICOMMoment? {
    item.strings(tag).first.flatMap { DICOMMoment(dateTime: $0, zone: zone) }
  }

  private func moment(_ item: DICOMItem, _ date: DICOMTag, _ time: DICOMTag) -> DICOMMoment? {
    guard let date = item.strings(date).first, let time = item.strings(time).first else {
      return nil
    }
    return DICOMMoment(date: date, time: time, zone: zone)
  }
}

extension DICOMHeaderReader {
  /// Units of PET by its Real World Value Mapping, where that is the same as Rescale for every frame
  /// that has one (PS3.3 C.7.6.16.2.11); nil of others.
  func readMappedUnits() -> ModalityUnits? {
    let common = root.first(.sharedFunctionalGroups)
    let frames = root.items(.perFrameFunctionalGroups)
    let found = (frames.isEmpty ? [common] : frames.map { $0 }).map { own -> ModalityUnits? in
      func group(_ tag: DICOMTag) -> DICOMItem? { own?.first(tag) ?? common?.first(tag) }
      guard let mapping = group(.realWorldValueMappingSequence),
        let rescale = group(.pixelValueTransformationSequence),
        mapping.number(.realWorldValueSlope) == rescale.number(.rescaleSlope),
        mapping.number(.realWorldValueIntercept) == rescale.number(.rescaleIntercept)
      else { return nil }
      return mapping.first(.measurementUnitsCodeSequence)?.strings(.codeValue).first
        .flatMap(ModalityUnits.init(ucum:))
    }
    return found.allSatisfy { $0 == found[0] } ? found[0] : nil
  }
}

extension ModalityUnits {
  /// Of PET (PS3.16 CID 84, CID 85).
  fileprivate init?(ucum code: String) {
    switch code {
    case "Bq/ml": self = .becquerelPerMillilitre
    case "{counts}": self = .counts
    case "g/ml": self = .gramPerMillilitre
    case "cm2/ml": self = .squareCentimetrePerMillilitre
    default:
      guard code.contains("{SUV"), let units = ModalityUnits(rawValue: code) else { return nil }
      self = units
    }
  }
}

extension DICOMTag {
  static let timezoneOffset = DICOMTag(0x0008, 0x0201)
  static let seriesDate = DICOMTag(0x0008, 0x0021)
  static let acquisitionDate = DICOMTag(0x0008, 0x0022)
  static let seriesTime = DICOMTag(0x0008, 0x0031)
  static let patientSize = DICOMTag(0x0010, 0x1020)
  static let patientWeight = DICOMTag(0x0010, 0x1030)
  static let radiopharmaceuticalStartTime = DICOMTag(0x0018, 0x1072)
  static let radionuclideTotalDose = DICOMTag(0x0018, 0x1074)
  static let radionuclideHalfLife = DICOMTag(0x0018, 0x1075)
  static let radiopharmaceuticalStartDateTime = DICOMTag(0x0018, 0x1078)
  static let actualFrameDuration = DICOMTag(0x0018, 0x1242)
  static let frameAcquisitionDateTime = DICOMTag(0x0018, 0x9074)
  static let decayCorrectionDateTime = DICOMTag(0x0018, 0x9701)
  static let decayCorrected = DICOMTag(0x0018, 0x9758)
  static let attenuationCorrected = DICOMTag(0x0018, 0x9759)
  static let unassignedSharedConvertedAttributes = DICOMTag(0x0020, 0x9170, .sequence)
  static let correctedImage = DICOMTag(0x0028, 0x0051)
  static let measurementUnitsCodeSequence = DICOMTag(0x0040, 0x08EA, .sequence)
  static let realWorldValueMappingSequence = DICOMTag(0x0040, 0x9096, .sequence)
  static let realWorldValueIntercept = DICOMTag(0x0040, 0x9224, .float64)
  static let realWorldValueSlope = DICOMTag(0x0040, 0x9225, .float64)
  static let radiopharmaceuticals = DICOMTag(0x0054, 0x0016, .sequence)
  static let suvType = DICOMTag(0x0054, 0x1006)
  static let decayCorrection = DICOMTag(0x0054, 0x1102)
  static let frameReferenceTime = DICOMTag(0x0054, 0x1300)
}
