/// One plane of a series: an instance, by its place in the list that was assembled, and a frame.
public struct PlaneReference: Codable, Hashable, Sendable {
  public var instance: Int
  public var frame: Int

  public init(instance: Int, frame: Int) {
    self.instance = instance
    self.frame = frame
  }
}

/// What geometry allows to be taken together out of one series: a volume, or pictures without a
/// place in the patient.
public struct AssembledVolume: Codable, Sendable, Equatable {
  public enum Kind: String, Codable, Sendable {
    /// Parallel planes with a place in the patient, ordered along their normal.
    case volume
    /// Pictures without a place in the patient, in the order of their instance numbers.
    case pictures
    /// The frames of one multi-frame instance without a place in the patient, in their order.
    case cine
    /// The levels of a slide, the largest first.
    case slide
  }

  public var kind: Kind
  /// The planes, in the volume's own order.
  public var planes: [PlaneReference]
  /// Why these planes stand apart from the rest of their series; empty where they are all of it.
  public var reasons: [SplitReason]
  /// Median distance of neighbouring planes along the normal, in millimetres; nil for one plane.
  public var step: Double?
  public var findings: [GeometryFinding]
  /// Volumes of one series with the same number differ in time alone and share one grey mapping.
  public var mappingGroup: Int
}

/// Why a series is more than one volume.
public enum SplitReason: String, Codable, CaseIterable, Sendable, Comparable {
  case type, size, pixels, geometry, orientation, spacing, stack, echo
  case bValue = "b_value"
  case temporalPosition = "temporal_position"
  case acquisition
  case triggerTime = "trigger_time"
  case time, repetition
  case duplicatePosition = "duplicate_position"
  case multiFrame = "multi_frame"

  /// What it means, for a table.
  public var sentence: String {
    switch self {
    case .type: "image type (original, derived, localizer, magnitude or phase)"
    case .size: "rows and columns"
    case .pixels: "kind of pixels"
    case .geometry: "some images have no place in the patient"
    case .orientation: "orientation"
    case .spacing: "pixel spacing"
    case .stack: "stack"
    case .echo: "echo"
    case .bValue: "b-value"
    case .temporalPosition: "temporal position"
    case .acquisition: "acquisition"
    case .triggerTime: "trigger time"
    case .time: "acquisition time"
    case .repetition: "every position comes again"
    case .duplicatePosition: "a position that is already taken"
    case .multiFrame: "a multi-frame instance of its own"
    }
  }

  public static func < (a: Self, b: Self) -> Bool {
    allCases.firstIndex(of: a)! < allCases.firstIndex(of: b)!
  }
}

/// Something about a volume's geometry that its user must know before it is resampled or labelled.
public struct GeometryFinding: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable {
    /// One or more planes are absent between two that are there.
    case missing
    /// A plane that is named by the headers but whose pixels could not be read.
    case unreadable
    /// The distance between two planes is not the volume's own, and not a multiple of it.
    case uneven
    /// The planes are shifted against each other: a gantry tilt, or a sheared stack.
    case tilt
  }

  public var kind: Kind
  /// Index of the plane, from 0, after which it lies; -1 where it concerns the whole volume.
  public var after: Int
  /// Number of planes that would fill a gap; 0 for the other kinds.
  public var planes: Int
  /// The distance found between the two planes, or the sideways shift a step of a tilt.
  public var millimetres: Double

  public init(_ kind: Kind, after: Int, planes: Int, millimetres: Double) {
    self.kind = kind
    self.after = after
    self.planes = planes
    self.millimetres = millimetres
  }
}
