import ImageFormats
import MedicalImaging
import Preprocessing
import Testing

@testable import TrainingData

@Suite struct PictureTilerTests {
  private static func png(
    _ pixels: [UInt8], columns: Int, rows: Int, _ layout: RasterLayout
  ) throws -> SourceBytes {
    try SourceBytes(
      PNGEncoder().encode(pixels.span, columns: columns, rows: rows, layout: layout))
  }

  private static func tiler(_ change: (inout TileSettings) -> Void = { _ in }) throws
    -> PictureTiler
  {
    var settings = TileSettings(policy: "internvl")
    settings.parameters.tileSize = 28
    change(&settings)
    return try PictureTiler(settings)
  }

  @Test func `a picture of the grid's own size is cut and not resized`() throws {
    // 56 x 28: two tiles side by side; each column has its own grey.
    let pixels = (0..<28).flatMap { _ in (0..<56).map { UInt8($0) } }
    let source = try Self.png(pixels, columns: 56, rows: 28, .grey8)
    let tiler = try Self.tiler()
    #expect(try tiler.pages(of: source).pages == [0])
    let page = try tiler.tiles(of: tiler.picture(of: source))
    guard case .bytes(let tiles) = page.tiles else { throw TestIssue() }
    #expect(tiles.count == 3 && page.channels == 1)
    for (tile, first) in zip(tiles, [UInt8(0), 28]) {
      #expect(tile.samples == (0..<28).flatMap { _ in first..<first + 28 })
    }
    // Two patches a side of 14 pixels, four of them a token; three tiles.
    #expect(page.layout.tokens == 3)
    #expect(page.layout.millimetresPerPixel == nil)
  }

  @Test func `grey of 16 bits keeps its values, and the largest that it may have`() throws {
    let values = (0..<28 * 28).map { UInt16($0 * 83) }
    let bytes = values.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    let tiler = try Self.tiler()
    let picture = try tiler.picture(of: Self.png(bytes, columns: 28, rows: 28, .grey16))
    guard case .words(let raster, let white) = picture.samples else { throw TestIssue() }
    #expect(raster.samples == values.map(Float.init) && white == 65_535)
    guard case .words(let tiles) = try tiler.tiles(of: picture).tiles else { throw TestIssue() }
    #expect(tiles.count == 1 && tiles[0].samples == raster.samples)
    #expect(tiles[0].words == bytes)

    let numbers = try tiler.pixelValues(of: picture, as: TensorForm(.plain))
    #expect(numbers.pixels.shape == [1, 3, 28, 28])
    let floats = unsafe numbers.pixels.bytes.withUnsafeBytes {
      unsafe Array($0.bindMemory(to: Float.self))
    }
    // Black to white is 0 to 1, and grey is red, green and blue.
    let wanted = values.map { Float(Double($0) * (1 / 65_535.0)) }
    #expect(floats == wanted + wanted + wanted)
  }

  @Test func `16 bits are rounded half up, and held where weights overshoot`() {
    let values: [Float] = [-0.6, -0.5, 0.49, 0.5, 1.5, 2.5, 65_534.5, 65_535.6]
    let raster = Raster(columns: 8, rows: 1, channels: 1, samples: values)
    let words: [UInt16] = [0, 0, 0, 1, 2, 3, 65_535, 65_535]
    #expect(raster.octets(white: 65_535).samples == [0, 0, 0, 0, 0, 0, 255, 255])
    // 128.5 and 127.5 of 255 lie between two: up they go.
    let halves = Raster<Float>(columns: 2, rows: 1, channels: 1, samples: [257, 255])
    #expect(halves.octets(white: 510).samples == [129, 128])
    #expect(raster.words == words.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] })
    #expect(Raster(columns: 8, rows: 1, words: raster.words).samples == words.map(Float.init))
  }

  @Test func `what is no picture, and numbers of no rule, are refused`() throws {
    let text = try SourceBytes(Array("no picture".utf8))
    #expect { try Self.tiler().pages(of: text) } throws: {
      ($0 as? ImageError)?.code == .unsupportedFormat
    }
    #expect { try Self.tiler { $0.parameters.maxTiles = 0 } } throws: {
      ($0 as? ImageError)?.code == .tiling
    }
    #expect { try Self.tiler { $0.policy = "nobody" } } throws: {
      ($0 as? ImageError)?.code == .tiling
    }
  }
}

private struct TestIssue: Error {}
