/// How many samples are no finite numbers (IEEE 754).
public struct NonFiniteCount: Codable, Hashable, Sendable {
  public var notANumber = 0
  public var positiveInfinity = 0
  public var negativeInfinity = 0

  public init() {}

  public var isEmpty: Bool { self == NonFiniteCount() }

  /// What is said of them; nil where there are none.
  public var finding: InstanceHeader.Finding? {
    guard !isEmpty else { return nil }
    let infinite = positiveInfinity + negativeInfinity
    return .init(
      "non_finite", "\(notANumber) values are no numbers, \(infinite) are infinite.")
  }

  /// Counts floating-point samples of 4 or 8 bytes, native endian.
  fileprivate init(_ bytes: [UInt8], size: Int) {
    self = unsafe bytes.span.withUnsafeBytes { raw in
      // The elements of an array lie on 16 bytes, so every sample lies on a multiple of its size.
      size == 4
        ? NonFiniteCount(
          unsafe Span<UInt32>(_unsafeBytes: raw), infinity: Float.infinity.bitPattern)
        : NonFiniteCount(
          unsafe Span<UInt64>(_unsafeBytes: raw), infinity: Double.infinity.bitPattern)
    }
  }

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
    sample.isFloat ? NonFiniteCount(bytes, size: sample.size) : NonFiniteCount()
  }
}

extension StoredPlane {
  /// Samples that are NaN or infinite; none where samples are integers.
  public var nonFinite: NonFiniteCount {
    sample.isFloat ? NonFiniteCount(bytes, size: sample.size) : NonFiniteCount()
  }
}

extension Picture {
  /// Samples that are NaN or infinite; none where samples are integers.
  public var nonFinite: NonFiniteCount {
    sample.isFloat ? NonFiniteCount(bytes, size: sample.size) : NonFiniteCount()
  }
}

extension Raster where Sample == Float {
  /// Samples that are NaN or infinite.
  public var nonFinite: NonFiniteCount {
    unsafe samples.span.withUnsafeBytes { raw in
      NonFiniteCount(
        unsafe Span<UInt32>(_unsafeBytes: raw), infinity: Float.infinity.bitPattern)
    }
  }
}
