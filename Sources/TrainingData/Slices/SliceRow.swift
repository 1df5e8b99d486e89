import ImageFormats
import MedicalImaging

/// What a row of a conversion says of one slice.
struct SliceRow: Decodable {
  /// Its file below the folder of pictures.
  var image: String
  private var pictures: [Picture]
  private var provenance: Provenance

  private enum CodingKeys: CodingKey { case image, pictures, provenance }

  struct Picture: Decodable {
    var width, height: Int
    var selection: Selection
    /// Nil of colour.
    var values: Values?
    var display: Display
    var pixelToPatient: [[Double]]?
    var patientOrientation: [String]?

    private enum CodingKeys: String, CodingKey {
      case width, height, selection, display
      case values = "modality_values"
      case pixelToPatient = "pixel_to_patient"
      case patientOrientation = "patient_orientation"
    }
  }

  struct Selection: Decodable {
    var kind: String
    var plane: String?
    /// Nil where its file has one alone, and of a section.
    var frame: Int?
  }

  struct Values: Decodable { var units: String }

  struct Display: Decodable {
    /// `window`, `range`, `lut` or `none`.
    var kind: String
    var channels: [Channel]
    var inverted: Bool
  }

  struct Channel: Decodable {
    var low, high: Double
    var center, width: Double?
    var function: String?
  }

  private struct Provenance: Decodable { var gaps: [GeometryFinding] }

  var picture: Picture { pictures[0] }
  /// What is odd about the volume that it is of, unreadable planes among it.
  var findings: [GeometryFinding] { provenance.gaps }
  /// As `Pseudonyms.key` makes it.
  var key: String { String(image.split(separator: "/").last?.prefix { $0 != "." } ?? "") }

  /// Those of some partitions.
  static func all(of partitions: [String], in workspace: Workspace) throws -> [SliceRow] {
    try partitions.flatMap { id in
      let path = workspace.records(id, "llava")
      guard AtomicFile.exists(path) else { return [SliceRow]() }
      return try AtomicFile.read(path).split(separator: UInt8(ascii: "\n")).map {
        try StoredJSON.decode(SliceRow.self, $0)
      }
    }
  }
}
