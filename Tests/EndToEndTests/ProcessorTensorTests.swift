import Foundation
import ImageFormats
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Tensors of real pictures beside those of the processors that models were trained with.
@Suite struct ProcessorTensorTests {
  private static let count = 50

  /// Grey and coloured pictures of 8 bits, each size once, both sides of 28 pixels at least; mostly small ones, since
  /// what differs by size is their shape.
  private static let pictures: [Raster<UInt8>] = {
    guard let corpus = try? Corpus() else { return [] }
    var sizes: Set<[Int]> = []
    var pictures: [Raster<UInt8>] = []
    for entry in corpus.entries where ["PNG", "JPEG"].contains(entry.kind) {
      guard pictures.count < count, entry.bytes < 200_000,
        let source = try? SourceBytes(path: corpus.url(entry).path),
        let picture = try? PictureReader.read(source),
        picture.sample == .uint8, picture.bits == 8, min(picture.columns, picture.rows) >= 28,
        picture.columns * picture.rows < 300_000,
        sizes.insert([picture.columns, picture.rows, picture.channels]).inserted
      else { continue }
      pictures.append(
        Raster(
          columns: picture.columns, rows: picture.rows, channels: picture.channels,
          samples: picture.bytes))
    }
    return pictures
  }()

  @Test(
    .needsCorpus, .needsPeers,
    // Our own has no model whose processor could be asked.
    arguments: TilingPolicies.all.map { $0.name }.filter { $0 != "physical" })
  func `every bit of a tensor is the processor's`(policy: String) throws {
    let pictures = Self.pictures
    #expect(pictures.count == Self.count)
    #expect(pictures.count { $0.channels == 1 } >= 5)
    // Twelve tiles of each picture would take long and show no more than three do.
    var parameters = TilingParameters()
    parameters.maxTiles = 3
    let patcher = PicturePatcher(try TilingPolicies.policy(named: policy, parameters))
    let folder = try TemporaryFolder()
    var jobs = ""
    var ours: [String] = []
    var rims = 0
    for (i, picture) in pictures.enumerated() {
      let values = try patcher.pixelValues(of: picture)
      let layout = values.layouts[0]
      if layout.grid.rim != nil { rims += 1 }
      try folder.write(picture.samples, to: "\(i).in")
      jobs += "\(i) \(picture.columns) \(picture.rows) \(picture.channels)"
      jobs += " \(layout.grid.columns) \(layout.grid.rows) \(layout.tiles)\n"
      ours.append(try Self.words(values))
    }
    // Its black border is odd about every other time, which the others do not know.
    #expect((rims > 5) == (policy == "anyres"))
    try folder.write(Array(jobs.utf8), to: "jobs.txt")
    let theirs = try Peer.run(script: "tensors.py", [policy], in: folder)
      .split(separator: "\n").map(String.init)
    #expect(theirs.count == ours.count)
    for (i, pair) in zip(ours, theirs).enumerated() {
      let picture = pictures[i]
      #expect(
        pair.0 == pair.1, "\(picture.columns) x \(picture.rows) x \(picture.channels)")
    }
  }

  /// Shape, digest and the numbers of the grid of patches.
  private static func words(_ values: PixelValues) throws -> String {
    let shape = values.pixels.shape.map(String.init).joined(separator: "x")
    let digest = unsafe values.pixels.bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
    let grid = values.grid.map { grid in
      (0..<grid.count).map { String(Int(grid.bytes[8 * $0]) + 256 * Int(grid.bytes[8 * $0 + 1])) }
    }
    return ([shape, digest] + (grid ?? [])).joined(separator: " ")
  }
}
