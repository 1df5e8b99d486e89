import MedicalImaging
import Preprocessing

/// The planes of a unit, for finding those that a label's frame lies on.
struct LabelledPlanes {
  struct Plane {
    var volume: Int
    var index: Int
    var columns, rows: Int
    /// Nil where nothing says where it lies.
    var grid: PlaneGrid?
    var frameOfReference: String
  }

  /// How a label's frame lies on a plane.
  enum Fit {
    /// Pixel on pixel, by this map from the label to the plane.
    case aligned(Plane, PictureMap)
    /// It is of this volume, and its pixels lie beside those of its planes.
    case beside(volume: Int)
  }

  private struct Key: Hashable {
    var sopInstanceUID: String
    var frame: Int
  }

  let planes: [Plane]
  /// How many planes each volume has, read here or not.
  let planeCounts: [Int]
  /// Distance of the slices of each volume, in millimetres.
  private let steps: [Double]
  private let byReference: [Key: [Int]]
  private let byInstance: [String: [Int]]
  /// Planes of each volume by their distance along the normal of its first.
  private let stacks: [(normal: Vector3, planes: [(distance: Double, plane: Int)])]

  init(_ unit: Unit, _ headers: [String: InstanceHeader]) {
    var planes: [Plane] = []
    var byReference: [Key: [Int]] = [:]
    var byInstance: [String: [Int]] = [:]
    for planned in unit.planes {
      guard let header = headers[unit.instances[planned.instance].token] else { continue }
      let facts = header.facts(frame: planned.frame)
      let isSlice = unit.volumes[planned.volume].kind == .volume
      let uid = header.identity.sopInstanceUID
      if !uid.isEmpty {
        byReference[Key(sopInstanceUID: uid, frame: planned.frame), default: []].append(
          planes.count)
        byInstance[uid, default: []].append(planes.count)
      }
      planes.append(
        Plane(
          volume: planned.volume, index: planned.index, columns: header.format.columns,
          rows: header.format.rows,
          grid: isSlice ? facts.grid(header.format) : nil,
          frameOfReference: header.identity.frameOfReferenceUID))
    }
    (self.planes, self.byReference, self.byInstance) = (planes, byReference, byInstance)
    steps = unit.volumes.map { $0.step ?? 1 }
    planeCounts = unit.volumes.map(\.planeCount)
    stacks = unit.volumes.indices.map { volume in
      let own = planes.indices.filter { planes[$0].volume == volume && planes[$0].grid != nil }
      guard let normal = own.first.flatMap({ planes[$0].grid?.geometry.normal }) else {
        return (Vector3(0, 0, 0), [])
      }
      let sorted = own.map { ((planes[$0].grid?.geometry.position.dot(normal)) ?? 0, $0) }
      return (normal, sorted.sorted { ($0.0, $0.1) < ($1.0, $1.1) })
    }
  }

  /// The volumes that hold any of some instances; nil where none of these is here.
  func volumes(of instances: [String]) -> Set<Int>? {
    let found = Set(instances.flatMap { byInstance[$0] ?? [] }.map { planes[$0].volume })
    return found.isEmpty ? nil : found
  }

  /// How a frame lies on each volume that it is of. `references` are what it names: where none of these is
  /// here, its place says it, in its frame of reference, nil for any, and in `volumes`, nil for all.
  func fits(
    columns: Int, rows: Int, grid: PlaneGrid?, references: [(sopInstanceUID: String, frame: Int?)],
    frameOfReference: String?, volumes: Set<Int>? = nil
  ) -> [Fit] {
    let named = references.flatMap { uid, frame -> [Int] in
      guard let frame else { return byInstance[uid] ?? [] }
      return byReference[Key(sopInstanceUID: uid, frame: frame)] ?? []
    }
    let candidates =
      named.isEmpty
      ? (grid.map { near($0, frameOfReference) } ?? []).filter {
        volumes?.contains(planes[$0].volume) ?? true
      } : Set(named).sorted()
    var fits: [Fit] = []
    for volume in Set(candidates.map { planes[$0].volume }).sorted() {
      let own = candidates.filter { planes[$0].volume == volume }
      let aligned = own.compactMap { plane -> Fit? in
        map(columns: columns, rows: rows, grid, on: planes[plane]).map {
          .aligned(planes[plane], $0)
        }
      }
      fits += aligned.isEmpty ? [.beside(volume: volume)] : aligned
    }
    return fits
  }

  private func map(columns: Int, rows: Int, _ grid: PlaneGrid?, on plane: Plane) -> PictureMap? {
    if let grid, let own = plane.grid {
      return PlaneAlignment(of: grid, on: own, step: steps[plane.volume])?.map
    }
    // Where nothing says a place, only pixels of one raster are the same.
    guard columns == plane.columns, rows == plane.rows else { return nil }
    return PictureMap(columns: columns, rows: rows)
  }

  /// The planes of each volume that are nearest to a frame's, as far as one may be its own.
  private func near(_ grid: PlaneGrid, _ frameOfReference: String?) -> [Int] {
    stacks.indices.flatMap { volume -> [Int] in
      let (normal, sorted) = stacks[volume]
      guard let first = sorted.first else { return [] }
      let own = planes[first.plane].frameOfReference
      guard frameOfReference == nil || own == frameOfReference else { return [] }
      guard abs(grid.geometry.normal.dot(normal)) > 0.99 else { return [] }
      let place = grid.geometry.position.dot(normal)
      let reach = PlaneAlignment.tolerance * steps[volume]
      return sorted.filter { abs($0.distance - place) <= reach }.map(\.plane)
    }
  }
}

extension InstanceHeader.FrameFacts {
  /// Where the pixels of a frame lie; nil where its header does not say it.
  func grid(_ format: PixelFormat) -> PlaneGrid? {
    guard let geometry, let spacing, spacing.betweenRows > 0, spacing.betweenColumns > 0,
      spacing.betweenRows.isFinite, spacing.betweenColumns.isFinite
    else { return nil }
    return PlaneGrid(
      columns: format.columns, rows: format.rows, geometry: geometry, spacing: spacing)
  }
}
