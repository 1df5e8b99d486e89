import MedicalImaging

/// Counts of the values of samples of 32 and 64 bits, which are too many for a table: runs of
/// distinct values in order, joined as they come to be of one length, so that the work is that of
/// one merge sort.
struct WideCounts: Sendable {
  /// Values not sorted yet.
  private var loose: [Double] = []
  /// Runs, longest first.
  private var runs: [[ValueHistogram.Entry]] = []
  private static let most = 1 << 20

  /// Counts the values of a grey plane; padding and what is no finite number are left out.
  mutating func add(_ plane: StoredPlane, padding: PixelPadding?) {
    unsafe plane.bytes.withUnsafeBytes { bytes in
      for offset in stride(from: 0, to: bytes.count, by: plane.sample.size) {
        let value = unsafe plane.sample.storedValue(bytes, at: offset)
        if !value.isFinite || padding?.values.contains(value) == true { continue }
        // Minus zero is zero: one value, one entry.
        loose.append(value == 0 ? 0 : value)
        if loose.count == Self.most { settle() }
      }
    }
  }

  /// Ascending by value.
  var entries: [ValueHistogram.Entry] {
    var all = self
    all.settle()
    return all.runs.reversed().reduce([]) { ValueHistogram.sum($0, $1) }
  }

  private mutating func settle() {
    guard !loose.isEmpty else { return }
    loose.sort()
    var run: [ValueHistogram.Entry] = []
    for value in loose {
      if let last = run.last, last.value == value {
        run[run.count - 1].count += 1
      } else {
        run.append(.init(value: value, count: 1))
      }
    }
    loose.removeAll(keepingCapacity: true)
    while let last = runs.last, last.count <= 2 * run.count {
      runs.removeLast()
      run = ValueHistogram.sum(last, run)
    }
    runs.append(run)
  }
}
