/// Which sample of a line each one of the resized line is, as Pillow's `Image.resize` with `NEAREST` has
/// it: the one in which the new sample's centre lies.
///
/// Centres are added up one by one, so that where one should meet an edge it falls to the side that it
/// falls to in Pillow.
enum NearestResize {
  /// For each of `new` samples the index of one of `old`; both at least 1.
  static func indices(from old: Int, to new: Int) -> [Int] {
    precondition(old > 0 && new > 0)
    guard old != new else { return Array(0..<old) }
    let scale = Double(old) / Double(new)
    var center = scale * 0.5
    var indices: [Int] = []
    indices.reserveCapacity(new)
    for _ in 0..<new {
      indices.append(min(Int(center), old - 1))
      center += scale
    }
    return indices
  }
}
