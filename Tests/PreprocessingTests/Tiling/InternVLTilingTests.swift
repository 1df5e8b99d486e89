import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct InternVLTilingTests {
  @Test(.needsPeers, arguments: [(1, 1), (1, 6), (1, 12), (1, 24), (1, 40), (3, 12)])
  func `the grid is the one that the published code chooses`(minTiles: Int, maxTiles: Int) throws {
    let folder = try TemporaryFolder()
    let sizes = TilingSizes.common + TilingSizes.ties(minTiles: minTiles, maxTiles: maxTiles)
    let numbers = sizes.flatMap { [Int32($0.width), Int32($0.height)] }
    try folder.write(numbers: numbers, to: "sizes.i32")
    try Peer.run(script: "internvl.py", ["\(minTiles)", "\(maxTiles)", "448"], in: folder)
    let grids = try folder.numbers(of: "grids.i32", as: Int32.self).map(Int.init)
    #expect(grids.count == 3 * sizes.count)

    let tiling = try Self.tiling(minTiles, maxTiles)
    for (index, (width, height)) in sizes.enumerated() {
      let layout = try tiling.layout(of: TiledPicture(columns: width, rows: height))
      #expect(
        [layout.grid.columns, layout.grid.rows, layout.tiles]
          == Array(grids[3 * index..<3 * index + 3]), "\(width) x \(height)")
    }
  }

  @Test func `a tile costs 256 tokens and the thumbnail is one more`() throws {
    let tiling = try InternVLTiling()
    // 2:1 is the aspect of 2 x 1, 4 x 2 and none between; 1000 * 500 pixels are fewer than half of
    // eight tiles' 448 * 448 * 8 = 1,605,632.
    let layout = try tiling.layout(of: TiledPicture(columns: 1000, rows: 500))
    #expect(
      layout.canvases == [
        .init(
          .grid, steps: [.resize(columns: 896, rows: 448)], columns: 2, rows: 1, tileColumns: 448,
          tileRows: 448),
        .init(
          .thumbnail, steps: [.resize(columns: 448, rows: 448)], tileColumns: 448, tileRows: 448),
      ])
    #expect(layout.tiles == 3)
    #expect(layout.tokens == 768)
    // One tile shows the whole picture already.
    let square = try tiling.layout(of: TiledPicture(columns: 300, rows: 300))
    #expect(square.tiles == 1 && !square.hasThumbnail)
    #expect(square.tokens == 256)
    var parameters = TilingParameters()
    parameters.thumbnail = false
    let plain = try InternVLTiling(parameters).layout(of: TiledPicture(columns: 1000, rows: 500))
    #expect(plain.tokens == 512)
  }

  @Test func `a place of the picture lies in its tile and in the thumbnail`() throws {
    // 1000 x 500 over 896 x 448: (600, 250) is at (537.6, 224), which is 89.6 into the second tile; in
    // the thumbnail at (600 * 448 / 1000, 250 * 448 / 500).
    let layout = try InternVLTiling().layout(of: TiledPicture(columns: 1000, rows: 500))
    let maps = layout.maps(of: PictureMap(columns: 1000, rows: 500))
    #expect(maps.count == layout.tiles)
    let box = EdgeBox(x0: 500, y0: 125, x1: 600, y1: 250)
    #expect(maps[0].box(box) == nil)
    let tile = try #require(maps[1].box(box))
    #expect(tile.share == 1)
    #expect(tile.box == EdgeBox(x0: 0, y0: 112, x1: 89.6, y1: 224))
    #expect(maps[2].box(box)?.box == EdgeBox(x0: 224, y0: 112, x1: 268.8, y1: 224))
  }

  @Test(arguments: [(0, 12, 448), (3, 2, 448), (1, 257, 448), (1, 12, 27), (1, 12, 9000)])
  func `numbers that make no grid are refused`(minTiles: Int, maxTiles: Int, tileSize: Int) {
    #expect {
      try Self.tiling(minTiles, maxTiles, size: tileSize)
    } throws: {
      ($0 as? ImageError)?.code == .tiling
    }
  }

  private static func tiling(
    _ least: Int, _ most: Int, size: Int = 448
  ) throws -> InternVLTiling {
    var parameters = TilingParameters()
    (parameters.minTiles, parameters.maxTiles) = (least, most)
    parameters.tileSize = size
    return try InternVLTiling(parameters)
  }
}
