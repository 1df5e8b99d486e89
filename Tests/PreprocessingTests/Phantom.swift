import MedicalImaging
import TestSupport

@testable import Preprocessing

/// Made-up planes and volumes.
enum Phantom {
  static func plane(
    _ values: [Int], columns: Int, rows: Int, samplesPerPixel: Int = 1, sample: StoredPlane.Sample
  ) -> StoredPlane {
    plane(
      values.map(Double.init), columns: columns, rows: rows, samplesPerPixel: samplesPerPixel,
      sample: sample)
  }

  static func plane(
    _ values: [Double], columns: Int, rows: Int, samplesPerPixel: Int = 1,
    sample: StoredPlane.Sample
  ) -> StoredPlane {
    let bytes = values.flatMap { value -> [UInt8] in
      let pattern: UInt64 =
        switch sample {
        case .float32: UInt64(Float(value).bitPattern)
        case .float64: value.bitPattern
        default: UInt64(bitPattern: Int64(value))
        }
      return (0..<sample.size).map { UInt8(truncatingIfNeeded: pattern >> UInt64(8 * $0)) }
    }
    return StoredPlane(
      columns: columns, rows: rows, samplesPerPixel: samplesPerPixel, sample: sample, bytes: bytes)
  }

  /// All types of samples.
  static let samples: [StoredPlane.Sample] = [
    .uint8, .int8, .uint16, .int16, .uint32, .int32, .float32, .float64,
  ]

  /// Any value that the type can hold; of floating-point ones a quarter of a whole number.
  static func value(of sample: StoredPlane.Sample, _ generator: inout SeededGenerator) -> Double {
    let number = generator.next()
    return switch sample {
    case .uint32: Double(UInt32(truncatingIfNeeded: number))
    case .int32: Double(Int32(truncatingIfNeeded: number))
    case .float32, .float64: Double(Int16(truncatingIfNeeded: number)) / 4
    default: sample.storedValue(pattern: Int(number % UInt64(sample.patterns)))
    }
  }

  /// 55 volumes for statistics: stored values and their transform, slice by slice.
  static func volumes() -> [[(values: [Int], modality: ModalityTransform)]] {
    var generator = SeededGenerator(seed: 3)
    /// Roughly bell-shaped: the mean of four even ones.
    func bell(_ middle: Int, _ spread: Int) -> Int {
      let sum = (0..<4).reduce(0) { sum, _ in sum + Int(generator.next() % UInt64(2 * spread + 1)) }
      return middle + sum / 4 - spread
    }
    var volumes: [[(values: [Int], modality: ModalityTransform)]] = []
    // Air and tissue at widths from a few values to most of 16 bits: the wider, the flatter the
    // maximum that Otsu's threshold stands on.
    for i in 0..<40 {
      let (air, tissue) = (50 + 100 * i, 400 + 600 * i)
      let spread = 40 + 180 * i
      let values = (0..<3000 + 517 * i).map { _ in
        generator.next() % 3 == 0 ? bell(air, 30 + 20 * i) : bell(tissue, spread)
      }
      let modality = ModalityTransform.linear(
        slope: [1, 0.1, 2.37][i % 3], intercept: [0, -1024, 0.3][i % 3])
      volumes.append([(values, modality)])
    }
    // So flat a maximum that the precision of the class weights decides.
    for i in 0..<12 {
      let values = (0..<100_000).map { _ in
        generator.next() % 2 == 0 ? abs(bell(0, 2000)) : bell(15_000 + 100 * i, 15_000)
      }
      volumes.append([(values, .identity)])
    }
    volumes.append([([0, 1], .identity)])
    volumes.append([([5, 5, 5, 9, 9, 12, 12, 12, 12], .identity)])
    // Slices with their own slopes, as in PET.
    volumes.append(
      (1...9).map { i in
        ((0..<700).map { _ in bell(900, 800) }, .linear(slope: 0.013 * Double(i), intercept: 0))
      })
    return volumes
  }
}
