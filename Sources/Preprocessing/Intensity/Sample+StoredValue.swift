import MedicalImaging

extension StoredPlane.Sample {
  /// Whether a table of all its bit patterns is small enough to be made.
  var isTabular: Bool { size <= 2 }

  /// How many bit patterns a tabular sample can have: 256 or 65,536.
  var patterns: Int { 1 << (8 * size) }

  /// The stored value that a bit pattern of a tabular sample stands for.
  func storedValue(pattern: Int) -> Double {
    Double(isSigned && pattern >= patterns / 2 ? pattern - patterns : pattern)
  }

  /// The stored value at an offset in bytes; of 64-bit integers beyond 2^53 the nearest number that
  /// Double has.
  func storedValue(_ bytes: UnsafeRawBufferPointer, at offset: Int) -> Double {
    switch self {
    case .uint8: Double(unsafe bytes[offset])
    case .int8: Double(Int8(bitPattern: unsafe bytes[offset]))
    case .uint16: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt16.self))
    case .int16: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Int16.self))
    case .uint32: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    case .int32: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Int32.self))
    case .uint64: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    case .int64: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Int64.self))
    case .float32: Double(unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Float.self))
    case .float64: unsafe bytes.loadUnaligned(fromByteOffset: offset, as: Double.self)
    }
  }
}
