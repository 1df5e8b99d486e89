import MedicalImaging

/// The modality values of one plane as resampling needs them, and which pixels are no picture: padding,
/// and what is no finite number.
public struct ModalityPlane: Sendable {
  public let columns, rows: Int
  /// Row by row; 0 where there is no picture.
  let values: [Double]
  /// Row by row 1, and 0 where there is no picture; empty where all of it is picture.
  let weights: [Double]

  /// Of a grey plane; padding is told by stored values (PS3.3 C.7.5.1.1.2).
  public init(_ plane: StoredPlane, modality: ModalityTransform, padding: PixelPadding?) {
    precondition(plane.samplesPerPixel == 1, "colour has no modality values")
    columns = plane.columns
    rows = plane.rows
    let source = Source(modality: modality, padding: padding?.values)
    (values, weights) = unsafe plane.bytes.withUnsafeBytes { bytes in
      switch plane.sample {
      case .uint8: unsafe source.read(bytes, as: UInt8.self) { Double($0) }
      case .int8: unsafe source.read(bytes, as: Int8.self) { Double($0) }
      case .uint16: unsafe source.read(bytes, as: UInt16.self) { Double($0) }
      case .int16: unsafe source.read(bytes, as: Int16.self) { Double($0) }
      case .uint32: unsafe source.read(bytes, as: UInt32.self) { Double($0) }
      case .int32: unsafe source.read(bytes, as: Int32.self) { Double($0) }
      case .uint64: unsafe source.read(bytes, as: UInt64.self) { Double($0) }
      case .int64: unsafe source.read(bytes, as: Int64.self) { Double($0) }
      case .float32: unsafe source.read(bytes, as: Float.self) { Double($0) }
      case .float64: unsafe source.read(bytes, as: Double.self) { $0 }
      }
    }
  }

  /// The lowest value of the picture; nil where nothing of the plane is picture.
  public var lowest: Double? {
    weights.isEmpty
      ? values.min() : zip(values, weights).lazy.filter { $0.1 > 0 }.map(\.0).min()
  }

  /// How stored samples are to be taken.
  private struct Source {
    let modality: ModalityTransform
    let padding: ClosedRange<Double>?

    /// Values and weights of samples of one type.
    @inline(__always)
    func read<Number: BitwiseCopyable>(
      _ bytes: UnsafeRawBufferPointer, as type: Number.Type, _ number: (Number) -> Double
    ) -> (values: [Double], weights: [Double]) {
      switch modality {
      case .linear(let slope, let intercept):
        unsafe read(bytes, number) { $0 * slope + intercept }
      case .table: unsafe read(bytes, number) { modality($0) }
      }
    }

    /// Values and weights of samples; both are written without a branch, so that it becomes vector code.
    @inline(__always)
    private func read<Number: BitwiseCopyable>(
      _ bytes: UnsafeRawBufferPointer, _ number: (Number) -> Double, _ value: (Double) -> Double
    ) -> (values: [Double], weights: [Double]) {
      let size = MemoryLayout<Number>.size
      let count = bytes.count / size
      // Nothing is between these where there is no padding.
      let (low, high) = (padding?.lowerBound ?? .infinity, padding?.upperBound ?? -.infinity)
      var pictured = 0.0
      var weights: [Double] = []
      let values = unsafe [Double](unsafeUninitializedCapacity: count) { values, usedValues in
        unsafe weights = [Double](unsafeUninitializedCapacity: count) { weights, usedWeights in
          for i in 0..<count {
            let stored = number(
              unsafe bytes.loadUnaligned(fromByteOffset: i * size, as: Number.self))
            let modality = value(stored)
            let isPicture = !(stored >= low && stored <= high) && modality.magnitude < .infinity
            unsafe values[i] = isPicture ? modality : 0
            unsafe weights[i] = isPicture ? 1 : 0
            pictured += isPicture ? 1 : 0
          }
          usedWeights = count
        }
        usedValues = count
      }
      return (values, pictured == Double(count) ? [] : weights)
    }
  }
}
