import Glibc
import ImageFormats
import MedicalImaging

/// Spin-echo MR of a head: one signal a tissue from its relaxation times, with the coil's shading and
/// Rician noise.
struct MRScan {
  /// One volume of the series.
  struct Volume {
    /// Milliseconds.
    var echoTime: Double
    /// From 1.
    var echo = 1
    /// From 1, of a dynamic series; nil elsewhere.
    var time: Int?
    /// What the contrast agent adds to the lesion's and the vessels' signal.
    var enhancement = 0.0
  }

  let series: SampleSeries
  let anatomy: HeadAnatomy
  /// Milliseconds.
  let repetitionTime: Double
  let volumes: [Volume]
  var side = 128
  var count = 20

  private static let step = 6.0
  private static let start = -34.0
  private var spacing: Double { 230 / Double(side) }

  /// Writes the slices of all volumes, as scanners often do: slice by slice, the volumes of each.
  func write(to medium: inout SampleMedium) throws(ImageError) {
    var numbers = SeededNumbers("mr/\(series.study.patient.number)/\(series.number)")
    let left = -Double(side - 1) / 2 * spacing
    for slice in 0..<count {
      let z = Self.start + Double(slice) * Self.step
      let tissues = (0..<(side * side)).map { i in
        anatomy.tissue(
          left + Double(i % side) * spacing, left + Double(i / side) * spacing, z)
      }
      for (i, volume) in volumes.enumerated() {
        let number = slice * volumes.count + i
        let values = picture(tissues, volume, &numbers)
        let object = object(volume, z, left, values, number: number + 1)
        try medium.add(object, of: series, position: number)
      }
    }
  }

  private func picture(
    _ tissues: [HeadAnatomy.Tissue], _ volume: Volume, _ numbers: inout SeededNumbers
  ) -> [Int16] {
    let signals = HeadAnatomy.Tissue.allCases.map { Float(signal($0, volume)) }
    var values: [Int16] = []
    values.reserveCapacity(tissues.count)
    for (i, tissue) in tissues.enumerated() {
      let x = Float(i % side) / Float(side) - 0.5
      let y = Float(i / side) / Float(side) - 0.5
      // Brighter towards the coil's elements at the rim.
      let shading = 0.85 + 0.9 * (x * x + y * y)
      let real = signals[Int(tissue.rawValue)] * shading + 14 * numbers.normal()
      let imaginary = 14 * numbers.normal()
      values.append(Int16((real * real + imaginary * imaginary).squareRoot()))
    }
    return values
  }

  /// PD (1 - exp(-TR / T1)) exp(-TE / T2): a spin echo's signal where TE is much shorter than TR.
  private func signal(_ tissue: HeadAnatomy.Tissue, _ volume: Volume) -> Double {
    // Milliseconds and proton density at 1.5 T, rounded.
    let (t1, t2, density): (Double, Double, Double) =
      switch tissue {
      case .air: (1, 1, 0)
      case .bone: (1000, 1, 0.05)
      case .fat: (250, 75, 0.9)
      case .marrow: (400, 60, 0.6)
      case .muscle: (900, 45, 0.75)
      case .fluid, .eye: (3500, 1200, 1)
      case .grey: (1050, 100, 0.82)
      case .white: (560, 78, 0.71)
      case .lesion: (1300, 160, 0.9)
      case .blood: (1100, 60, 0.8)
      }
    let gain = tissue == .lesion || tissue == .blood ? 1 + volume.enhancement : 1
    return 1600 * gain * density * (1 - exp(-repetitionTime / t1)) * exp(-volume.echoTime / t2)
  }

  private func object(
    _ volume: Volume, _ z: Double, _ left: Double, _ values: [Int16], number: Int
  ) -> DICOMObject {
    var object = series.object(instance: number)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "M"]))
    object.set(.frameOfReferenceUID, series.frameOfReferenceUID)
    object.set(.positionReferenceIndicator, "")
    object.set(.patientPosition, "HFS")
    object.set(.scanningSequence, "SE")
    object.set(.sequenceVariant, "NONE")
    object.set(.scanOptions, "")
    object.set(.mrAcquisitionType, "2D")
    object.set(.repetitionTime, .decimals([repetitionTime]))
    object.set(.echoTime, .decimals([volume.echoTime]))
    object.set(.echoNumbers, volume.echo)
    object.set(.echoTrainLength, 1)
    object.set(.magneticFieldStrength, .decimals([1.5]))
    object.set(.sliceThickness, .decimals([5]))
    object.set(.spacingBetweenSlices, .decimals([Self.step]))
    object.set(.acquisitionNumber, volume.time ?? 1)
    if let time = volume.time {
      object.set(.temporalPositionIdentifier, time)
      object.set(.numberOfTemporalPositions, volumes.count)
      object.set(.temporalResolution, .decimals([30_000]))
      // Half a minute apart, from 10:00.
      let seconds = 30 * (time - 1)
      object.set(
        .acquisitionTime,
        "10" + SampleMedium.digits(seconds / 60, 2) + SampleMedium.digits(seconds % 60, 2))
    }
    object.set(.imagePosition, .decimals([left, left, z]))
    object.set(.imageOrientation, .decimals([1, 0, 0, 0, 1, 0]))
    object.set(.pixelSpacing, .decimals([spacing, spacing]))
    object.setGrey(values, columns: side, rows: side, bitsStored: 12, signed: false)
    return object
  }
}
