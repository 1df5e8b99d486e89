import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// What holds for every row of the table of policies.
@Suite struct TilingPolicyTests {
  static let names = TilingPolicies.all.map { $0.name }

  @Test(arguments: names)
  func `tiles are of one size, and know how large their pixels are`(name: String) throws {
    let policy = try TilingPolicies.policy(named: name, TilingParameters())
    var generator = SeededGenerator(seed: 9)
    for _ in 0..<200 {
      let (columns, rows) = (
        Int(generator.next() % 3000) + 28, Int(generator.next() % 3000) + 28
      )
      let picture = try TiledPicture(
        columns: columns, rows: rows, pixelSize: .init(width: 0.2, height: 0.3))
      let layout = try policy.layout(of: picture)
      #expect(layout.policy == name)
      let maps = layout.maps(of: PictureMap(columns: columns, rows: rows))
      #expect(maps.count == layout.tiles)
      let sides = layout.canvases.flatMap { canvas in
        [[Int]](repeating: [canvas.tileColumns, canvas.tileRows], count: canvas.tiles)
      }
      #expect(maps.map { [$0.columns, $0.rows] } == sides)
      // Two columns and two rows of the canvas, in the picture.
      for canvas in layout.canvases {
        var whole = PictureMap(columns: columns, rows: rows)
        for step in canvas.steps { whole.append(step) }
        #expect([whole.columns, whole.rows] == [canvas.width, canvas.height])
        let (here, there) = (
          whole.source(of: EdgePoint(x: 0, y: 0)), whole.source(of: EdgePoint(x: 2, y: 2))
        )
        let size = try #require(canvas.pixelSize)
        #expect(abs(size.width - 0.1 * (there.x - here.x)) < 1e-9)
        #expect(abs(size.height - 0.15 * (there.y - here.y)) < 1e-9)
      }
    }
  }

  @Test(arguments: names)
  func `no size of a picture is too much for a layout`(name: String) throws {
    let policy = try TilingPolicies.policy(named: name, TilingParameters())
    let most = Int(Int32.max)
    for (columns, rows) in [(1, 1), (1, most), (most, 1), (most, most), (28, 5601), (1, 20_000)] {
      let picture = try TiledPicture(
        columns: columns, rows: rows, pixelSize: .init(width: 1, height: 1))
      do throws(ImageError) {
        let layout = try policy.layout(of: picture)
        #expect(layout.maps(of: PictureMap(columns: columns, rows: rows)).count == layout.tiles)
        #expect(layout.tokens >= 0)
      } catch {
        #expect(error.code == .tiling)
        #expect(error.message.contains(/[0-9]/))
      }
    }
  }

