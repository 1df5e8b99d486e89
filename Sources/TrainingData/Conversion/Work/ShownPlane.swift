import ImageFormats
import MedicalImaging
import Preprocessing

/// Stored values of one picture, and what is to be known to show them.
struct ShownPlane {
  var stored: StoredPlane
  var modality: ModalityTransform
  var padding: PixelPadding?
  var palette: [LookupTable]?
  var colorProfile: [UInt8]?
  var bitsStored: Int
  /// Height of a pixel over its width, as it is stored.
  var aspect: Double
  /// In the patient, as it is stored; nil where nothing says it.
  var spacing: PixelSpacing?
  /// Between the pixels of what is shown, as it is stored, and not surely in the patient; of a slide's tile
  /// between those of the picture.
  var nominalSpacing: PixelSpacing?
  /// Whether it is of a volume.
  var isSlice: Bool
  /// Whether it is of a microscope slide.
  var isStained = false
  /// The stains of the slide that it is a tile of; nil where its own pixels tell them.
  var slideStain: SlideStain?
  /// How it lies, seen from how it is shown.
  var orientation: PlaneOrientation
  /// What of it is shown, as it is stored; nil for all.
  var crop: PlaneCrop?
  /// Columns and rows of the picture, of a slide's tile; nil where its pixels decide.
  var side: Int?

  /// A frame as it was decoded.
  init(
    _ decoded: DecodedFrame, of header: InstanceHeader, frame: Int, isSlice: Bool,
    orientation: PlaneOrientation, crop: PlaneCrop?
  ) {
    let facts = header.facts(frame: frame)
    stored = decoded.plane
    modality = facts.modality
    padding = header.padding
    palette = header.palette
    colorProfile = header.colorProfile ?? decoded.colorProfile
    bitsStored = header.format.bitsStored
    aspect = facts.aspect
    spacing = facts.spacing
    nominalSpacing =
      decoded.tile.map { PixelSpacing($0.micronsPerPixel) } ?? facts.spacing
      ?? facts.nominalSpacing
    self.isSlice = isSlice
    isStained = header.description.modality == "SM"
    self.orientation = orientation
    self.crop = crop
    side = decoded.tile?.size
  }

  /// A section of a volume, which is cut as it is shown.
  init(
    section stored: StoredPlane, modality: ModalityTransform, padding: PixelPadding?,
    spacing: PixelSpacing, bitsStored: Int
  ) {
    self.stored = stored
    self.modality = modality
    self.padding = padding
    self.bitsStored = bitsStored
    aspect = spacing.betweenRows / spacing.betweenColumns
    self.spacing = spacing
    nominalSpacing = spacing
    isSlice = true
    orientation = .upright
  }
}

extension ShownPlane {
  /// How large a pixel of the picture is, which has this shape; nil where nothing says it.
  func pixelSize(in shape: SquarePixels) -> TiledPicture.PixelSize? {
    guard let spacing = nominalSpacing else { return nil }
    // A slide's tile says it of the picture.
    guard side == nil else { return .init(spacing) }
    var size = TiledPicture.PixelSize(spacing)
    if orientation.swapsAxes { swap(&size.width, &size.height) }
    size.width *= shape.scale.x
    size.height *= shape.scale.y
    return size
  }

  /// All values of what is shown of a grey plane, those of padding too.
  var histogram: ValueHistogram {
    var histogram = ValueHistogram()
    if stored.samplesPerPixel == 1 {
      histogram.add(
        plane: crop?.pixels(of: stored) ?? stored, padding: nil, modality: modality)
    }
    return histogram
  }
}

/// The stains of a whole slide.
struct SlideStain {
  /// Nil where nothing tells them apart.
  var stain: StainNormalization?
}

extension PixelSpacing {
  /// Of a slide.
  init(_ microns: MicronsPerPixel) {
    self.init(betweenRows: microns.y / 1000, betweenColumns: microns.x / 1000)
  }
}

extension TiledPicture.PixelSize {
  init(_ spacing: PixelSpacing) {
    self.init(width: spacing.betweenColumns, height: spacing.betweenRows)
  }
}
