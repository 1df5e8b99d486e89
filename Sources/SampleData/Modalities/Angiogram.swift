import Glibc
import ImageFormats
import MedicalImaging

/// An X-ray angiogram: contrast runs down a branching artery, frame by frame.
struct Angiogram {
  let series: SampleSeries

  private static let side = 160

  /// A piece of a vessel: a disc, and when the contrast reaches it.
  private struct Bead {
    var x, y, radius, time: Double
  }

  func write(frames: Int, to medium: inout SampleMedium) throws(ImageError) {
    var numbers = SeededNumbers("angiogram")
    var beads: [Bead] = []
    Self.grow(&beads, &numbers, Bead(x: 62, y: 6, radius: 4.2, time: 0), angle: 1.35, depth: 5)
    var bytes: [UInt8] = []
    for frame in 0..<frames {
      bytes += Self.picture(beads, now: Double(frame) / Double(frames - 1) * 1.25, &numbers)
    }
    var object = series.object(instance: 1)
    object.set(.imageType, .texts(["ORIGINAL", "PRIMARY", "SINGLE PLANE"]))
    object.set(.patientOrientation, "")
    object.set(.laterality, "")
    object.set(.kvp, .decimals([80]))
    object.set(.pixelIntensityRelationship, "LIN")
    object.set(.positionerPrimaryAngle, .decimals([30]))
    object.set(.positionerSecondaryAngle, .decimals([0]))
    object.set(.lossyImageCompression, "00")
    object.set(.windowCenter, .decimals([128]))
    object.set(.windowWidth, .decimals([256]))
    object.setGrey(bytes, columns: Self.side, rows: Self.side)
    object.set(.frameTime, .decimals([66]))
    object.set(.frameIncrementPointer, 0x0018_1063)
    try medium.add(object, of: series, position: 0)
  }

  /// Walks on from a bead, winding, and splits in two at the end.
  private static func grow(
    _ beads: inout [Bead], _ numbers: inout SeededNumbers, _ start: Bead, angle: Double,
    depth: Int
  ) {
    var (bead, angle) = (start, angle)
    for _ in 0..<Int(numbers.uniform(22...40)) {
      angle += numbers.uniform(-0.16...0.16)
      bead.x += 1.1 * cos(angle)
      bead.y += 1.1 * sin(angle)
      bead.radius *= 0.993
      bead.time += 0.0075
      beads.append(bead)
    }
    guard depth > 0 else { return }
    bead.radius *= 0.8
    let fork = numbers.uniform(0.35...0.75)
    grow(&beads, &numbers, bead, angle: angle - fork, depth: depth - 1)
    grow(&beads, &numbers, bead, angle: angle + fork * 0.8, depth: depth - 1)
  }

  private static func picture(
    _ beads: [Bead], now: Double, _ numbers: inout SeededNumbers
  ) -> [UInt8] {
    // Ribs, spine and the edge of the heart under the vessels.
    var light = (0..<(side * side)).map { i -> Double in
      let (x, y) = (Double(i % side), Double(i / side))
      let spine = 26 * exp(-pow((x - 122) / 15, 2)) * (1 + 0.25 * sin(y / 6))
      let rib = 9 * max(0, sin((y + 0.35 * x) / 7) - 0.4)
      let heart = 30 / (1 + exp((hypot(x - 80, (y - 88) * 0.9) - 58) / 5))
      return 182 - spine - rib - heart
    }
    for bead in beads where bead.time < now && bead.time > now - 0.75 {
      let reach = Int(bead.radius + 2)
      let inside = 0..<side
      for y in (Int(bead.y) - reach)...(Int(bead.y) + reach) where inside.contains(y) {
        for x in (Int(bead.x) - reach)...(Int(bead.x) + reach) where inside.contains(x) {
          let d = hypot(Double(x) - bead.x, Double(y) - bead.y)
          let cover = min(1, max(0, bead.radius - d + 0.5))
          let i = y * side + x
          // The darkest bead counts: neighbours are one vessel.
          light[i] = min(light[i], light[i] * (1 - cover) + cover * (62 + 14 * d))
        }
      }
    }
    return light.map { UInt8(min(255, max(0, $0 + 4.5 * Double(numbers.normal())))) }
  }
}
