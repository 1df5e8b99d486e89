import Glibc

/// The colours of a picture, each once, and how often they occur: sums over them have one order, whatever
/// the picture's shape.
struct ColorCounts {
  struct Entry {
    var red, green, blue: UInt8
    var count: UInt64
  }

  /// Ascending by red, then green, then blue.
  private(set) var entries: [Entry] = []

  var count: Int { entries.reduce(0) { $0 + Int($1.count) } }

  /// Of red, green and blue of 8 bits each, pixel by pixel.
  init(_ colors: [UInt8]) {
    var counts = [UInt32](repeating: 0, count: 1 << 24)
    // Which of red and green there are: most pictures have few of all colours.
    var isThere = [Bool](repeating: false, count: 1 << 16)
    for i in stride(from: 0, to: colors.count - 2, by: 3) {
      let pair = Int(colors[i]) << 8 | Int(colors[i + 1])
      isThere[pair] = true
      counts[pair << 8 | Int(colors[i + 2])] &+= 1
    }
    for pair in isThere.indices where isThere[pair] {
      for blue in 0..<256 where counts[pair << 8 | blue] > 0 {
        entries.append(
          Entry(
            red: UInt8(pair >> 8), green: UInt8(pair & 255), blue: UInt8(blue),
            count: UInt64(counts[pair << 8 | blue])))
      }
    }
  }

  /// Light that comes through where there is no slide, and the least optical density of tissue in every
  /// colour: of the reference implementations of Macenko's method.
  static let light = 240.0
  private static let leastDensity = 0.15

  /// The optical density of each of 256 greys.
  static let densities = (0..<256).map { -log(Double($0 + 1) / light) }

  /// Without glass: what lets little through in every colour.
  var tissue: ColorCounts {
    var tissue = self
    tissue.entries.removeAll { entry in
      // The brightest of the three has the least density.
      Self.densities[Int(max(entry.red, entry.green, entry.blue))] < Self.leastDensity
    }
    return tissue
  }
}
