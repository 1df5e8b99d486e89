/// Tags of whole-slide images (PS3.3 C.8.12).
extension DICOMTag {
  static let totalPixelMatrixColumns = DICOMTag(0x0048, 0x0006)
  static let totalPixelMatrixRows = DICOMTag(0x0048, 0x0007)
  static let specimenLabelInImage = DICOMTag(0x0048, 0x0010)
  static let imageOrientationSlide = DICOMTag(0x0048, 0x0102)
  static let opticalPathSequence = DICOMTag(0x0048, 0x0105, .sequence)
  static let opticalPathIdentifier = DICOMTag(0x0048, 0x0106)
  static let objectiveLensPower = DICOMTag(0x0048, 0x0112)
  static let opticalPathIdentificationSequence = DICOMTag(0x0048, 0x0207, .sequence)
  static let planePositionSlideSequence = DICOMTag(0x0048, 0x021A, .sequence)
  static let columnPositionInMatrix = DICOMTag(0x0048, 0x021E)
  static let rowPositionInMatrix = DICOMTag(0x0048, 0x021F)
  static let zOffsetInSlide = DICOMTag(0x0040, 0x074A)
  static let totalPixelMatrixFocalPlanes = DICOMTag(0x0048, 0x0303)
  static let dimensionOrganizationType = DICOMTag(0x0020, 0x9311)
  static let concatenationUID = DICOMTag(0x0020, 0x9161)
  static let concatenationFrameOffset = DICOMTag(0x0020, 0x9228)
}
