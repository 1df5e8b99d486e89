import FoundationEssentials
import Preprocessing

/// A picture, and the size that it is to have.
struct Job: Sendable {
  let mode: String
  let sides: [Int]
  let bytes: [UInt8]
  var values: [Float] = []

  init(mode: String, sides: [Int], file: String) throws {
    (self.mode, self.sides) = (mode, sides)
    let bytes = try [UInt8](Data(contentsOf: URL(filePath: file)))
    self.bytes = bytes
    guard mode == "F" else { return }
    values = unsafe bytes.withUnsafeBytes { bytes in
      (0..<bytes.count / 4).map {
        unsafe bytes.loadUnaligned(fromByteOffset: 4 * $0, as: Float.self)
      }
    }
  }

  func run(threads: Int, pictures: Int) async {
    await withTaskGroup(of: Int.self) { group in
      for _ in 0..<threads {
        group.addTask { (0..<pictures).reduce(0) { samples, _ in samples + resize() } }
      }
    }
  }

  private func resize() -> Int {
    let resize = PictureResize(
      columns: sides[0], rows: sides[1], toColumns: sides[2], toRows: sides[3])
    switch mode {
    case "F": return resize(values, channels: 1).count
    case "RGBA": return resize.weighingOpacity(bytes, channels: 4).count
    default: return resize(bytes, channels: mode == "L" ? 1 : 3).count
    }
  }
}
