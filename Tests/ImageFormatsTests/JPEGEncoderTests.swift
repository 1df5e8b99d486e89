import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct JPEGEncoderTests {
  @Test(.needsPeers)
  func `the pixels equal those of Pillow at the same quality and subsampling`() throws {
    let folder = try TemporaryFolder()
    var count = 0
    for (columns, rows) in [(1, 1), (17, 9), (64, 48), (131, 77)] {
      for quality in [50, 90, 91, 95] {
        for layout in [RasterLayout.grey8, .rgb8] {
          let samples = layout.bytesPerPixel
          // A smooth picture with an edge, another in each channel.
          let pixels: [UInt8] = (0..<(rows * columns * samples)).map { i in
            let (x, y, c) = (i / samples % columns, i / samples / columns, i % samples)
            return UInt8((x * 3 + y * (2 + c) + (x > columns / 2 ? 60 * c : 0)) & 255)
          }
          let stem = "\(columns)x\(rows)_\(quality)_\(layout.rawValue)"
          let jpeg = try JPEGEncoder(quality: quality).encode(
            pixels.span, columns: columns, rows: rows, layout: layout)
          try folder.write(jpeg, to: stem + ".jpg")
          try folder.write(pixels, to: stem + ".raw")
          count += 1
        }
      }
    }
    // Both are libjpeg-turbo with the standard tables, so that the decoded pixels are the same.
    let checked = try Peer.run(script: "jpeg_pixels.py", in: folder)
    #expect(checked == "\(count)\n")
  }

  @Test func `a side longer than JPEG allows is refused`() throws {
    let pixels = [UInt8](repeating: 0, count: 65_501)
    let error = try #require(throws: ImageError.self) {
      try JPEGEncoder().encode(pixels.span, columns: 65_501, rows: 1, layout: .grey8)
    }
    #expect(error.code == .unsupportedPixels)
  }
}
