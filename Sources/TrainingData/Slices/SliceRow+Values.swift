import MedicalImaging
import Preprocessing

/// What follows from what a row says.
extension SliceRow.Picture {
  /// How its greys were chosen, as far as it is one window or range.
  var shown: SliceReport.Grey {
    let channel = display.channels.count == 1 ? display.channels[0] : nil
    guard let channel else { return SliceReport.Grey(units: values?.units) }
    if let center = channel.center, let width = channel.width {
      return SliceReport.Grey(units: values?.units, window: Window(center: center, width: width))
    }
    return SliceReport.Grey(units: values?.units, low: channel.low, high: channel.high)
  }

  /// The modality value of a pixel: offset + scale x pixel; nil where no line leads back, as from colour,
  /// a table or a sigmoid.
  func valueFromPixel(_ depth: PictureDepth) -> (offset: Double, scale: Double)? {
    let most = depth == .eight ? 255.0 : 65535.0
    var ends: (low: Double, high: Double)
    switch display.kind {
    case "window", "range":
      guard display.channels.count == 1, display.channels[0].function != "SIGMOID" else {
        return nil
      }
      ends = (display.channels[0].low, display.channels[0].high)
    case "none" where values != nil: ends = (0, most)
    default: return nil
    }
    guard ends.low < ends.high else { return nil }
    if display.inverted { swap(&ends.low, &ends.high) }
    return (ends.low, (ends.high - ends.low) / most)
  }

  /// Millimetres from row to row and from column to column, as Pixel Spacing orders them.
  var spacing: [Double]? {
    pixelToPatient.map { matrix in
      [1, 0].map { Self.column($0, of: matrix).length }
    }
  }

  /// Where rows and columns run to: of the letters L, R, P, A, H and F (PS3.3 C.7.6.1.1.1) the one that is
  /// nearest; without a place in the patient what the header says.
  var orientation: [String]? {
    guard let pixelToPatient else {
      return patientOrientation
    }
    return [0, 1].map { Self.letter(Self.column($0, of: pixelToPatient)) }
  }

  private static func column(_ number: Int, of matrix: [[Double]]) -> Vector3 {
    Vector3(matrix[0][number], matrix[1][number], matrix[2][number])
  }

  private static func letter(_ way: Vector3) -> String {
    let sides = [(way.x, "L", "R"), (way.y, "P", "A"), (way.z, "H", "F")]
    guard let nearest = sides.max(by: { abs($0.0) < abs($1.0) }) else { return "" }
    return nearest.0 < 0 ? nearest.2 : nearest.1
  }
}
