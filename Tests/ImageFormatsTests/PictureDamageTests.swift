import Glibc
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Bad pictures: whatever is wrong with them ends in an `ImageError`, in little memory.
@Suite struct PictureDamageTests {
  private static let limit = 512 << 20

  private static func read(_ bytes: [UInt8], limit: Int = limit) -> Result<Picture, ImageError> {
    Result { () throws(ImageError) in
      try PictureReader.read(SourceBytes(bytes), memoryLimit: limit)
    }
  }

  private static func code(_ bytes: [UInt8], limit: Int = limit) -> ErrorCode? {
    if case .failure(let error) = read(bytes, limit: limit) { error.code } else { nil }
  }

  /// Peak resident memory of this process, in bytes.
  private static func peak() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  /// Rows of the corpus that are pictures of at most so many bytes, and how to get at them.
  private static func pictures(upTo most: Int = .max) throws
    -> [(entry: Corpus.Entry, bytes: () throws -> [UInt8])]
  {
    let corpus = try Corpus()
    return corpus.entries.filter { entry in
      entry.bytes <= most
        && ["PNG", "JPEG", "TIFF", "JP2"].contains { entry.kind.contains($0) }
    }.map { entry in
      (
        entry,
        {
          let source = try SourceBytes(path: corpus.url(entry).path)
          return source.copy(0..<source.count)
        }
      )
    }
  }

  @Test(.needsCorpus) func `Every crash and oom file of Pillow ends in an error in bounded memory`()
    throws
  {
    // Pillow reads these two as well: libtiff fills damaged CCITT lines up.
    let readable = [
      "crash-74d2a78403a5a59db1fb0a2b8735ac068a75f6e3.tif",
      "crash-0da013a13571cc8eb457a39fee8db18f8a3c7127.tif",
    ]
    let files = try Self.pictures().filter { entry, _ in
      let name = entry.path.split(separator: "/").last ?? ""
      return name.hasPrefix("crash-") || name.hasPrefix("oom-")
    }
    let before = Self.peak()
    let clock = ContinuousClock()
    for (entry, bytes) in files {
      let time = try clock.measure {
        switch Self.read(try bytes()) {
        case .failure(let error):
          let codes: [ErrorCode] = [.damagedHeader, .damagedPixels, .truncated]
          #expect(codes.contains(error.code), "\(entry.path)")
        case .success(let picture):
          #expect(readable.contains { entry.path.hasSuffix($0) }, "\(entry.path)")
          #expect(picture.findings.map(\.code).contains("tiff_warning"))
        }
      }
      #expect(time < .seconds(10), "\(entry.path)")
    }
    #expect(files.count == 13)
    #expect(Self.peak() - before < Self.limit)
  }

