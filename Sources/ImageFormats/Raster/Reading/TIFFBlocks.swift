import CTIFF
import MedicalImaging

/// Puts the strips or tiles of a page together: the picked samples of each pixel side by side, row by
/// row, each in its type.
struct TIFFBlocks {
  private let file: TIFFFile
  private let layout: TIFFLayout
  /// Samples of a pixel within one block.
  private let inBlock: Int
  private let blockColumns: Int
  private let blockRows: Int
  private let blockBytes: Int
  /// Bytes of a row within a block.
  private let rowBytes: Int
  /// Blocks side by side, and in one plane.
  private let across: Int
  private let blocks: Int
  /// Bytes of the picked samples of one row.
  private let lineBytes: Int

  /// `beside` are the bytes a pixel that will be taken later, while these are held. Throws `.memory`,
  /// `.damagedHeader`, or `.truncated` where an uncompressed page is larger than its file.
  init(_ file: TIFFFile, _ layout: TIFFLayout, beside: Int, fileCount: Int, limit: Int)
    throws(ImageError)
  {
    let page = layout.page
    self.file = file
    self.layout = layout
    inBlock = layout.isPlanar ? 1 : layout.samples
    (blockColumns, blockRows) = (Int(page.block_columns), Int(page.block_rows))
    blockBytes = Int(page.block_bytes)
    rowBytes = blockBytes / blockRows
    across = (layout.columns + blockColumns - 1) / blockColumns
    blocks = Int(page.blocks)
    let down = (layout.rows + blockRows - 1) / blockRows
    let picked = layout.picks.count * layout.sample.size
    let held = try Budget.bytes(
      layout.rows, layout.columns, picked + beside, limit: limit, of: "The picture")
    guard blockBytes <= limit - held else {
      throw ImageError(.memory, "The picture needs more memory than is allowed.")
    }
    lineBytes = layout.columns * picked
    let rowBits = Int64(blockColumns) * Int64(inBlock) * Int64(layout.bits)
    guard rowBits <= Int64(rowBytes) * 8,
      across.multipliedReportingOverflow(by: down) == (blocks, false)
    else { throw .picture(.damagedHeader, "The page's directory in the TIFF contradicts itself.") }
    let (stored, overflow) = rowBytes.multipliedReportingOverflow(by: layout.rows)
    guard page.compression != 1 || page.is_tiled || !overflow && stored <= fileCount else {
      throw .picture(.truncated, "The TIFF is shorter than its page.")
    }
  }

  /// rows x columns x picks x sample size. Throws `.damagedPixels`.
  func read() throws(ImageError) -> [UInt8] {
    var out = [UInt8](repeating: 0, count: lineBytes * layout.rows)
    let isDirect =
      !layout.page.is_tiled && !layout.isPlanar && layout.isNative
      && layout.picks.count == layout.samples && rowBytes == lineBytes
    var scratch = [UInt8](repeating: 0, count: isDirect ? 0 : blockBytes)
    var line = [UInt8](
      repeating: 0, count: layout.isNative ? 0 : blockColumns * inBlock * layout.sample.size)
    for (place, plane) in (layout.isPlanar ? layout.picks : [0]).enumerated() {
      for block in 0..<blocks {
        let top = block / across * blockRows
        let visible = min(blockRows, layout.rows - top)
        let number = plane * blocks + block
        if isDirect {
          let start = top * lineBytes
          try unsafe out.withMutableBytes { (all) throws(ImageError) in
            try unsafe file.read(
              block: number,
              into: UnsafeMutableRawBufferPointer(
                rebasing: all[start..<start + visible * rowBytes]))
          }
          continue
        }
        // The last strip is as long as it has rows; tiles are whole.
        let room = layout.page.is_tiled ? blockBytes : visible * rowBytes
        try unsafe scratch.withMutableBytes { (all) throws(ImageError) in
          try unsafe file.read(
            block: number, into: UnsafeMutableRawBufferPointer(rebasing: all[..<room]))
        }
        put(
          scratch, &line, rows: visible, top: top, left: block % across * blockColumns, place, &out)
      }
    }
    return out
  }