  @Test(arguments: [(0, 5), (5, 0), (-1, 5), (5, 1 << 31)])
  func `a picture has sides that can be reckoned with`(columns: Int, rows: Int) {
    #expect {
      try TiledPicture(columns: columns, rows: rows)
    } throws: {
      ($0 as? ImageError)?.code == .tiling
        && ($0 as? ImageError)?.message.contains("\(columns) x \(rows)") == true
    }
  }

  @Test(arguments: [0, -1, .nan, .infinity] as [Double])
  func `a pixel has a size, or none is known`(side: Double) {
    for size in [(side, 1.0), (1.0, side)] {
      #expect {
        try TiledPicture(
          columns: 5, rows: 5, pixelSize: .init(width: size.0, height: size.1))
      } throws: {
        ($0 as? ImageError)?.message.contains("\(side)") == true
      }
    }
  }

  struct Mistake: Sendable, CustomTestStringConvertible {
    var policies: [String]
    /// What the message names.
    var value: String
    var make: @Sendable (inout TilingParameters) -> Void

    var testDescription: String { "\(value) \(policies)" }
  }

  static let mistakes: [Mistake] = {
    let tiled = names.filter { $0 != "smart-resize" }
    let counted = ["internvl", "physical"]
    var mistakes = [0, -448, 27, 8193, Int.max].map { (side: Int) in
      Mistake(policies: tiled, value: "\(side)") { $0.tileSize = side }
    }
    // Two patches of 14 pixels are joined to a token.
    mistakes.append(Mistake(policies: counted, value: "42") { $0.tileSize = 42 })
    for (least, most) in [(0, 12), (3, 2), (1, 257), (-5, -1), (1, 0)] {
      mistakes.append(
        Mistake(policies: counted, value: "from \(least) to \(most)") {
          ($0.minTiles, $0.maxTiles) = (least, most)
        })
    }
    let pinpoints = [
      [], [336], [336, 336, 336], [336, 0], [-336, 336], [300, 336], [336 * 257, 336],
      [336 << 40, 336 << 40],
    ]
    for pinpoint in pinpoints {
      mistakes.append(
        Mistake(policies: ["anyres"], value: "\(pinpoint)") {
          $0.pinpoints = [[336, 672], pinpoint]
        }
      )
    }
    mistakes.append(Mistake(policies: ["anyres"], value: "not 0") { $0.pinpoints = [] })
    for factor in [0, -28, 7, 27, 258] {
      mistakes.append(
        Mistake(policies: ["smart-resize"], value: "\(factor)") { $0.factor = factor })
    }
    for (least, most) in [(0, 100), (2000, 1000), (1, 1_000_000_001), (-1, -1)] {
      mistakes.append(
        Mistake(policies: ["smart-resize"], value: "from \(least) to \(most)") {
          ($0.minPixels, $0.maxPixels) = (least, most)
        })
    }
    for edge in [0, -200, .nan, .infinity, 0.001, 10_001] as [Double] {
      mistakes.append(
        Mistake(policies: ["physical"], value: "\(edge)") { $0.edgeMillimetres = edge })
    }
    for edge in [0, -224, .nan, .infinity, 0.5, 1_000_001] as [Double] {
      mistakes.append(Mistake(policies: ["physical"], value: "\(edge)") { $0.edgeMicrons = edge })
    }
    return mistakes
  }()

  @Test(arguments: mistakes)
  func `numbers that make no rule are refused, and named`(mistake: Mistake) {
    var parameters = TilingParameters()
    mistake.make(&parameters)
    for name in mistake.policies {
      #expect {
        try TilingPolicies.policy(named: name, parameters)
      } throws: {
        ($0 as? ImageError)?.code == .tiling
          && ($0 as? ImageError)?.message.contains(mistake.value) == true
      }
    }
  }

  @Test func `a policy that there is not is refused with the names of those that there are`() {
    #expect {
      try TilingPolicies.policy(named: "mosaic", TilingParameters())
    } throws: {
      ($0 as? ImageError)?.code == .tiling
        && Self.names.allSatisfy(($0 as? ImageError)?.remedy.contains ?? { _ in false })
    }
  }

  @Test func `the tiles that end a pixel early come whole out of the patcher`() throws {
    // Into 672 x 672 by 672 / 600 = 1.12: of 598 rows ceil(669.76) = 670, one line of black above and one
    // below; of 597 ceil(668.64) = 669, three lines, of which the odd one is missing below.
    let policy = try AnyResolutionTiling()
    let even = try policy.layout(of: TiledPicture(columns: 600, rows: 598))
    #expect(even.grid.steps[0] == .resize(columns: 672, rows: 670) && even.grid.rim == nil)
    let raster = Raster(
      columns: 600, rows: 597, channels: 1,
      samples: (0..<600 * 597).map { UInt8(truncatingIfNeeded: $0 % 600 / 3) })
    let tiled = try PicturePatcher(policy).tiles(of: raster)
    #expect(tiled.layout.grid.steps[0] == .resize(columns: 672, rows: 669))
    #expect(tiled.layout.grid.height == 671)
    #expect(tiled.tiles.map { [$0.columns, $0.rows] } == .init(repeating: [336, 336], count: 5))
    // The black line above is there, and the one below, which the enlarging smears a little.
    #expect(tiled.tiles[1].samples.prefix(336).allSatisfy { $0 == 0 })
    #expect(tiled.tiles[3].samples[336 * 335 + 168] < tiled.tiles[3].samples[336 * 320 + 168])
  }
}
