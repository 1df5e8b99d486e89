import ImageFormats
import MedicalImaging
import Preprocessing

/// The volumes of a unit that are cut across their planes or shown as one, while these are read.
struct VolumeBlocks {
  /// One of them, ready to be cut.
  struct Block {
    let volume: Int
    /// Those of its planes that are there, in its order.
    let planes: [PlannedPlane]
    /// What was mended by interpolation.
    let mended: [PlannedResampling.Reason]
    /// What its values are the largest, least or mean ones of.
    let projections: [PictureProjection]
    let block: VolumeBlock
    let bitsStored: Int
  }

  /// By the number of their volume, of several that of the first.
  private var drafts: [Int: Draft] = [:]
  /// By the number of a volume that of the draft which its planes go to.
  private var homes: [Int: Int] = [:]
  /// Numbers of the volumes that turned out not to be there as a whole, or too large, so far.
  private(set) var uncut: Set<Int> = []
  private var isTooLarge = false
  /// Bytes.
  private let memoryLimit: Int

  /// `memoryLimit` bounds, in bytes, what all of them take.
  init(_ unit: Unit, _ headers: [String: InstanceHeader], memoryLimit: Int) {
    self.memoryLimit = memoryLimit
    var held = 0
    // They become grids one after the other.
    var largestGrid = 0
    for number in unit.putTogether {
      let (volume, members) = (unit.volumes[number], unit.members(of: number))
      let planes = unit.planes.filter { members.contains($0.volume) }.sorted {
        ($0.volume, $0.index) < ($1.volume, $1.index)
      }
      let found = planes.compactMap { plane in
        headers[unit.instances[plane.instance].token].map { ($0, plane.frame) }
      }
      guard found.count == planes.count, let first = found.first else {
        uncut.insert(number)
        continue
      }
      let grid =
        volume.resampling.map { $0.reasons.isEmpty ? 0 : $0.bytes } ?? 0
      guard let bytes = Self.bytes(of: first.0.format, volume), let grid,
        bytes <= memoryLimit - held, max(largestGrid, grid) <= memoryLimit - held - bytes
      else {
        isTooLarge = true
        uncut.insert(number)
        continue
      }
      held += bytes
      largestGrid = max(largestGrid, grid)
      drafts[number] = Draft(planes: planes, headers: found, of: volume, bytes: bytes)
      for member in members { homes[member] = number }
    }
  }

  /// Memory of a volume until it is ready to be cut.
  private static func bytes(of format: PixelFormat, _ volume: PlannedVolume) -> Int? {
    switch volume.projection?.over {
    case nil, .slices: VolumeBlock.bytes(of: format, planes: volume.planeCount)
    case .volumes: ProjectedBlock.bytes(of: format, planes: volume.planeCount)
    case .frames: ProjectedBlock.bytes(of: format, planes: 1)
    }
  }

  /// Puts a plane that was decoded into its volume, where that is one to be cut; returns the number of what
  /// it became a part of.
  mutating func put(
    _ stored: StoredPlane, _ plane: PlannedPlane, _ header: InstanceHeader
  ) -> Int? {
    guard let home = homes[plane.volume], stored.samplesPerPixel == 1 else { return nil }
    drafts[home]?.put(stored, plane, header)
    return home
  }

  /// The next volume that is ready, which is held no more; nil behind the last. `note` is told why others
  /// are not cut.
  mutating func next(note: (InstanceHeader.Finding) -> Void) -> Block? {
    if isTooLarge { note(Self.memory) }
    isTooLarge = false
    while let number = drafts.keys.min() {
      let held = drafts.values.reduce(0) { $0 + $1.bytes }
      guard let draft = drafts.removeValue(forKey: number) else { break }
      do throws(Draft.Obstacle) {
        return try draft.finished(number, memory: memoryLimit - held)
      } catch {
        note(error == .memory ? Self.memory : Self.unread)
        uncut.insert(number)
      }
    }
    return nil
  }

  static let memory = InstanceHeader.Finding(
    "plane_memory",
    "The volume needs more memory than a worker has; it is shown as it was acquired.")
  private static let unread = InstanceHeader.Finding(
    "plane_unread",
    "A slice could not be read as its neighbours are; the volume is shown as it was acquired.")
}
