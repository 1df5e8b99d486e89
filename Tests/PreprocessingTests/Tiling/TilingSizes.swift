import TestSupport

/// Sizes of pictures at which tilings are compared with their references.
enum TilingSizes {
  typealias Size = (width: Int, height: Int)

  /// A coarse grid of small sizes, and 2,000 seeded random ones up to 20,000.
  static let common: [Size] = {
    var sizes: [Size] = []
    for width in stride(from: 1, through: 300, by: 13) {
      for height in stride(from: 1, through: 300, by: 13) { sizes.append((width, height)) }
    }
    sizes.append((300, 300))
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<2000 {
      sizes.append((Int(generator.next() % 20_000) + 1, Int(generator.next() % 20_000) + 1))
    }
    return sizes
  }()

  /// Where InternVL's grids of so many tiles of 448 pixels are equally near: at the aspect of each grid, which
  /// its multiples share, and midway between neighbouring aspects. Of equally near ones a later one wins above
  /// half its area, so both sides of that are among them, and small and large pictures of the same aspect.
  static func ties(minTiles: Int, maxTiles: Int) -> [Size] {
    let grids = (1...maxTiles).flatMap { columns in
      (1...maxTiles / columns).map { (columns: columns, rows: $0) }
    }.filter { $0.columns * $0.rows >= minTiles }
    var aspects: [Size] = []
    // In whole numbers: a / b < c / d where ad < cb.
    for grid in grids.sorted(by: { $0.columns * $1.rows < $1.columns * $0.rows })
    where aspects.last.map({ $0.width * grid.rows != grid.columns * $0.height }) ?? true {
      aspects.append((grid.columns, grid.rows))
    }
    var places = aspects
    for (low, high) in zip(aspects, aspects.dropFirst()) {
      // (a/b + c/d) / 2 = (ad + cb) / 2bd
      places.append(
        (low.width * high.height + high.width * low.height, 2 * low.height * high.height))
    }
    // Sides up to 20,000, in the least whole numbers.
    return places.flatMap { place -> [Size] in
      let common = divisor(place.width, place.height)
      let (width, height) = (place.width / common, place.height / common)
      var factors: Set<Int> = [1, 2, 20_000 / max(width, height)]
      for tiles in Set(grids.map { $0.columns * $0.rows }) {
        let half = 0.5 * 448 * 448 * Double(tiles) / Double(width * height)
        let factor = Int(half.squareRoot())
        factors.formUnion([factor, factor + 1])
      }
      return factors.filter { $0 > 0 }.sorted().map { ($0 * width, $0 * height) }
    }
  }

  /// Of the sizes that LLaVA-NeXT chooses from: their own aspects and a pixel beside them, at which the picture
  /// needs no black or one line of it, where they fit and where they are resized.
  static func around(pinpoints: [[Int]]) -> [Size] {
    pinpoints.flatMap { pinpoint in
      [1, 2, 3, 4, 6, 8].flatMap { quarters in
        (-2...2).flatMap { right in
          (-2...2).map { down -> Size in
            (pinpoint[1] * quarters / 4 + right, pinpoint[0] * quarters / 4 + down)
          }
        }
      }
    }
  }

  /// Sides midway between two multiples, where halves go to the even one; sizes about the least and the most
  /// pixels; a side at the factor, and one at 200 times the other.
  static func around(factor: Int, pixels: ClosedRange<Int>) -> [Size] {
    var sizes: [Size] = []
    for columns in 1...12 {
      for rows in 1...12 {
        sizes.append((factor * columns + factor / 2, factor * rows + factor / 2))
      }
    }
    for bound in [pixels.lowerBound, pixels.upperBound] {
      for shape in [1, 1.5, 2, 8, 60, 199] {
        let height = (Double(bound) / shape).squareRoot()
        for right in [-factor, -factor / 2, -1, 0, 1, factor / 2, factor] {
          for down in [-factor / 2, 0, factor / 2] {
            sizes.append((Int(height * shape) + right, Int(height) + down))
            sizes.append((Int(height) + down, Int(height * shape) + right))
          }
        }
      }
    }
    for side in [factor, factor + 1, 100] {
      for more in -1...1 {
        sizes.append((side, 200 * side + more))
        sizes.append((200 * side + more, side))
      }
    }
    for side in factor - 1...factor + 1 { sizes.append((side, 2 * factor)) }
    return sizes.filter { $0.width > 0 && $0.height > 0 }
  }

  private static func divisor(_ a: Int, _ b: Int) -> Int { b == 0 ? a : divisor(b, a % b) }
}
