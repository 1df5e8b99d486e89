import MedicalImaging

@testable import ImageFormats

/// Headers of one series, built in code.
struct HeaderSeries {
  var headers: [InstanceHeader] = []

  /// An axial image at a height in millimetres; instance numbers count from 1.
  @discardableResult
  mutating func add(
    z: Double? = nil, x: Double = 0, _ change: (inout InstanceHeader) -> Void = { _ in }
  ) -> Int {
    var shared = InstanceHeader.FrameFacts()
    shared.spacing = PixelSpacing(betweenRows: 1, betweenColumns: 1)
    if let z { shared.geometry = Self.axial(x, z) }
    var identity = InstanceHeader.Identity()
    // Every second UID is larger than its successor: no order may lean on them.
    identity.sopInstanceUID = "1.2.\(headers.count ^ 1)"
    var order = InstanceHeader.Order()
    order.instanceNumber = headers.count + 1
    var header = InstanceHeader(
      identity: identity, description: InstanceHeader.Description(), order: order,
      format: PixelFormat(
        rows: 4, columns: 5, samplesPerPixel: 1, photometric: .monochrome2,
        planarConfiguration: 0, bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false),
      frames: 1, shared: shared, perFrame: [], padding: nil, palette: nil,
      pixels: InstanceHeader.PixelLocation(), findings: [])
    header.description.imageType = ["ORIGINAL", "PRIMARY", "AXIAL"]
    change(&header)
    headers.append(header)
    return headers.count - 1
  }

  static func axial(_ x: Double, _ z: Double) -> PlaneGeometry {
    PlaneGeometry(
      position: Vector3(x, 0, z), alongRow: Vector3(1, 0, 0), alongColumn: Vector3(0, 1, 0))
  }

  var volumes: [AssembledVolume] { SeriesAssembly.volumes(of: headers) }
}

extension [AssembledVolume] {
  /// The instances of each volume, in its order.
  var instances: [[Int]] { map { $0.planes.map(\.instance) } }
}
