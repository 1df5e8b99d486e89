import Glibc
import MedicalImaging

/// Lays decoded planes down as slices of a NIfTI volume: the lowest row first, as readers of NIfTI
/// expect an axial slice, each sample in the volume's type.
public struct VoxelPacker: Sendable {
  private let columns, rows: Int
  private let voxel: NIfTIVoxel

  public init(_ volume: NIfTIVolume) {
    columns = volume.columns
    rows = volume.rows
    voxel = volume.voxel
  }

  /// What became of a plane.
  public enum Outcome: Equatable, Sendable {
    case packed
    /// A stored value of this type is none of the volume's type.
    case doesNotFit(StoredPlane.Sample)
  }

  /// Fills `out`, which has the bytes of a slice, with stored values, or, where there is a transform,
  /// with modality values; then the volume's type must be a floating-point one.
  ///
  /// - Throws: `damagedPixels` where the plane has another size than the volume's slices,
  ///   `unsupportedPixels` where its colours have more than 8 bits.
  public func pack(
    _ plane: StoredPlane, _ transform: ModalityTransform?,
    into out: UnsafeMutableRawBufferPointer
  ) throws(ImageError) -> Outcome {
    guard plane.columns == columns, plane.rows == rows,
      plane.samplesPerPixel == voxel.samplesPerVoxel
    else {
      throw ImageError(
        .damagedPixels, "A frame has another size or other colours than its header says.")
    }
    guard plane.samplesPerPixel == 1 || plane.sample == .uint8 else {
      throw ImageError(
        .unsupportedPixels, "NIfTI-1 has no colours of more than 8 bits.",
        remedy: "Leave it out, or convert it to pictures.")
    }
    return unsafe plane.bytes.span.withUnsafeBytes { samples in
      unsafe pack(
        samples, of: plane.sample, plane.samplesPerPixel == 1 ? transform : nil, into: out)
    }
  }

  /// The same for samples that lie somewhere else: as many as the volume's slices have.
  func pack(
    _ samples: UnsafeRawBufferPointer, of sample: StoredPlane.Sample,
    _ transform: ModalityTransform?, into out: UnsafeMutableRawBufferPointer
  ) -> Outcome {
    precondition(out.count == columns * rows * voxel.bytes)
    precondition(samples.count == columns * rows * voxel.samplesPerVoxel * sample.size)
    let isPacked =
      if let transform {
        unsafe modalityValues(sample, samples, transform, out)
      } else if sample.rawValue == voxel.sample.rawValue {
        unsafe sameBits(samples, out)
      } else {
        unsafe storedValues(sample, samples, out)
      }
    return isPacked ? .packed : .doesNotFit(sample)
  }

  /// Packs a frame straight out of its source where its samples lie there as they are read; nil where
  /// they do not, or have another size than the volume's slices.
  ///
  /// - Throws: what finding the frame throws.
  public func pack(
    frame index: Int, of decoder: FrameDecoder, _ transform: ModalityTransform?,
    into out: UnsafeMutableRawBufferPointer
  ) throws(ImageError) -> Outcome? {
    let format = decoder.header.format
    guard format.columns == columns, format.rows == rows, voxel.samplesPerVoxel == 1 else {
      return nil
    }
    return try unsafe decoder.withSamplesInPlace(frame: index) { samples, sample in
      unsafe pack(samples, of: sample, transform, into: out)
    }
  }

  // MARK: Bits as they are

  private func sameBits(_ plane: UnsafeRawBufferPointer, _ out: UnsafeMutableRawBufferPointer)
    -> Bool
  {
    guard let from = plane.baseAddress, let to = out.baseAddress else { return true }
    let line = columns * voxel.bytes
    for row in 0..<rows {
      unsafe memcpy(to + row * line, from + (rows - 1 - row) * line, line)
    }
    return true
  }

  // MARK: Numbers

  private func storedValues(
    _ sample: StoredPlane.Sample, _ plane: UnsafeRawBufferPointer,
    _ out: UnsafeMutableRawBufferPointer
  ) -> Bool {
    switch sample {
    case .uint8: unsafe whole(UInt8.self, plane, out)
    case .int8: unsafe whole(Int8.self, plane, out)
    case .uint16: unsafe whole(UInt16.self, plane, out)
    case .int16: unsafe whole(Int16.self, plane, out)
    case .uint32: unsafe whole(UInt32.self, plane, out)
    case .int32: unsafe whole(Int32.self, plane, out)
    case .uint64: unsafe whole(UInt64.self, plane, out)
    case .int64: unsafe whole(Int64.self, plane, out)
    case .float32: unsafe fractions(Float.self, plane, out) { $0 }
    case .float64: unsafe fractions(Double.self, plane, out) { $0 }
    }
  }

