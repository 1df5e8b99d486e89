import ImageFormats
import MedicalImaging

/// Short ways to write annotation objects.
extension DICOMObject {
  init(_ members: [(DICOMAttribute, Value)]) {
    self.init()
    for (attribute, value) in members { set(attribute, value) }
  }

  /// An object of a SOP Class.
  static func annotation(_ sopClass: String, _ members: [(DICOMAttribute, Value)]) -> DICOMObject {
    var object = DICOMObject(members)
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1." + sopClass)
    object.set(.sopInstanceUID, "1.2.3.4")
    object.set(.studyInstanceUID, "1.2.3")
    object.set(.seriesInstanceUID, "1.2.3.5")
    object.set(.patientID, "P")
    return object
  }

  /// A code sequence of one code.
  static func code(_ value: String, _ scheme: String, _ meaning: String) -> Value {
    .items([
      DICOMObject([
        (.codeValue, .texts([value])), (.codingSchemeDesignator, .texts([scheme])),
        (.codeMeaning, .texts([meaning])),
      ])
    ])
  }

  /// A reference to a CT image.
  static func image(_ uid: String, frames: [Int] = []) -> DICOMObject {
    var object = DICOMObject([
      (.referencedSOPClassUID, .texts(["1.2.840.10008.5.1.4.1.1.2"])),
      (.referencedSOPInstanceUID, .texts([uid])),
    ])
    if !frames.isEmpty { object.set(.referencedFrameNumber, .integers(frames)) }
    return object
  }

  func annotation() throws -> DICOMAnnotation {
    try DICOMAnnotation.read(SourceBytes(DICOMWriter.file(self)))
  }

  /// The code of the error that reading it ends in; nil where it is read.
  func failure() throws -> ErrorCode? {
    do {
      _ = try annotation()
      return nil
    } catch let error as ImageError {
      return error.code
    }
  }
}

extension DICOMAttribute {
  static let referencedSOPClassUID = DICOMAttribute(0x0008, 0x1150, .ui)
  static let referencedSOPInstanceUID = DICOMAttribute(0x0008, 0x1155, .ui)
  static let referencedFrameNumber = DICOMAttribute(0x0008, 0x1160, .is)
  static let referencedSOPSequence = DICOMAttribute(0x0008, 0x1199, .sq)
  static let referencedSeriesSequence = DICOMAttribute(0x0008, 0x1115, .sq)
  static let referencedImageSequence = DICOMAttribute(0x0008, 0x1140, .sq)
}
