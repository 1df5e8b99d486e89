import MedicalImaging

/// Pictures cut out of their source by a few steps of any kind.
enum RandomMap {
  static func make(
    columns: Int, rows: Int, resizes: Bool, using generator: inout some RandomNumberGenerator
  ) -> PictureMap {
    var map = PictureMap(columns: columns, rows: rows)
    for _ in 0..<Int.random(in: 0...6, using: &generator) {
      map.append(step(on: map, resizes: resizes, using: &generator))
    }
    return map
  }

  private static func step(
    on map: PictureMap, resizes: Bool, using generator: inout some RandomNumberGenerator
  ) -> PictureMap.Step {
    func part(_ count: Int) -> Range<Int> {
      let first = Int.random(in: 0..<count, using: &generator)
      return first..<Int.random(in: first + 1...count, using: &generator)
    }
    func side() -> Int { Int.random(in: 0...4, using: &generator) }
    switch Int.random(in: 0..<(resizes ? 6 : 5), using: &generator) {
    case 0: return .mirror
    case 1: return .flip
    case 2: return .transpose
    case 3: return .crop(columns: part(map.columns), rows: part(map.rows))
    case 4: return .pad(left: side(), top: side(), right: side(), bottom: side())
    default:
      return .resize(
        columns: Int.random(in: 1...40, using: &generator),
        rows: Int.random(in: 1...40, using: &generator))
    }
  }
}