  private func whole<From: FixedWidthInteger & BitwiseCopyable>(
    _ from: From.Type, _ plane: UnsafeRawBufferPointer, _ out: UnsafeMutableRawBufferPointer
  ) -> Bool {
    switch voxel.sample {
    case .uint8: unsafe exactly(from, UInt8.self, plane, out)
    case .int8: unsafe exactly(from, Int8.self, plane, out)
    case .uint16: unsafe exactly(from, UInt16.self, plane, out)
    case .int16: unsafe exactly(from, Int16.self, plane, out)
    case .uint32: unsafe exactly(from, UInt32.self, plane, out)
    case .int32: unsafe exactly(from, Int32.self, plane, out)
    case .uint64: unsafe exactly(from, UInt64.self, plane, out)
    case .int64: unsafe exactly(from, Int64.self, plane, out)
    case .float32, .float64: unsafe integers(from, plane, out) { $0 }
    }
  }

  /// False where a number is none of the other type. Written so that it becomes vector code: numbers
  /// that do not fit are found after the row, not within it.
  private func exactly<
    From: FixedWidthInteger & BitwiseCopyable, To: FixedWidthInteger & BitwiseCopyable
  >(
    _: From.Type, _: To.Type, _ plane: UnsafeRawBufferPointer,
    _ out: UnsafeMutableRawBufferPointer
  ) -> Bool {
    for row in 0..<rows {
      let source = (rows - 1 - row) * columns
      let target = row * columns
      var isExact = true
      for column in 0..<columns {
        let value = unsafe plane.loadUnaligned(
          fromByteOffset: (source + column) * MemoryLayout<From>.size, as: From.self)
        let other = To(truncatingIfNeeded: value)
        isExact = isExact && From(truncatingIfNeeded: other) == value && (other < 0) == (value < 0)
        unsafe out.storeBytes(
          of: other, toByteOffset: (target + column) * MemoryLayout<To>.size, as: To.self)
      }
      if !isExact { return false }
    }
    return true
  }

  // MARK: Fractions

  private func modalityValues(
    _ sample: StoredPlane.Sample, _ plane: UnsafeRawBufferPointer, _ transform: ModalityTransform,
    _ out: UnsafeMutableRawBufferPointer
  ) -> Bool {
    let value: (Double) -> Double
    switch transform {
    case .linear(let slope, let intercept): value = { $0 * slope + intercept }
    case .table: value = { transform($0) }
    }
    return switch sample {
    case .uint8: unsafe integers(UInt8.self, plane, out, value)
    case .int8: unsafe integers(Int8.self, plane, out, value)
    case .uint16: unsafe integers(UInt16.self, plane, out, value)
    case .int16: unsafe integers(Int16.self, plane, out, value)
    case .uint32: unsafe integers(UInt32.self, plane, out, value)
    case .int32: unsafe integers(Int32.self, plane, out, value)
    case .uint64: unsafe integers(UInt64.self, plane, out, value)
    case .int64: unsafe integers(Int64.self, plane, out, value)
    case .float32: unsafe fractions(Float.self, plane, out, value)
    case .float64: unsafe fractions(Double.self, plane, out, value)
    }
  }

  private func integers<From: FixedWidthInteger & BitwiseCopyable>(
    _: From.Type, _ plane: UnsafeRawBufferPointer, _ out: UnsafeMutableRawBufferPointer,
    _ value: (Double) -> Double
  ) -> Bool {
    unsafe write(out) { index in
      value(
        Double(
          unsafe plane.loadUnaligned(
            fromByteOffset: index * MemoryLayout<From>.size, as: From.self)))
    }
  }

  private func fractions<From: BinaryFloatingPoint & BitwiseCopyable>(
    _: From.Type, _ plane: UnsafeRawBufferPointer, _ out: UnsafeMutableRawBufferPointer,
    _ value: (Double) -> Double
  ) -> Bool {
    unsafe write(out) { index in
      value(
        Double(
          unsafe plane.loadUnaligned(
            fromByteOffset: index * MemoryLayout<From>.size, as: From.self)))
    }
  }

  /// Writes each voxel as a fraction; `value` is asked for the sample of an index of the plane. False
  /// where the volume's type holds whole numbers.
  private func write(_ out: UnsafeMutableRawBufferPointer, _ value: (Int) -> Double) -> Bool {
    guard voxel.sample.isFloat else { return false }
    for row in 0..<rows {
      let source = (rows - 1 - row) * columns
      for column in 0..<columns {
        let number = value(source + column)
        let index = row * columns + column
        if voxel.sample == .float32 {
          unsafe out.storeBytes(of: Float(number), toByteOffset: index * 4, as: Float.self)
        } else {
          unsafe out.storeBytes(of: number, toByteOffset: index * 8, as: Double.self)
        }
      }
    }
    return true
  }
}
