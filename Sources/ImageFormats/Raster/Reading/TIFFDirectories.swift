import MedicalImaging

/// Where the directories of a TIFF or BigTIFF file lie, in the order of its chain (TIFF 6.0,
/// section 2).
struct TIFFDirectories {
  /// At least one.
  private(set) var offsets: [Int] = []
  /// Whether the chain ended as it should not: past the file's end, or where it had been.
  private(set) var isBroken = false

  /// A file of more pages is no file of pictures.
  private static let most = 65_536

  /// Throws `.truncated` or `.damagedHeader` where there is no first directory.
  init(_ source: SourceBytes) throws(ImageError) {
    let (isBig, isWide) = Self.order(of: source)
    func number(_ at: Int, _ size: Int) -> Int? {
      // The highest byte of eight must be zero: no file is that long.
      guard size == 8 else { return source.number(at: at, size: size, bigEndian: isBig) }
      guard source.number(at: at + (isBig ? 0 : 7), size: 1) == 0 else { return nil }
      return source.number(at: at + (isBig ? 1 : 0), size: 7, bigEndian: isBig)
    }
    let link = isWide ? 8 : 4
    var next = number(isWide ? 8 : 4, link)
    var seen: Set<Int> = []
    while let offset = next, offset != 0 {
      guard offset < source.count, seen.insert(offset).inserted, offsets.count < Self.most,
        let entries = number(offset, isWide ? 8 : 2), entries < source.count
      else {
        isBroken = true
        break
      }
      offsets.append(offset)
      next = number(offset + (isWide ? 8 + 20 * entries : 2 + 12 * entries), link)
      if next == nil { isBroken = true }
    }
    guard !offsets.isEmpty else {
      throw .picture(.damagedHeader, "The TIFF has no directory of a page.")
    }
  }

  /// Of the bytes of a number, and of an offset: big-endian, and 64 bits.
  private static func order(of source: SourceBytes) -> (isBig: Bool, isWide: Bool) {
    let isBig = source.number(at: 0, size: 1) == 0x4D
    return (isBig, source.number(at: 2, size: 2, bigEndian: isBig) == 43)
  }

  /// Whether the directory at `offset` says Photometric Interpretation 3. Where its colour map cannot
  /// be read, libtiff would show the indices as grey.
  static func hasPalette(_ source: SourceBytes, at offset: Int) -> Bool {
    let (isBig, isWide) = order(of: source)
    func number(_ at: Int, _ size: Int) -> Int {
      source.number(at: at, size: size, bigEndian: isBig) ?? 0
    }
    let (count, first, size) = isWide ? (8, 8, 20) : (2, 2, 12)
    let entries = number(offset + (isWide && isBig ? 4 : 0), min(count, 4))
    for entry in 0..<entries {
      let at = offset + first + entry * size
      guard at < source.count else { break }
      if number(at, 2) == 262 { return number(at + size - (isWide ? 8 : 4), 2) == 3 }
    }
    return false
  }

  /// Pages that follow one that cannot be read are listed still. Throws `.damagedHeader` where the
  /// first cannot.
  func contents(_ source: SourceBytes) throws(ImageError) -> PictureContents {
    let file = try TIFFFile(source, limit: 1 << 28)
    var pages: [PictureContents.Page] = []
    for (index, offset) in offsets.enumerated() {
      guard let kind = file.kind(at: offset), kind.columns > 0, kind.rows > 0 else {
        guard index > 0 else {
          throw .picture(.damagedHeader, "The TIFF's first page cannot be read.", cause: file.cause)
        }
        pages.append(.init(index: index, columns: 0, rows: 0, role: .unreadable))
        continue
      }
      let swaps = PlaneOrientation(tag: Int(kind.orientation)).swapsAxes
      let (columns, rows) = (Int(kind.columns), Int(kind.rows))
      // NewSubfileType: bit 0 a smaller version, bit 2 a mask (TIFF 6.0).
      let role: PictureContents.Page.Role =
        kind.subfile & 4 != 0 ? .mask : kind.subfile & 1 != 0 ? .reduced : .picture
      pages.append(
        .init(
          index: index, columns: swaps ? rows : columns, rows: swaps ? columns : rows, role: role,
          pixels: (try? TIFFLayout(file.page(at: offset)))?.pixels))
    }
    var findings: [InstanceHeader.Finding] = []
    if isBroken {
      findings.append(
        .init("page_chain", "The chain of pages is broken; the pages before that were taken."))
    }
    return PictureContents(format: .tiff, pages: pages, findings: findings)
  }
}
