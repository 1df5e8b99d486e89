import MedicalImaging
import Preprocessing
import TestSupport
import Testing

@Suite struct PhysicalTilingTests {
  private static func picture(
    _ columns: Int, _ rows: Int, _ width: Double, _ height: Double? = nil, isSlide: Bool = false
  ) throws -> TiledPicture {
    try TiledPicture(
      columns: columns, rows: rows,
      pixelSize: .init(width: width, height: height ?? width), isSlide: isSlide)
  }

  @Test func `a picture is brought to the edge's scale, laid on whole tiles, and shown whole`()
    throws
  {
    // 2000 x 1600 pixels of 0.15 mm are 300 x 240 mm. A tile of 200 mm and 448 pixels: 300 mm are 672 pixels
    // and two tiles, 240 mm are 537.6 and two; 896 - 672 = 224 and 896 - 538 = 358 pixels of black.
    // The thumbnail's 448 pixels are 300 mm: 240 mm are 358.4 of them, and 90 are black.
    let layout = try PhysicalTiling().layout(of: Self.picture(2000, 1600, 0.15))
    #expect(layout.canvases.map(\.kind) == [.grid, .thumbnail])
    #expect(
      layout.grid.steps == [
        .resize(columns: 672, rows: 538), .pad(left: 112, top: 179, right: 112, bottom: 179),
      ])
    #expect([layout.grid.columns, layout.grid.rows] == [2, 2])
    #expect(
      layout.canvases[1].steps == [
        .resize(columns: 448, rows: 358), .pad(left: 0, top: 45, right: 0, bottom: 45),
      ])
    #expect(layout.tokens == 5 * 256)
    // 300 / 672 and 240 / 538 mm, since 537.6 is no number of pixels.
    let size = try #require(layout.millimetresPerPixel)
    #expect(abs(size.width - 300.0 / 672) < 1e-12 && abs(size.height - 240.0 / 538) < 1e-12)
  }

  @Test func `two scanners and pixels that are not square make no difference`() throws {
    let tiling = try PhysicalTiling()
    let one = try tiling.layout(of: Self.picture(2000, 1600, 0.15))
    let other = try tiling.layout(of: Self.picture(1000, 1600, 0.3, 0.15))
    #expect(one.canvases.map(\.steps) == other.canvases.map(\.steps))
    #expect(one.tokens == other.tokens)
  }

  /// The table of Docs/Concepts/tiles.md, and the sentence below it.
  @Test(arguments: [
    (2518, 3058, 0.139, [3, 4], 46.1), (1799, 1799, 0.139, [3, 3], 64.5),
    (500, 500, 0.5, [1, 1], 21.5),
  ])
  func `12 mm of a chest are of many sizes by shape, and of one in millimetres`(
    columns: Int, rows: Int, size: Double, grid: [Int], pixels: Double
  ) throws {
    let chest = try Self.picture(columns, rows, size)
    // 12 mm / 350 mm x 1344 = 46.1; 12 / 250 x 1344 = 64.5; 12 / 250 x 448 = 21.5.
    let byShape = try InternVLTiling().layout(of: chest)
    #expect([byShape.grid.columns, byShape.grid.rows] == grid)
    #expect(try abs(12 / #require(byShape.millimetresPerPixel).width - pixels) < 0.1)
    // 12 / (200 / 448) = 26.88
    let inMillimetres = try PhysicalTiling().layout(of: chest)
    #expect(try abs(12 / #require(inMillimetres.millimetresPerPixel).width - 26.88) < 0.03)
  }

  @Test func `where there would be too many tiles the edge is doubled`() throws {
    // 20 x 10 mm of slide. Tiles of 224 um would be 90 x 45; of 16 times that 5.6 x 2.8, so 6 x 3, which are 18;
    // of 32 times, 7.168 mm, 3 x 2. 20 mm at 0.016 mm are 1250 pixels.
    let slide = try Self.picture(40_000, 20_000, 0.0005, isSlide: true)
    let layout = try PhysicalTiling().layout(of: slide)
    #expect([layout.grid.columns, layout.grid.rows] == [3, 2])
    #expect(layout.grid.steps[0] == .resize(columns: 1250, rows: 625))
    #expect(try abs(#require(layout.millimetresPerPixel).width - 0.016) < 1e-12)
    var parameters = TilingParameters()
    parameters.maxTiles = 18
    #expect(try PhysicalTiling(parameters).layout(of: slide).grid.tiles == 18)
    // The edge of patients holds all of it.
    let patient = try PhysicalTiling().layout(of: Self.picture(40_000, 20_000, 0.0005))
    #expect(patient.tiles == 1 && !patient.hasThumbnail)
    #expect(patient.grid.steps[0] == .resize(columns: 45, rows: 22))
  }

  @Test func `an odd line of black comes behind the picture`() throws {
    let size = 200.0 / 448
    let layout = try PhysicalTiling().layout(of: Self.picture(447, 446, size))
    #expect(
      layout.grid.steps == [
        .resize(columns: 447, rows: 446), .pad(left: 0, top: 1, right: 1, bottom: 1),
      ])
  }

  @Test func `the edge and the side are what they are set to`() throws {
    var parameters = TilingParameters()
    (parameters.edgeMillimetres, parameters.tileSize) = (100, 224)
    (parameters.thumbnail, parameters.maxTiles) = (false, 40)
    // 300 x 240 mm: 672 x 537.6 pixels again, of half the tile's side: 3 x 3 tiles.
    let layout = try PhysicalTiling(parameters).layout(of: Self.picture(2000, 1600, 0.15))
    #expect([layout.grid.columns, layout.grid.rows, layout.tiles] == [3, 3, 9])
    #expect(layout.tokens == 9 * 64)
  }

  @Test func `a picture whose pixels have no known size is refused, with a remedy`() throws {
    let tiling = try PhysicalTiling()
    #expect {
      try tiling.layout(of: TiledPicture(columns: 100, rows: 100))
    } throws: {
      let error = $0 as? ImageError
      return error?.code == .tiling && error?.message.contains("not known") == true
        && error?.remedy.contains("another policy") == true
    }
  }

  @Test func `sizes beyond all measure fit, or are refused`() throws {
    let tiling = try PhysicalTiling()
    for size in [1e-300, 1e-9, 1e9, 1e290] {
      for (columns, rows) in [(1, 1), (1, 2_000_000_000), (2_000_000_000, 2_000_000_000)] {
        let layout = try tiling.layout(of: Self.picture(columns, rows, size))
        #expect(layout.grid.tiles <= 12)
        #expect(layout.grid.width <= 12 * 448 && layout.grid.height <= 12 * 448)
      }
    }
    #expect(throws: ImageError.self) { try tiling.layout(of: Self.picture(100, 100, 1e307)) }
  }
}
