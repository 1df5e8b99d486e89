/// What kind of file an image was read from, by its content.
public enum FileKind: String, Codable, Sendable, CaseIterable {
  case dicom = "DICOM"
  case nifti1 = "NIfTI-1"
  case nifti2 = "NIfTI-2"
  case analyze = "Analyze 7.5"
  case png = "PNG"
  case jpeg = "JPEG"
  case tiff = "TIFF"
  case jpeg2000 = "JPEG 2000"
  /// A slide in a format of a microscope's maker.
  case wholeSlide = "whole slide"
  /// One instance of a DICOM slide.
  case dicomSlide = "DICOM slide"

  /// Whether it is an ordinary picture, as cameras and programs make it: its header says nothing of
  /// medicine.
  public var isPicture: Bool {
    switch self {
    case .png, .jpeg, .tiff, .jpeg2000: true
    case .dicom, .nifti1, .nifti2, .analyze, .wholeSlide, .dicomSlide: false
    }
  }

  /// Whether its pixels are those that were acquired, unchanged by a compression; nil where the kind
  /// alone does not tell.
  public var isLossless: Bool? {
    switch self {
    case .nifti1, .nifti2, .analyze, .png: true
    case .jpeg: false
    case .dicom, .tiff, .jpeg2000, .wholeSlide, .dicomSlide: nil
    }
  }
}
