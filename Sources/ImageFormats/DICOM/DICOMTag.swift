/// The tags that are read here, with the VR that PS3.6 gives them; it stands in where a file says UN.
struct DICOMTag: Hashable, Sendable {
  /// How a value is written where the file itself does not tell.
  enum Kind: Sendable {
    case text, unsigned16, unsigned32, signed32, float32, float64, words, sequence
  }

  let number: UInt32
  let kind: Kind

  init(_ group: UInt16, _ element: UInt16, _ kind: Kind = .text) {
    number = UInt32(group) << 16 | UInt32(element)
    self.kind = kind
  }
}

extension DICOMTag {
  // Identity.
  static let specificCharacterSet = DICOMTag(0x0008, 0x0005)
  static let sopClassUID = DICOMTag(0x0008, 0x0016)
  static let sopInstanceUID = DICOMTag(0x0008, 0x0018)
  static let patientID = DICOMTag(0x0010, 0x0020)
  static let issuerOfPatientID = DICOMTag(0x0010, 0x0021)
  static let patientBirthDate = DICOMTag(0x0010, 0x0030)
  static let patientSex = DICOMTag(0x0010, 0x0040)
  static let studyInstanceUID = DICOMTag(0x0020, 0x000D)
  static let seriesInstanceUID = DICOMTag(0x0020, 0x000E)
  static let frameOfReferenceUID = DICOMTag(0x0020, 0x0052)

  // Description.
  static let imageType = DICOMTag(0x0008, 0x0008)
  static let modality = DICOMTag(0x0008, 0x0060)
  static let conversionType = DICOMTag(0x0008, 0x0064)
  static let bodyPartExamined = DICOMTag(0x0018, 0x0015)
  static let viewPosition = DICOMTag(0x0018, 0x5101)
  static let viewCodeSequence = DICOMTag(0x0054, 0x0220, .sequence)
  static let patientOrientation = DICOMTag(0x0020, 0x0020)
  static let laterality = DICOMTag(0x0020, 0x0060)
  static let imageLaterality = DICOMTag(0x0020, 0x0062)
  static let frameAnatomySequence = DICOMTag(0x0020, 0x9071, .sequence)
  static let frameLaterality = DICOMTag(0x0020, 0x9072)
  static let burnedInAnnotation = DICOMTag(0x0028, 0x0301)
  static let presentationLUTShape = DICOMTag(0x2050, 0x0020)
  static let units = DICOMTag(0x0054, 0x1001)

  // Order.
  static let acquisitionDateTime = DICOMTag(0x0008, 0x002A)
  static let acquisitionTime = DICOMTag(0x0008, 0x0032)
  static let contentTime = DICOMTag(0x0008, 0x0033)
  static let scanningSequence = DICOMTag(0x0018, 0x0020)
  static let mrAcquisitionType = DICOMTag(0x0018, 0x0023)
  static let repetitionTime = DICOMTag(0x0018, 0x0080)
  static let echoTime = DICOMTag(0x0018, 0x0081)
  static let echoNumbers = DICOMTag(0x0018, 0x0086)
  static let triggerTime = DICOMTag(0x0018, 0x1060)
  static let effectiveEchoTime = DICOMTag(0x0018, 0x9082, .float64)
  static let diffusionBValue = DICOMTag(0x0018, 0x9087, .float64)
  static let mrEchoSequence = DICOMTag(0x0018, 0x9114, .sequence)
  static let mrDiffusionSequence = DICOMTag(0x0018, 0x9117, .sequence)
  static let seriesNumber = DICOMTag(0x0020, 0x0011)
  static let acquisitionNumber = DICOMTag(0x0020, 0x0012)
  static let instanceNumber = DICOMTag(0x0020, 0x0013)
  static let temporalPositionIdentifier = DICOMTag(0x0020, 0x0100)
  static let stackID = DICOMTag(0x0020, 0x9056)
  static let frameContentSequence = DICOMTag(0x0020, 0x9111, .sequence)
  static let cardiacSynchronizationSequence = DICOMTag(0x0018, 0x9118, .sequence)
  static let nominalCardiacTriggerDelayTime = DICOMTag(0x0020, 0x9153, .float64)
  static let temporalPositionIndex = DICOMTag(0x0020, 0x9128, .unsigned16)

