import Glibc
import MedicalImaging

/// A head, z = 0 at the level of the third ventricle, as tissues: CT gives each an HU, MR a signal.
struct HeadAnatomy {
  enum Tissue: UInt8, CaseIterable {
    case air, fat, muscle, bone, marrow, fluid, grey, white, eye, lesion, blood
  }

  /// Two heads differ in how their gyri run.
  private let phase: Double
  private let lesion: Tissue?

  /// The lesion, if any, is a ball of this tissue in the left hemisphere.
  init(_ seed: String, lesion: Tissue? = nil) {
    var numbers = SeededNumbers("head/" + seed)
    phase = numbers.uniform(0...6.28)
    self.lesion = lesion
  }

  /// The tissue at a point, LPS millimetres.
  func tissue(_ x: Double, _ y: Double, _ z: Double) -> Tissue {
    let scalp = Self.radius(x, y, z - 2, 77, 97, 104)
    guard scalp < 1 else { return nose(x, y, z) }
    let outer = Self.radius(x, y, z, 71.5, 91.5, 98)
    if outer >= 1 {
      return scalp > 0.975 ? .muscle : abs(y) < 40 && abs(x) > 66 && z < 20 ? .muscle : .fat
    }
    if z < -28, let base = skullBase(x, y, z) { return base }
    let inner = Self.radius(x, y, z, 65, 85, 91)
    if inner >= 1 {
      // Two tables with marrow between.
      let middle = Self.radius(x, y, z, 68.2, 88.2, 94.5)
      return abs(middle - 1) < 0.019 ? .marrow : .bone
    }
    if let deep = deep(x, y, z) { return deep }
    return cortex(x, y, z, inner)
  }

  /// Outlines for scout pictures.
  var solids: [Solid] {
    func ball(
      _ x: Double, _ y: Double, _ z: Double, _ rx: Double, _ ry: Double, _ rz: Double,
      _ value: Int16, _ within: Int16
    ) -> Solid {
      Solid(
        shape: .ellipsoid(center: Vector3(x, y, z), radii: Vector3(rx, ry, rz)), value: value,
        within: within)
    }
    return [
      ball(0, 0, 2, 77, 97, 104, -20, -1000), ball(0, 0, 0, 71.5, 91.5, 98, 900, -20),
      ball(0, 0, 0, 65, 85, 91, 35, 900), ball(0, -62, -50, 20, 22, 16, -900, 35),
      ball(-32, -68, -32, 14, 16, 14, -60, 35), ball(32, -68, -32, 14, 16, 14, -60, 35),
      ball(-48, 14, -48, 24, 9, 9, 700, 35), ball(48, 14, -48, 24, 9, 9, 700, 35),
      Solid(
        shape: .tube([
          Solid.Station(-160, x: 0, y: 30, rx: 56, ry: 58),
          Solid.Station(-80, x: 0, y: 20, rx: 52, ry: 62),
        ]), value: 40, within: -1000),
      Solid(
        shape: .tube([
          Solid.Station(-160, x: 0, y: 38, rx: 11, ry: 13),
          Solid.Station(-85, x: 0, y: 30, rx: 10, ry: 12),
        ]), value: 450, within: 40),
      ball(0, -58, -92, 46, 26, 14, 500, 0),
    ]
  }

  /// The distance from the centre in units of the ellipsoid's own radius.
  private static func radius(
    _ x: Double, _ y: Double, _ z: Double, _ a: Double, _ b: Double, _ c: Double
  ) -> Double {
    (x * x / (a * a) + y * y / (b * b) + z * z / (c * c)).squareRoot()
  }

  private func nose(_ x: Double, _ y: Double, _ z: Double) -> Tissue {
    Self.radius(x, y + 90, z + 40, 13, 22, 26) < 1 ? .muscle : .air
  }

