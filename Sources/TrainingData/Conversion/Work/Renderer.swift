import ImageFormats
import MedicalImaging
import Preprocessing

/// Stored planes -> picture files, by one display mapping.
final class Renderer {
  let choice: DisplayChoice
  private var tables: DisplayTables
  private let colors: ColorTransforms
  private let makesSquare: Bool
  private let slices: Recipe.Slices
  private let stainMethod: StainMethod?
  private let memoryLimit: Int
  private let encode: (Span<UInt8>, _ columns: Int, _ rows: Int, RasterLayout) throws -> [UInt8]

  /// `memoryLimit` bounds, in bytes, what a picture takes that is larger than its frame.
  init(choice: DisplayChoice, job: Job, colors: ColorTransforms, memoryLimit: Int) throws {
    self.choice = choice
    self.memoryLimit = memoryLimit
    self.colors = colors
    let depth = PictureDepth(rawValue: job.recipe.picture.depth) ?? .eight
    slices = job.recipe.slices
    stainMethod = job.recipe.slides.stainMethod
    // Resizing of greys knows 8 bits alone.
    makesSquare = job.recipe.picture.squarePixels && depth == .eight
    tables = DisplayTables(mapping: choice.mapping, depth: depth)
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
  /// cropped; turned to how it is shown; pixels made square, or as far apart as the recipe says, of
  /// slices before they are mapped. `note` is told what was odd.
  ///
  /// Throws `.memory` where the square picture would take more than the limit.
  func encode(
    _ source: ShownPlane, note: (InstanceHeader.Finding) -> Void
  ) throws -> RenderedFrame {
    let stored = source.stored
    let crop = source.crop ?? PlaneCrop(columns: stored.columns, rows: stored.rows)
    var (columns, rows) = (crop.columns.count, crop.rows.count)
    if source.orientation.swapsAxes { (columns, rows) = (rows, columns) }
    if let shape = sliceShape(source, columns: columns, rows: rows) {
      if slices.spacing == nil, let finding = shape.finding { note(finding) }
      return try resampled(source, shape)
    }
    let shape =
      source.side.map { SquarePixels(columns: columns, rows: rows, side: $0) }
      ?? SquarePixels(
        columns: columns, rows: rows, aspect: makesSquare && !source.isSlice ? source.aspect : 1)
    if source.side == nil, let finding = shape.finding { note(finding) }
    func finished(
      _ bytes: [UInt8], _ layout: RasterLayout, isColorConverted: Bool = false,
      stain: StainNormalization? = nil
    ) throws -> RenderedFrame {
      let channels = layout.bytesPerPixel
      if !shape.isUnchanged { try checkMemory(shape, channels: channels) }
      let cut =
        source.crop == nil
        ? bytes : crop.applied(to: bytes, columns: stored.columns, pixelBytes: channels)
      let shown = source.orientation.turned(
        cut, columns: crop.columns.count, rows: crop.rows.count, pixelBytes: channels)
      let square = shape.resized(shown, channels: channels)
      return RenderedFrame(
        bytes: try encode(square.span, shape.columns, shape.rows, layout), shape: shape,
        isColorConverted: isColorConverted, stain: stain)
    }
    func colored(_ plane: StoredPlane, bits: Int) throws -> RenderedFrame {
      let transform = colors.transform(source.colorProfile)
      let (shown, finding) = transform.applied(to: plane, bits: bits)
      if let finding { note(finding) }
      var bytes = shown.sample == .uint8 ? shown.bytes : renderColour(shown)
      var stain: StainNormalization?
      if let stainMethod, source.isStained {
        stain = source.slideStain.map(\.stain) ?? StainNormalization(stainMethod, of: bytes)
        if let stain { bytes = stain.applied(to: bytes) } else { note(Self.noStains) }
      }
      return try finished(
        bytes, .rgb8, isColorConverted: transform.outcome == .converted, stain: stain)
    }
    // A bitstream may turn out to hold colours where the header says palette: it is believed.
    if let palette = source.palette, stored.samplesPerPixel == 1 {
      let colour = PaletteColor.rgb(stored, palette)
      return try colored(colour, bits: 8)
    }
    if stored.samplesPerPixel == 3 {
      return try colored(stored, bits: source.bitsStored)
    }
    return try finished(render(stored, source.modality, padding(of: source)), layout)
  }

  private static let noStains = InstanceHeader.Finding(
    "stain", "Nothing tells the stains of the slide apart; its colours were left as they are.")

  /// How grey is written.
  private var layout: RasterLayout {
    tables.mapping.channels > 1 ? .rgb8 : tables.depth == .eight ? .grey8 : .grey16
  }

  // MARK: Slices

  /// The size of a grey slice whose values are resampled; nil where its pixels stay as they are, and of
  /// everything else.
  private func sliceShape(_ source: ShownPlane, columns: Int, rows: Int) -> SquarePixels? {
    guard source.isSlice, source.crop == nil, source.palette == nil,
      source.stored.samplesPerPixel == 1, var spacing = source.spacing
    else { return nil }
    if source.orientation.swapsAxes {
      spacing = PixelSpacing(
        betweenRows: spacing.betweenColumns, betweenColumns: spacing.betweenRows)
    }
    let isUneven = SquarePixels.areNeeded(aspect: spacing.betweenRows / spacing.betweenColumns)
    let least = min(spacing.betweenRows, spacing.betweenColumns)
    guard let wanted = slices.spacing ?? (slices.squarePixels && isUneven ? least : nil) else {
      return nil
    }
    let shape = SquarePixels(columns: columns, rows: rows, spacing: spacing, millimetres: wanted)
    return shape.isUnchanged ? nil : shape
  }

  /// The picture of a slice whose values are resampled before they are mapped.
  private func resampled(_ source: ShownPlane, _ shape: SquarePixels) throws -> RenderedFrame {
    // Values and weights in double precision, and the result.
    try checkMemory(shape, channels: 24)
    let values = shape.resampled(
      source.orientation.applied(to: source.stored), modality: source.modality,
      padding: padding(of: source))
    let shown = render(values, .identity, nil)
    return RenderedFrame(
      bytes: try encode(shown.span, shape.columns, shape.rows, layout), shape: shape,
      isColorConverted: false)
  }

  /// The larger picture, and what an encoder makes of it: filtered rows, the file, a copy of that.
  private static let copies = 4

  /// A decoded frame was counted; tenfold it may be more than there is.
  private func checkMemory(_ shape: SquarePixels, channels: Int) throws(ImageError) {
    guard shape.columns * shape.rows * channels <= memoryLimit / Self.copies else {
      throw ImageError(
        .memory, "The picture needs more memory than is allowed once its pixels are square.",
        remedy: "Raise --memory, or have square_pixels false in the recipe.")
    }
  }

  /// Colour has 8 bits, whatever grey has.
  private func renderColour(_ stored: StoredPlane) -> [UInt8] {
    DisplayTable(
      sample: stored.sample, modality: .identity, padding: nil, mapping: choice.mapping
    ).render(stored)
  }

  /// What is shown black; nil where padding is a value like any other.
  private func padding(of source: ShownPlane) -> PixelPadding? {
    choice.showsPadding ? nil : source.padding
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
  /// In the patient, as it is stored; nil where nothing says it.
  var spacing: PixelSpacing?
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
    isSlice = true
    orientation = .upright
  }
}

extension ShownPlane {
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

/// A picture file, and how its pixels lie in the source.
struct RenderedFrame {
  var bytes: [UInt8]
  var shape: SquarePixels
  /// Whether an embedded ICC profile was converted to sRGB.
  var isColorConverted: Bool
  /// How colours became those of another slide; nil where they did not.
  var stain: StainNormalization?
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
