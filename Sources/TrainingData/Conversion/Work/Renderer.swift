import ImageFormats
import MedicalImaging
import Preprocessing

/// Stored planes -> picture files, by one display mapping.
final class Renderer {
  let choice: DisplayChoice
  private var tables: DisplayTables
  private let colors: ColorTransforms
  private let encode: (Span<UInt8>, _ columns: Int, _ rows: Int, RasterLayout) throws -> [UInt8]

  init(choice: DisplayChoice, job: Job, colors: ColorTransforms) throws {
    self.choice = choice
    self.colors = colors
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

  /// The picture of one frame: grey through the mapping, colour as it is, but for its ICC profile.
  /// `note` is told what was odd.
  func encode(
    _ stored: StoredPlane, header: InstanceHeader, frame: Int,
    note: (InstanceHeader.Finding) -> Void
  ) throws -> [UInt8] {
    // A bitstream may turn out to hold colours where the header says palette: it is believed.
    if let palette = header.palette, stored.samplesPerPixel == 1 {
      let colour = PaletteColor.rgb(stored, palette)
      return try encode(colour, bits: 8, header, note)
    }
    if stored.samplesPerPixel == 3 {
      return try encode(stored, bits: header.format.bitsStored, header, note)
    }
    let grey = render(stored, header.facts(frame: frame).modality, header.padding)
    return try encode(grey.span, stored.columns, stored.rows, .grey8)
  }

  private func encode(
    _ colour: StoredPlane, bits: Int, _ header: InstanceHeader,
    _ note: (InstanceHeader.Finding) -> Void
  ) throws -> [UInt8] {
    let (shown, finding) = colors.transform(header.colorProfile).applied(to: colour, bits: bits)
    if let finding { note(finding) }
    let bytes = shown.sample == .uint8 ? shown.bytes : render(shown, .identity, nil)
    return try encode(bytes.span, shown.columns, shown.rows, .rgb8)
  }

  private func render(
    _ stored: StoredPlane, _ modality: ModalityTransform, _ padding: PixelPadding?
  ) -> [UInt8] {
    tables.table(sample: stored.sample, modality: modality, padding: padding).render(stored)
  }
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
