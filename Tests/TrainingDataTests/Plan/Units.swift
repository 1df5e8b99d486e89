import ImageFormats
import MedicalImaging
import Preprocessing

@testable import TrainingData

/// Units that were made by nobody's scan.
enum Units {
  static let pseudonyms = Pseudonyms(salt: Array("a salt for tests, nothing more".utf8))

  /// One file a plane. `measured` has its grey mapping wait for statistics; `each` maps every file on
  /// its own.
  static func unit(
    patient: Int, series: String, planes: Int, bytes: Int, measured: Bool = false,
    each: Bool = false, selected: (Int) -> Bool = { _ in true }
  ) throws -> Unit {
    let name = "\(patient).\(series)"
    // MR waits for percentiles of the whole volume; CT in Hounsfield units has its preset.
    var description = InstanceHeader.Description()
    description.modality = measured ? "MR" : "CT"
    description.units = measured ? .unspecified : .hounsfield
    let display = try DisplayPlan(
      description: description,
      format: PixelFormat(
        rows: 8, columns: 8, samplesPerPixel: 1, photometric: .monochrome2,
        planarConfiguration: 0, bitsAllocated: 16, bitsStored: 16, highBit: 15, isSigned: false),
      frames: [InstanceHeader.FrameFacts()], parameters: Recipe().displayParameters)
    precondition(display.needsStatistics == measured)
    return Unit(
      id: pseudonyms.name("unit", name), subject: "patient\(patient)", study: "study\(patient)",
      series: name,
      instances: (0..<planes).map {
        PlannedInstance(
          token: "\(name).\($0)", identity: pseudonyms.name("instance", "\(name).\($0)"),
          location: SourceLocation(path: "/\(name)/\($0)"), bytes: bytes,
          display: each ? $0 : 0, planeBytes: bytes)
      },
      planes: (0..<planes).map {
        PlannedPlane(instance: $0, frame: 0, volume: 0, index: $0, isSelected: selected($0))
      },
      sections: [],
      volumes: [
        PlannedVolume(
          kind: .volume, planeCount: planes, step: 1, orientation: .upright, findings: [],
          notes: [])
      ],
      displays: Array(repeating: display, count: each ? planes : 1), isRange: false, measures: [])
  }
}
