import TestSupport
import Testing

@testable import Preprocessing

/// Resizing beside Pillow.
@Suite struct PictureResizeTests {
  private struct Job {
    /// Pillow's name of what the samples are.
    enum Mode: String, CaseIterable {
      case l = "L"
      case la = "LA"
      case rgb = "RGB"
      case rgba = "RGBA"
      case cmyk = "CMYK"
      case float = "F"

      var channels: Int { [.l: 1, .la: 2, .rgb: 3, .rgba: 4, .cmyk: 4, .float: 1][self]! }
      var pixelBytes: Int { self == .float ? 4 : channels }
    }

    var mode: Mode
    var filter = ResizeFilter.bicubic
    /// Columns and rows, before and after.
    var sides: [Int]

    var line: String {
      "\(mode.rawValue) \(filter.rawValue) " + sides.map { "\($0)" }.joined(separator: " ")
    }

    func resized(_ bytes: [UInt8], portably: Bool) -> [UInt8] {
      var resize = PictureResize(
        columns: sides[0], rows: sides[1], toColumns: sides[2], toRows: sides[3], filter: filter)
      resize.isPortable = portably
      switch mode {
      case .float: return Bits.bytes(resize(Bits.floats(bytes), channels: 1))
      case .la, .rgba: return resize.weighingOpacity(bytes, channels: mode.channels)
      case .l, .rgb, .cmyk: return resize(bytes, channels: mode.channels)
      }
    }
  }

  /// Samples of pictures, any number at a time: the same few again and again, but from another place.
  private struct Samples {
    /// A prime, so that no row of a picture is like the one above.
    static let period = 65_537
    var generator: SeededGenerator
    let uniform, extreme, floats: [UInt8]

    init(seed: UInt64) {
      var generator = SeededGenerator(seed: seed)
      uniform = (0..<Self.period).map { _ in UInt8(truncatingIfNeeded: generator.next()) }
      // Black and white beside each other: sums leave 0...255 both ways.
      extreme = uniform.map { $0 & 1 == 0 ? 0 : 255 }
      floats = Bits.bytes(
        uniform.enumerated().map { i, byte in
          // CT with fractions; and magnitudes so far apart that the order of a sum is seen.
          let value = Float(byte) * 16.3 - 1024
          return i % 5 == 0 ? value * [1e-6, 1e6, 1e-30, 1e30][i / 5 % 4] : value
        })
      self.generator = generator
    }

    mutating func of(_ job: Job) -> [UInt8] {
      let count = job.sides[0] * job.sides[1] * job.mode.pixelBytes
      let pool = job.mode == .float ? floats : Bool.random(using: &generator) ? uniform : extreme
      var at = Int.random(in: 0..<Self.period, using: &generator) * (job.mode == .float ? 4 : 1)
      var samples: [UInt8] = []
      samples.reserveCapacity(count)
      while samples.count < count {
        let some = min(pool.count - at, count - samples.count)
        samples += pool[at..<at + some]
        at = 0
      }
      return samples
    }
  }

  /// Compares jobs with Pillow's answers, by the code that this processor gets and by the one for all.
  private func expectPillow(_ jobs: [Job], seed: UInt64) throws {
    var samples = Samples(seed: seed)
    let pictures = jobs.map { samples.of($0) }
    let folder = try TemporaryFolder()
    try folder.write(Array(jobs.map { $0.line + "\n" }.joined().utf8), to: "jobs.txt")
    try folder.write(pictures.reduce(into: []) { $0 += $1 }, to: "pictures.bin")
    try Peer.run(script: "resize.py", in: folder)
    let answers = try folder.bytes(of: "resized.bin")
    var at = 0
    for (job, picture) in zip(jobs, pictures) {
      let count = job.sides[2] * job.sides[3] * job.mode.pixelBytes
      let answer = Array(answers[at..<at + count])
      at += count
      for portably in [false, true] {
        let isEqual = job.resized(picture, portably: portably) == answer
        #expect(isEqual, "\(job.line), portably: \(portably)")
      }
    }
    #expect(at == answers.count)
    print("resized: \(at) bytes of \(jobs.count) pictures compared with Pillow's")
  }

  @Test(.needsPeers) func `Every byte of a resized picture is Pillow's`() throws {
    var generator = SeededGenerator(seed: 11)
    func side() -> Int {
      Int.random(in: 0..<8, using: &generator) == 0 ? 1 : .random(in: 1...120, using: &generator)
    }
    // 24 sizes of every mode by every filter: 576 pictures.
    let jobs = Job.Mode.allCases.flatMap { mode in
      ResizeFilter.allCases.flatMap { filter in
        (0..<24).map { _ in Job(mode: mode, filter: filter, sides: (0..<4).map { _ in side() }) }
      }
    }
    try expectPillow(jobs, seed: 12)
  }

