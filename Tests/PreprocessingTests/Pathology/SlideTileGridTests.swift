import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Where tiles lie, worked out by hand and by counting.
@Suite struct SlideTileGridTests {
  private static func levels(_ columns: Int, _ rows: Int, _ downsamples: [Double]) -> [SlideLevel] {
    downsamples.map {
      SlideLevel(
        columns: Int(Double(columns) / $0), rows: Int(Double(rows) / $0), downsample: $0)
    }
  }

  private static func grid(
    _ levels: [SlideLevel], _ microns: Double, wanted: Double = 0.5, size: Int = 100,
    overlap: Int = 0
  ) throws -> SlideTileGrid {
    try SlideTileGrid(
      levels, micronsPerPixel: MicronsPerPixel(x: microns, y: microns), wanted: wanted, size: size,
      overlap: overlap)
  }

  @Test func `The coarsest level is read whose pixels are not larger than wanted`() throws {
    let levels = Self.levels(4000, 3000, [1, 4, 16])
    // 0.25, 1 and 4 micrometres.
    #expect(try Self.grid(levels, 0.25, wanted: 0.5).level == 0)
    #expect(try Self.grid(levels, 0.25, wanted: 1).level == 1)
    #expect(try Self.grid(levels, 0.25, wanted: 3.9).level == 1)
    // 4 / 3.93 is 1.018: near enough, and taken as it is.
    let near = try Self.grid(levels, 0.25, wanted: 3.93, size: 64)
    #expect(near.level == 2 && near.width == 64 && near.micronsPerPixel.x == 4)
    #expect(throws: ImageError.self) { try Self.grid(levels, 1, wanted: 0.98) }
    #expect(try Self.grid(levels, 1, wanted: 0.981).width == 100)
  }

  @Test func `Tiles lie side by side from the corner on, and none reaches over the edge`() throws {
    // 100 pixels of 0.5 micrometres are 200 of 0.25: 5 and 3 of them in 1019 x 799 pixels.
    let grid = try Self.grid(Self.levels(1019, 799, [1]), 0.25)
    #expect(grid.width == 200 && grid.height == 200 && grid.across == 5 && grid.down == 3)
    #expect(grid.tile(0).columns == 0..<200 && grid.tile(0).rows == 0..<200)
    #expect(grid.tile(6).number == 6)
    #expect(grid.tile(6).columns == 200..<400 && grid.tile(6).rows == 200..<400)
    #expect(grid.tile(14).columns == 800..<1000 && grid.tile(14).rows == 400..<600)
    #expect(grid.micronsPerPixel == MicronsPerPixel(x: 0.5, y: 0.5))
    // 25 of 100 pixels are shared: a step of 150. (1019 - 200) / 150 is 5.46, (799 - 200) / 150 is 3.99.
    let shared = try Self.grid(Self.levels(1019, 799, [1]), 0.25, overlap: 25)
    #expect(shared.across == 6 && shared.down == 4)
    #expect(shared.tile(7).columns == 150..<350 && shared.tile(7).rows == 150..<350)
  }

  @Test func `Steps that are no whole pixels do not add up their rounding`() throws {
    // 0.5 / 0.3 is 1 2/3: a tile of 100 takes 166.67, rounded to 167; the tenth begins at 1666.67.
    let grid = try Self.grid(Self.levels(5000, 400, [1]), 0.3)
    #expect(grid.width == 167 && grid.tile(10).columns == 1667..<1834)
    #expect(abs(grid.micronsPerPixel.x - 0.501) < 1e-12)
    // Pixels that are not square become square.
    let uneven = try SlideTileGrid(
      Self.levels(1000, 1000, [1]), micronsPerPixel: MicronsPerPixel(x: 0.25, y: 0.5), wanted: 0.5,
      size: 100)
    #expect(uneven.width == 200 && uneven.height == 100)
  }

