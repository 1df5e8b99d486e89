import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct PixelValuesTests {
  private let patcher: PicturePatcher

  init() throws { patcher = try PicturePatcher(InternVLTiling()) }

  /// A layout of one canvas that takes the picture as it is, or pads it below.
  static func layout(
    _ columns: Int, _ rows: Int, tiles: Int = 1, padding: Int = 0, ground: [UInt8] = [0, 0, 0],
    patches: PatchOrder? = nil
  ) throws -> TileLayout {
    TileLayout(
      policy: "test", try TiledPicture(columns: columns, rows: rows),
      canvases: [
        TileLayout.Canvas(
          .grid,
          steps: padding == 0 ? [] : [.pad(left: 0, top: 0, right: 0, bottom: padding)],
          ground: ground, columns: tiles, tileColumns: columns / tiles, tileRows: rows + padding)
      ], tokens: 1, patches: patches)
  }

  private static func floats(_ tensor: Tensor) -> [Float] {
    #expect(tensor.scalar == .float32)
    return unsafe tensor.bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: Float.self)) }
  }

  private static func words(_ tensor: Tensor) -> [UInt16] {
    #expect(tensor.scalar.size == 2)
    return unsafe tensor.bytes.withUnsafeBytes { unsafe Array($0.bindMemory(to: UInt16.self)) }
  }

  private static func random<Sample>(
    _ columns: Int, _ rows: Int, _ channels: Int, _ sample: (inout SeededGenerator) -> Sample
  ) -> Raster<Sample> {
    var generator = SeededGenerator(seed: UInt64(columns * 1000 + rows))
    return Raster(
      columns: columns, rows: rows, channels: channels,
      samples: (0..<columns * rows * channels).map { _ in sample(&generator) })
  }

  private static func bytes(_ columns: Int, _ rows: Int, _ channels: Int) -> Raster<UInt8> {
    random(columns, rows, channels) { UInt8(truncatingIfNeeded: $0.next()) }
  }

  @Test func `a sample is scaled, moved and divided, and grey comes thrice`() throws {
    let grey = Raster<UInt8>(columns: 3, rows: 1, channels: 1, samples: [0, 51, 255])
    let layout = try Self.layout(3, 1)
    let plain = try patcher.pixelValues(of: [grey], by: [layout], as: TensorForm(.plain))
    #expect(plain.pixels.shape == [1, 3, 1, 3])
    #expect(plain.grid == nil)
    // 51 / 255 = 0.2
    #expect(Self.floats(plain.pixels) == [0, 0.2, 1, 0, 0.2, 1, 0, 0.2, 1])
    let siglip = try patcher.pixelValues(of: [grey], by: [layout], as: TensorForm(.siglip))
    // (0.2 - 0.5) / 0.5 = -0.6, one step of float32 off where 0.2 is none
    let expected: [Float] = [-1, (0.2 - 0.5) / 0.5, 1]
    #expect(Self.floats(siglip.pixels) == expected + expected + expected)
    // numpy 2.4.6: (np.float32([0, 1]) - np.float32(m)) / np.float32(s), for m and s of CLIP
    let clip = try patcher.pixelValues(of: [grey], by: [layout], as: TensorForm(.clip))
    let values = Self.floats(clip.pixels)
    #expect([0, 3, 6].map { values[$0] } == [-1.7922626, -1.7520971, -1.4802198])
    #expect([2, 5, 8].map { values[$0] } == [1.9303361, 2.0748837, 2.145897])
  }

  @Test func `tiles come one after the other, channels first or last`() throws {
    // Two tiles of 2 x 1 beside each other; red 1...4, green 11...14, blue 21...24.
    let samples: [UInt8] = [1, 11, 21, 2, 12, 22, 3, 13, 23, 4, 14, 24]
    let colours = Raster<UInt8>(columns: 4, rows: 1, channels: 3, samples: samples)
    let layout = try Self.layout(4, 1, tiles: 2)
    func steps(_ order: TensorForm.Order) throws -> (shape: [Int], values: [Int]) {
      let values = try patcher.pixelValues(
        of: [colours], by: [layout], as: TensorForm(.plain, order: order))
      return (values.pixels.shape, Self.floats(values.pixels).map { Int(($0 * 255).rounded()) })
    }
    let first = try steps(.channelsFirst)
    #expect(first.shape == [2, 3, 1, 2])
    #expect(first.values == [1, 2, 11, 12, 21, 22, 3, 4, 13, 14, 23, 24])
    let last = try steps(.channelsLast)
    #expect(last.shape == [2, 1, 2, 3])
    #expect(last.values == samples.map(Int.init))
  }

  @Test func `patches come block by block, each with its frames`() throws {
    // 4 x 2 pixels, patches of one: blocks of 2 x 2 are columns 0 and 1, then 2 and 3.
    let samples = (0..<8).flatMap { (v: UInt8) -> [UInt8] in [v, v + 100, v + 200] }
    let colours = Raster<UInt8>(columns: 4, rows: 2, channels: 3, samples: samples)
    let layout = try Self.layout(4, 2, patches: PatchOrder(side: 1, merge: 2, frames: 2))
    let values = try patcher.pixelValues(of: [colours], by: [layout], as: TensorForm(.plain))
    #expect(values.pixels.shape == [8, 6])
    var expected: [Int] = []
    for place in [0, 1, 4, 5, 2, 3, 6, 7] {
      for colour in [0, 100, 200] { expected += [place + colour, place + colour] }
    }
    #expect(Self.floats(values.pixels).map { Int(($0 * 255).rounded()) } == expected)
    #expect(values.grid == Tensor(shape: [1, 3], [1, 2, 4]))
    // Grey gives the same as its three equal channels.
    let grey = Self.bytes(4, 2, 1)
    let form = TensorForm(.clip)
    #expect(
      try patcher.pixelValues(of: [grey], by: [layout], as: form)
        == patcher.pixelValues(of: [grey.spread(channels: 3)], by: [layout], as: form))
  }

  @Test(arguments: Tensor.Scalar.allCases.filter { $0 != .int64 })
  func `a grey picture is resized once and gives what its colours would`(
    scalar: Tensor.Scalar
  ) throws {
    var parameters = TilingParameters()
    parameters.tileSize = 28
    let patcher = try PicturePatcher(InternVLTiling(parameters))
    let grey = Self.bytes(90, 41, 1)
    for order in TensorForm.Order.allCases {
      let form = TensorForm(.imagenet, scalar: scalar, order: order)
      let ours = try patcher.pixelValues(of: grey, as: form)
      #expect(ours.pixels.shape[0] == ours.layouts[0].tiles)
      #expect(try ours == patcher.pixelValues(of: grey.spread(channels: 3), as: form))
    }
  }

  @Test func `half precision is the nearest, ties to even`() throws {
    // Between 1 and the next binary16, 1 + 2^-10; between that and 1 + 2^-9; just above a tie.
    let halves: [Float] = [1 + 0x1p-11, 1 + 3 * 0x1p-11, 1 + 0x1p-11 + 0x1p-20, -2, 0x1p-24]
    let raster = Raster<Float>(columns: 5, rows: 1, channels: 1, samples: halves)
    let layout = try Self.layout(5, 1)
    let half = try patcher.pixelValues(
      of: [raster], by: [layout], as: TensorForm(.plain, scalar: .float16))
    #expect(Self.words(half.pixels).prefix(5) == [0x3C00, 0x3C02, 0x3C01, 0xC000, 0x0001])
    // bfloat16 has 7 bits behind the point: the same around 1 + 2^-7.
    let brains: [Float] = [1 + 0x1p-8, 1 + 3 * 0x1p-8, 1 + 0x1p-8 + 0x1p-20, -2, 3e38]
    let brain = try patcher.pixelValues(
      of: [Raster(columns: 5, rows: 1, channels: 1, samples: brains)], by: [layout],
      as: TensorForm(.plain, scalar: .bfloat16))
    // 3e38 = 0x7F61_B1E6, of which the lower half is above one half
    #expect(Self.words(brain.pixels).prefix(5) == [0x3F80, 0x3F82, 0x3F81, 0xC000, 0x7F62])
    // Tables of bytes: 255 is 1, and (1 - 0.5) / 0.5 too.
    let byte = Raster<UInt8>(columns: 5, rows: 1, channels: 1, samples: [255, 0, 255, 0, 255])
    let bytes = try patcher.pixelValues(
      of: [byte], by: [layout], as: TensorForm(.siglip, scalar: .bfloat16))
    #expect(Self.words(bytes.pixels).prefix(2) == [0x3F80, 0xBF80])
  }

  @Test func `a coloured ground makes a grey picture coloured`() throws {
    let grey = Raster<UInt8>(columns: 2, rows: 1, channels: 1, samples: [7, 9])
    let layout = try Self.layout(2, 1, padding: 1, ground: [122, 116, 104])
    let tile = try #require(try patcher.tiles(of: grey, by: layout).first)
    #expect(tile.channels == 3)
    #expect(tile.samples == [7, 7, 7, 9, 9, 9, 122, 116, 104, 122, 116, 104])
    let values = try patcher.pixelValues(of: [grey], by: [layout], as: TensorForm(.plain))
    #expect(
      Self.floats(values.pixels).map { Int(($0 * 255).rounded()) }
        == [7, 9, 122, 122, 7, 9, 116, 116, 7, 9, 104, 104])
    // On black it stays what it is.
    let black = try patcher.tiles(of: grey, by: Self.layout(2, 1, padding: 1))
    #expect(black == [Raster(columns: 2, rows: 2, channels: 1, samples: [7, 9, 0, 0])])
  }

  @Test func `the ground of floating point lies between its black and white`() throws {
    let values = Raster<Float>(columns: 1, rows: 1, channels: 1, samples: [40])
    let patcher = try PicturePatcher(InternVLTiling(), range: -1000...550)
    // -1000 + 1550 * 51 / 255 = -690
    let layout = try Self.layout(1, 1, padding: 1, ground: [51, 51, 51])
    #expect(try patcher.tiles(of: values, by: layout)[0].samples == [40, -690])
  }

  @Test func `neighbouring slices are channels, or pictures one after the other`() throws {
    var parameters = TilingParameters()
    parameters.tileSize = 28
    let patcher = try PicturePatcher(InternVLTiling(parameters))
    let slices = (0..<5).map { k in
      Self.random(60, 60, 1) { Float($0.next() % 1000) / 999 + Float(k) }
    }
    let form = TensorForm(.siglip)
    let channels = try patcher.pixelValues(of: Raster(planes: slices), as: form)
    let pictures = try patcher.pixelValues(of: slices, as: form)
    let tiles = channels.layouts[0].tiles
    #expect(channels.pixels.shape == [tiles, 5, 28, 28])
    #expect(pictures.pixels.shape == [5 * tiles, 3, 28, 28])
    #expect(pictures.layouts == [TileLayout](repeating: channels.layouts[0], count: 5))
    let (a, b) = (Self.floats(channels.pixels), Self.floats(pictures.pixels))
    let plane = 28 * 28
    for slice in 0..<5 {
      for tile in 0..<tiles {
        let ours = a[(tile * 5 + slice) * plane..<(tile * 5 + slice + 1) * plane]
        let theirs = b[
          (slice * tiles + tile) * 3 * plane..<((slice * tiles + tile) * 3 + 1) * plane]
        #expect(ours.elementsEqual(theirs), "slice \(slice), tile \(tile)")
      }
    }
  }

  @Test func `three windows of CT are three channels, each as its own window shows it`() throws {
    let plane = StoredPlane(
      columns: 40, rows: 30, samplesPerPixel: 1, sample: .int16,
      bytes: Self.random(40, 30, 2) { UInt8(truncatingIfNeeded: $0.next() & 0x1F) }.samples)
    func table(_ kind: DisplayMapping.Kind) throws -> DisplayTable {
      try DisplayTable(
        sample: .int16, modality: .identity, padding: nil, mapping: DisplayMapping(kind))
    }
    let ranges: [DisplayMapping.ValueRange] = [
      .init(low: -1000, high: 400), .init(low: 0, high: 8000), .init(low: 300, high: 600),
    ]
    func values(_ table: DisplayTable) throws -> [Float] {
      let shown = Raster(
        columns: 40, rows: 30, channels: table.channels, samples: table.render(plane))
      let values = try patcher.pixelValues(of: shown, as: TensorForm(.siglip))
      #expect(values.pixels.shape == [values.layouts[0].tiles, 3, 448, 448])
      return Self.floats(values.pixels)
    }
    let all = try values(table(.ranges(ranges)))
    let size = 448 * 448
    for (channel, range) in ranges.enumerated() {
      let one = try values(table(.range(low: range.low, high: range.high)))
      #expect(all[channel * size..<(channel + 1) * size].elementsEqual(one[0..<size]))
    }
  }

  @Test func `pictures of 16 bits keep all of them`() throws {
    let stored: [UInt16] = [0, 1, 2, 1000, 1001, 65535]
    let bytes = unsafe stored.withUnsafeBytes { unsafe [UInt8]($0) }
    let raster = Raster<Float>(columns: 6, rows: 1, words: bytes).fractions(white: 65_535)
    let values = try patcher.pixelValues(
      of: [raster], by: [Self.layout(6, 1)], as: TensorForm(.plain))
    #expect(
      Self.floats(values.pixels).prefix(6).map { UInt16(($0 * 65535).rounded()) } == stored)
    // And through tables of 16 bits: a slope of 65 spreads 0...1000 over 0...65000.
    let plane = unsafe StoredPlane(
      columns: 6, rows: 1, samplesPerPixel: 1, sample: .uint16,
      bytes: [UInt16]([0, 1, 2, 3, 999, 1000]).withUnsafeBytes { unsafe [UInt8]($0) })
    let table = try DisplayTable(
      sample: .uint16, modality: .identity, padding: nil,
      mapping: DisplayMapping(.range(low: 0, high: 65535.0 / 65)), depth: .sixteen)
    let shown = Raster<Float>(columns: 6, rows: 1, words: table.render(plane))
      .fractions(white: 65_535)
    #expect(shown.samples.map { ($0 * 65535).rounded() } == [0, 65, 130, 195, 64935, 65000])
  }

  private func code(_ work: () throws -> Void) -> (code: ErrorCode?, message: String) {
    do {
      try work()
      return (nil, "")
    } catch {
      let known = error as? ImageError
      return (known?.code, known?.message ?? "\(error)")
    }
  }

  @Test func `numbers that are none are refused and counted`() throws {
    let odd = Raster<Float>(
      columns: 5, rows: 1, channels: 1, samples: [.nan, 0, .infinity, -.infinity, -.nan])
    let layout = try Self.layout(5, 1)
    let refused = code { _ = try patcher.tiles(of: odd, by: layout) }
    #expect(refused.code == .tiling)
    #expect(
      refused.message == "2 samples of the picture are no numbers, 2 are infinite.")
    let values = code {
      _ = try patcher.pixelValues(of: [odd], by: [layout], as: TensorForm(.plain))
    }
    #expect(values == refused)
    // 65,520 is the least that rounds to infinity in binary16.
    let large = Raster<Float>(
      columns: 5, rows: 1, channels: 1, samples: [65519, 65520, -7e4, 1, 2])
    let form = TensorForm(.plain, scalar: .float16)
    let tooLarge = code { _ = try patcher.pixelValues(of: [large], by: [layout], as: form) }
    // Two of them, thrice.
    #expect(tooLarge == (.tiling, "6 numbers are too large for float16."))
  }

  @Test func `channels that nothing is known of are refused`() throws {
    let slices = try Raster(planes: [Self.bytes(9, 9, 1), Self.bytes(9, 9, 1)])
    let refused = code { _ = try patcher.pixelValues(of: slices, as: TensorForm(.clip)) }
    #expect(
      refused == (.tiling, "Statistics of red, green and blue do not fit 2 channels."))
    #expect(throws: Never.self) { try patcher.pixelValues(of: slices, as: TensorForm(.siglip)) }
    let layout = try Self.layout(9, 9, padding: 1, ground: [1, 2, 3])
    let ground = code { _ = try patcher.tiles(of: slices, by: layout) }
    #expect(ground == (.tiling, "A picture of 2 channels does not go on a coloured ground."))
    let mixed = code {
      _ = try patcher.pixelValues(of: [Self.bytes(9, 9, 1), slices], as: TensorForm(.siglip))
    }
    #expect(mixed == (.tiling, "Pictures of 1 and of 2 channels make no tensor."))
    let planes = code { _ = try Raster(planes: [Self.bytes(9, 9, 1), Self.bytes(9, 8, 1)]) }
    #expect(planes == (.tiling, "Pictures of 9 x 9 and 9 x 8 pixels make no channels."))
    #expect(code { _ = try Raster<UInt8>(planes: []) }.code == .tiling)
    #expect(code { _ = try Raster(planes: [slices]) }.code == .tiling)
  }

  @Test func `tiles of two sizes make no tensor`() throws {
    let grey = Self.bytes(4, 4, 1)
    var layout = try Self.layout(4, 4)
    layout.canvases.append(
      .init(.thumbnail, steps: [.resize(columns: 2, rows: 3)], tileColumns: 2, tileRows: 3))
    let refused = code {
      _ = try patcher.pixelValues(of: [grey], by: [layout], as: TensorForm(.plain))
    }
    #expect(refused == (.tiling, "Tiles of 4 x 4 and 2 x 3 pixels make no tensor."))
    #expect(try patcher.tiles(of: grey, by: layout).map(\.columns) == [4, 2])
  }

  @Test func `more than the memory limit is refused before it is taken`() throws {
    // 2:1 makes 4 x 2 tiles of 448 here, and a thumbnail: 1792 x 896 = 1,605,632 pixels, and on the way
    // 1792 x 500 or 1000 x 896 = 896,000, together 2,501,632 bytes. The tiles have 9 x 448 x 448 =
    // 1,806,336, in all 4.11 MiB; in float32 and three channels those are 21,676,032, in all 23.06 MiB.
    let grey = Self.bytes(1000, 500, 1)
    var parameters = TilingParameters()
    (parameters.minTiles, parameters.maxTiles) = (8, 8)
    func patcher(_ limit: Int) throws -> PicturePatcher {
      try PicturePatcher(InternVLTiling(parameters), memoryLimit: limit)
    }
    let tiles = try patcher(4 << 20)
    #expect(
      code { _ = try tiles.tiles(of: grey) }
        == (.memory, "Resized and cut the picture takes 5 MiB, and 4 are allowed."))
    #expect(
      code { _ = try patcher(23 << 20).pixelValues(of: grey) }
        == (.memory, "Resized and cut the picture takes 24 MiB, and 23 are allowed."))
    #expect(throws: Never.self) { try patcher(5 << 20).tiles(of: grey) }
  }
}