  @Test(.needsPeers) func `Large pictures, thin ones and those that keep a side are Pillow's too`()
    throws
  {
    try expectPillow(
      [
        // The sizes that front ends ask for.
        Job(mode: .rgb, sides: [2048, 2048, 1344, 896]),
        Job(mode: .l, sides: [512, 512, 448, 448]),
        Job(mode: .rgb, sides: [640, 480, 1344, 896]),
        Job(mode: .rgb, sides: [1024, 771, 336, 253]),
        Job(mode: .float, sides: [1024, 800, 448, 448]),
        // Many samples to one; and the height first, since it loses more than twice as much.
        Job(mode: .l, filter: .lanczos, sides: [2048, 1500, 17, 9]),
        Job(mode: .rgb, filter: .bilinear, sides: [300, 2000, 280, 90]),
        Job(mode: .float, filter: .box, sides: [300, 2000, 280, 90]),
        Job(mode: .rgba, sides: [310, 1700, 300, 33]),
        // 2 x 60 = 120 pixels less in width, and as many in height: not more, so the width is first.
        Job(mode: .rgb, sides: [160, 220, 100, 100]),
        Job(mode: .rgb, sides: [160, 221, 100, 100]),
        // A side that keeps its length, and both.
        Job(mode: .l, sides: [320, 240, 320, 320]),
        Job(mode: .rgb, sides: [256, 250, 281, 250]),
        Job(mode: .rgba, sides: [64, 48, 64, 48]),
        Job(mode: .float, sides: [61, 47, 61, 47]),
        // One pixel a side, from and to.
        Job(mode: .rgb, sides: [1, 1, 7, 5]),
        Job(mode: .l, sides: [1, 1, 300, 1]),
        Job(mode: .l, sides: [2048, 1, 1, 2048]),
        Job(mode: .rgb, sides: [2, 900, 900, 2]),
        Job(mode: .rgba, filter: .lanczos, sides: [1, 700, 700, 1]),
        Job(mode: .float, filter: .lanczos, sides: [1500, 2, 1, 3]),
      ], seed: 13)
  }

  @Test(arguments: [1, 2, 3, 4, 5, 7, 8, 13], [false, true])
  func `Each channel is resized as if it were alone`(channels: Int, portably: Bool) {
    var generator = SeededGenerator(seed: 14)
    for sides in [[37, 41, 50, 23], [40, 33, 9, 90], [70, 3, 5, 3]] {
      var resize = PictureResize(
        columns: sides[0], rows: sides[1], toColumns: sides[2], toRows: sides[3])
      resize.isPortable = portably
      let pixels = (0..<sides[0] * sides[1] * channels).map { _ in
        UInt8.random(in: 0...255, using: &generator)
      }
      func only<Sample>(_ channel: Int, of samples: [Sample]) -> [Sample] {
        stride(from: channel, to: samples.count, by: channels).map { samples[$0] }
      }
      let bytes = resize(pixels, channels: channels)
      let floats = resize(pixels.map(Float.init), channels: channels)
      for channel in 0..<channels {
        let alone = only(channel, of: pixels)
        #expect(only(channel, of: bytes) == resize(alone, channels: 1))
        #expect(only(channel, of: floats) == resize(alone.map(Float.init), channels: 1))
      }
    }
  }

  @Test(arguments: [false, true])
  func `What is no number spreads to all that has a weight in it`(portably: Bool) {
    // 40 to 20 by box: new sample i is the mean of 2i and 2i + 1.
    var resize = PictureResize(columns: 40, rows: 40, toColumns: 20, toRows: 20, filter: .box)
    resize.isPortable = portably
    var values = [Float](repeating: 1, count: 1600)
    values[11 * 40 + 30] = .nan
    values[20 * 40 + 5] = -.infinity
    let resized = resize(values, channels: 1)
    for (i, value) in resized.enumerated() {
      switch (i / 20, i % 20) {
      case (5, 15): #expect(value.isNaN)
      case (10, 2): #expect(value == -.infinity)
      default: #expect(value == 1)
      }
    }
  }
}

/// Floats as the bytes that files have of them.
private enum Bits {
  static func floats(_ bytes: [UInt8]) -> [Float] {
    unsafe bytes.withUnsafeBytes { raw in
      (0..<bytes.count / 4).map {
        unsafe raw.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
      }
    }
  }

  static func bytes(_ floats: [Float]) -> [UInt8] {
    unsafe floats.withUnsafeBytes { unsafe [UInt8]($0) }
  }
}
