import MedicalImaging

/// How Philips' MR scanners scale stored values: Rescale leads to values for display, chosen anew for
/// every series or slice, and Scale Slope to the floating-point ones that the scanner measured
/// (Chenevert et al., Errors in Quantitative Image Analysis due to Platform-Dependent Image Scaling,
/// Transl Oncol 7 (2014), 65-71).
struct PhilipsScale {
  /// MR Image, Enhanced MR Image, Legacy Converted Enhanced MR Image: not what was captured from a
  /// screen, whose windows are meant in values for display.
  private static let classes = ["4", "4.1", "4.4"].map { "1.2.840.10008.5.1.4.1.1." + $0 }

  /// Nil for instances of other classes.
  init?(classUID: String) {
    guard Self.classes.contains(classUID) else { return nil }
  }

  /// Scale Slope (2005,xx0E) of a frame: of its own private group, the shared one, or the top level.
  func slope(_ own: DICOMItem?, _ common: DICOMItem?, _ root: DICOMItem) -> Double? {
    for group in [own, common].compactMap({ $0 }) {
      // Frames keep what a single-frame image has at the top in a sequence of their own.
      if let tag = group.privateTag(0x2005, creator: "Philips MR Imaging DD 005", 0x0F, .sequence),
        let item = group.first(tag), let slope = Self.slope(item)
      {
        return slope
      }
    }
    return Self.slope(root)
  }

  private static func slope(_ item: DICOMItem) -> Double? {
    guard
      let tag = item.privateTag(0x2005, creator: "Philips MR Imaging DD 001", 0x0E, .float32),
      let slope = item.number(tag), slope != 0
    else { return nil }
    return slope
  }

  /// Stored -> floating-point values: (stored x RS + RI) / (RS x SS), as dcm2niix has them unless told
  /// otherwise; nil where Rescale is a table, or that is no number.
  static func precise(_ rescale: ModalityTransform, slope scale: Double) -> ModalityTransform? {
    guard case .linear(let slope, let intercept) = rescale else { return nil }
    let (precise, offset) = (1 / scale, intercept / (slope * scale))
    guard precise.isFinite, precise != 0, offset.isFinite else { return nil }
    return .linear(slope: precise, intercept: offset)
  }
}
