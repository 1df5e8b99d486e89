import ImageFormats
import MedicalImaging
import Preprocessing

/// One series as it is turned into files of volumes: its instances, and what came up while they were
/// read.
struct VolumeSeries {
  /// As `inspect` counts them, from 1.
  var study, number: Int
  /// In the order of their SOP Instance UIDs.
  var images: [UnitPlanner.Image]
  var headers: [InstanceHeader]
  /// Planes that could not be read.
  var unreadable: Set<PlaneReference> = []
  /// Types of stored values beyond what headers say.
  var wider: [StoredPlane.Sample] = []

  init(study: Int, number: Int, images: [UnitPlanner.Image]) {
    self.study = study
    self.number = number
    // Assembly orders planes by their headers; only equal ones keep the order given here.
    self.images = images.sorted {
      let (a, b) = ($0.row.header.identity.sopInstanceUID, $1.row.header.identity.sopInstanceUID)
      return a != b ? a < b : $0.source.token < $1.source.token
    }
    headers = self.images.map(\.row.header)
  }

  /// The files that it becomes, resampled where there is a target.
  ///
  /// - Throws: `unsupportedPixels` where NIfTI-1 cannot hold one of them.
  func drafts(_ target: ResamplingTarget?) throws(ImageError) -> [VolumeDraft] {
    let volumes = SeriesAssembly.volumes(of: headers)
    var drafts: [VolumeDraft] = []
    let stacking = VolumeStacking(headers, without: unreadable, joinsUneven: target != nil)
    for stack in stacking.stacks(of: volumes) {
      drafts.append(try VolumeDraft(stack, of: self, number: drafts.count + 1, target))
    }
    return drafts
  }
}

/// A file of volumes before it is written.
struct VolumeDraft {
  /// As `inspect` counts them, and the file's own number within the series, from 1.
  let study, series, number: Int
  let stack: VolumeStack
  let scaling: VoxelScaling
  /// What the file says before its voxels.
  let volume: NIfTIVolume
  /// Nil where voxels are the planes as they are.
  let resampling: VolumeResampling?
  /// Its planes, of each volume in turn; instances are those of the series.
  let planes: [PlaneReference]
  /// Of each volume the facts of its first plane.
  let volumeFacts: [VolumeFacts]
  let description: InstanceHeader.Description
  let sliceThickness: Double?
  /// Findings of the headers of its instances, each once a header.
  let headerFindings: [InstanceHeader.Finding]

  /// - Throws: `unsupportedPixels` where an axis is longer than NIfTI-1 can say.
  init(
    _ stack: VolumeStack, of series: VolumeSeries, number: Int, _ target: ResamplingTarget? = nil
  ) throws(ImageError) {
    self.stack = stack
    self.study = series.study
    self.series = series.number
    self.number = number
    planes = stack.volumes.flatMap { $0 }
    let first = series.headers[planes[0].instance]
    let facts = first.facts(frame: planes[0].frame)
    description = first.description
    sliceThickness = facts.sliceThickness.flatMap { $0.isFinite ? $0 : nil }
    let resampling = target.flatMap { VolumeResampling(of: stack, first.format, to: $0) }
    self.resampling = resampling
    let stored = VoxelScaling(
      planes.map {
        let header = series.headers[$0.instance]
        return (header.format, header.facts(frame: $0.frame).modality)
      }, wider: series.wider)
    scaling = resampling == nil ? stored : .modalityValues
    volumeFacts = VolumeFacts.of(stack, series.headers)
    headerFindings = Set(planes.map(\.instance)).sorted().flatMap { series.headers[$0].findings }

    let grid = resampling?.grid
    let rows = grid?.rows ?? first.format.rows
    var volume = NIfTIVolume(
      columns: grid?.columns ?? first.format.columns, rows: rows,
      slices: grid?.slices ?? stack.volumes[0].count, volumes: stack.volumes.count,
      voxel: scaling.voxel)
    volume.slope = scaling.linear?.slope ?? 1
    volume.intercept = scaling.linear?.intercept ?? 0
    volume.timeStep = VolumeFacts.timeStep(volumeFacts, of: stack, first.order)
    // The lowest row comes first in the file.
    volume.geometry = (resampling?.geometry ?? stack.geometry).map { place in
      VoxelGeometry(
        position: place.position + place.alongRows * Double(rows - 1),
        alongColumns: place.alongColumns, alongRows: place.alongRows * -1,
        alongSlices: place.alongSlices)
    }
    if volume.geometry == nil, let spacing = facts.spacing {
      volume.spacing = VoxelSpacing(
        betweenColumns: spacing.betweenColumns, betweenRows: spacing.betweenRows,
        betweenSlices: facts.spacingBetweenSlices ?? sliceThickness ?? 1)
    }
    do throws(ImageError) {
      _ = try volume.header()
    } catch  where resampling != nil {
      throw ImageError(
        error.code, "The grid that --resample asks for has more voxels than NIfTI-1 can say.",
        remedy: "Ask for a larger spacing.")
    }
    self.volume = volume
  }
}
