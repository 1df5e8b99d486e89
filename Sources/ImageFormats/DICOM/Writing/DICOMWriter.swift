import MedicalImaging

/// Writes DICOM files (PS3.10 7.1): preamble, meta header, data set in Explicit VR Little Endian.
public enum DICOMWriter {
  /// This software among all that write DICOM (PS3.7 D.3.3.2).
  public static let implementationClassUID = "2.25.203839453811287402180953808016185731574"
  public static let implementationVersionName = "GMAI_PREP"
  public static let transferSyntaxUID = "1.2.840.10008.1.2.1"

  /// The bytes of a file that holds the object, which names its SOP Class and SOP Instance UID.
  ///
  /// - Throws: `damagedHeader` where a value does not fit its VR or its character set.
  public static func file(_ object: DICOMObject) throws(ImageError) -> [UInt8] {
    try file(
      object, sopClassUID: object.text(.sopClassUID),
      sopInstanceUID: object.text(.sopInstanceUID))
  }

  /// As `file(_:)`, for an object that has no SOP Common module: a DICOMDIR.
  static func file(_ object: DICOMObject, sopClassUID: String, sopInstanceUID: String)
    throws(ImageError) -> [UInt8]
  {
    precondition(!sopClassUID.isEmpty && !sopInstanceUID.isEmpty)
    var meta = DICOMObject()
    meta.set(DICOMAttribute(0x0002, 0x0001, .ob), .bytes([0, 1]))
    meta.set(DICOMAttribute(0x0002, 0x0002, .ui), sopClassUID)
    meta.set(DICOMAttribute(0x0002, 0x0003, .ui), sopInstanceUID)
    meta.set(DICOMAttribute(0x0002, 0x0010, .ui), transferSyntaxUID)
    meta.set(DICOMAttribute(0x0002, 0x0012, .ui), implementationClassUID)
    meta.set(DICOMAttribute(0x0002, 0x0013, .sh), implementationVersionName)
    let metaBytes = try meta.encoded()
    var length = DICOMObject()
    length.set(DICOMAttribute(0x0002, 0x0000, .ul), metaBytes.count)

    let body = try object.encoded()
    var out = [UInt8](repeating: 0, count: 128)
    out.reserveCapacity(512 + body.count)
    out.append(contentsOf: "DICM".utf8)
    out.append(contentsOf: try length.encoded())
    out.append(contentsOf: metaBytes)
    out.append(contentsOf: body)
    return out
  }
}
