/// Numbers of one type along axes, the last axis fastest (numpy's C order).
public struct Tensor: Hashable, Sendable {
  /// The type of a number in `bytes`, little endian.
  public enum Scalar: String, Codable, CaseIterable, Sendable {
    case float32
    /// IEEE 754 binary16.
    case float16
    /// The upper half of a float32.
    case bfloat16
    case int64

    /// Bytes.
    public var size: Int {
      switch self {
      case .float16, .bfloat16: 2
      case .float32: 4
      case .int64: 8
      }
    }
  }

  /// Numbers along each axis.
  public let shape: [Int]
  public let scalar: Scalar
  /// On a multiple of 16, so that every number lies on one of its size; `withUnsafeBytes` and `span` of
  /// it hand the memory over without a copy.
  public let bytes: [UInt8]

  /// Axes have 0 numbers at least, and there are as many bytes as they take.
  public init(shape: [Int], scalar: Scalar, bytes: [UInt8]) {
    precondition(shape.allSatisfy { $0 >= 0 })
    precondition(bytes.count == shape.reduce(1, *) * scalar.size)
    (self.shape, self.scalar, self.bytes) = (shape, scalar, bytes)
  }

  /// Whole numbers.
  public init(shape: [Int], _ numbers: [Int64]) {
    let bytes = numbers.flatMap { number in
      (0..<8).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }
    self.init(shape: shape, scalar: .int64, bytes: bytes)
  }

  /// Numbers of all axes.
  public var count: Int { bytes.count / scalar.size }
}
