import MedicalImaging

/// The windows that CT is read with, in Hounsfield units, all of DICOM's function LINEAR.
///
/// Unless a row says otherwise the values are those of the article "Windowing (CT)" of
/// radiopaedia.org; where it gives a span, its middle.
public enum CTPreset: String, Codable, CaseIterable, Sendable {
  case brain
  /// Published as W 130-300, L 50-100.
  case subdural
  /// The wider of the two published, W 40 L 40; the other, W 8 L 32, leaves 4 HU for noise.
  case stroke
  case temporalBone = "temporal_bone"
  /// Published as W 350-400, L 20-60 (neck) and W 400, L 50 (abdomen); 40/400 lies in the first and
  /// is the usual preset of viewers, for example OHIF's "Soft tissue".
  case softTissue = "soft_tissue"
  case mediastinum
  case lung
  case liver
  /// Spinal canal and discs.
  case spine
  case bone
  /// Contrast-filled vessels: "CT Angio" of common viewers, for example iAID's.
  case angio

  public var window: Window {
    switch self {
    case .brain: Window(center: 40, width: 80)
    case .subdural: Window(center: 75, width: 215)
    case .stroke: Window(center: 40, width: 40)
    case .temporalBone: Window(center: 600, width: 2800)
    case .softTissue: Window(center: 40, width: 400)
    case .mediastinum: Window(center: 50, width: 350)
    case .lung: Window(center: -600, width: 1500)
    case .liver: Window(center: 30, width: 150)
    case .spine: Window(center: 50, width: 250)
    case .bone: Window(center: 400, width: 1800)
    case .angio: Window(center: 300, width: 600)
    }
  }

  /// The preset for a Body Part Examined; soft tissue where it is absent or unknown.
  public init(bodyPart term: String) { self = BodyRegion(term: term)?.ctPreset ?? .softTissue }
}
