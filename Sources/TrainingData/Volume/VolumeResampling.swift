import ImageFormats
import MedicalImaging
import Preprocessing

/// How the volumes of a file are resampled: from which planes, onto which grid, and why.
struct VolumeResampling: Sendable {
  let stack: PlaneStack
  let grid: ResamplingGrid
  let mended: [ResampledVolume.Mended]
  /// Where the voxels of the grid lie: rows and columns as in the pictures.
  let geometry: VoxelGeometry
  /// As `ResampledVolume.from`.
  let own: [Double?]

  /// Largest relative difference of spacings that are one.
  private static let sameSpacing = 1e-5
  /// Millimetres by which positions of few digits may be off (`EvenRuns`).
  private static let fewDigits = 0.06
  /// As `VolumeGeometry.tiltTolerance`.
  private static let tilt = 0.00175

  /// Nil where nothing is to be done, or nothing can be: colours have no values between them, and
  /// pictures without a place no neighbours. `always` has the planes and the grid where nothing is to be
  /// done too.
  init?(
    of volumes: VolumeStack, _ format: PixelFormat, to target: ResamplingTarget,
    always: Bool = false
  ) {
    guard let place = volumes.geometry, format.samplesPerPixel == 1,
      format.photometric != .paletteColor, let frame = PlaneFrame(place)
    else { return nil }
    let isUneven = !volumes.uneven.isEmpty
    let positions =
      isUneven
      ? volumes.uneven
      : volumes.volumes[0].indices.map { place.position + place.alongSlices * Double($0) }
    var origins = positions.map(frame.point)
    let isTilted = origins.contains {
      let shift = ($0.x * $0.x + $0.y * $0.y).squareRoot()
      return shift > max(Self.tilt * $0.z, isUneven ? Self.fewDigits : 0)
    }
    // Less is no tilt: planes lie straight, as they do for ITK.
    if !isTilted { origins = origins.map { .init(x: 0, y: 0, z: $0.z) } }
    guard
      let stack = PlaneStack(
        columns: format.columns, rows: format.rows, betweenColumns: place.alongColumns.length,
        betweenRows: place.alongRows.length, origins: origins)
    else { return nil }
    let step = frame.point(place.position + place.alongSlices).z
    let even = VoxelSpacing(
      betweenColumns: stack.betweenColumns, betweenRows: stack.betweenRows, betweenSlices: step)
    var spacing = even
    if case .spacing(let wished) = target {
      spacing = wished
      // One slice is as thick as it is, whatever distance is written beside it.
      if origins.count == 1 { spacing.betweenSlices = step }
    }
    let isOther = [
      (spacing.betweenColumns, even.betweenColumns), (spacing.betweenRows, even.betweenRows),
      (spacing.betweenSlices, even.betweenSlices),
    ].contains { abs($0 - $1) > Self.sameSpacing * $1 }
    // Not even by the last digit, so that what is kept keeps its voxels.
    if !isOther { spacing = even }
    mended =
      (isTilted ? [.tilt] : []) + (isUneven ? [.uneven] : []) + (isOther ? [.spacing] : [])
    guard always || !mended.isEmpty else { return nil }
    self.stack = stack
    grid = ResamplingGrid(over: stack, spacing: spacing)
    geometry = frame.geometry(of: grid)
    own = [even.betweenColumns, even.betweenRows, isUneven ? nil : step]
  }

  /// How many voxels of one volume lie outside of the source.
  var voxelsOutside: Int {
    guard mended.contains(.tilt) else { return 0 }
    var resampler = PlaneResampler(stack, to: grid, fill: 0)
    return (0..<grid.slices).reduce(0) { $0 + resampler.voxelsOutside(ofSlice: $1) }
  }
}
