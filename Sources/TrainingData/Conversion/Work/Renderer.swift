import ImageFormats
import MedicalImaging
import Preprocessing

/// Stored planes -> picture files, by one display mapping.
final class Renderer {
  let choice: DisplayChoice
  private var tables: DisplayTables
  private let colors: ColorTransforms
  private let makesSquare: Bool
  private let memoryLimit: Int
  private let encode: (Span<UInt8>, _ columns: Int, _ rows: Int, RasterLayout) throws -> [UInt8]

  /// `memoryLimit` bounds, in bytes, what a picture takes that is larger than its frame.
  init(choice: DisplayChoice, job: Job, colors: ColorTransforms, memoryLimit: Int) throws {
    self.choice = choice
    self.memoryLimit = memoryLimit
    self.colors = colors
    makesSquare = job.recipe.picture.squarePixels
    tables = DisplayTables(mapping: choice.mapping)
    switch job.recipe.picture.format {
    case .png:
      let encoder = PNGEncoder()
      encode = { try encoder.encode($0, columns: $1, rows: $2, layout: $3) }
    case .jpeg:
      let encoder = JPEGEncoder(quality: job.recipe.picture.quality)
      encode = { try encoder.encode($0, columns: $1, rows: $2, layout: $3) }
    }
  }

  /// The picture of one plane: grey through the mapping, colour as it is, but for its ICC profile;
  /// cropped; turned to how it is shown; pixels of a picture that is no slice of a volume made square, where the
  /// recipe does not say otherwise. `note` is told what was odd.
  ///
  /// Throws `.memory` where the square picture would take more than the limit.
  func encode(
    _ source: ShownPlane, note: (InstanceHeader.Finding) -> Void
  ) throws -> RenderedFrame {
    let stored = source.stored
    let crop = source.crop ?? PlaneCrop(columns: stored.columns, rows: stored.rows)
    var (columns, rows) = (crop.columns.count, crop.rows.count)
    if source.orientation.swapsAxes { (columns, rows) = (rows, columns) }
    let shape = SquarePixels(
      columns: columns, rows: rows, aspect: makesSquare && !source.isSlice ? source.aspect : 1)
    if let finding = shape.finding { note(finding) }
    func finished(
      _ bytes: [UInt8], _ layout: RasterLayout, isColorConverted: Bool = false
    ) throws -> RenderedFrame {
      let channels = layout == .grey8 ? 1 : 3
      if !shape.isUnchanged { try checkMemory(shape, channels: channels) }
      let cut =
        source.crop == nil
        ? bytes : crop.applied(to: bytes, columns: stored.columns, pixelBytes: channels)
      let shown = source.orientation.turned(
        cut, columns: crop.columns.count, rows: crop.rows.count, pixelBytes: channels)
      let square = shape.resized(shown, channels: channels)
      return RenderedFrame(
        bytes: try encode(square.span, shape.columns, shape.rows, layout), shape: shape,
        isColorConverted: isColorConverted)
    }
    func colored(_ plane: StoredPlane, bits: Int) throws -> RenderedFrame {
      let transform = colors.transform(source.colorProfile)
      let (shown, finding) = transform.applied(to: plane, bits: bits)
      if let finding { note(finding) }
      return try finished(
        shown.sample == .uint8 ? shown.bytes : render(shown, .identity, nil), .rgb8,
        isColorConverted: transform.outcome == .converted)
    }
    // A bitstream may turn out to hold colours where the header says palette: it is believed.
    if let palette = source.palette, stored.samplesPerPixel == 1 {
      let colour = PaletteColor.rgb(stored, palette)
      return try colored(colour, bits: 8)
    }
    if stored.samplesPerPixel == 3 {
      return try colored(stored, bits: source.bitsStored)
    }
    return try finished(render(stored, source.modality, source.padding), .grey8)
  }

  /// The larger picture, and what an encoder makes of it: filtered rows, the file, a copy of that.
  private static let copies = 4

  /// A decoded frame was counted; tenfold it may be more than there is.
  private func checkMemory(_ shape: SquarePixels, channels: Int) throws(ImageError) {
    guard shape.columns * shape.rows * channels <= memoryLimit / Self.copies else {
      throw ImageError(
        .memory, "The picture needs more memory than is allowed once its pixels are square.",
        remedy: "Raise --memory, or set picture.square_pixels to false.")
    }
  }

  private func render(
    _ stored: StoredPlane, _ modality: ModalityTransform, _ padding: PixelPadding?
  ) -> [UInt8] {
    tables.table(sample: stored.sample, modality: modality, padding: padding).render(stored)
  }
}

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
  /// Whether it is of a volume.
  var isSlice: Bool
  /// How it lies, seen from how it is shown.
  var orientation: PlaneOrientation
  /// What of it is shown, as it is stored; nil for all.
  var crop: PlaneCrop?

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
    self.isSlice = isSlice
    self.orientation = orientation
    self.crop = crop
  }

  /// A section of a volume, which is cut as it is shown.
  init(section stored: StoredPlane, of block: VolumeBlock, spacing: PixelSpacing, bitsStored: Int) {
    self.stored = stored
    modality = block.modality
    padding = block.padding
    self.bitsStored = bitsStored
    aspect = spacing.betweenRows / spacing.betweenColumns
    isSlice = true
    orientation = .upright
  }
}

/// A picture file, and how its pixels lie in the source.
struct RenderedFrame {
  var bytes: [UInt8]
  var shape: SquarePixels
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
}

/// What was made of the last ICC profile: the pictures of a scanner share one.
final class ColorTransforms {
  private var last: (profile: [UInt8]?, transform: ColorTransform) = (
    nil, ColorTransform(profile: nil)
  )

  func transform(_ profile: [UInt8]?) -> ColorTransform {
    if profile != last.profile { last = (profile, ColorTransform(profile: profile)) }
    return last.transform
  }
}
