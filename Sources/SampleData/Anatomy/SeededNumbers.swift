import MedicalImaging

/// Random numbers that are the same on every machine: SplitMix64 (Steele, Lea, Flood 2014).
struct SeededNumbers {
  private var state: UInt64

  /// A sequence of its own for every text.
  init(_ seed: String) { state = SHA256.hash(seed).leading }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ z >> 30) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ z >> 27) &* 0x94D0_49BB_1331_11EB
    return z ^ z >> 31
  }

  /// Evenly in a range.
  mutating func uniform(_ range: ClosedRange<Double>) -> Double {
    let unit = Double(next() >> 11) * 0x1p-53
    return range.lowerBound + unit * (range.upperBound - range.lowerBound)
  }

  /// Mean 0, deviation 1: the sum of four even 16-bit numbers, which ends at 3.5.
  mutating func normal() -> Float {
    let bits = next()
    let sum =
      Int(bits & 0xFFFF) + Int(bits >> 16 & 0xFFFF) + Int(bits >> 32 & 0xFFFF) + Int(bits >> 48)
    // Each has the variance (65536^2 - 1) / 12.
    return Float(sum - 131_070) * 2.642_83e-5
  }

  /// A random order of 0 ..< count (Fisher and Yates).
  mutating func order(_ count: Int) -> [Int] {
    var order = Array(0..<count)
    for i in stride(from: count - 1, to: 0, by: -1) {
      order.swapAt(i, Int(next() % UInt64(i + 1)))
    }
    return order
  }
}
