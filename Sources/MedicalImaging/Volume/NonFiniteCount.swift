/// How many samples of a volume are no finite numbers (IEEE 754).
public struct NonFiniteCount: Codable, Hashable, Sendable {
  public var notANumber = 0
  public var positiveInfinity = 0
  public var negativeInfinity = 0

  public init() {}

  public var isEmpty: Bool { self == NonFiniteCount() }

  /// Counts samples whose bits are `patterns`; `infinity` is the pattern of positive infinity, whose
  /// bits but the sign are above those of every finite number.
  fileprivate init<Pattern: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    _ patterns: Span<Pattern>, infinity: Pattern
  ) {
    // A maximum becomes vector code, a branch a sample does not; most volumes have none of them.
    let magnitude = Pattern.max >> 1
    var largest: Pattern = 0
    for i in patterns.indices { largest = max(largest, patterns[i] & magnitude) }
    guard largest >= infinity else { return }
    for i in patterns.indices {
      let pattern = patterns[i]
      if pattern & magnitude > infinity {
        notANumber += 1
      } else if pattern == infinity {
        positiveInfinity += 1
      } else if pattern & magnitude == infinity {
        negativeInfinity += 1
      }
    }
  }
}

extension StoredVolume {
  /// Samples that are NaN or infinite; none where samples are integers.
  public var nonFinite: NonFiniteCount {
    switch sample {
    case .float32:
      withSamples(as: UInt32.self) {
        NonFiniteCount($0, infinity: Float.infinity.bitPattern)
      }
    case .float64:
      withSamples(as: UInt64.self) {
        NonFiniteCount($0, infinity: Double.infinity.bitPattern)
      }
    default: NonFiniteCount()
    }
  }
}
