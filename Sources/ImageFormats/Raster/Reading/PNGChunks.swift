import MedicalImaging

/// What the chunks of a PNG say before anything is decoded (ISO/IEC 15948).
struct PNGChunks {
  var columns = 0
  var rows = 0
  /// Bits of a sample as stored, and the colour type, of IHDR.
  var depth = 0
  var colourType = 0
  /// Whether some colour is marked as transparent (tRNS).
  var hasTransparentColour = false
  /// Whether further pictures follow the first (acTL of an animated PNG).
  var isAnimated = false
  /// Name, method and deflated bytes of an ICC profile (iCCP).
  var profile: Range<Int>?
  /// The Exif block.
  var exif: Range<Int>?

  /// Throws `.damagedHeader` or `.truncated`.
  init(_ source: SourceBytes) throws(ImageError) {
    guard let length = source.number(at: 8, size: 4, bigEndian: true),
      let header = source.number(at: 12, size: 4, bigEndian: true), source.count >= 33
    else { throw .picture(.truncated, "The PNG ends within its first chunk.") }
    guard length == 13, header == 0x4948_4452 else {
      throw .picture(.damagedHeader, "The PNG does not begin with its header chunk.")
    }
    let fields = source.copy(16..<29)
    columns = fields[0..<4].reduce(0) { $0 << 8 | Int($1) }
    rows = fields[4..<8].reduce(0) { $0 << 8 | Int($1) }
    (depth, colourType) = (Int(fields[8]), Int(fields[9]))
    let depths = [0: [1, 2, 4, 8, 16], 2: [8, 16], 3: [1, 2, 4, 8], 4: [8, 16], 6: [8, 16]]
    guard depths[colourType]?.contains(depth) == true, columns > 0, rows > 0 else {
      throw .picture(.damagedHeader, "The PNG's header chunk contradicts the standard.")
    }
    var at = 33
    while let length = source.number(at: at, size: 4, bigEndian: true),
      let kind = source.number(at: at + 4, size: 4, bigEndian: true)
    {
      let end = at + 12 + length
      guard end <= source.count else { break }
      switch kind {
      case 0x7452_4E53: hasTransparentColour = true
      case 0x6163_544C: isAnimated = true
      case 0x6558_4966: exif = at + 8..<at + 8 + length
      case 0x6943_4350: profile = at + 8..<at + 8 + length
      case 0x4945_4E44: return
      default: break
      }
      at = end
    }
  }

  /// Of what is decoded: grey or colours, transparency not counted.
  var channels: Int { colourType == 0 || colourType == 4 ? 1 : 3 }
  /// Whether what is decoded has a transparency sample.
  var hasAlpha: Bool { colourType >= 4 || hasTransparentColour }
}
