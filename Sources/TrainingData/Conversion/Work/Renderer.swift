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
  private let cutter: PictureCutter
  private let encode: (Span<UInt8>, _ columns: Int, _ rows: Int, RasterLayout) throws -> [UInt8]

  /// `memoryLimit` bounds, in bytes, what a picture takes that is larger than its frame.
  init(
    choice: DisplayChoice, job: Job, colors: ColorTransforms, cutter: PictureCutter,
    memoryLimit: Int
  ) throws {
    self.choice = choice
    self.cutter = cutter
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

  /// The picture of one plane, or its tiles: grey through the mapping, colour as it is, but for its ICC profile;
  /// cropped; turned to how it is shown; pixels made square, or as far apart as the recipe says, of
  /// slices before they are mapped. `note` is told what was odd.
  ///
  /// Throws `.memory` where the square picture, or its tiles, would take more than the limit; `.tiling`
  /// where it is of a size that the tiling policy refuses.
  func encode(
    _ source: ShownPlane, note: (InstanceHeader.Finding) -> Void
  ) throws -> RenderedFrame {
    try framed(shown(source, note: note), of: source)
  }

  /// One picture of three grey slices of one size: its red, green and blue.
  func encode(
    channels: [ShownPlane], note: (InstanceHeader.Finding) -> Void
  ) throws -> RenderedFrame {
    let pictures = try channels.map { try shown($0, note: note) }
    var merged = pictures[1]
    precondition(pictures.count == 3 && pictures.allSatisfy { $0.picture.layout == .grey8 })
    var bytes: [UInt8] = []
    bytes.reserveCapacity(3 * merged.picture.bytes.count)
    for pixel in merged.picture.bytes.indices {
      for picture in pictures { bytes.append(picture.picture.bytes[pixel]) }
    }
    merged.picture.bytes = bytes
    merged.picture.layout = .rgb8
    return try framed(merged, of: channels[1])
  }

  /// A picture before it is cut and encoded.
  private struct Shown {
    var picture: PictureCutter.Picture
    var shape: SquarePixels
    var isColorConverted = false
    var stain: StainNormalization?

    init(_ bytes: [UInt8], _ layout: RasterLayout, _ shape: SquarePixels) {
      picture = PictureCutter.Picture(
        bytes: bytes, columns: shape.columns, rows: shape.rows, layout: layout)
      self.shape = shape
    }
  }

  private func shown(
    _ source: ShownPlane, note: (InstanceHeader.Finding) -> Void
  ) throws -> Shown {
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
    func finished(_ bytes: [UInt8], _ layout: RasterLayout) throws -> Shown {
      let channels = layout.bytesPerPixel
      if !shape.isUnchanged { try checkMemory(shape, channels: channels) }
      let cut =
        source.crop == nil
        ? bytes : crop.applied(to: bytes, columns: stored.columns, pixelBytes: channels)
      let shown = source.orientation.turned(
        cut, columns: crop.columns.count, rows: crop.rows.count, pixelBytes: channels)
      let square = shape.resized(shown, channels: channels)
      return Shown(square, layout, shape)
    }
    func colored(_ plane: StoredPlane, bits: Int) throws -> Shown {
      let transform = colors.transform(source.colorProfile)
      let (shown, finding) = transform.applied(to: plane, bits: bits)
      if let finding { note(finding) }
      var bytes = shown.sample == .uint8 ? shown.bytes : renderColour(shown)
      var stain: StainNormalization?
      if let stainMethod, source.isStained {
        stain = source.slideStain.map(\.stain) ?? StainNormalization(stainMethod, of: bytes)
        if let stain { bytes = stain.applied(to: bytes) } else { note(Self.noStains) }
      }
      var picture = try finished(bytes, .rgb8)
      picture.isColorConverted = transform.outcome == .converted
      picture.stain = stain
      return picture
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
  private func resampled(_ source: ShownPlane, _ shape: SquarePixels) throws -> Shown {
    // Values and weights in double precision, and the result.
    try checkMemory(shape, channels: 24)
    let values = shape.resampled(
      source.orientation.applied(to: source.stored), modality: source.modality,
      padding: padding(of: source))
    let shown = render(values, .identity, nil)
    return Shown(shown, layout, shape)
  }

  // MARK: Files

  private func framed(_ shown: Shown, of source: ShownPlane) throws -> RenderedFrame {
    let shape = shown.shape
    let tiling = try cutter.layout(
      columns: shape.columns, rows: shape.rows, pixelSize: source.pixelSize(in: shape),
      isSlide: source.isStained)
    let files = try cutter.pictures(of: shown.picture, tiling).map {
      try encode($0.bytes.span, $0.columns, $0.rows, $0.layout)
    }
    return RenderedFrame(
      files: files, tiling: tiling, shape: shape, isColorConverted: shown.isColorConverted,
      stain: shown.stain)
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

/// A picture's files, and how its pixels lie in the source.
struct RenderedFrame {
  /// Of the picture, or of each tile in the order of the layout.
  var files: [[UInt8]]
  /// Where the tiles lie that an encoder gets of it.
  var tiling: TileLayout
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
