import ImageFormats
import MedicalImaging

/// A small synthetic export: what a scanner's medium and a research folder look like, with people who
/// do not exist. Equal calls write equal bytes.
public enum SampleData {
  /// What was written.
  public struct Written: Sendable, Equatable {
    public var files: Int
    public var bytes: Int
  }

  /// Writes the export into a folder, which is made where it is missing.
  ///
  /// DICOMDIR and DICOM/ hold twelve patients: CT (chest, abdomen in two phases, head, and a series
  /// that lacks slices, each with its scout), MR (T1, two echoes, three points of time), CR, DX, US
  /// (a still and a cine), XA, a screen with the patient's name burned in and a report, and a tiled
  /// slide. VOLUME/ holds a NIfTI volume with its labels, PICTURES/ PNG pictures with a table. About
  /// 23 MB.
  ///
  /// `ctSlices` adds a thirteenth patient with one CT series of that many slices of 512 x 512, half
  /// a megabyte each.
  ///
  /// - Throws: `outputTaken` where the folder already holds such files, `outputFull` or `permission`
  ///   where it cannot be written.
  @discardableResult
  public static func write(to folder: String, ctSlices: Int? = nil) throws(ImageError) -> Written {
    precondition(ctSlices.map { (1...999_999).contains($0) } ?? true)
    var medium = SampleMedium(root: folder)
    try writeCT(to: &medium)
    try writeMR(to: &medium)
    try writeProjections(to: &medium)
    try writeColour(to: &medium)
    if let ctSlices { try writeLongCT(ctSlices, to: &medium) }
    try medium.finish()
    try writeVolume(to: &medium)
    try writePictures(to: &medium)
    try writeMediumTexts(to: &medium)
    return Written(files: medium.files, bytes: medium.bytes)
  }
}
