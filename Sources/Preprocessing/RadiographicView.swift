import MedicalImaging

/// From where X-rays passed through what is shown. The raw value is what stands before "view" in texts.
///
/// Only what a header says, by View Code Sequence (PS3.16 CID 4010, 4014) or by the terms of View Position
/// (PS3.3 C.8.1.1, and the abbreviations of CID 4014); what is not in these tables may be anything, and is
/// not repeated.
public enum RadiographicView: String, CaseIterable, Sendable {
  case craniocaudal
  case mediolateralOblique = "mediolateral oblique"
  case mediolateral
  case lateromedial
  case lateromedialOblique = "lateromedial oblique"
  case caudocranial
  case superolateralOblique = "superolateral to inferomedial oblique"
  case inferomedialOblique = "inferomedial to superolateral oblique"
  case laterallyExaggerated = "laterally exaggerated craniocaudal"
  case mediallyExaggerated = "medially exaggerated craniocaudal"

  case anteroposterior
  case posteroanterior
  case frontal
  case lateral
  case leftLateral = "left lateral"
  case rightLateral = "right lateral"
  case leftDecubitus = "left lateral decubitus"
  case rightDecubitus = "right lateral decubitus"
  case leftLateralOblique = "left lateral oblique"
  case rightLateralOblique = "right lateral oblique"
  case leftAnteriorOblique = "left anterior oblique"
  case rightAnteriorOblique = "right anterior oblique"
  case leftPosteriorOblique = "left posterior oblique"
  case rightPosteriorOblique = "right posterior oblique"
  case anteroposteriorOblique = "anteroposterior oblique"
  case posteroanteriorOblique = "posteroanterior oblique"

  /// What the header of an X-ray picture says; nil where it says nothing that is known, or two things.
  public init?(_ description: InstanceHeader.Description) {
    guard ModalityName(description) == .xRay else { return nil }
    let isMammogram = description.modality == "MG"
    let rows = Self.table.filter { $0.isOfBreast == isMammogram }
    let coded = rows.first { $0.codes.contains(description.viewCode) }?.view
    let said = rows.first { $0.words.contains(description.viewPosition) }?.view
    // A code that is not known says that the word alone is not all.
    guard let view = coded ?? said, said ?? view == view,
      coded != nil || description.viewCode.isEmpty
    else { return nil }
    self = view
  }

  struct Row: Sendable {
    var view: RadiographicView
    var isOfBreast: Bool
    /// In SNOMED CT, and in SNOMED RT as older files have it.
    var codes: [String]
    /// Of View Position.
    var words: [String]
  }

  /// THE table: one row a view.
  static let table: [Row] = [
    breast(.craniocaudal, "399162004", "R-10242", "CC"),
    breast(.mediolateralOblique, "399368009", "R-10226", "MLO"),
    breast(.mediolateral, "399260004", "R-10224", "ML"),
    breast(.lateromedial, "399352003", "R-10228", "LM"),
    breast(.lateromedialOblique, "399099002", "R-10230", "LMO"),
    breast(.caudocranial, "399196006", "R-10244", "FB"),
    breast(.superolateralOblique, "399188001", "R-102D0", "SIO"),
    breast(.inferomedialOblique, "441555000", "R-40AAA", "ISO"),
    breast(.laterallyExaggerated, "399192008", "R-1024A", "XCCL"),
    breast(.mediallyExaggerated, "399101009", "R-1024B", "XCCM"),
    body(.anteroposterior, ["399348003", "R-10206"], "AP"),
    body(.posteroanterior, ["272479007", "R-40888"], "PA"),
    body(.frontal, ["399033003", "R-10202"]),
    body(.lateral, ["399067008", "R-102CD"], "LATERAL", "LAT"),
    body(.leftLateral, ["399173006", "R-10236"], "LL"),
    body(.rightLateral, ["399198007", "R-10232"], "RL"),
    body(.leftDecubitus, [], "LLD"),
    body(.rightDecubitus, [], "RLD"),
    body(.leftLateralOblique, [], "LLO"),
    body(.rightLateralOblique, [], "RLO"),
    body(.leftAnteriorOblique, ["399135007", "R-10220"], "LAO"),
    body(.rightAnteriorOblique, ["399356000", "R-40985"], "RAO"),
    body(.leftPosteriorOblique, ["399006002", "R-10212"], "LPO"),
    body(.rightPosteriorOblique, ["399038007", "R-10210"], "RPO"),
    body(.anteroposteriorOblique, ["399312000", "R-10208"]),
    body(.posteroanteriorOblique, ["399059000", "R-10216"]),
  ]

  private static func breast(
    _ view: RadiographicView, _ code: String, _ old: String, _ word: String
  ) -> Row {
    Row(view: view, isOfBreast: true, codes: [code, old], words: [word])
  }

  private static func body(_ view: RadiographicView, _ codes: [String], _ words: String...) -> Row {
    Row(view: view, isOfBreast: false, codes: codes, words: words)
  }
}