  @Test func `Every number of tiles is what counting gives`() throws {
    var generator = SeededGenerator(seed: 5)
    for _ in 0..<500 {
      let side = Int.random(in: 128...3000, using: &generator)
      let microns = Double.random(in: 0.2...0.5, using: &generator)
      let size = Int.random(in: 1...40, using: &generator)
      let overlap = Int.random(in: 0..<size, using: &generator)
      let grid = try Self.grid(
        Self.levels(side, side, [1]), microns, size: size, overlap: overlap)
      let ratio = 0.5 / microns
      let step = Double(size - overlap) * (abs(ratio - 1) <= 0.02 ? 1 : ratio)
      let count = (0...side).prefix { Int((Double($0) * step).rounded()) + grid.width <= side }
        .count
      #expect(grid.across == count && grid.down == count)
      #expect(grid.tile(grid.count - 1).columns.upperBound <= side)
    }
  }

  @Test func `A slide smaller than a tile has none, and one of no glass is refused`() throws {
    func code(_ columns: Int, _ rows: Int) -> ErrorCode? {
      do throws(ImageError) {
        _ = try SlideTileGrid(
          [SlideLevel(columns: columns, rows: rows, downsample: 1)],
          micronsPerPixel: MicronsPerPixel(x: 0.5, y: 0.5), wanted: 0.5, size: 100)
        return nil
      } catch { return error.code }
    }
    #expect(code(100, 100) == nil)
    #expect(code(99, 5000) == .slideSize)
    #expect(code(5000, 99) == .slideSize)
    #expect(code(1 << 18, 1 << 18) == nil)
    #expect(code(1 << 18, 1 << 19) == .damagedHeader)
    #expect(code(.max, .max) == .damagedHeader)
  }

  @Test func `Tissue is looked for in pixels of about 8 micrometres, and in few of them`() {
    func level(_ downsamples: [Double], _ microns: Double, _ side: Int = 20_000) -> TissueLevel {
      TissueLevel(
        Self.levels(side, side, downsamples),
        micronsPerPixel: MicronsPerPixel(x: microns, y: microns))
    }
    // 0.25, 1, 4 and 16 micrometres: two of 4 become one of 8.
    let usual = level([1, 4, 16, 64], 0.25)
    #expect(usual.level == 2 && usual.factor == 2 && usual.downsample == 32)
    #expect(usual.micronsPerPixel == MicronsPerPixel(x: 8, y: 8))
    // One level of 0.5: sixteen become one.
    #expect(level([1], 0.5).factor == 16 && level([1], 0.5).downsample == 16)
    // Larger pixels than that stay as they are.
    #expect(level([1], 12, 2000).factor == 1)
    #expect(level([1, 2], 5).level == 1)
    // 80,000 pixels of 0.5 are 5,000 of 8, whose square is more than 4,194,304: 2,500 of 16 are too many,
    // 1,250 of 32 are not.
    let large = level([1, 16], 0.5, 80_000)
    #expect(large.level == 1 && large.factor == 4 && large.downsample == 64)
  }

  @Test func `The share of a tile is that of its area, to a part of a pixel of the mask`() {
    // 4 x 4 pixels of the mask; the left half is tissue.
    let stain: [UInt8] = [200, 100, 180]
    let glass: [UInt8] = [250, 250, 250]
    var rules = TissueRules()
    (rules.largestHole, rules.largestSpeck) = (0, 0)
    let mask = TissueMask(
      columns: 4, rows: 4,
      bytes: (0..<16).flatMap { $0 % 4 < 2 ? stain : glass },
      micronsPerPixel: MicronsPerPixel(x: 8, y: 8), rules: rules)
    // One pixel of the mask is 10 of the level.
    func share(_ columns: Range<Int>, _ rows: Range<Int>) -> Double {
      mask.share(of: columns, rows: rows, scale: 0.1)
    }
    #expect(share(0..<20, 0..<20) == 1)
    #expect(share(20..<40, 0..<20) == 0)
    #expect(abs(share(15..<25, 0..<10) - 0.5) < 1e-12)
    #expect(abs(share(17..<27, 3..<9) - 0.3) < 1e-12)
    // Beyond the mask there is none.
    #expect(abs(share(0..<20, 30..<50) - 0.5) < 1e-12)
    #expect(share(40..<50, 0..<10) == 0)
  }
}
