import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct JPEGEncoderTests {
  @Test(.enabled(if: Peer.isExpected))
  func `the pixels equal those of Pillow at the same quality and subsampling`() throws {
    let scratch = try Scratch()
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
          try scratch.write(stem + ".jpg", jpeg)
          try scratch.write(stem + ".raw", pixels)
          count += 1
        }
      }
    }
    // Both are libjpeg-turbo with the standard tables, so that the decoded pixels are the same.
    let checked = try Peer.run(
      """
      import sys, glob, io, numpy as np
      from PIL import Image
      n = 0
      for path in sorted(glob.glob(sys.argv[1] + "/*.jpg")):
          columns, rows, quality, layout = path.split("/")[-1][:-4].replace("x", "_").split("_")
          shape = (int(rows), int(columns)) + ((3,) if layout == "rgb8" else ())
          raw = np.fromfile(path[:-4] + ".raw", "u1").reshape(shape)
          pillow = io.BytesIO()
          Image.fromarray(raw).save(
              pillow, "JPEG", quality=int(quality), subsampling=0 if int(quality) > 90 else 2)
          ours = np.asarray(Image.open(path))
          assert ours.shape == shape
          assert np.array_equal(ours, np.asarray(Image.open(pillow))), path
          n += 1
      print(n)
      """, scratch.path)
    #expect(checked == "\(count)")
  }

  @Test func `a side longer than JPEG allows is refused`() throws {
    let pixels = [UInt8](repeating: 0, count: 65_501)
    let error = try #require(throws: ImageError.self) {
      try JPEGEncoder().encode(pixels.span, columns: 65_501, rows: 1, layout: .grey8)
    }
    #expect(error.code == .unsupportedPixels)
  }
}