  /// Copies the visible part of a decoded block to where it belongs.
  private func put(
    _ block: [UInt8], _ line: inout [UInt8], rows: Int, top: Int, left: Int, _ plane: Int,
    _ out: inout [UInt8]
  ) {
    let size = layout.sample.size
    let count = min(blockColumns, layout.columns - left)
    // In a block of all samples the picked ones; in one of a plane the only one.
    let picks = layout.isPlanar ? [0] : layout.picks
    let width = layout.picks.count
    unsafe block.withUnsafeBufferPointer { block in
      unsafe line.withUnsafeMutableBufferPointer { line in
        unsafe out.withUnsafeMutableBufferPointer { out in
          for row in 0..<rows {
            var source = unsafe block.baseAddress! + row * rowBytes
            if !layout.isNative {
              unsafe widen(source, count: count * inBlock, into: line.baseAddress!)
              unsafe source = UnsafePointer(line.baseAddress!)
            }
            let target =
              unsafe out.baseAddress! + (top + row) * lineBytes
              + (left * width + plane) * size
            if picks.count == inBlock && width == inBlock {
              unsafe target.update(from: source, count: count * inBlock * size)
            } else {
              for (channel, pick) in picks.enumerated() {
                unsafe Self.copy(
                  source + pick * size, step: inBlock * size, to: target + channel * size,
                  step: width * size, count: count, size: size)
              }
            }
          }
        }
      }
    }
  }

  /// Copies samples from every `step`th byte to every other `step`th.
  private static func copy(
    _ source: UnsafePointer<UInt8>, step: Int, to target: UnsafeMutablePointer<UInt8>,
    step targetStep: Int, count: Int, size: Int
  ) {
    func move<Number: BitwiseCopyable>(_ type: Number.Type) {
      let source = unsafe UnsafeRawPointer(source)
      let target = UnsafeMutableRawPointer(target)
      for i in 0..<count {
        let value = unsafe source.loadUnaligned(fromByteOffset: i * step, as: type)
        unsafe target.storeBytes(of: value, toByteOffset: i * targetStep, as: type)
      }
    }
    switch size {
    case 1: move(UInt8.self)
    case 2: move(UInt16.self)
    case 4: move(UInt32.self)
    default: move(UInt64.self)
    }
  }

  /// Turns packed or half-precision samples into those of the picture's type.
  private func widen(
    _ source: UnsafePointer<UInt8>, count: Int, into line: UnsafeMutablePointer<UInt8>
  ) {
    let bits = layout.bits
    let out = UnsafeMutableRawPointer(line)
    switch (layout.sample, bits) {
    case (.uint8, _): unsafe PictureBits.unpack(source, bits: bits, count: count, into: line)
    case (.uint16, _):
      unsafe PictureBits.unpack(
        source, bits: bits, count: count, into: out.assumingMemoryBound(to: UInt16.self))
    case (.uint32, 24):
      // libtiff gives whole bytes in the machine's order.
      for i in 0..<count {
        let (low, middle, high) = unsafe (source[3 * i], source[3 * i + 1], source[3 * i + 2])
        unsafe out.storeBytes(
          of: UInt32(low) | UInt32(middle) << 8 | UInt32(high) << 16, toByteOffset: 4 * i,
          as: UInt32.self)
      }
    case (.uint32, _):
      unsafe PictureBits.unpack(
        source, bits: bits, count: count, into: out.assumingMemoryBound(to: UInt32.self))
    default:
      for i in 0..<count {
        let half = unsafe UnsafeRawPointer(source).loadUnaligned(
          fromByteOffset: 2 * i, as: Float16.self)
        unsafe out.storeBytes(of: Float(half), toByteOffset: 4 * i, as: Float.self)
      }
    }
  }
}

extension [UInt8] {
  /// `withUnsafeMutableBytes` with a typed error.
  fileprivate mutating func withMutableBytes<Failure: Error>(
    _ body: (UnsafeMutableRawBufferPointer) throws(Failure) -> Void
  ) throws(Failure) {
    var failure: Failure?
    unsafe withUnsafeMutableBytes { all in
      do throws(Failure) { try unsafe body(all) } catch { failure = error }
    }
    if let failure { throw failure }
  }
}
