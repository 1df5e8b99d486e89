import MedicalImaging

/// Exact counts of the stored values of one volume, padding and what is no finite number left out,
/// kept apart by the modality transform that holds for them: slices of one volume may have different
/// slopes.
///
/// It is added to plane by plane and may be merged with others, in any order, to the same result.
/// What it says of the volume it says in modality values.
public struct ValueHistogram: Sendable {
  /// A stored value and how often it occurs.
  struct Entry: Hashable, Sendable {
    var value: Double
    var count: UInt64
  }

  /// Counts of values that are no longer added to, ascending by value, without zeros.
  private var settled: [ModalityTransform: [Entry]] = [:]
  /// Where the planes of one transform are being counted.
  private var open: OpenCounts?

  public init() {}

  init(settled: [ModalityTransform: [Entry]]) { self.settled = settled }

  /// Counts the stored values of a grey plane; those inside `padding` are left out
  /// (PS3.3 C.7.5.1.1.2).
  public mutating func add(
    plane: StoredPlane, padding: PixelPadding?, modality: ModalityTransform
  ) {
    precondition(plane.samplesPerPixel == 1, "colour has no histogram of stored values")
    if open?.takes(plane, padding, modality) != true {
      settled = parts
      open = OpenCounts(sample: plane.sample, padding: padding, modality: modality)
    }
    open?.add(plane)
  }

  /// Adds the counts of another part of the same volume.
  public mutating func merge(_ other: ValueHistogram) {
    settled = parts.merging(other.parts, uniquingKeysWith: Self.sum)
    open = nil
  }

  /// All counts by transform; the dictionary's order means nothing.
  var parts: [ModalityTransform: [Entry]] {
    guard let open else { return settled }
    let entries = open.entries
    guard !entries.isEmpty else { return settled }
    return settled.merging([open.modality: entries], uniquingKeysWith: Self.sum)
  }

  /// How many values were counted.
  public var count: Int {
    parts.values.reduce(0) { $0 + $1.reduce(0) { $0 + Int($1.count) } }
  }

  static func sum(_ a: [Entry], _ b: [Entry]) -> [Entry] {
    var sum: [Entry] = []
    sum.reserveCapacity(max(a.count, b.count))
    var (i, j) = (0, 0)
    while i < a.count || j < b.count {
      if j == b.count || (i < a.count && a[i].value < b[j].value) {
        sum.append(a[i])
        i += 1
      } else if i == a.count || b[j].value < a[i].value {
        sum.append(b[j])
        j += 1
      } else {
        sum.append(Entry(value: a[i].value, count: a[i].count + b[j].count))
        i += 1
        j += 1
      }
    }
    return sum
  }
}

extension ValueHistogram: Equatable {
  public static func == (a: ValueHistogram, b: ValueHistogram) -> Bool { a.parts == b.parts }
}
