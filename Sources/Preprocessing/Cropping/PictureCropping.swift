import MedicalImaging

/// Which parts of pictures are not shown: a decision for a whole data set.
public struct PictureCropping: Hashable, Sendable {
  /// Ultrasound is cropped to its regions.
  public var ultrasound: Bool
  /// X-ray is cropped to what collimator and shutter leave.
  public var collimator: Bool
  /// Radiographs and mammograms are cropped to what is no background.
  public var background: Bool

  public init(ultrasound: Bool, collimator: Bool, background: Bool) {
    self.ultrasound = ultrasound
    self.collimator = collimator
    self.background = background
  }

  /// What is shown of one picture.
  public struct Outcome: Hashable, Sendable {
    /// Nil where all of it is.
    public var crop: PlaneCrop?
    /// What the crop was made of; empty without one.
    public var areas: [PictureArea] = []
    public var findings: [InstanceHeader.Finding] = []

    public init() {}
  }

  /// Less than this part of a picture is no beam of X-rays, but a mistake of the header.
  static let leastShare = 1.0 / 16

  /// What is shown of a frame as it was decoded, before it is turned or resized.
  ///
  /// `isSlice` tells slices of a volume, of which no background is cropped: they would no longer lie upon
  /// each other.
  public func outcome(
    of plane: StoredPlane, _ header: InstanceHeader, frame: Int, isSlice: Bool
  ) -> Outcome {
    var outcome = Outcome()
    let modality = ModalityName(header.description)
    var areas: [PictureArea] = []
    var crop = PlaneCrop(columns: plane.columns, rows: plane.rows)
    if modality == .ultrasound, ultrasound { areas += header.areas.ofEchoes }
    let aspect = header.facts(frame: frame).aspect
    let beam = modality == .xRay && collimator ? header.areas.ofBeam : []
    if !(areas + beam).isEmpty {
      guard plane.columns == header.format.columns, plane.rows == header.format.rows else {
        outcome.findings = [Self.otherSize]
        return outcome
      }
      crop.narrow(toAnyOf: areas.map(\.shape))
      var narrowed = crop
      for area in beam { narrowed.narrow(to: area.shape, aspect: aspect) }
      if Double(narrowed.area) < Self.leastShare * Double(crop.area) {
        outcome.findings.append(Self.beamTooSmall)
      } else {
        areas += beam
        crop = narrowed
      }
    }
    background: if background, !isSlice, let margins = BackgroundMargins(header, frame: frame) {
      if let found = margins.foreground(of: plane, within: crop) {
        guard found.columns != crop.columns || found.rows != crop.rows else { break background }
        crop.narrow(columns: found.columns, rows: found.rows)
        areas.append(
          PictureArea(
            .background,
            .rectangle(
              columns: found.columns.lowerBound...found.columns.upperBound - 1,
              rows: found.rows.lowerBound...found.rows.upperBound - 1)))
      } else {
        outcome.findings.append(Self.noBackground)
      }
    }
    guard crop != PlaneCrop(columns: plane.columns, rows: plane.rows) else { return outcome }
    outcome.crop = crop
    outcome.areas = areas
    return outcome
  }

  private static let otherSize = InstanceHeader.Finding(
    "crop_size", "The picture is not of the size that its header says; it was not cropped.")
  private static let beamTooSmall = InstanceHeader.Finding(
    "shutter", "Collimator and shutter leave next to nothing of the picture; they were not used.")
  private static let noBackground = InstanceHeader.Finding(
    "background", "Nothing parts the picture's background from what it shows; it was kept.")
}

/// A shape that a picture was cropped to, and what said so.
public struct PictureArea: Hashable, Sendable {
  public enum Source: String, Sendable, CaseIterable {
    case ultrasound, collimator, shutter, background
  }

  public var source: Source
  public var shape: PlaneShape

  public init(_ source: Source, _ shape: PlaneShape) {
    self.source = source
    self.shape = shape
  }
}

extension PictureAreas {
  /// What echoes are shown in; together they are what is to be seen.
  fileprivate var ofEchoes: [PictureArea] {
    ultrasound.filter(\.isOfEchoes).map {
      PictureArea(.ultrasound, .rectangle(columns: $0.columns, rows: $0.rows))
    }
  }

  /// What X-rays are shown in: what is inside of all of them.
  fileprivate var ofBeam: [PictureArea] {
    collimator.map { PictureArea(.collimator, $0) } + shutter.map { PictureArea(.shutter, $0) }
  }
}
