import Glibc

/// Pictures in colour that are no DICOM: a stained section, and moles as a dermatoscope shows them.
enum TissuePicture {
  private static let texture = NoiseTexture("tissue")

  /// Haematoxylin and eosin: glands of violet nuclei around pale lumens, in pink stroma.
  static func section(side: Int, seed: String) -> ColourPicture {
    var numbers = SeededNumbers("section/" + seed)
    let texture = Self.texture
    let shift = Int(numbers.uniform(0...511))
    let size = Double(side)
    let glands = (0..<(side * side / 9000)).map { _ in
      (
        x: numbers.uniform(0...size), y: numbers.uniform(0...size), r: numbers.uniform(18...38),
        phase: numbers.uniform(0...6.28)
      )
    }
    var nuclei: [(x: Double, y: Double, r: Double)] = (0..<(side * side / 900)).map { _ in
      (numbers.uniform(0...size), numbers.uniform(0...size), numbers.uniform(1.5...2.8))
    }
    for gland in glands {
      for step in 0..<Int(gland.r * 1.1) {
        let angle = 6.283 * Double(step) / (gland.r * 1.1)
        let r = gland.r * (1 + 0.16 * sin(3 * angle + gland.phase)) - 3
        nuclei.append(
          (gland.x + r * cos(angle), gland.y + r * sin(angle), numbers.uniform(2.2...3.4)))
      }
    }
    var picture = ColourPicture(columns: side, rows: side) { column, row in
      let (x, y) = (Double(column), Double(row))
      let grain = Double(texture[column + shift, row])
      for gland in glands {
        let (dx, dy) = (x - gland.x, y - gland.y)
        let d = hypot(dx, dy) / (gland.r * (1 + 0.16 * sin(3 * atan2(dy, dx) + gland.phase)))
        if d < 0.5 { return (243 + grain, 238 + grain, 243 + grain) }
        if d < 1.08 { return (206 + 5 * grain, 158 + 6 * grain, 204 + 4 * grain) }
      }
      let fibre = sin((x * 0.6 + y) * 0.11 + 2 * texture.between(x / 9 + Double(shift), y / 9))
      return (
        232 + 6 * fibre + 3 * grain, 168 + 16 * fibre + 5 * grain, 200 + 9 * fibre + 3 * grain
      )
    }
    for nucleus in nuclei {
      let reach = Int(nucleus.r + 1)
      for dy in -reach...reach {
        for dx in -reach...reach where hypot(Double(dx), Double(dy) * 1.2) < nucleus.r {
          let (column, row) = (Int(nucleus.x) + dx, Int(nucleus.y) + dy)
          let grain = Double(texture[column + shift, row]) * 9
          picture.set(
            column, row, (UInt8(92 + grain), UInt8(58 + grain), UInt8(138 + grain)))
        }
      }
    }
    return picture
  }

  /// A pigmented spot on skin: round and even, or ragged with several colours where `isIrregular`.
  static func mole(side: Int, seed: String, isIrregular: Bool) -> ColourPicture {
    var numbers = SeededNumbers("mole/" + seed)
    let texture = Self.texture
    let shift = Int(numbers.uniform(0...511))
    let radius = Double(side) * numbers.uniform(0.2...0.3)
    let (a, b, c) = (
      numbers.uniform(0...6.28), numbers.uniform(0...6.28), numbers.uniform(0...6.28)
    )
    let ragged = isIrregular ? 1.0 : 0.2
    return ColourPicture(columns: side, rows: side) { column, row in
      let x = Double(column) - Double(side) / 2
      let y = Double(row) - Double(side) / 2
      let angle = atan2(y, x)
      let edge =
        radius
        * (1 + ragged
          * (0.2 * sin(2 * angle + a) + 0.13 * sin(5 * angle + b)
            + 0.06 * sin(11 * angle + c)))
      let d = hypot(x, y)
      let cover = 1 / (1 + exp((d - edge) / (isIrregular ? 2.2 : 5)))
      let grain = Double(texture[column + shift, row])
      let mottle = texture.between(Double(column) / 7 + Double(shift), Double(row) / 7)
      // Vignette of the instrument's lamp.
      let light = 1 - 0.22 * pow(2 * d / Double(side), 2)
      let skin = (226 + 4 * grain, 178 + 4 * grain + 4 * mottle, 152 + 5 * grain)
      let dark = isIrregular ? 26 * mottle + 30 * sin(angle + a) : 8 * mottle
      let spot = (118 + dark, 74 + 0.7 * dark, 52 + 0.6 * dark + (isIrregular ? 14 : 0))
      func mix(_ p: Double, _ q: Double) -> Double { (p + cover * (q - p)) * light }
      return (mix(skin.0, spot.0), mix(skin.1, spot.1), mix(skin.2, spot.2))
    }
  }
}
