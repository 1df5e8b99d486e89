import Glibc
import MedicalImaging

/// A trunk from pelvis to neck, z = 0 at the dome of the diaphragm: what CT and X-ray pictures of chest
/// and abdomen show, in solids of one HU each.
struct TorsoAnatomy {
  /// Contrast in the vessels and organs.
  enum Phase {
    case plain, arterial, portal

    fileprivate func hu(_ plain: Int16, _ arterial: Int16, _ portal: Int16) -> Int16 {
      switch self {
      case .plain: plain
      case .arterial: arterial
      case .portal: portal
      }
    }
  }

  /// Painted in order, later ones over earlier ones.
  private(set) var solids: [Solid] = []
  private var numbers: SeededNumbers
  private let phase: Phase

  /// The person is the same for equal seeds, whatever the phase; `hasNodule` puts a round shadow
  /// into the right lung.
  init(_ seed: String, phase: Phase = .plain, hasNodule: Bool = false) {
    numbers = SeededNumbers("torso/" + seed)
    self.phase = phase
    addWalls()
    addLungs()
    if hasNodule { add(-75, -15, 150, 13, 13, 13, 30, within: -860) }
    addUpperAbdomen()
    addBowel()
    addMediastinum()
    addSpine()
    addRibs()
    addPelvis()
  }

  func section(at z: Double, onto canvas: inout SliceCanvas) {
    // The table's top, below the back.
    canvas.fill(Ellipse(x: 0, y: 139, rx: 165, ry: 14), -600)
    canvas.fill(Ellipse(x: 0, y: 137, rx: 160, ry: 11), -930)
    for solid in solids {
      if let section = solid.section(at: z) { canvas.fill(section, solid.value) }
    }
  }

  private mutating func add(
    _ x: Double, _ y: Double, _ z: Double, _ rx: Double, _ ry: Double, _ rz: Double,
    _ value: Int16, within: Int16 = 50, turn: Double = 0
  ) {
    solids.append(
      Solid(
        shape: .ellipsoid(center: Vector3(x, y, z), radii: Vector3(rx, ry, rz)), value: value,
        within: within, turn: turn))
  }

  private mutating func add(
    _ stations: [Solid.Station], _ value: Int16, within: Int16 = 50, turn: Double = 0
  ) {
    solids.append(Solid(shape: .tube(stations), value: value, within: within, turn: turn))
  }

  /// Skin and fat, muscle, and the fat between the organs of the belly.
  private mutating func addWalls() {
    func layer(_ inset: Double) -> [Solid.Station] {
      [
        (-330, 0, 168, 108), (-240, 0, 170, 108), (-140, 0, 158, 104), (-60, 0, 162, 108),
        (60, 0, 168, 112), (170, 2, 174, 110), (215, 4, 156, 92), (250, 16, 88, 72),
        (275, 26, 64, 66), (330, 30, 60, 66),
      ].map { z, y, rx, ry in
        Solid.Station(z, x: 0, y: y, rx: rx - inset, ry: ry - inset)
      }
    }
    add(layer(0), 40, within: -1000)
    add(layer(2), -105, within: 40)
    add(layer(20), 55, within: -105)
    add(
      [
        Solid.Station(-300, x: 0, y: -8, rx: 122, ry: 70),
        Solid.Station(-140, x: 0, y: -8, rx: 128, ry: 74),
        Solid.Station(-10, x: 0, y: -4, rx: 132, ry: 80),
        Solid.Station(10, x: 0, y: -4, rx: 20, ry: 20),
      ], -100, within: 55)
  }

  /// Lungs and the vessels that branch in them.
  private mutating func addLungs() {
    for (x, size) in [(-73.0, 1.0), (75.0, 0.96)] {
      add(
        [
          (-6, 58, 68), (20, 61, 74), (100, 60, 74), (170, 51, 64), (210, 37, 46), (230, 22, 28),
          (239, 9, 12), (242, 1, 1),
        ].map { z, rx, ry in Solid.Station(z, x: x, y: 1, rx: size * rx, ry: size * ry) }, -860,
        within: 55)
    }
    for side in [-1.0, 1.0] {
      for _ in 0..<26 {
        let hilum = Vector3(
          side * 34 + numbers.uniform(-7...7), 12 + numbers.uniform(-9...9),
          108 + numbers.uniform(-20...20))
        let tilt = numbers.uniform(-1.3...1.3)
        let around = numbers.uniform(-1.2...1.2)
        let length = numbers.uniform(45...88) * (1 - 0.25 * abs(around))
        let way = Vector3(
          side * cos(tilt) * cos(around), cos(tilt) * sin(around) * 1.1, sin(tilt) * 1.25)
        let end = hilum + way * length
        let first = numbers.uniform(2.2...3.6)
        vessel(from: hilum, to: end, first, depth: 2)
      }
    }
  }

