import ImageFormats
import MedicalImaging

/// A CT series: slices from foot to head, or their scout.
struct CTScan {
  enum Subject {
    case torso(TorsoAnatomy)
    case head(HeadAnatomy)
  }

  let series: SampleSeries
  let subject: Subject
  /// Pixels of a side.
  let side: Int
  /// Millimetres between slices, and z of the first.
  let step: Double
  let start: Double
  let count: Int
  /// Counted from 0: slices that were lost on the way.
  var missing: Set<Int> = []
  var window = (center: 40, width: 400)
  var kernel = "SOFT"
  var agent = ""

  private static let textures = (NoiseTexture("ct/0"), NoiseTexture("ct/1"))

  /// Padding as stored: below everything that the scanner measures (PS3.3 C.7.5.1.1.2).
  private static let padding: Int16 = -2000

  /// Millimetres across the field of view.
  private var field: Double { isHead ? 240 : 380 }

  private var isHead: Bool {
    if case .head = subject { return true }
    return false
  }

  /// Writes the slices; files are in no order that says anything.
  func write(to medium: inout SampleMedium) throws(ImageError) {
    var numbers = SeededNumbers("order/\(series.study.patient.number)/\(series.number)")
    let kept = (0..<count).filter { !missing.contains($0) }
    let positions = numbers.order(kept.count)
    var canvas = SliceCanvas(side: side, spacing: field / Double(side))
    for (i, slice) in kept.enumerated() {
      draw(slice, on: &canvas)
      canvas.addNoise(Self.textures, slice: slice &+ series.number &* 1000, sigma: isHead ? 5 : 13)
      try medium.add(
        object(slice, canvas), of: series, position: positions[i])
    }
  }

  private func draw(_ slice: Int, on canvas: inout SliceCanvas) {
    let z = start + Double(slice) * step
    switch subject {
    case .torso(let anatomy):
      canvas.clear()
      anatomy.section(at: z, onto: &canvas)
    case .head(let anatomy):
      canvas.fill { Self.hounsfield(anatomy.tissue($0, $1, z)) }
    }
    canvas.blur()
  }

  private func object(_ slice: Int, _ canvas: SliceCanvas) -> DICOMObject {
    let z = start + Double(slice) * step
    var object = general(
      series.object(instance: slice + 1), series, type: ["ORIGINAL", "PRIMARY", "AXIAL"])
    object.set(.imagePosition, .decimals([canvas.origin, canvas.origin, z]))
    object.set(.imageOrientation, .decimals([1, 0, 0, 0, 1, 0]))
    object.set(.pixelSpacing, .decimals([canvas.spacing, canvas.spacing]))
    object.set(.sliceThickness, .decimals([step]))
    object.set(.sliceLocation, .decimals([z]))
    object.set(.acquisitionNumber, 1)
    object.set(.convolutionKernel, kernel)
    if !agent.isEmpty { object.set(.contrastBolusAgent, agent) }
    object.setGrey(
      canvas.stored(padding: Self.padding), columns: side, rows: side, bitsStored: 16, signed: true)
    object.set(.pixelPaddingValueSigned, Int(Self.padding))
    object.set(.rescaleIntercept, .decimals([-1024]))
    object.set(.rescaleSlope, .decimals([1]))
    object.set(.rescaleType, "HU")
    object.set(.windowCenter, .decimals([Double(window.center)]))
    object.set(.windowWidth, .decimals([Double(window.width)]))
    return object
  }

  /// Writes the scout as the only instance of a series of its own: a frontal X-ray picture.
  func writeScout(as series: SampleSeries, to medium: inout SampleMedium) throws(ImageError) {
    let solids: [Solid]
    switch subject {
    case .torso(let anatomy): solids = anatomy.solids
    case .head(let anatomy): solids = anatomy.solids
    }
    let (columns, spacing) = (192, field / 192)
    let top = start + Double(count) * step + 40
    let rows = Int((top - start + 40) / spacing)
    let water = Projection(
      of: solids, direction: .frontal, columns: columns, rows: rows, spacing: spacing, top: top
    ).water
    var numbers = SeededNumbers("scout/\(series.study.patient.number)/\(series.number)")
    let values = water.map { Int16(max(0, 900 + 3 * $0 - 500 + 6 * numbers.normal())) }
    var object = general(
      series.object(instance: 1), series, type: ["ORIGINAL", "PRIMARY", "LOCALIZER"])
    let left = -Double(columns - 1) / 2 * spacing
    object.set(.imagePosition, .decimals([left, 0, top]))
    object.set(.imageOrientation, .decimals([1, 0, 0, 0, 0, -1]))
    object.set(.pixelSpacing, .decimals([spacing, spacing]))
    object.setGrey(values, columns: columns, rows: rows, bitsStored: 16, signed: true)
    object.set(.rescaleIntercept, .decimals([-1024]))
    object.set(.rescaleSlope, .decimals([1]))
    object.set(.windowCenter, .decimals([0]))
    object.set(.windowWidth, .decimals([1200]))
    try medium.add(object, of: series, position: 0)
  }

  private func general(_ object: DICOMObject, _ series: SampleSeries, type: [String])
    -> DICOMObject
  {
    var object = object
    object.set(.imageType, .texts(type))
    object.set(.frameOfReferenceUID, series.frameOfReferenceUID)
    object.set(.positionReferenceIndicator, "")
    object.set(.patientPosition, "HFS")
    object.set(.kvp, .decimals([120]))
    return object
  }

  private static func hounsfield(_ tissue: HeadAnatomy.Tissue) -> Int16 {
    switch tissue {
    case .air: -1000
    case .fat: -90
    case .muscle: 50
    case .bone: 1150
    case .marrow: 480
    case .fluid: 6
    case .grey: 39
    case .white: 29
    case .eye: 12
    case .lesion: 48
    case .blood: 68
    }
  }
}
