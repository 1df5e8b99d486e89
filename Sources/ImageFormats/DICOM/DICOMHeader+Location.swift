import MedicalImaging

extension DICOMHeaderReader {
  /// Where the pixels lie, and the syntax that they are really in.
  ///
  /// Throws `.unsupportedSyntax`, `.truncated` or `.damagedHeader`.
  mutating func locatePixels(_ format: PixelFormat) throws(ImageError)
    -> (InstanceHeader.PixelLocation, TransferSyntax)
  {
    let declared = start.declaredSyntax
    if case .refused(let kind) = declared?.codec {
      throw ImageError(.unsupportedSyntax, "The pixel data are written as \(kind).")
    }
    if declared == nil && !start.declaredSyntaxUID.isEmpty {
      note("unknown_transfer_syntax", "The transfer syntax is unknown; the bytes were believed.")
    }
    var pixels = InstanceHeader.PixelLocation()
    pixels.isDeflated = start.encoding == nil
    let encoding = start.encoding ?? .explicitLittle
    guard let length = element.length else {
      try readFragments(&pixels)
      return (pixels, try syntaxOfFragments(pixels, declared))
    }
    pixels.nativeOffset = element.offset
    pixels.nativeLength = length
    if length > bytes.count - element.offset {
      note("pixels_truncated", "The source ends within its pixel data.")
    }
    var syntax = TransferSyntax.explicitLittle
    switch encoding {
    case .explicitLittle where pixels.isDeflated: syntax = declared ?? syntax
    case .explicitLittle: break
    case .implicitLittle where declared == .bigEndianPixels: syntax = .bigEndianPixels
    case .implicitLittle: syntax = .implicitLittle
    case .explicitBig, .implicitBig: syntax = .explicitBig
    }
    pixels.isBigEndian = encoding.isBigEndian || syntax == .bigEndianPixels
    pixels.swapsBytePairs =
      pixels.isBigEndian && format.bitsAllocated == 8 && (element.vr == "OW" || element.vr.isEmpty)
    if let declared, declared.isEncapsulated {
      note("not_encapsulated", "The pixel data are native although the meta header says otherwise.")
    }
    return (pixels, syntax)
  }

  /// Walks the item headers of encapsulated pixel data (PS3.5 A.4), touching no fragment.
  private mutating func readFragments(_ pixels: inout InstanceHeader.PixelLocation)
    throws(ImageError)
  {
    var at = element.offset
    var isFirst = true
    var ended = false
    while let group = bytes.number(at: at, size: 2), let item = bytes.number(at: at + 2, size: 2),
      let length = bytes.number(at: at + 4, size: 4)
    {
      guard group == 0xFFFE, item == 0xE000 || item == 0xE0DD else {
        note("fragments", "Something that is no item follows the fragments of the pixel data.")
        ended = true
        break
      }
      if item == 0xE0DD {
        ended = true
        break
      }
      let value = at + 8
      guard length != 0xFFFF_FFFF else {
        throw ImageError(.damagedPixels, "A fragment of the pixel data has no length.")
      }
      let end = min(value + length, bytes.count)
      if isFirst {
        pixels.frameOffsets = stride(from: value, to: end - 3, by: 4).compactMap {
          bytes.number(at: $0, size: 4)
        }
        isFirst = false
      } else {
        pixels.fragments.append(value..<end)
      }
      at = value + length
    }
    if !ended {
      note("pixels_truncated", "The pixel data lack their end; what is there was taken.")
    }
    guard !pixels.fragments.isEmpty else {
      if !ended { throw ImageError(.truncated, "The source ends where its pixel data begin.") }
      throw ImageError(.noPixels, "The image's pixel data are empty.")
    }
    if let table = root.value(.extendedOffsetTable)?.bytes, !table.isEmpty {
      pixels.frameOffsets = stride(from: 0, to: table.count - 7, by: 8).map { at in
        let offset = table[at..<at + 8].reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        return Int(clamping: offset)
      }
    }
  }

  /// The declared syntax where it is one of fragments, else what the first fragment looks like.
  private mutating func syntaxOfFragments(
    _ pixels: InstanceHeader.PixelLocation, _ declared: TransferSyntax?
  ) throws(ImageError) -> TransferSyntax {
    if let declared, declared.isEncapsulated { return declared }
    note(
      "encapsulated",
      "The pixel data are encapsulated although the meta header does not say so; the codec was recognised by its first bytes."
    )
    let first = pixels.fragments.first { $0.count >= 4 } ?? 0..<0
    if let uid = Codestream.transferSyntaxUID(bytes.copy(first.prefix(4096))),
      let syntax = TransferSyntax.named(uid)
    {
      return syntax
    }
    throw ImageError(.unsupportedSyntax, "The pixel data are encapsulated in an unknown way.")
  }
}
