import Glibc
import ImageFormats
import MedicalImaging

/// Ultrasound: a fan of speckle in which fluid is black and what lies behind it bright.
struct Ultrasound {
  let series: SampleSeries

  /// A still picture of the liver with the gall bladder, a kidney and a Doppler box, in colour.
  func writeStill(to medium: inout SampleMedium) throws(ImageError) {
    let fan = Fan(columns: 320, rows: 240)
    let texture = NoiseTexture("us/still")
    let picture = ColourPicture(columns: fan.columns, rows: fan.rows) { column, row in
      if column > 300, column < 310, row > 20, row < 100 {
        return Self.flow(1 - Double(row - 20) / 40)
      }
      guard let place = fan.place(column, row) else { return (0, 0, 0) }
      let (x, y) = place.cartesian
      var echo = 95.0
      echo += 75 * exp(-pow((y - 150 - 0.002 * x * x) / 3, 2))  // diaphragm
      if Self.inside(x + 28, y - 70, 26, 16) { echo = 8 }  // gall bladder
      if Self.inside(x + 28, y - 104, 20, 18) { echo += 45 }  // the gain behind it
      let kidney = Self.distance(x - 42, y - 112, 38, 20)
      if kidney < 1 { echo = kidney < 0.45 ? 150 : 62 }
      if Self.inside(x - 14, y - 62, 34, 5) {
        let speed = texture.between(Double(column) / 3, Double(row) / 3) * 0.2 + 0.65
        return Self.flow(speed)
      }
      let grey = echo * Self.speckle(texture, place) * place.fade
      return (grey, grey, grey)
    }
    var object = general(instance: 1)
    object.setColour(picture.bytes, columns: fan.columns, rows: fan.rows)
    object.set(.ultrasoundColorDataPresent, 1)
    try medium.add(object, of: series, position: 0)
  }

  /// A cine of a beating heart: two chambers that fill and empty once in `frames`.
  func writeCine(frames: Int, to medium: inout SampleMedium) throws(ImageError) {
    let fan = Fan(columns: 192, rows: 160)
    let texture = NoiseTexture("us/cine")
    var bytes: [UInt8] = []
    for frame in 0..<frames {
      let beat = 1 - 0.28 * (0.5 - 0.5 * cos(2 * .pi * Double(frame) / Double(frames)))
      let picture = ColourPicture(columns: fan.columns, rows: fan.rows) { column, row in
        guard let place = fan.place(column, row) else { return (0, 0, 0) }
        let (x, y) = place.cartesian
        var echo = 40.0
        let wall = Self.distance(x, y - 88, 58, 60)
        if wall < 1 { echo = 120 }
        if Self.inside(x - 17, y - 72, 21 * beat, 34 * beat) { echo = 7 }
        if Self.inside(x + 20, y - 74, 15 * beat, 30 * beat) { echo = 7 }
        if Self.inside(x - 15, y - 124, 17 / beat, 14 / beat) { echo = 7 }
        if Self.inside(x + 18, y - 122, 16 / beat, 13 / beat) { echo = 7 }
        if abs(y - 109 + 4 * beat) < 1.6, abs(x) < 36 { echo = 190 }  // valves
        let grey = echo * Self.speckle(texture, place, shift: frame) * place.fade
        return (grey, grey, grey)
      }
      bytes += picture.bytes
    }
    var object = general(instance: 1)
    object.setColour(bytes, columns: fan.columns, rows: fan.rows)
    object.set(.numberOfFrames, frames)
    object.set(.frameTime, .decimals([40]))
    object.set(.frameIncrementPointer, 0x0018_1063)
    try medium.add(object, of: series, position: 0)
  }

  private func general(instance: Int) -> DICOMObject {
    var object = series.object(instance: instance)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "", "0001"]))
    object.set(.burnedInAnnotation, "NO")
    object.set(.lossyImageCompression, "00")
    return object
  }

  /// Where a pixel lies in a curved array's fan.
  private struct Fan {
    let columns: Int
    let rows: Int

    struct Place {
      var angle, depth: Double
      /// Echoes weaken on their way, and the near field is dull.
      var fade: Double { (0.35 + 0.65 * min(1, depth / 40)) * (1.15 - 0.004 * depth) }
      /// In units of the fan, 0 ... 190 down.
      var cartesian: (x: Double, y: Double) { (depth * sin(angle), depth * cos(angle)) }
    }

    func place(_ column: Int, _ row: Int) -> Place? {
      let scale = 190 / Double(rows)
      let x = (Double(column) - Double(columns) / 2) * scale
      let y = (Double(row) + 4) * scale
      let (angle, depth) = (atan2(x, y), (x * x + y * y).squareRoot())
      return abs(angle) < 0.62 && depth > 16 && depth < 182
        ? Place(angle: angle, depth: depth) : nil
    }
  }

  /// Rayleigh's law by the sum of two normal squares; grains are wide across and thin along the beam.
  private static func speckle(_ texture: NoiseTexture, _ place: Fan.Place, shift: Int = 0)
    -> Double
  {
    let (a, d) = (Int(place.angle * 170) + 256, Int(place.depth * 2.1) + shift)
    let (one, other) = (Double(texture[a, d]), Double(texture[a + 133, d + 71]))
    return 0.3 + 0.62 * (one * one + other * other).squareRoot()
  }

  /// The colours of a velocity, 1 towards the probe, -1 away.
  private static func flow(_ speed: Double) -> (red: Double, green: Double, blue: Double) {
    let strength = min(1, abs(speed))
    return speed > 0
      ? (120 + 135 * strength, 170 * strength * strength, 0)
      : (0, 170 * strength * strength, 120 + 135 * strength)
  }

  private static func distance(_ x: Double, _ y: Double, _ rx: Double, _ ry: Double) -> Double {
    (x * x / (rx * rx) + y * y / (ry * ry)).squareRoot()
  }

  private static func inside(_ x: Double, _ y: Double, _ rx: Double, _ ry: Double) -> Bool {
    distance(x, y, rx, ry) < 1
  }
}
