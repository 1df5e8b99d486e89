import MedicalImaging

/// Palette images to red, green and blue (PS3.3 C.7.6.3.1.5, C.7.6.3.1.6).
public enum PaletteColor {
  /// Looks every index of a plane up in the red, green and blue tables: 8-bit, rows x columns x 3.
  /// Entries of more than 8 bits give their 8 highest ones. `palette` must hold three tables.
  public static func rgb(_ plane: StoredPlane, _ palette: [LookupTable]) -> StoredPlane {
    precondition(plane.samplesPerPixel == 1 && palette.count == 3 && plane.sample.size <= 2)
    // Every possible index once; a picture has more pixels than that.
    let inputs = plane.sample.size == 1 ? 256 : 65536
    var colors = [UInt8](repeating: 0, count: inputs * 3)
    for (channel, table) in palette.enumerated() {
      let shift = max(table.bits - 8, 0)
      for input in 0..<inputs {
        let index =
          switch plane.sample {
          case .int8: Int(Int8(truncatingIfNeeded: input))
          case .int16: Int(Int16(truncatingIfNeeded: input))
          default: input
          }
        colors[input * 3 + channel] = UInt8(truncatingIfNeeded: min(table[index] >> shift, 255))
      }
    }
    let count = plane.rows * plane.columns
    let size = plane.sample.size
    var out = [UInt8](repeating: 0, count: count * 3)
    for i in 0..<count {
      let input =
        size == 1
        ? Int(plane.bytes[i]) : Int(plane.bytes[2 * i]) | Int(plane.bytes[2 * i + 1]) << 8
      for channel in 0..<3 { out[i * 3 + channel] = colors[input * 3 + channel] }
    }
    return StoredPlane(
      columns: plane.columns, rows: plane.rows, samplesPerPixel: 3, sample: .uint8, bytes: out)
  }
}