  @Test func `A picture that claims gigabytes is refused by its size alone`() throws {
    let pixels = [UInt8](repeating: 7, count: 16 * 16)
    // IHDR: width at 16, height at 20, big endian; colour type at 25.
    var png = try PNGEncoder().encode(pixels.span, columns: 16, rows: 16, layout: .grey8)
    for at in [18, 19, 22, 23] { png[at] = 0xFF }
    // SOF0: height and width behind FF C0, length and precision.
    var jpeg = try JPEGEncoder().encode(pixels.span, columns: 16, rows: 16, layout: .grey8)
    let frame = try #require(jpeg.indices.first { jpeg[$0...].starts(with: [0xFF, 0xC0]) })
    for at in frame + 5..<frame + 9 { jpeg[at] = 0xFF }
    // SIZ (ISO/IEC 15444-1 A.5.1): a grid of 2^20 x 2^20 in one tile, one component of 8 bits.
    let (side, zero): ([UInt8], [UInt8]) = ([0, 16, 0, 0], [0, 0, 0, 0])
    var j2k: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0]
    for field in [side, side, zero, zero, side, side, zero, zero] { j2k += field }
    j2k += [0, 1, 7, 1, 1]
    let before = Self.peak()
    for (name, bytes) in [("PNG", png), ("JPEG", jpeg), ("JPEG 2000", j2k)] {
      #expect(Self.code(bytes) == .memory, "\(name)")
    }
    // 100,000 x 100,000 pixels, Deflate, and the same in one tile of that size.
    let most: UInt32 = 100_000
    let common: [Field] = [(256, most), (257, most), (258, 8), (259, 8), (262, 1), (277, 1)]
    let strip: [Field] = [(273, 8), (278, most), (279, 1)]
    let tile: [Field] = [(322, most), (323, most), (324, 8), (325, 1)]
    for blocks in [strip, tile] { #expect(Self.code(Self.tiff(common + blocks)) == .memory) }
    // A small picture in a tile that is not.
    let lurking = Self.tiff([
      (256, 16), (257, 16), (258, 8), (259, 8), (262, 1), (277, 1), (322, 65536), (323, 65536),
      (324, 8), (325, 1),
    ])
    #expect(Self.code(lurking) == .memory)
    // An uncompressed page that cannot be in its file.
    let short = Self.tiff([
      (256, 10_000), (257, 10_000), (258, 8), (259, 1), (262, 1), (273, 8), (277, 1),
      (278, 10_000), (279, 100_000_000),
    ])
    #expect(Self.code(short) == .truncated)
    // The least of them claims 4 GB; other tests run beside this one.
    #expect(Self.peak() - before < 2 << 30)
  }

  private typealias Field = (tag: UInt16, value: UInt32)

  /// A little-endian TIFF of one directory with LONG values, sorted by tag.
  private static func tiff(_ entries: [Field]) -> [UInt8] {
    func bytes<Number: FixedWidthInteger>(_ number: Number) -> [UInt8] {
      unsafe withUnsafeBytes(of: number.littleEndian) { unsafe Array($0) }
    }
    var file: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0] + bytes(UInt16(entries.count))
    for entry in entries.sorted(by: { $0.tag < $1.tag }) {
      file += bytes(entry.tag) + bytes(UInt16(4)) + bytes(UInt32(1)) + bytes(entry.value)
    }
    return file + [0, 0, 0, 0]
  }

  @Test(.needsCorpus) func `A picture cut short is an error, never a part of a picture`() throws {
    var (cut, company) = (0, 0)
    for (entry, bytes) in try Self.pictures(upTo: 400_000) {
      let bytes = try bytes()
      guard case .success(let whole) = Self.read(bytes) else { continue }
      for part in [1, 2, 3] {
        switch Self.read(Array(bytes[..<(bytes.count * part / 4)])) {
        case .failure: cut += 1
        case .success(let picture):
          // What is missing was company of the picture: other pages, a second picture, metadata.
          company += 1
          #expect(picture.bytes == whole.bytes, "\(entry.path), \(part) quarters")
        }
      }
    }
    print("cut short:", cut, "errors,", company, "whole")
    #expect(cut > 1800)
  }

  @Test(.needsCorpus) func `Damaged pictures end in a value or an error`() throws {
    var generator = SeededGenerator(seed: 3)
    var (rounds, whole) = (0, 0)
    let before = Self.peak()
    for (_, bytes) in try Self.pictures(upTo: 60_000) {
      let file = try bytes()
      for _ in 0..<6 {
        var bytes = file
        // Lengths and sizes stand at the front; in a TIFF often at the end.
        let place = Int.random(in: 0..<3, using: &generator)
        let range = [
          0..<bytes.count, 0..<min(400, bytes.count), max(0, bytes.count - 400)..<bytes.count,
        ][place]
        for _ in 0..<4 {
          bytes[Int.random(in: range, using: &generator)] = .random(in: 0...255, using: &generator)
        }
        rounds += 1
        if case .success = Self.read(bytes, limit: 64 << 20) { whole += 1 }
      }
    }
    #expect(rounds > 3000)
    #expect(whole > 0 && whole < rounds)
    #expect(Self.peak() - before < 1 << 30)
  }
}