  /// A vessel and its branches, each thinner than what it comes from.
  private mutating func vessel(from a: Vector3, to b: Vector3, _ radius: Double, depth: Int) {
    solids += Solid.beads(
      from: a, to: b, radii: (radius, 0.55 * radius), value: phase.hu(20, 160, 120),
      within: -860)
    guard depth > 0 else { return }
    let way = b - a
    for t in [0.45, 0.7] {
      let start = a + way * t
      func bend() -> Double { numbers.uniform(-0.55...0.55) * way.length }
      let end = start + way * 0.45 + Vector3(bend(), bend(), bend()) * 0.6
      vessel(from: start, to: end, 0.6 * radius, depth: depth - 1)
    }
  }

  private mutating func addUpperAbdomen() {
    // The domes of the diaphragm, with what lies under them, in the lungs' bases.
    for (x, height, value) in [(-72.0, 1.0, phase.hu(58, 72, 112)), (74.0, 0.8, 52)] {
      add(
        [(-6, 57, 67), (8, 54, 62), (18, 45, 52), (25, 31, 37), (29, 16, 20), (31, 1, 1)].map {
          z, rx, ry in Solid.Station(z < 0 ? z : height * z, x: x, y: 0, rx: rx, ry: ry)
        }, value, within: -860)
    }
    // Liver with its veins, gall bladder.
    add(-58, -2, -48, 82, 80, 78, phase.hu(58, 72, 112), within: -100)
    add(10, -38, -46, 48, 34, 34, phase.hu(58, 72, 112), within: -100)
    for (x, y, turn) in [(-70.0, 5.0, 0.5), (-45.0, -25.0, -0.6), (-85.0, 30.0, 1.2)] {
      add(x, y, -40, 26, 4, 6, phase.hu(42, 75, 165), within: 58, turn: turn)
    }
    add(-48, -48, -95, 17, 14, 24, 8)
    // Spleen, stomach with its bubble, pancreas.
    add(102, 36, -48, 27, 44, 44, phase.hu(48, 125, 118), within: -95, turn: 0.4)
    add(62, -32, -46, 44, 34, 50, 22, within: -95)
    add(60, -50, -38, 28, 14, 26, -940, within: 22)
    add(22, 8, -100, 46, 11, 13, phase.hu(42, 105, 85), within: -100, turn: -0.35)
    // Kidneys: cortex, pyramids, pelvis.
    for side in [-1.0, 1.0] {
      let z = side < 0 ? -128.0 : -118.0
      add(side * 64, 48, z, 27, 25, 54, phase.hu(34, 185, 165), within: -100, turn: side * 0.5)
      add(side * 62, 47, z, 17, 15, 40, phase.hu(30, 80, 150), within: 34, turn: side * 0.5)
      add(side * 50, 45, z, 9, 8, 18, -70, within: 30)
      // Psoas.
      add(
        [
          Solid.Station(-300, x: side * 52, y: 48, rx: 21, ry: 21),
          Solid.Station(-90, x: side * 30, y: 62, rx: 8, ry: 12),
        ], 58, within: -100)
    }
  }

  /// Loops with fluid, some with gas.
  private mutating func addBowel() {
    for _ in 0..<170 {
      let (angle, reach) = (numbers.uniform(0...6.283), numbers.uniform(0.2...0.92))
      let x = 100 * reach * cos(angle)
      let y = -14 + 44 * reach * sin(angle)
      let z = numbers.uniform(-290...(-135))
      let r = numbers.uniform(9...15)
      let turn = numbers.uniform(0...3.1)
      add(x, y, z, r * 1.6, r, r, 45, within: -100, turn: turn)
      add(x, y, z, r * 1.6 - 2.5, r - 2.5, r - 2.5, 18, within: 45, turn: turn)
      if numbers.uniform(0...1) < 0.3 {
        add(x, y - 0.4 * r, z, r, 0.4 * r, 0.5 * r, -900, within: 18)
      }
    }
    // Ascending and descending colon.
    for side in [-1.0, 1.0] {
      add(side * 104, 14, -190, 20, 22, 90, 40, within: -100)
      add(side * 104, 14, -190, 16, 18, 85, -250, within: 40)
    }
  }

