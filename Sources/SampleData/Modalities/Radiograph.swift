import Glibc
import ImageFormats
import MedicalImaging

/// An X-ray picture of the chest on a detector or a storage plate.
struct Radiograph {
  let series: SampleSeries
  let anatomy: TorsoAnatomy
  let direction: Projection.Direction

  private static let (columns, rows, spacing) = (320, 384, 1.0)
  private static let texture = NoiseTexture("x-ray")

  /// Computed Radiography: MONOCHROME1 with a window.
  func writePlate(to medium: inout SampleMedium) throws(ImageError) {
    var object = general()
    // More light on the plate, a larger value: lungs are high, and MONOCHROME1 shows them dark.
    object.setGrey(
      exposures(), columns: Self.columns, rows: Self.rows, bitsStored: 12, signed: false,
      photometric: "MONOCHROME1")
    object.set(.windowCenter, .decimals([2000]))
    object.set(.windowWidth, .decimals([3200]))
    object.set(.imagerPixelSpacing, .decimals([Self.spacing, Self.spacing]))
    object.set(.cassetteID, "")
    try medium.add(object, of: series, position: 0)
  }

  /// Digital X-Ray for presentation: MONOCHROME2 with a VOI LUT.
  func writeDetector(to medium: inout SampleMedium) throws(ImageError) {
    var object = general()
    let values = exposures().map { 4095 - $0 }
    object.setGrey(
      values, columns: Self.columns, rows: Self.rows, bitsStored: 12, signed: false)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", ""]))
    object.set(.presentationIntentType, "FOR PRESENTATION")
    object.set(.pixelIntensityRelationship, "LOG")
    object.set(.pixelIntensityRelationshipSign, -1)
    object.set(.presentationLUTShape, "IDENTITY")
    object.set(.rescaleIntercept, .decimals([0]))
    object.set(.rescaleSlope, .decimals([1]))
    object.set(.rescaleType, "US")
    object.set(.imagerPixelSpacing, .decimals([Self.spacing, Self.spacing]))
    object.set(.burnedInAnnotation, "NO")
    object.set(.lossyImageCompression, "00")
    object.set(.voiLUTSequence, .items([curve()]))
    try medium.add(object, of: series, position: 0)
  }

  private func general() -> DICOMObject {
    var object = series.object(instance: 1)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY"]))
    object.set(.viewPosition, direction == .frontal ? "PA" : "LL")
    // Rows run towards the patient's left as one looks at it, columns to the feet.
    object.set(.patientOrientation, .texts([direction == .frontal ? "L" : "P", "F"]))
    object.set(.laterality, "")
    object.set(.kvp, .decimals([125]))
    return object
  }

  /// The logarithm of the exposure behind the patient, 12 bits, with quantum noise.
  private func exposures() -> [Int16] {
    let water = Projection(
      of: anatomy.solids, direction: direction, columns: Self.columns, rows: Self.rows,
      spacing: Self.spacing, top: 275
    ).water
    return water.enumerated().map { i, water in
      let depth = Double(max(0, water))
      let grain = Double(Self.texture[i % Self.columns, i / Self.columns]) * (6 + 0.06 * depth)
      return Int16(min(4095, max(0, 3900 - 11 * depth + grain)))
    }
  }

  /// A film's curve: steep in the middle, flat at both ends.
  private func curve() -> DICOMObject {
    let entries = (0..<4096).map { 4095 / (1 + exp((2350 - Double($0)) / 420)) }
    var item = DICOMObject()
    // The number of entries, the first value mapped, bits of an entry.
    item.set(.lutDescriptor, .integers([4096, 0, 12]))
    item.set(.lutExplanation, "FILM")
    item.set(
      .lutData, .bytes(entries.flatMap { [UInt8(Int($0) & 255), UInt8(Int($0) >> 8)] }))
    return item
  }
}
