import ImageFormats
import MedicalImaging
import Preprocessing

/// A film whose frames are shown as one: how the first of them lies and is cropped, and so do all.
struct ProjectedFilm {
  let outcome: PictureCropping.Outcome
  private let instance: PlannedInstance
  private let header: InstanceHeader
  private let frame: Int
  private let first: DecodedFrame

  init(
    _ instance: PlannedInstance, first: DecodedFrame, of header: InstanceHeader, frame: Int,
    _ outcome: PictureCropping.Outcome
  ) {
    self.instance = instance
    self.first = first
    self.header = header
    self.frame = frame
    self.outcome = outcome
  }

  /// The values of a block of one plane, as the first frame is shown.
  func shown(_ block: VolumeBlocks.Block) -> ShownPlane {
    var shown = ShownPlane(
      first, of: header, frame: frame, isSlice: false, orientation: .upright, crop: outcome.crop)
    shown.stored = block.frame
    shown.modality = .identity
    shown.padding = nil
    return shown
  }

  func picture(
    _ block: VolumeBlocks.Block, _ encoded: RenderedFrame, choice: DisplayChoice,
    files: [Range<Int>]
  ) -> RenderedPicture {
    RenderedPicture(
      origin: .frames(instance, block.planes), shape: encoded.shape,
      orientation: first.orientation, crop: outcome.crop, areas: outcome.areas,
      projections: block.projections, isColorConverted: false, choice: choice,
      tiling: encoded.tiling,
      files: files)
  }
}