  /// Heart, great vessels, airway, sternum.
  private mutating func addMediastinum() {
    add(
      [
        Solid.Station(-5, x: 6, y: 20, rx: 14, ry: 20),
        Solid.Station(45, x: 8, y: 4, rx: 40, ry: 58),
        Solid.Station(110, x: 2, y: 2, rx: 30, ry: 62),
        Solid.Station(215, x: 0, y: 8, rx: 30, ry: 54),
        Solid.Station(260, x: 0, y: 12, rx: 20, ry: 30),
      ], 30, within: -250)
    add(26, -26, 52, 64, 48, 58, 35, within: -600, turn: 0.65)
    add(46, -20, 44, 34, 26, 36, phase.hu(42, 210, 150), within: 35, turn: 0.65)
    add(-8, -28, 62, 32, 24, 36, phase.hu(42, 260, 150), within: 35, turn: 0.3)
    let blood = phase.hu(44, 320, 155)
    // Ascending aorta, arch, descending aorta; caval vein; pulmonary trunk.
    add(
      [
        Solid.Station(75, x: 2, y: -22, rx: 15, ry: 15),
        Solid.Station(160, x: -10, y: -22, rx: 15, ry: 15),
      ], blood, within: 30)
    add(4, 8, 163, 13, 42, 12, blood, within: 30, turn: -0.35)
    add(
      [
        Solid.Station(-300, x: 6, y: 38, rx: 8, ry: 8),
        Solid.Station(0, x: 12, y: 42, rx: 11, ry: 11),
        Solid.Station(160, x: 18, y: 46, rx: 12, ry: 12),
      ], blood, within: 30)
    add(
      [
        Solid.Station(-300, x: -18, y: 40, rx: 10, ry: 9),
        Solid.Station(15, x: -24, y: 26, rx: 13, ry: 11),
      ], phase.hu(40, 60, 140), within: 30)
    add(
      [
        Solid.Station(85, x: -26, y: -14, rx: 9, ry: 10),
        Solid.Station(215, x: -24, y: -12, rx: 8, ry: 9),
      ], phase.hu(42, 300, 150), within: 30)
    add(18, -12, 118, 34, 13, 13, phase.hu(43, 340, 150), within: 30, turn: 0.35)
    // Trachea and main bronchi.
    add(
      [
        Solid.Station(135, x: 0, y: 18, rx: 9, ry: 9),
        Solid.Station(330, x: 0, y: 4, rx: 9, ry: 9),
      ], -990, within: 30)
    for side in [-1.0, 1.0] {
      solids += Solid.beads(
        from: Vector3(0, 18, 137), to: Vector3(side * 36, 20, 108), radii: (7, 5), value: -960,
        within: 30)
    }
    add(
      [
        Solid.Station(45, x: 0, y: -91, rx: 11, ry: 5),
        Solid.Station(190, x: 0, y: -83, rx: 20, ry: 6),
      ], 260, within: 40)
  }

  private mutating func addSpine() {
    func tube(_ x: Double, _ y: Double, _ rx: Double, _ ry: Double) -> [Solid.Station] {
      [
        Solid.Station(-330, x: x, y: y + 2, rx: rx * 1.15, ry: ry * 1.15),
        Solid.Station(330, x: x, y: y - 4, rx: rx * 0.75, ry: ry * 0.75),
      ]
    }
    add(tube(0, 66, 23, 18), 60)
    // Vertebrae 27 mm apart, discs in between.
    for i in -12...12 {
      let z = Double(i) * 27
      func body(_ inset: Double) -> [Solid.Station] {
        [
          Solid.Station(z - 10 + inset / 2, x: 0, y: 66, rx: 22 - inset, ry: 17 - inset),
          Solid.Station(z + 10 - inset / 2, x: 0, y: 66, rx: 22 - inset, ry: 17 - inset),
        ]
      }
      add(body(0), 480, within: 60)
      add(body(2.5), 190, within: 480)
      add(0, 98, z - 4, 5, 15, 9, 420)
      for side in [-1.0, 1.0] { add(side * 20, 88, z + 2, 16, 5, 6, 400, turn: side * 0.35) }
    }
    add(tube(0, 89, 14, 12), 420)
    add(tube(0, 89, 10, 9), 25, within: 420)
  }

  /// Twelve pairs, from the spine around to the front and downward; scapulae and collar bones.
  private mutating func addRibs() {
    for i in 0..<11 {
      let start = 215 - 24 * Double(i)
      let width = min(1, 0.62 + 0.1 * Double(i))
      for side in [-1.0, 1.0] {
        let steps = i > 8 ? 36 : 60
        for step in 0...steps {
          let t = Double(step) / 60
          let angle = 1.35 - 2.75 * t
          let z = start - 62 * t * (0.4 + 0.6 * t)
          let center = Vector3(side * 138 * width * cos(angle), 80 * width * sin(angle) + 3, z)
          add(center.x, center.y, z, 5.5, 5.5, 6.5, 430, within: 55)
          add(center.x, center.y, z, 3.2, 3.2, 4, 150, within: 430)
        }
      }
    }
    for side in [-1.0, 1.0] {
      add(side * 88, 84, 165, 33, 4, 60, 330, turn: -side * 0.28)
      solids += Solid.beads(
        from: Vector3(side * 14, -70, 205), to: Vector3(side * 118, -18, 232), radii: (7, 7),
        value: 420, within: 50)
    }
  }

  private mutating func addPelvis() {
    for side in [-1.0, 1.0] {
      add(side * 84, 40, -262, 11, 54, 66, 420, within: 58, turn: side * 0.6)
      add(side * 84, 40, -262, 6, 47, 60, 160, within: 420, turn: side * 0.6)
    }
    add(0, 72, -290, 48, 18, 46, 300, within: 58)
  }
}
