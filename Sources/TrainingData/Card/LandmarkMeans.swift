import Preprocessing

/// Means of the landmarks of volumes: what training a standard histogram comes to (Nyul, Udupa and Zhang,
/// IEEE Trans. Med. Imaging 19 (2000), 143). It adds up from parts, in any order to the same bytes.
struct LandmarkMeans: Codable, Hashable, Sendable {
  private var volumes = 0
  /// Of each percentile, in billionths: whole numbers have one sum.
  private var sums: [Int] = []
  private static let unit = 1e9

  /// Adds a volume's landmarks, each from 0 to 100.
  mutating func add(_ landmarks: [Double]) {
    merge(
      LandmarkMeans(volumes: 1, sums: landmarks.map { Int(($0 * Self.unit).rounded()) }))
  }

  mutating func merge(_ other: LandmarkMeans) {
    volumes += other.volumes
    sums =
      sums.isEmpty ? other.sums : other.sums.isEmpty ? sums : zip(sums, other.sums).map { $0 + $1 }
  }

  /// Pairs as the recipe's `intensity.landmarks` has them, or null.
  func write(to json: inout JSONWriter) {
    guard volumes > 0 else { return json.null() }
    json.array { json in
      for (percentile, sum) in zip(HistogramLandmarks.percentiles, sums) {
        json.array { json in
          json.number(percentile)
          json.number(Double(sum) / Self.unit / Double(volumes))
        }
      }
    }
  }
}
