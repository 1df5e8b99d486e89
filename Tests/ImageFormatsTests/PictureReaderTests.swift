import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct PictureReaderTests {
  @Test(arguments: [
    ([0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A], PictureFormat.png),
    ([0xFF, 0xD8, 0xFF, 0xE0], .jpeg),
    ([0x49, 0x49, 42, 0], .tiff), ([0x4D, 0x4D, 0, 42], .tiff),
    ([0x49, 0x49, 43, 0], .tiff), ([0x4D, 0x4D, 0, 43], .tiff),
    ([0, 0, 0, 12, 0x6A, 0x50, 0x20, 0x20], .jpeg2000), ([0xFF, 0x4F, 0xFF, 0x51], .jpeg2000),
    ([0x47, 0x49, 0x46, 0x38], nil), ([0x42, 0x4D], nil), ([], nil), ([0xFF, 0xD8], nil),
  ])
  func `A format is known by its first bytes`(_ head: [UInt8], _ format: PictureFormat?) {
    #expect(PictureFormat(head: head) == format)
  }

  @Test(arguments: [
    ("scan.png", false), ("scan.PNG", false), ("scan.jpg", true), ("scan.JPEG", true),
    ("scan.gif", true), ("scan", false), ("scan.dat", false), ("folder.jpg/scan", false),
    ("scan.jpg.png", false), ("", false),
  ])
  func `A PNG disagrees with the names of other pictures alone`(_ name: String, _ disagrees: Bool) {
    let finding = PictureFormat.png.disagrees(withName: name)
    #expect(finding?.code == (disagrees ? "name_extension" : nil))
  }

  @Test(.needsCorpus) func `Four of the seven .png of one archive are JPEG inside, and are read`()
    throws
  {
    let corpus = try Corpus()
    var formats: [PictureFormat: Int] = [:]
    for entry in corpus.entries
    where entry.path.hasPrefix("uni-medical__GMAI-VL/") && entry.path.hasSuffix(".png") {
      let source = try SourceBytes(path: corpus.url(entry).path)
      let format = try PictureReader.contents(of: source).format
      formats[format, default: 0] += 1
      #expect((format.disagrees(withName: entry.path) != nil) == (format == .jpeg))
      _ = try PictureReader.read(source)
    }
    #expect(formats == [.png: 3, .jpeg: 4])
  }

  @Test func `What is no picture, or has no such page, is refused in one sentence`() throws {
    let text = try SourceBytes(Array("plain words".utf8))
    #expect {
      _ = try PictureReader.read(text)
    } throws: {
      ($0 as? ImageError)?.code == .unsupportedFormat
    }
    let png = try PNGEncoder().encode([9].span, columns: 1, rows: 1, layout: .grey8)
    #expect {
      _ = try PictureReader.read(SourceBytes(png), page: 1)
    } throws: {
      ($0 as? ImageError)?.code == .noPixels
    }
  }

  @Test func `What the encoders write is read back`() throws {
    // Samples of 16 bits, native: 0x0102, 0xFFFE.
    let deep = unsafe [UInt16(0x0102), 0xFFFE].withUnsafeBytes { unsafe Array($0) }
    let file = try PNGEncoder().encode(deep.span, columns: 2, rows: 1, layout: .grey16)
    let picture = try PictureReader.read(SourceBytes(file))
    #expect(
      picture
        == Picture(columns: 2, rows: 1, channels: 1, sample: .uint16, bits: 16, bytes: deep))
    let flat = [UInt8](repeating: 128, count: 8 * 8 * 3)
    let jpeg = try JPEGEncoder().encode(flat.span, columns: 8, rows: 8, layout: .rgb8)
    let read = try PictureReader.read(SourceBytes(jpeg))
    #expect(read == Picture(columns: 8, rows: 8, channels: 3, sample: .uint8, bits: 8, bytes: flat))
  }

  /// File, roles of its pages as tifffile names them, and whether its chain of pages is broken.
  @Test(
    .needsCorpus,
    arguments: [
      ("yb10kx5k.zstd.tiff", [.picture, .reduced, .reduced, .reduced, .reduced], false),
      ("total-pages-zero.tif", [.picture, .picture, .picture], false),
      ("multipage_single_frame_loop.tiff", [.picture], true),
      ("multipage_multiple_frame_loop.tiff", [.picture, .picture], true),
    ] as [(String, [PictureContents.Page.Role], Bool)])
  func `Pages are told apart, and chains that lead back end`(
    _ name: String, _ roles: [PictureContents.Page.Role], _ isBroken: Bool
  ) throws {
    let corpus = try Corpus()
    let entry = try #require(corpus.entries.first { $0.path.hasSuffix("/" + name) })
    let contents = try PictureReader.contents(of: SourceBytes(path: corpus.url(entry).path))
    #expect(contents.pages.map(\.role) == roles)
    #expect(contents.findings.map(\.code) == (isBroken ? ["page_chain"] : []))
  }

  @Test func `NaN and infinity are counted`() {
    let values: [Float] = [0, .nan, 1, .infinity, -.infinity, 2]
    let bytes = unsafe values.withUnsafeBytes { unsafe Array($0) }
    var picture = Picture(
      columns: 3, rows: 2, channels: 1, sample: .float32, bits: 32, bytes: bytes)
    #expect(picture.nonFinite.notANumber == 1)
    #expect(picture.nonFinite.positiveInfinity == 1)
    #expect(picture.nonFinite.negativeInfinity == 1)
    picture.sample = .int32
    #expect(picture.nonFinite.isEmpty)
  }
}