  /// Orbits, sinuses, petrous bones and the floor.
  private func skullBase(_ x: Double, _ y: Double, _ z: Double) -> Tissue? {
    let ax = abs(x)
    if Self.radius(ax - 32, y + 70, z + 36, 17, 22, 17) < 1 {
      if Self.radius(ax - 32, y + 76, z + 36, 12, 12, 12) < 1 { return .eye }
      return abs(ax - 32) < 2.2 && y > -66 ? .muscle : .fat
    }
    if Self.radius(ax, y + 64, z + 44, 11, 22, 16) < 1 {
      // Cells of the ethmoid between thin walls.
      return sin(x * 0.9) > 0.93 || sin(y * 0.6) > 0.95 ? .bone : .air
    }
    if Self.radius(ax - 32, y + 70, z + 36, 20, 26, 20) < 1 { return .bone }
    let (u, v) = (ax * 0.82 + y * 0.57, -ax * 0.57 + y * 0.82)
    if Self.radius(u - 46, v + 12, z + 46, 30, 9, 13) < 1 {
      return sin(u * 0.5) * sin(v * 0.7) > 0.6 ? .air : .bone
    }
    return nil
  }

  /// Ventricles, nuclei, cerebellum, brain stem, and the lesion.
  private func deep(_ x: Double, _ y: Double, _ z: Double) -> Tissue? {
    let ax = abs(x)
    if let lesion, Self.radius(x - 30, y - 18, z - 26, 13, 14, 12) < 1 { return lesion }
    // Lateral ventricles: bodies that part to the back, and frontal horns.
    if Self.radius(ax - 9 - max(0, y) * 0.28, y - 4, z - 22 + y * 0.08, 5, 42, 10) < 1 {
      return .fluid
    }
    if Self.radius(ax - 10 + (y + 22) * 0.2, y + 22, z - 12, 4, 17, 11) < 1 { return .fluid }
    if Self.radius(x, y - 2, z - 1, 2.4, 14, 10) < 1 { return .fluid }
    if Self.radius(ax - 12, y - 8, z - 3, 9, 14, 9) < 1 { return .grey }
    if Self.radius(ax - 15, y + 24, z - 13, 5, 11, 10) < 1 { return .grey }
    if Self.radius(ax - 26, y + 4, z - 3, 5.5, 17, 10) < 1 { return .grey }
    guard z < -14 else { return nil }
    if Self.radius(x, y - 18, z + 40, 15, 12, 34) < 1 { return .white }
    if Self.radius(x, y - 33, z + 36, 5, 5, 10) < 1 { return .fluid }
    let cerebellum = Self.radius(ax - 22, y - 52, z + 40, 30, 28, 24)
    if cerebellum < 1 {
      // Leaves: thin bands of both kinds, with fluid between some, around a white core.
      if cerebellum < 0.4 { return .white }
      let leaf = sin(0.95 * y + 0.02 * ax * ax)
      return leaf > 0.85 ? .fluid : leaf > -0.4 ? .grey : .white
    }
    return cerebellum < 1.05 ? .fluid : nil
  }

  /// The cerebral mantle: sulci run in as wavy clefts, and grey matter lines them and the surface.
  private func cortex(_ x: Double, _ y: Double, _ z: Double, _ inner: Double) -> Tissue {
    let ax = abs(x)
    // Falx and the gap between the hemispheres, not through the corpus callosum.
    let bridge = Self.radius(0, y - 2, z - 24, 1, 36, 9)
    if ax < 1.1, bridge > 1 { return .fluid }
    let depth = (1 - inner) * 78
    if depth < 2 { return .fluid }
    let azimuth = atan2(y, ax + 0.001)
    let height = z / 91
    let side = x < 0 ? 0.9 : 0
    let wave =
      sin(11 * azimuth + 2.2 * sin(4.1 * height + phase) + side)
      + 0.8 * sin(9 * height + 2.6 * sin(3 * azimuth + phase) + side)
    let reach = 10 + 9 * (0.5 + 0.5 * sin(3.3 * azimuth + 5 * height + phase))
    let distance = abs(wave)
    if distance < 0.2, depth < 2 + reach * (1 - distance) { return .fluid }
    if depth < 6 || distance < 0.75 && depth < 5 + reach || ax < 5 && bridge > 1.25 {
      return .grey
    }
    // Sylvian fissure and insula.
    if z < 16, abs(y + 6 + 0.4 * z) < 3, ax > 34 { return ax > 38 ? .fluid : .grey }
    return .white
  }
}