  // Pixels.
  static let samplesPerPixel = DICOMTag(0x0028, 0x0002, .unsigned16)
  static let photometricInterpretation = DICOMTag(0x0028, 0x0004)
  static let planarConfiguration = DICOMTag(0x0028, 0x0006, .unsigned16)
  static let numberOfFrames = DICOMTag(0x0028, 0x0008)
  static let rows = DICOMTag(0x0028, 0x0010, .unsigned16)
  static let columns = DICOMTag(0x0028, 0x0011, .unsigned16)
  static let bitsAllocated = DICOMTag(0x0028, 0x0100, .unsigned16)
  static let bitsStored = DICOMTag(0x0028, 0x0101, .unsigned16)
  static let highBit = DICOMTag(0x0028, 0x0102, .unsigned16)
  static let pixelRepresentation = DICOMTag(0x0028, 0x0103, .unsigned16)
  static let pixelPaddingValue = DICOMTag(0x0028, 0x0120, .unsigned16)
  static let pixelPaddingRangeLimit = DICOMTag(0x0028, 0x0121, .unsigned16)
  static let paletteDescriptors = (0x1101...0x1103).map { DICOMTag(0x0028, $0, .unsigned16) }
  static let paletteData = (0x1201...0x1203).map { DICOMTag(0x0028, $0, .words) }
  static let segmentedPaletteData = (0x1221...0x1223).map { DICOMTag(0x0028, $0, .words) }
  static let floatPaddingValue = DICOMTag(0x0028, 0x0122, .float32)
  static let doublePaddingValue = DICOMTag(0x0028, 0x0123, .float64)
  static let floatPaddingRangeLimit = DICOMTag(0x0028, 0x0124, .float32)
  static let doublePaddingRangeLimit = DICOMTag(0x0028, 0x0125, .float64)
  static let iccProfile = DICOMTag(0x0028, 0x2000, .words)
  static let extendedOffsetTable = DICOMTag(0x7FE0, 0x0001, .words)

  // Geometry.
  static let sliceThickness = DICOMTag(0x0018, 0x0050)
  static let spacingBetweenSlices = DICOMTag(0x0018, 0x0088)
  static let imagePosition = DICOMTag(0x0020, 0x0032)
  static let imageOrientation = DICOMTag(0x0020, 0x0037)
  static let pixelSpacing = DICOMTag(0x0028, 0x0030)
  static let imagerPixelSpacing = DICOMTag(0x0018, 0x1164)
  static let nominalScannedPixelSpacing = DICOMTag(0x0018, 0x2010)
  static let pixelAspectRatio = DICOMTag(0x0028, 0x0034)
  static let ultrasoundRegions = DICOMTag(0x0018, 0x6011, .sequence)
  static let regionSpatialFormat = DICOMTag(0x0018, 0x6012, .unsigned16)
  static let regionDataType = DICOMTag(0x0018, 0x6014, .unsigned16)
  static let regionMinX0 = DICOMTag(0x0018, 0x6018, .unsigned32)
  static let regionMinY0 = DICOMTag(0x0018, 0x601A, .unsigned32)
  static let regionMaxX1 = DICOMTag(0x0018, 0x601C, .unsigned32)
  static let regionMaxY1 = DICOMTag(0x0018, 0x601E, .unsigned32)
  static let physicalUnitsX = DICOMTag(0x0018, 0x6024, .unsigned16)
  static let physicalUnitsY = DICOMTag(0x0018, 0x6026, .unsigned16)
  static let physicalDeltaX = DICOMTag(0x0018, 0x602C, .float64)
  static let physicalDeltaY = DICOMTag(0x0018, 0x602E, .float64)
  static let planePositionSequence = DICOMTag(0x0020, 0x9113, .sequence)
  static let planeOrientationSequence = DICOMTag(0x0020, 0x9116, .sequence)
  static let pixelMeasuresSequence = DICOMTag(0x0028, 0x9110, .sequence)
  static let sharedFunctionalGroups = DICOMTag(0x5200, 0x9229, .sequence)
  static let perFrameFunctionalGroups = DICOMTag(0x5200, 0x9230, .sequence)

  // Intensity.
  static let windowCenter = DICOMTag(0x0028, 0x1050)
  static let windowWidth = DICOMTag(0x0028, 0x1051)
  static let rescaleIntercept = DICOMTag(0x0028, 0x1052)
  static let rescaleSlope = DICOMTag(0x0028, 0x1053)
  static let rescaleType = DICOMTag(0x0028, 0x1054)
  static let voiLUTFunction = DICOMTag(0x0028, 0x1056)
  static let modalityLUTSequence = DICOMTag(0x0028, 0x3000, .sequence)
  static let lutDescriptor = DICOMTag(0x0028, 0x3002, .unsigned16)
  static let modalityLUTType = DICOMTag(0x0028, 0x3004)
  static let lutData = DICOMTag(0x0028, 0x3006, .words)
  static let voiLUTSequence = DICOMTag(0x0028, 0x3010, .sequence)
  static let frameVOILUTSequence = DICOMTag(0x0028, 0x9132, .sequence)
  static let pixelValueTransformationSequence = DICOMTag(0x0028, 0x9145, .sequence)

  // DICOMDIR.
  static let directoryRecordSequence = DICOMTag(0x0004, 0x1220, .sequence)
  static let referencedFileID = DICOMTag(0x0004, 0x1500)
}
