import ImageFormats
import MedicalImaging
import Preprocessing

/// Volumes that lie upon each other, or the frames of a film, while they are read and become one.
struct ProjectedBlock {
  /// By the place of the plane.
  private var projections: [ValueProjection]
  /// What was put into it.
  private(set) var read: Set<PlannedPlane> = []
  private var fits = true

  /// Memory that it takes until it is a volume, in bytes; nil where no number says it.
  static func bytes(of format: PixelFormat, planes: Int) -> Int? {
    let size = ValueProjection.bytesPerPixel + MemoryLayout<Double>.size
    return [format.rows, format.columns, planes].reduce(size as Int?) { product, factor in
      product.flatMap {
        let (next, overflow) = $0.multipliedReportingOverflow(by: factor)
        return overflow ? nil : next
      }
    }
  }

  /// Of so many planes. The first that was decoded says the size of all.
  init(_ kind: ValueProjection.Kind, first plane: StoredPlane, planes: Int) {
    projections = Array(
      repeating: ValueProjection(kind, columns: plane.columns, rows: plane.rows), count: planes)
  }

  /// Adds a plane to those of its place.
  mutating func put(
    _ stored: StoredPlane, _ plane: PlannedPlane, at place: Int, _ header: InstanceHeader
  ) {
    guard stored.columns == projections[0].columns, stored.rows == projections[0].rows,
      stored.samplesPerPixel == 1
    else {
      fits = false
      return
    }
    projections[place].add(
      stored, modality: header.facts(frame: plane.frame).modality, padding: header.padding)
    read.insert(plane)
  }

  /// How many planes lie upon each other at least, where any do.
  var count: Int { projections.map(\.count).filter { $0 > 0 }.min() ?? 0 }

  /// Modality values of 64 bits; nil where planes were of unlike size.
  var block: VolumeBlock? {
    guard fits else { return nil }
    let size = projections[0].columns * projections[0].rows * MemoryLayout<Double>.size
    var bytes: [UInt8] = []
    bytes.reserveCapacity(projections.count * size)
    for projection in projections { bytes += projection.plane.bytes }
    return VolumeBlock(
      values: StoredVolume(
        columns: projections[0].columns, rows: projections[0].rows, slices: projections.count,
        samplesPerVoxel: 1, sample: .float64, bytes: bytes),
      filled: Set(projections.indices.filter { projections[$0].count > 0 }))
  }
}
