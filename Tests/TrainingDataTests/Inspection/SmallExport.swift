import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import TrainingData

/// A few DICOM files of 4 x 6 pixels, made to order, and what an inspection says of them.
struct SmallExport {
  let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  var path: String { folder.url.path }

  /// An axial CT slice of the one patient: one millimetre pixels, 3 mm x `position` from the origin.
  static func slice(
    _ uid: String, series: Int = 1, study: Int = 1, position: Double = 0, instance: Int = 1
  ) -> DICOMObject {
    var object = DICOMObject()
    object.set(.sopClassUID, "1.2.840.10008.5.1.4.1.1.2")
    object.set(.sopInstanceUID, uid)
    object.set(.patientName, "Quill^Peregrine")
    object.set(.patientID, "PQ-20931")
    object.set(.studyInstanceUID, "2.25.77\(study)")
    object.set(.seriesInstanceUID, "2.25.88\(study)\(series)")
    object.set(.seriesNumber, series)
    object.set(.instanceNumber, instance)
    object.set(.modality, "CT")
    object.set(.bodyPartExamined, "CHEST")
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "AXIAL"]))
    object.set(.imagePosition, .decimals([0, 0, 3 * position]))
    object.set(.imageOrientation, .decimals([1, 0, 0, 0, 1, 0]))
    object.set(.pixelSpacing, .decimals([1, 1]))
    object.set(.samplesPerPixel, 1)
    object.set(.photometricInterpretation, "MONOCHROME2")
    object.set(.rows, 4)
    object.set(.columns, 6)
    object.set(.bitsAllocated, 16)
    object.set(.bitsStored, 12)
    object.set(.highBit, 11)
    object.set(.pixelRepresentation, 0)
    object.set(.pixelWords, .bytes(Array(repeating: UInt8(uid.utf8.count), count: 48)))
    return object
  }

  /// Writes a file; folders of its name are made.
  func write(_ bytes: [UInt8], to name: String) throws {
    let url = folder.url(name)
    try FileManager.default.createDirectory(
      at: url.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(bytes).write(to: url)
  }

  func write(_ object: DICOMObject, to name: String) throws {
    try write(DICOMWriter.file(object), to: name)
  }

  func inspect(_ options: Inspection.Options = .init(), _ names: String...) throws
    -> InspectionReport
  {
    try Self.inspect(options, names.isEmpty ? [path] : names.map { folder.url($0).path })
  }

  static func inspect(_ options: Inspection.Options = .init(), _ paths: [String]) throws
    -> InspectionReport
  {
    let worker = WorkerCommand(executable: Program.path("gmai-prep"), arguments: ["worker"])
    return try Inspection(options, worker: worker).inspect(paths)
  }
}
