import ImageFormats
import MedicalImaging
import Preprocessing

/// The volumes of a unit that are cut across their planes, while these are read.
struct VolumeBlocks {
  /// One of them.
  struct Block {
    /// All its planes, in its order.
    let planes: [PlannedPlane]
    fileprivate var block: VolumeBlock?
    fileprivate let headers: [(header: InstanceHeader, frame: Int)]
  }

  /// By the number of their volume.
  private var blocks: [Int: Block] = [:]
  private var isTooLarge = false

  /// `memoryLimit` bounds, in bytes, what all of them take.
  init(_ unit: Unit, _ headers: [String: InstanceHeader], memoryLimit: Int) {
    var left = memoryLimit
    for number in Set(unit.sections.map(\.volume)).sorted() {
      let planes = unit.planes.filter { $0.volume == number }.sorted { $0.index < $1.index }
      let found = planes.compactMap { plane in
        headers[unit.instances[plane.instance].token].map { ($0, plane.frame) }
      }
      guard found.count == planes.count, let first = found.first else { continue }
      guard let bytes = VolumeBlock.bytes(of: first.0.format, planes: planes.count), bytes <= left
      else {
        isTooLarge = true
        continue
      }
      left -= bytes
      blocks[number] = Block(planes: planes, block: nil, headers: found)
    }
  }

  /// Puts a plane that was decoded into its volume, where that is one to be cut; returns whether it is.
  mutating func put(_ stored: StoredPlane, _ plane: PlannedPlane) -> Bool {
    guard let headers = blocks[plane.volume]?.headers, stored.samplesPerPixel == 1 else {
      return false
    }
    if blocks[plane.volume]?.block == nil {
      blocks[plane.volume]?.block = VolumeBlock(first: stored, headers)
    }
    blocks[plane.volume]?.block?.put(
      stored, at: plane.index, headers[plane.index].header, frame: plane.frame)
    return true
  }

  /// Those that are whole, and the numbers of their volumes; `note` is told why others are not cut.
  func finished(note: (InstanceHeader.Finding) -> Void) -> [(block: Block, volume: Int)] {
    if isTooLarge { note(Self.memory) }
    return blocks.sorted { $0.key < $1.key }.compactMap { number, block in
      guard block.block?.isWhole == true else {
        note(Self.unread)
        return nil
      }
      return (block, number)
    }
  }

  private static let memory = InstanceHeader.Finding(
    "plane_memory", "The volume needs more memory than a worker has; it was not cut.")
  private static let unread = InstanceHeader.Finding(
    "plane_unread", "A slice could not be read as its neighbours are; the volume was not cut.")
}

extension VolumeBlocks.Block {
  /// Sections that are cut at once: what is read for one of them is read for its neighbours too.
  private static let batch = 32

  /// Each section of a unit's volume that becomes a sample, in the order of the plan.
  func sections(
    of unit: Unit, _ volume: Int,
    _ use: (PlannedSection, VolumeSections, ShownPlane) throws -> Void
  ) throws {
    guard let block, let grid = unit.volumes[volume].grid else { return }
    let wanted = unit.sections.filter { $0.volume == volume }
    let bits = headers[0].header.format.bitsStored
    for plane in AnatomicalPlane.allCases {
      guard
        let sections = VolumeSections(
          plane, of: grid, columns: block.volume.columns, rows: block.volume.rows,
          slices: block.volume.slices)
      else { continue }
      var rest = wanted.filter { $0.plane == plane }[...]
      while let first = rest.first {
        let batch = rest.prefix { $0.index < first.index + Self.batch }
        rest = rest.dropFirst(batch.count)
        let last = batch.last?.index ?? first.index
        let cut = sections.cut(first.index..<last + 1, of: block.volume)
        let size = cut.columns * cut.rows * cut.sample.size
        for section in batch {
          let start = (section.index - first.index) * size
          let stored = StoredPlane(
            columns: cut.columns, rows: cut.rows, samplesPerPixel: 1, sample: cut.sample,
            bytes: Array(cut.bytes[start..<start + size]))
          try use(
            section, sections,
            ShownPlane(section: stored, of: block, spacing: sections.spacing, bitsStored: bits))
        }
      }
    }
  }
}
