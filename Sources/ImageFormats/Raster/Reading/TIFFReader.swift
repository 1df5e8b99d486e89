import CTIFF
import MedicalImaging

/// One page of a TIFF or BigTIFF file (TIFF 6.0 and its supplements) through libtiff.
struct TIFFReader {
  private let file: TIFFFile
  private let layout: TIFFLayout
  private let fileCount: Int
  private let page: Int
  private let memoryLimit: Int

  /// Throws `.noPixels` where there is no such page, `.unsupportedFormat` where it is of a slide,
  /// `.damagedHeader`, `.truncated` or `.unsupportedPixels`.
  init(_ source: SourceBytes, page: Int, _ memoryLimit: Int) throws(ImageError) {
    let offsets = try TIFFDirectories(source).offsets
    guard page < offsets.count else {
      throw ImageError(
        .noPixels, "The picture has no such page.", remedy: "Name a page that it has.")
    }
    guard !TIFFSlideWords.found(in: source, at: [offsets[0], offsets[page]]) else {
      throw ImageError.slideInTIFF
    }
    file = try TIFFFile(source, limit: memoryLimit)
    layout = try TIFFLayout(file.page(at: offsets[page]))
    guard layout.colour == .palette || !TIFFDirectories.hasPalette(source, at: offsets[page]) else {
      throw .picture(.damagedHeader, "The page of the TIFF lacks its colour map.")
    }
    fileCount = source.count
    self.page = page
    self.memoryLimit = memoryLimit
  }

  /// Throws `.damagedPixels`, `.damagedHeader`, `.truncated` or `.memory`.
  func read() throws(ImageError) -> Picture {
    var findings = layout.findings
    var bits = layout.bits
    var bytes: [UInt8]
    if layout.colour == .converted {
      bytes = try converted()
      bits = 8
    } else {
      // What a step makes of the samples lies beside them for a while.
      let beside = layout.alpha == .none && !isRecoloured ? 0 : 4 * layout.sample.size
      bytes = try TIFFBlocks(
        file, layout, beside: beside, fileCount: fileCount, limit: memoryLimit
      ).read()
      if layout.alpha != .none { removeAlpha(&bytes, &findings) }
      try colour(&bytes, &bits, &findings)
    }
    if file.hasComplaints {
      findings.append(.init("tiff_warning", "The TIFF decoder mended something in a page."))
    }
    let isGrey = layout.colour == .grey || layout.colour == .whiteIsZero
    let sample = layout.colour == .converted ? .uint8 : layout.sample
    var picture = Picture(
      columns: layout.columns, rows: layout.rows, channels: isGrey ? 1 : 3, sample: sample,
      bits: sample.isFloat ? 8 * sample.size : bits, bytes: bytes,
      colorProfile: isGrey || layout.colour == .inks ? nil : file.profile, page: page,
      findings: findings)
    if let finding = picture.nonFinite.finding { picture.findings.append(finding) }
    return try PlaneOrientation(tag: Int(layout.page.orientation)).applied(
      to: picture, limit: memoryLimit)
  }

  private var isRecoloured: Bool { layout.colour == .palette || layout.colour == .inks }

  /// Through libtiff's own conversion: luminance and chrominance, and old-style JPEG.
  private func converted() throws(ImageError) -> [UInt8] {
    // Four bytes a pixel, the three of them that stay, and what libtiff decodes a block into.
    let held = try Budget.bytes(
      layout.rows, layout.columns, 7, limit: memoryLimit, of: "The picture")
    guard Int(layout.page.block_bytes) <= memoryLimit - held else {
      throw ImageError(.memory, "The picture needs more memory than is allowed.")
    }
    let pixels = try file.readColours(columns: layout.columns, rows: layout.rows)
    return unsafe [UInt8](unsafeUninitializedCapacity: 3 * pixels.count) { out, used in
      for (i, pixel) in pixels.enumerated() {
        unsafe out[3 * i] = UInt8(truncatingIfNeeded: pixel)
        unsafe out[3 * i + 1] = UInt8(truncatingIfNeeded: pixel >> 8)
        unsafe out[3 * i + 2] = UInt8(truncatingIfNeeded: pixel >> 16)
      }
      used = 3 * pixels.count
    }
  }

  private func removeAlpha(_ bytes: inout [UInt8], _ findings: inout [InstanceHeader.Finding]) {
    let channels = layout.picks.count - 1
    let isAssociated = layout.alpha == .associated && layout.isNative && !isRecoloured
    if isAssociated {
      switch layout.sample {
      case .uint8: PictureAlpha.unassociate(&bytes, channels: channels, UInt8.self)
      case .uint16: PictureAlpha.unassociate(&bytes, channels: channels, UInt16.self)
      case .uint32: PictureAlpha.unassociate(&bytes, channels: channels, UInt32.self)
      default: break
      }
    }
    let (opaque, isTransparent) = PictureAlpha.removed(
      bytes, channels: channels, sample: layout.sample)
    bytes = opaque
    guard isTransparent else { return }
    findings.append(PictureAlpha.dropped)
    if isAssociated && !layout.sample.isSigned && !layout.sample.isFloat {
      findings.append(
        .init(
          "alpha_associated", "Colours were divided by the transparency that they were stored with."
        ))
    }
  }

  /// Makes grey or red, green and blue of the samples. Throws `.damagedHeader`.
  private func colour(
    _ bytes: inout [UInt8], _ bits: inout Int, _ findings: inout [InstanceHeader.Finding]
  ) throws(ImageError) {
    switch layout.colour {
    case .rgb, .converted: break
    case .grey, .whiteIsZero:
      if layout.colour == .whiteIsZero { invert(&bytes) }
      if layout.sample == .uint8 && PictureBits.isSpread(bits) {
        PictureBits.spread(&bytes, bits: bits)
        bits = 8
      }
    case .palette:
      let palette = try file.palette(bits: bits, &findings)
      bytes = Self.looked(up: bytes, in: palette)
      bits = 8
    case .inks:
      bytes =
        bits == 8 ? PictureInks.rgb8(bytes, isInverted: false) : PictureInks.rgb16(bytes)
      findings.append(PictureInks.converted)
    }
  }

  /// v -> 2^bits - 1 - v.
  private func invert(_ bytes: inout [UInt8]) {
    let bits = layout.bits
    switch layout.sample {
    case .uint8:
      let most = UInt8(1 << bits - 1)
      for i in bytes.indices { bytes[i] = most &- bytes[i] }
    case .uint16: Self.invert(&bytes, most: UInt16(1 << bits - 1))
    case .uint32: Self.invert(&bytes, most: UInt32(1 << bits - 1))
    default: break
    }
  }

  private static func invert<Number: FixedWidthInteger>(_ bytes: inout [UInt8], most: Number) {
    unsafe bytes.withUnsafeMutableBytes { raw in
      let numbers = unsafe raw.bindMemory(to: Number.self)
      for i in numbers.indices { unsafe numbers[i] = most &- numbers[i] }
    }
  }

  /// The three bytes of each index; the palette has an entry for every value of its bits.
  private static func looked(up indices: [UInt8], in palette: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: 3 * indices.count) { out, used in
      for (i, index) in indices.enumerated() {
        for channel in 0..<3 { unsafe out[3 * i + channel] = palette[3 * Int(index) + channel] }
      }
      used = 3 * indices.count
    }
  }
}
