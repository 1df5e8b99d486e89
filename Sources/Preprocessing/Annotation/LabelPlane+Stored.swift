import MedicalImaging

extension LabelPlane {
  /// The numbers of a plane of one sample a pixel, of any type.
  ///
  /// Throws `.annotation` where a number is not whole, or does not fit 32 bits with sign, and where
  /// pixels have several samples.
  public init(_ plane: StoredPlane) throws(ImageError) {
    guard plane.samplesPerPixel == 1 else {
      throw ImageError(
        .annotation, "A label plane has one number a pixel, not colours.",
        remedy: "Read its colours with a table of what they stand for.")
    }
    let numbers =
      switch plane.sample {
      case .uint8: Self.numbers(plane.bytes, of: UInt8.self)
      case .int8: Self.numbers(plane.bytes, of: Int8.self)
      case .uint16: Self.numbers(plane.bytes, of: UInt16.self)
      case .int16: Self.numbers(plane.bytes, of: Int16.self)
      case .uint32: Self.numbers(plane.bytes, of: UInt32.self)
      case .int32: Self.numbers(plane.bytes, of: Int32.self)
      case .uint64: Self.numbers(plane.bytes, of: UInt64.self)
      case .int64: Self.numbers(plane.bytes, of: Int64.self)
      case .float32: Self.numbers(plane.bytes, ofReal: Float.self)
      case .float64: Self.numbers(plane.bytes, ofReal: Double.self)
      }
    guard let numbers else {
      throw ImageError(
        .annotation, "A label plane holds a value that is no whole number of 32 bits.",
        remedy: "Leave it out where its values stand for no structures.")
    }
    self.init(columns: plane.columns, rows: plane.rows, numbers: numbers)
  }

  /// Nil where one does not fit.
  private static func numbers<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: [UInt8], of type: Number.Type
  ) -> [Int32]? {
    converted(bytes, from: type) { Int32(exactly: $0) }
  }

  /// Nil where one is not whole or does not fit.
  private static func numbers<Number: BinaryFloatingPoint & BitwiseCopyable>(
    _ bytes: [UInt8], ofReal type: Number.Type
  ) -> [Int32]? {
    converted(bytes, from: type) { Int32(exactly: $0) }
  }

  private static func converted<Number: BitwiseCopyable>(
    _ bytes: [UInt8], from type: Number.Type, _ number: (Number) -> Int32?
  ) -> [Int32]? {
    let size = MemoryLayout<Number>.size
    var numbers: [Int32] = []
    numbers.reserveCapacity(bytes.count / size)
    return unsafe bytes.withUnsafeBytes { raw in
      for offset in stride(from: 0, to: raw.count, by: size) {
        guard let value = number(unsafe raw.loadUnaligned(fromByteOffset: offset, as: type)) else {
          return nil
        }
        numbers.append(value)
      }
      return numbers
    }
  }
}
