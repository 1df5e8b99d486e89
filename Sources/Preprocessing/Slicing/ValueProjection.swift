import MedicalImaging

/// One picture out of several that lie upon each other: of each pixel the largest, least or mean modality
/// value. Padding and what is no finite number takes no part; where nothing else is, the value is none.
///
/// Arithmetic is in Double; sums run in the order in which pictures are added.
public struct ValueProjection: Sendable {
  public enum Kind: String, Codable, CaseIterable, Sendable { case max, min, mean }

  public let kind: Kind
  public let columns, rows: Int
  /// How many pictures were added.
  public private(set) var count = 0
  /// Sums of a mean, else the value so far; no numbers where nothing was.
  private var values: [Double]
  /// Of a mean, how many pictures have a value.
  private var counts: [UInt32]

  /// Bytes of memory that it takes a pixel.
  public static let bytesPerPixel = 12

  public init(_ kind: Kind, columns: Int, rows: Int) {
    self.kind = kind
    self.columns = columns
    self.rows = rows
    values = [Double](repeating: kind == .mean ? 0 : .nan, count: columns * rows)
    counts = kind == .mean ? [UInt32](repeating: 0, count: columns * rows) : []
  }

  /// Adds a grey picture of the same size; padding is told by stored values (PS3.3 C.7.5.1.1.2).
  public mutating func add(
    _ plane: StoredPlane, modality: ModalityTransform, padding: PixelPadding?
  ) {
    precondition(plane.columns == columns && plane.rows == rows, "of another size")
    let picture = ModalityPlane(plane, modality: modality, padding: padding)
    count += 1
    switch kind {
    case .max: keep(picture) { $0 > $1 }
    case .min: keep(picture) { $0 < $1 }
    case .mean:
      for i in values.indices {
        // Values are 0 where there is no picture.
        values[i] += picture.values[i]
        counts[i] += picture.weights.isEmpty || picture.weights[i] > 0 ? 1 : 0
      }
    }
  }

  @inline(__always)
  private mutating func keep(_ picture: ModalityPlane, _ isBetter: (Double, Double) -> Bool) {
    let isWhole = picture.weights.isEmpty
    for i in values.indices where isWhole || picture.weights[i] > 0 {
      let value = picture.values[i]
      if values[i].isNaN || isBetter(value, values[i]) { values[i] = value }
    }
  }

  /// The picture, modality values of 64 bits.
  public var plane: StoredPlane {
    var result = values
    if kind == .mean {
      for i in result.indices { result[i] = counts[i] > 0 ? values[i] / Double(counts[i]) : .nan }
    }
    return StoredPlane(
      columns: columns, rows: rows, samplesPerPixel: 1, sample: .float64,
      bytes: unsafe result.withUnsafeBytes { unsafe Array($0) })
  }
}
