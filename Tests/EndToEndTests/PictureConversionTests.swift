import Foundation
import ImageFormats
import TestSupport
import Testing

/// PNG, JPEG, TIFF and JPEG 2000 files through the program.
@Suite struct PictureConversionTests {
  private struct Counts: Decodable {
    var pictures, compared, turned, pages: Int
  }

  @Test(
    .needsPeers, .needsCorpus,
    arguments: [
      ("python-pillow__Pillow", 580, 379), ("girder__large_image", 43, 22),
      ("scikit-image__scikit-image", 26, 23), ("uni-medical__GMAI-VL", 8, 8),
    ])
  func `every picture is shown as Pillow shows it`(
    _ folder: String, _ pictures: Int, _ compared: Int
  ) throws {
    let bench = try Bench()
    let root = Corpus.location.appending(path: folder).path
    #expect(try bench.convert(from: [root]).errors.isEmpty)
    let said = try Peer.run(
      script: "ordinary_pictures.py", [bench.dataSet().url.path, root], in: TemporaryFolder())
    let counts = try JSONDecoder().decode(Counts.self, from: Data(said.utf8))
    #expect(counts.pictures == pictures)
    #expect(counts.compared == compared)
    // Of what is left, Pillow has no 8-bit grey or colours: palettes, inks, transparency, 16 bits.
    if folder.hasSuffix("Pillow") { #expect(counts.turned == 9) }
  }

  private static func png(_ grey: UInt8) throws -> [UInt8] {
    let pixels = [UInt8](repeating: grey, count: 64)
    return try PNGEncoder().encode(pixels.span, columns: 8, rows: 8, layout: .grey8)
  }

  @Test func `beside DICOM ordinary pictures are left out, unless the recipe wants them`() throws {
    let bench = try Bench()
    try bench.write(Self.png(1), to: "logo.png")
    try bench.write(Array(Self.png(2).prefix(20)), to: "broken.png")
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 1)

    try bench.write(PhantomSeries(patient: 1, slices: 1).file(0), to: "1.dcm")
    #expect(try bench.convert().code == 0)
    #expect(try bench.dataSet().rows().map(\.dicomModality) == ["CT"])
    #expect(try bench.dataSet().leftOut() == ["picture": 2])

    let using = try Bench(recipe: "{pictures: \"use\"}")
    #expect(try using.convert(from: [bench.sources.path]).code == 3)
    #expect(try using.dataSet().rows().count == 2)
    #expect(try using.dataSet().count("burned_in_accepted") == 1)
  }

  @Test func `what the headers of pictures claim ends no run`() throws {
    let bench = try Bench()
    try bench.write(Self.png(1), to: "sound.png")
    for number: UInt8 in 0..<2 {
      var file = try Self.png(2)
      // IHDR's width and height: (2^32 - 1)^2 pixels are more than an Int counts.
      file.replaceSubrange(16..<24, with: [255, 255, 255, 255, 255, 255, 255, 255 - number])
      try bench.write(file, to: "\(number).png")
    }
    #expect(try bench.convert().code == 3)
    #expect(try bench.dataSet().rows().count == 1)
    #expect(try bench.dataSet().rejects().map(\.code) == ["memory", "memory"])
  }

  @Test(.needsPeers) func `pages count by the largest of them, so that few are held at once`()
    throws
  {
    let bench = try Bench(recipe: "{shard_megabytes: 1, min_shards: 1, frames: {select: \"all\"}}")
    try Peer.run(
      """
      import numpy, sys, tifffile
      # 8 x 8 pixels, then eight pages of 500 x 500 x 4 bytes: each is a shard of about 1 MB.
      with tifffile.TiffWriter(sys.argv[1]) as file:
          file.write(numpy.zeros((8, 8), "f4"))
          for page in range(8):
              file.write(numpy.full((500, 500), page, "f4"), compression="zlib")
      """, bench.sources.path + "/pages.tif")
    #expect(try bench.convert().code == 0)
    let shards = try bench.dataSet().shards()
    #expect(shards.map(\.rows.count).reduce(0, +) == 9)
    #expect(shards.count >= 8)
  }

  @Test func `without DICOM they are left out where the recipe says so`() throws {
    let bench = try Bench(recipe: "{pictures: \"leave_out\"}")
    try bench.write(Self.png(1), to: "a.png")
    #expect(try bench.convert().code == 2)
  }
}
