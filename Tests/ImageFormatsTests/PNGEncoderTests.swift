import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct PNGEncoderTests {
  /// Bytes that no filter makes constant, with runs in between: a linear congruential sequence
  /// (Numerical Recipes' constants) of which every eighth stretch of 16 is flat.
  static func bytes(_ count: Int) -> [UInt8] {
    var state: UInt32 = 1
    return (0..<count).map { i in
      if i >> 4 & 7 != 0 { state = state &* 1_664_525 &+ 1_013_904_223 }
      return UInt8(truncatingIfNeeded: state >> 24)
    }
  }

  @Test(.needsPeers)
  func `Pillow reads back the same pixels at every size and layout`() throws {
    let folder = try TemporaryFolder()
    let encoder = PNGEncoder()
    var count = 0
    for (columns, rows) in [
      (1, 1), (1, 7), (7, 1), (2, 2), (3, 5), (15, 16), (17, 33), (64, 64), (255, 3), (513, 129),
      // Rows and filter numbers of one stored block (65,535 bytes), one less, and one more.
      (65534, 1), (65533, 1), (65535, 1), (1024, 700),
    ] {
      for layout in [RasterLayout.grey8, .grey16, .rgb8] {
        let pixels = Self.bytes(columns * rows * layout.bytesPerPixel)
        let png = try encoder.encode(
          pixels.span, columns: columns, rows: rows, layout: layout)
        let stem = "\(columns)x\(rows)_\(layout.rawValue)"
        try folder.write(png, to: stem + ".png")
        try folder.write(pixels, to: stem + ".raw")
        count += 1
      }
    }
    let checked = try Peer.run(script: "png_pixels.py", in: folder)
    #expect(checked == "\(count)\n")
  }

  @Test func `equal pixels give equal bytes from a fresh encoder and from a used one`() throws {
    let pixels = Self.bytes(100 * 40)
    let fresh = try PNGEncoder().encode(pixels.span, columns: 100, rows: 40, layout: .grey8)
    let used = PNGEncoder()
    let larger = Self.bytes(300 * 300 * 3)
    _ = try used.encode(larger.span, columns: 300, rows: 300, layout: .rgb8)
    #expect(try used.encode(pixels.span, columns: 100, rows: 40, layout: .grey8) == fresh)
  }

  @Test func `equal pixels give equal bytes wherever in memory the encoder lies`() throws {
    // All alive at once, so that each has an address of its own; pictures that begin with few
    // different bytes, where a hash of an address would hit one of theirs.
    let encoders = (0..<64).map { _ in PNGEncoder() }
    var generator = SeededGenerator(seed: 11)
    for picture in 0..<200 {
      let columns = 8 + picture % 40
      let pixels = (0..<columns * 8).map { _ in UInt8.random(in: 0...2, using: &generator) }
      let files = try encoders.map {
        try $0.encode(pixels.span, columns: columns, rows: 8, layout: .grey8)
      }
      #expect(Set(files).count == 1, "picture \(picture)")
    }
  }

  @Test func `a picture of one grey shrinks to less than a hundredth`() throws {
    let pixels = [UInt8](repeating: 77, count: 512 * 512)
    let png = try PNGEncoder().encode(pixels.span, columns: 512, rows: 512, layout: .grey8)
    #expect(png.count < 2621)
  }

  @Test func `noise costs no more than storing it`() throws {
    var generator = SeededGenerator(seed: 5)
    let pixels = (0..<300 * 300).map { _ in UInt8.random(in: 0...255, using: &generator) }
    let png = try PNGEncoder().encode(pixels.span, columns: 300, rows: 300, layout: .grey8)
    // 300 rows of 301 bytes in two stored blocks of 5 bytes each, zlib's 6, and 57 of signature and
    // chunks; Huffman codes of noise are allowed one byte in a hundred more.
    let stored = 300 * 301 + 2 * 5 + 6 + 57
    #expect(png.count <= stored + stored / 100)
  }
}
