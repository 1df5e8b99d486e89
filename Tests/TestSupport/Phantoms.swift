import Foundation
import ImageFormats
import MedicalImaging

/// One series of made-up images of one made-up patient, small and different in every pixel that
/// matters: what a test says of it can be worked out.
public struct PhantomSeries: Sendable {
  /// Tells patients, studies and series apart; names and UIDs are made of them.
  public var patient: Int
  public var study: Int
  public var number: Int
  public var modality: Modality
  public var slices: Int
  public var rows = 16
  public var columns = 20
  public var bodyPart = "CHEST"
  /// Millimetres from one slice to the next.
  public var step = 2.5

  public enum Modality: String, Sendable, CaseIterable {
    case ct = "CT"
    case mr = "MR"
    case cr = "CR"

    var sopClassUID: String {
      switch self {
      case .ct: "1.2.840.10008.5.1.4.1.1.2"
      case .mr: "1.2.840.10008.5.1.4.1.1.4"
      case .cr: "1.2.840.10008.5.1.4.1.1.1"
      }
    }
  }

  public init(
    patient: Int, study: Int = 1, number: Int = 1, _ modality: Modality = .ct, slices: Int = 4
  ) {
    self.patient = patient
    self.study = study
    self.number = number
    self.modality = modality
    self.slices = slices
  }

  /// Personal data that no output may hold.
  public static let names = ["Quixotic^Alonsina", "Panzarello^Sanchina", "Dulcimero^Tobosina"]

  public func patientID() -> String { "PHNTM-77\(patient)" }
  private var root: String { "1.2.826.0.1.77.\(patient).\(study).\(number)" }
  public func instanceUID(_ slice: Int) -> String { "\(root).\(slice + 1)" }

  /// Stored values of one slice, 12 bits, row by row.
  public func storedValues(_ slice: Int) -> [UInt16] {
    var generator = SeededGenerator(
      seed: UInt64(patient) << 40 | UInt64(study) << 32 | UInt64(number) << 16 | UInt64(slice))
    return (0..<rows * columns).map { place in
      let (row, column) = (place / columns, place % columns)
      // Air around a disc that brightens to the right, with some grain.
      let (x, y) = (2 * column - columns, 2 * row - rows)
      let isInside =
        x * x * rows * rows + y * y * columns * columns < rows * rows * columns * columns
      let noise = Int(generator.next() % 64)
      return UInt16(isInside ? 900 + 400 * column / columns + noise : noise)
    }
  }

  /// The image as a data set.
  public func object(_ slice: Int) -> DICOMObject {
    var object = DICOMObject()
    object.set(.sopClassUID, modality.sopClassUID)
    object.set(.sopInstanceUID, instanceUID(slice))
    object.set(.studyInstanceUID, "1.2.826.0.1.77.\(patient).\(study)")
    object.set(.seriesInstanceUID, root)
    object.set(.patientID, patientID())
    object.set(.patientName, Self.names[patient % Self.names.count] + "\(patient)")
    object.set(.patientBirthDate, "19410923")
    object.set(.institutionName, "Hospital Barataria Insularis")
    object.set(.studyDate, "20370519")
    object.set(.accessionNumber, "ACC7781\(patient)\(study)")
    object.set(.modality, modality.rawValue)
    object.set(.bodyPartExamined, bodyPart)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "AXIAL"]))
    object.set(.instanceNumber, slice + 1)
    if modality != .cr {
      object.set(.imagePosition, .decimals([-10, -8, step * Double(slice)]))
      object.set(.imageOrientation, .decimals([1, 0, 0, 0, 1, 0]))
      object.set(.pixelSpacing, .decimals([1, 1.25]))
      object.set(.frameOfReferenceUID, "1.2.826.0.1.77.\(patient).\(study).99")
    }
    if modality == .ct {
      object.set(.rescaleSlope, .decimals([1]))
      object.set(.rescaleIntercept, .decimals([-1024]))
      object.set(.rescaleType, "HU")
    }
    if modality == .cr {
      object.set(.windowCenter, .decimals([700]))
      object.set(.windowWidth, .decimals([1400]))
    }
    object.set(.samplesPerPixel, 1)
    object.set(.photometricInterpretation, "MONOCHROME2")
    object.set(.rows, rows)
    object.set(.columns, columns)
    object.set(.bitsAllocated, 16)
    object.set(.bitsStored, 12)
    object.set(.highBit, 11)
    object.set(.pixelRepresentation, 0)
    object.set(
      .pixelWords,
      .bytes(storedValues(slice).flatMap { [UInt8($0 & 0xFF), UInt8($0 >> 8)] }))
    return object
  }

  public func file(_ slice: Int) throws -> [UInt8] { try DICOMWriter.file(object(slice)) }

  /// The name of a slice's file below an export, as a PACS names them: not at all helpful.
  public func path(_ slice: Int) -> String {
    "PAT\(patient)/ST\(study)/SE\(number)/IM\(String(slice + 1001))"
  }

  /// Writes files below a folder: all of them, or some slices.
  public func write(to folder: URL, slices: Range<Int>? = nil) throws {
    for slice in slices ?? 0..<self.slices {
      let place = folder.appending(path: path(slice))
      try FileManager.default.createDirectory(
        at: place.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(file(slice)).write(to: place)
    }
  }
}

extension DICOMObject {
  /// The file of this object with its pixel data in fragments, under another transfer syntax, as
  /// they come: nothing is encoded here.
  public func file(syntax: String, fragments: [[UInt8]]) throws -> [UInt8] {
    var file = try DICOMWriter.file(without(.pixelWords))
    let value = Array(syntax.utf8) + (syntax.utf8.count % 2 == 0 ? [] : [0])
    let mark: [UInt8] = [0x02, 0x00, 0x10, 0x00, 0x55, 0x49]
    guard let place = file.indices.first(where: { file[$0...].starts(with: mark) }) else {
      throw TestSupportError("The file has no transfer syntax.")
    }
    let old = Int(file[place + 6]) | Int(file[place + 7]) << 8
    file.replaceSubrange(place + 6..<place + 8 + old, with: [UInt8(value.count), 0] + value)
    // The group's length stands behind preamble, magic word and 8 bytes of its own head.
    let length = Int(file[140]) | Int(file[141]) << 8
    file[140] = UInt8(truncatingIfNeeded: length + value.count - old)
    file[141] = UInt8(truncatingIfNeeded: (length + value.count - old) >> 8)
    file += [0xE0, 0x7F, 0x10, 0x00] + Array("OB".utf8) + [0, 0, 0xFF, 0xFF, 0xFF, 0xFF]
    for fragment in [[]] + fragments {
      let even = fragment.count % 2 == 0 ? fragment : fragment + [0]
      file += [0xFE, 0xFF, 0x00, 0xE0]
      file += (0..<4).map { UInt8(truncatingIfNeeded: even.count >> (8 * $0)) }
      file += even
    }
    return file + [0xFE, 0xFF, 0xDD, 0xE0, 0, 0, 0, 0]
  }
}
