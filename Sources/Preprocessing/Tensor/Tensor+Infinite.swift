import MedicalImaging

extension Tensor {
  /// Numbers in floating point that are infinite, because their type has none so large.
  var infinite: Int {
    guard scalar != .int64 else { return 0 }
    return unsafe bytes.withUnsafeBytes { raw in
      scalar == .float32
        ? unsafe Self.count(raw.bindMemory(to: UInt32.self), Float.infinity.bitPattern)
        : unsafe Self.count(
          raw.bindMemory(to: UInt16.self),
          scalar == .float16 ? Float16.infinity.bitPattern : Float.infinity.bfloat16)
    }
  }

  /// How many patterns are `infinity`, of either sign.
  private static func count<Pattern: FixedWidthInteger & UnsignedInteger>(
    _ patterns: UnsafeBufferPointer<Pattern>, _ infinity: Pattern
  ) -> Int {
    var count = 0
    for i in 0..<patterns.count where unsafe patterns[i] & (.max >> 1) == infinity { count += 1 }
    return count
  }
}
