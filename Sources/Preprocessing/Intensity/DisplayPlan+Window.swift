import MedicalImaging

extension DisplayPlan {
  /// The same through a window of modality values that somebody asked for, whatever headers say; colour
  /// stays as it is.
  ///
  /// - Throws: `ImageError` with code `invalidWindow` for a window that the standard forbids.
  public func through(_ window: Window) throws -> DisplayPlan {
    let inverted: Bool
    switch self {
    case .settled(let choice) where choice.source == .colour: return self
    case .settled(let choice): inverted = choice.mapping.inverted
    case .measured(let measurement): inverted = measurement.inverted
    case .eachPlane(let isInverted): inverted = isInverted
    }
    return .settled(
      DisplayChoice(
        mapping: try DisplayMapping(.window(window), inverted: inverted), source: .recipeWindow,
        preset: nil, basis: nil, findings: []))
  }
}
