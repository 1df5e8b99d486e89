import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Layouts beside those of the processors of transformers 4.46.3, which run on pictures without pixels.
@Suite struct ProcessorLayoutTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var policy: String
    /// As the peer reads it.
    var json = "{}"
    var sizes = TilingSizes.common
    var set: @Sendable (inout TilingParameters) -> Void = { _ in }

    var testDescription: String { "\(policy) \(json)" }
  }

  /// The default, and those of LLaVA-OneVision: all grids of up to 6 x 6 tiles of 384 pixels.
  private static let pinpoints = [
    [336, 672], [672, 336], [672, 672], [1008, 336], [336, 1008],
  ]
  private static let manyPinpoints = (1...6).flatMap { rows in
    (1...6).map { [384 * rows, 384 * $0] }
  }

  static let cases: [Case] = [
    Case(policy: "fixed"),
    Case(policy: "fixed", json: #"{"size": 224}"#) { $0.tileSize = 224 },
    Case(policy: "fixed", json: #"{"size": 333}"#) { $0.tileSize = 333 },
    Case(policy: "expand2square"),
    Case(policy: "expand2square", json: #"{"size": 224}"#) { $0.tileSize = 224 },
    Case(
      policy: "anyres", json: #"{"pinpoints": \#(pinpoints)}"#,
      sizes: TilingSizes.common + TilingSizes.around(pinpoints: pinpoints)),
    Case(
      policy: "anyres", json: #"{"size": 384, "pinpoints": \#(manyPinpoints)}"#,
      sizes: TilingSizes.common + TilingSizes.around(pinpoints: manyPinpoints)
    ) {
      $0.tileSize = 384
      $0.pinpoints = Self.manyPinpoints
    },
    Case(
      policy: "smart-resize",
      sizes: TilingSizes.common
        + TilingSizes.around(factor: 28, pixels: 56 * 56...28 * 28 * 1280)),
    Case(
      policy: "smart-resize",
      json: #"{"factor": 32, "min_pixels": 65536, "max_pixels": 16777216}"#,
      sizes: TilingSizes.common + TilingSizes.around(factor: 32, pixels: 65536...16_777_216)
    ) {
      $0.factor = 32
      ($0.minPixels, $0.maxPixels) = (65536, 16_777_216)
    },
    // So few pixels that narrow pictures would lose a side.
    Case(
      policy: "smart-resize", json: #"{"min_pixels": 784, "max_pixels": 12544}"#,
      sizes: TilingSizes.common + TilingSizes.around(factor: 28, pixels: 784...12544)
    ) { ($0.minPixels, $0.maxPixels) = (784, 12544) },
  ]

  @Test(.needsPeers, arguments: cases)
  func `tiles, steps, tokens and refusals are those of the processor`(of test: Case) throws {
    let folder = try TemporaryFolder()
    try folder.write(
      numbers: test.sizes.flatMap { [Int32($0.width), Int32($0.height)] }, to: "sizes.i32")
    try Peer.run(script: "processor_layouts.py", [test.policy, test.json], in: folder)
    let answers = try folder.numbers(of: "steps.i64", as: Int64.self).split(separator: -2)
    #expect(answers.count == test.sizes.count)

    var parameters = TilingParameters()
    test.set(&parameters)
    let policy = try TilingPolicies.policy(named: test.policy, parameters)
    for (size, answer) in zip(test.sizes, answers) {
      let ours = try Self.numbers(policy, size)
      #expect(ours.elementsEqual(answer), "\(size): \(ours), not \(Array(answer))")
    }
  }

  /// As the peer writes them; -3 for a size that is refused.
  private static func numbers(
    _ policy: any TilingPolicy, _ size: TilingSizes.Size
  ) throws -> [Int64] {
    let picture = try TiledPicture(columns: size.width, rows: size.height)
    guard let layout = try? policy.layout(of: picture) else { return [-3] }
    let source = PictureMap(columns: size.width, rows: size.height)
    return layout.maps(of: source).flatMap { tile in
      var map = source
      return tile.steps.flatMap { step -> [Int64] in
        let (columns, rows) = (map.columns, map.rows)
        map.append(step)
        switch step {
        case .resize(let width, let height):
          return [columns, rows] == [width, height] ? [] : [0, Int64(width), Int64(height)]
        case .pad(let left, let top, let right, let bottom):
          return [1] + [left, top, right, bottom].map(Int64.init)
        case .crop(let x, let y):
          guard x.count < columns || y.count < rows else { return [] }
          return [2] + [x.lowerBound, x.upperBound, y.lowerBound, y.upperBound].map(Int64.init)
        case .mirror, .flip, .transpose: return [-4]
        }
      } + [-1]
    } + [Int64(layout.tokens)]
  }

  @Test(.needsPeers) func `the square has the colour of the processor's mean`() throws {
    let folder = try TemporaryFolder()
    try folder.write(numbers: [Int32](), to: "sizes.i32")
    let said = try Peer.run(
      script: "processor_layouts.py", ["expand2square", "{}"], in: folder)
    let layout = try ExpandToSquareTiling().layout(of: TiledPicture(columns: 3, rows: 2))
    #expect(said == "\(layout.grid.ground)\n")
    #expect(layout.grid.isColored)
  }
}
