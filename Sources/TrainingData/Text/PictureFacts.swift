import ImageFormats
import MedicalImaging
import Preprocessing

/// What a text may say of one picture: coded header facts and how it is shown; nothing else.
struct PictureFacts: Equatable, Sendable {
  /// What it is called: a slice of a volume, a frame of a film, or an image.
  enum Kind: String { case slice, frame, image }

  var kind: Kind
  var modality: ModalityName
  /// For texts, after "the".
  var region: String?
  var plane: AnatomicalPlane?
  var view: RadiographicView?
  var side: BodySide?
  /// The CT preset that it is shown in.
  var preset: CTPreset?

  init(
    kind: Kind, modality: ModalityName, region: String? = nil, plane: AnatomicalPlane? = nil,
    view: RadiographicView? = nil, side: BodySide? = nil, preset: CTPreset? = nil
  ) {
    self.kind = kind
    self.modality = modality
    self.region = region
    self.plane = plane
    self.view = view
    self.side = side
    self.preset = preset
  }

  /// What the header says, and no more: a plane only of a slice in the patient, a view only of what is
  /// none, and words only where they are in a table.
  init(
    _ description: InstanceHeader.Description, geometry: PlaneGeometry?,
    volume: AssembledVolume.Kind, preset: CTPreset?
  ) {
    switch volume {
    case .volume: kind = .slice
    case .cine: kind = .frame
    case .pictures, .slide: kind = .image
    }
    modality = ModalityName(description)
    region = BodyRegion(term: description.bodyPartExamined)?.name
    plane = kind == .slice ? geometry.flatMap(AnatomicalPlane.init) : nil
    view = kind == .slice ? nil : RadiographicView(description)
    side = BodySide(description)
    self.preset = preset
  }
}
