import MedicalImaging

/// The parallel sections of a volume across one of its own axes, as they are shown: what is axial,
/// coronal or sagittal of it without a value being made up.
///
/// Sections follow each other towards the patient's left, back or head; each has the left or, in
/// sagittal planes, the back on its right, and the front or the head at its top. Those of an oblique
/// volume are as oblique as the volume is.
public struct VolumeSections: Hashable, Sendable {
  /// Voxel axes, each of which runs one way or the other: 0 along the columns, 1 along the rows, 2 along
  /// the slices.
  private struct Axis: Hashable {
    var number: Int
    var isReversed: Bool
  }

  /// How many sections there are.
  public let count: Int
  /// Size of each, in voxels.
  public let columns, rows: Int
  private let across, down, through: Axis
  private let sizes: [Int]
  private let volume: VoxelGeometry

  /// Of a volume of `columns` x `rows` x `slices` voxels that lie as `geometry` says. Its axes stand for
  /// those of the patient so that together they are nearest (as nibabel's `io_orientation` has it);
  /// nil for an oblique `plane`, which is across no axis.
  public init?(
    _ plane: AnatomicalPlane, of geometry: VoxelGeometry, columns: Int, rows: Int, slices: Int
  ) {
    let axes = [geometry.alongColumns, geometry.alongRows, geometry.alongSlices].map {
      $0 * (1 / max($0.length, .leastNormalMagnitude))
    }
    let orders = [[0, 1, 2], [0, 2, 1], [1, 0, 2], [1, 2, 0], [2, 0, 1], [2, 1, 0]]
    // Which voxel axis is nearest to the patient's x, y and z; of equally near ones the first.
    var nearest = (order: orders[0], nearness: -1.0)
    for order in orders {
      let nearness = (0..<3).reduce(0) { $0 + abs(axes[order[$1]][$1]) }
      // A little more is rounding, not another order.
      if nearness > nearest.nearness + 1e-6 { nearest = (order, nearness) }
    }
    func axis(_ patient: Int, towards sign: Double) -> Axis {
      let number = nearest.order[patient]
      return Axis(
        number: number, isReversed: axes[number][patient] * sign < 0)
    }
    // LPS: x runs to the left, y to the back, z to the head.
    switch plane {
    case .axial:
      (across, down, through) = (axis(0, towards: 1), axis(1, towards: 1), axis(2, towards: 1))
    case .coronal:
      (across, down, through) = (axis(0, towards: 1), axis(2, towards: -1), axis(1, towards: 1))
    case .sagittal:
      (across, down, through) = (axis(1, towards: 1), axis(2, towards: -1), axis(0, towards: 1))
    case .oblique: return nil
    }
    sizes = [columns, rows, slices]
    count = sizes[through.number]
    self.columns = sizes[across.number]
    self.rows = sizes[down.number]
    volume = geometry
  }

  /// Whether they are the volume's own slices, turned at most.
  public var areAcquired: Bool { through.number == 2 }

  /// The volume's slices that some of them are, where they are its own.
  public func slices(of sections: Range<Int>) -> Range<Int> {
    precondition(areAcquired, "across the slices")
    return through.isReversed
      ? count - sections.upperBound..<count - sections.lowerBound : sections
  }

  /// Distance of neighbouring pixel centres of each.
  public var spacing: PixelSpacing {
    PixelSpacing(betweenRows: step(down).length, betweenColumns: step(across).length)
  }

  /// Distance of neighbouring sections, centre to centre, in millimetres.
  public var step: Double { step(through).length }

  /// Where section `index` lies, from 0.
  public func geometry(of index: Int) -> PlaneGeometry { geometry(at: Double(index)) }

  /// Where the middle of neighbouring sections lies.
  public func geometry(of sections: Range<Int>) -> PlaneGeometry {
    geometry(at: Double(sections.lowerBound + sections.upperBound - 1) / 2)
  }

  private func geometry(at index: Double) -> PlaneGeometry {
    func start(_ axis: Axis) -> Double { axis.isReversed ? Double(sizes[axis.number] - 1) : 0 }
    var voxel = [0.0, 0.0, 0.0]
    voxel[across.number] = start(across)
    voxel[down.number] = start(down)
    voxel[through.number] = start(through) + (through.isReversed ? -index : index)
    func unit(_ axis: Axis) -> Vector3 { step(axis) * (1 / step(axis).length) }
    return PlaneGeometry(
      position: volume.position(column: voxel[0], row: voxel[1], slice: voxel[2]),
      alongRow: unit(across), alongColumn: unit(down))
  }

  private func step(_ axis: Axis) -> Vector3 {
    let along = [volume.alongColumns, volume.alongRows, volume.alongSlices][axis.number]
    return axis.isReversed ? along * -1 : along
  }

  /// Some neighbouring sections of the volume: their columns, rows and number take the place of its
  /// own, and values stay as they are.
  public func cut(_ sections: Range<Int>, of volume: StoredVolume) -> StoredVolume {
    precondition([volume.columns, volume.rows, volume.slices] == sizes, "of another volume")
    let strides = [1, sizes[0], sizes[0] * sizes[1]]
    func stride(_ axis: Axis) -> Int { strides[axis.number] * (axis.isReversed ? -1 : 1) }
    let start = [across, down, through].reduce(0) {
      $0 + ($1.isReversed ? (sizes[$1.number] - 1) * strides[$1.number] : 0)
    }
    let walk = VoxelWalk(
      start: start + sections.lowerBound * stride(through), across: stride(across),
      down: stride(down), through: stride(through), columns: columns, rows: rows,
      sections: sections.count)
    return StoredVolume(
      columns: columns, rows: rows, slices: sections.count,
      samplesPerVoxel: volume.samplesPerVoxel, sample: volume.sample,
      bytes: walk.gathered(
        volume.bytes, voxelBytes: volume.samplesPerVoxel * volume.sample.size))
  }
}
