import ImageFormats
import MedicalImaging
import Preprocessing

/// Stored planes -> picture files, by one display mapping.
final class Renderer {
  let choice: DisplayChoice
  private var tables: DisplayTables
  private let encode: (Span<UInt8>, _ columns: Int, _ rows: Int, RasterLayout) throws -> [UInt8]

  init(choice: DisplayChoice, job: Job) throws {
    self.choice = choice
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

  /// The picture of one frame: grey through the mapping, colour as it is.
  func encode(_ stored: StoredPlane, header: InstanceHeader, frame: Int) throws -> [UInt8] {
    // A bitstream may turn out to hold colours where the header says palette: it is believed.
    if let palette = header.palette, stored.samplesPerPixel == 1 {
      let colour = PaletteColor.rgb(stored, palette)
      return try encode(colour.bytes.span, stored.columns, stored.rows, .rgb8)
    }
    if stored.samplesPerPixel == 3 {
      let bytes = stored.sample == .uint8 ? stored.bytes : render(stored, .identity, nil)
      return try encode(bytes.span, stored.columns, stored.rows, .rgb8)
    }
    let grey = render(stored, header.facts(frame: frame).modality, header.padding)
    return try encode(grey.span, stored.columns, stored.rows, .grey8)
  }

  private func render(
    _ stored: StoredPlane, _ modality: ModalityTransform, _ padding: PixelPadding?
  ) -> [UInt8] {
    tables.table(sample: stored.sample, modality: modality, padding: padding).render(stored)
  }
}
