import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Resizing beside Pillow, and the shape of pixels.
@Suite struct PictureResizeTests {
  private struct Job {
    var columns, rows, channels, newColumns, newRows: Int
  }

  @Test(.needsPeers) func `Every byte of a resized picture is Pillow's`() throws {
    var generator = SeededGenerator(seed: 11)
    var jobs = [
      // The sizes that front ends ask for, from pictures of hospitals; and one side left alone.
      Job(columns: 512, rows: 512, channels: 1, newColumns: 448, newRows: 448),
      Job(columns: 640, rows: 480, channels: 3, newColumns: 1344, newRows: 896),
      Job(columns: 1024, rows: 771, channels: 3, newColumns: 336, newRows: 253),
      Job(columns: 320, rows: 240, channels: 1, newColumns: 320, newRows: 320),
      Job(columns: 256, rows: 256, channels: 1, newColumns: 281, newRows: 256),
      Job(columns: 1, rows: 1, channels: 3, newColumns: 7, newRows: 5),
      Job(columns: 50, rows: 3, channels: 1, newColumns: 1, newRows: 1),
      Job(columns: 2, rows: 900, channels: 3, newColumns: 900, newRows: 2),
    ]
    for _ in 0..<60 {
      func side() -> Int { .random(in: 1...200, using: &generator) }
      jobs.append(
        Job(
          columns: side(), rows: side(), channels: Bool.random(using: &generator) ? 1 : 3,
          newColumns: side(), newRows: side()))
    }
    let folder = try TemporaryFolder()
    var lines = ""
    for (i, job) in jobs.enumerated() {
      // Extremes beside each other: sums leave 0...255 both ways.
      let hard = i % 2 == 0
      let pixels = (0..<job.columns * job.rows * job.channels).map { _ in
        hard
          ? (Bool.random(using: &generator) ? 0 : 255)
          : UInt8.random(in: 0...255, using: &generator)
      }
      try folder.write(pixels, to: "\(i).in")
      lines +=
        "\(i) \(job.columns) \(job.rows) \(job.channels) \(job.newColumns) \(job.newRows)\n"
    }
    try folder.write(Array(lines.utf8), to: "jobs.txt")
    try Peer.run(script: "resize.py", in: folder)
    var different: [Int] = []
    var bytes = 0
    for (i, job) in jobs.enumerated() {
      let resize = PictureResize(
        columns: job.columns, rows: job.rows, toColumns: job.newColumns, toRows: job.newRows)
      let ours = try resize(folder.bytes(of: "\(i).in"), channels: job.channels)
      if try ours != folder.bytes(of: "\(i).out") { different.append(i) }
      bytes += ours.count
    }
    print("resized: \(bytes) bytes of \(jobs.count) pictures compared with Pillow's")
    #expect(different.isEmpty)
  }

  @Test func `The side with too few pixels gets more of them`() {
    // Pixels twice as high as wide: 100 rows cover what 200 rows of square ones do.
    let high = SquarePixels(columns: 300, rows: 100, aspect: 2)
    #expect((high.columns, high.rows) == (300, 200))
    let wide = SquarePixels(columns: 320, rows: 240, aspect: 0.75)
    // 320 / 0.75 = 426.67
    #expect((wide.columns, wide.rows) == (427, 240))
  }

  @Test(arguments: [1, 1.0099, 0.9901, 0.05, 20, .nan, .infinity])
  func `Pixels that are square, and shapes that are none, leave the size`(aspect: Double) {
    #expect(SquarePixels(columns: 640, rows: 480, aspect: aspect).isUnchanged)
  }

  @Test func `Corners of the picture are those of the source`() {
    let shape = SquarePixels(columns: 10, rows: 20, aspect: 1.5)
    let matrix = shape.sourceFromPixel
    func source(_ column: Double, _ row: Double) -> [Double] {
      matrix.map { $0[0] * column + $0[1] * row + $0[2] }
    }
    // Half a pixel before the centre of the first, and behind that of the last: 20 x 1.5 = 30 rows.
    #expect(source(-0.5, -0.5) == [-0.5, -0.5, 1])
    let last = source(9.5, 29.5)
    #expect(abs(last[0] - 9.5) < 1e-12 && abs(last[1] - 19.5) < 1e-12)
  }
}
