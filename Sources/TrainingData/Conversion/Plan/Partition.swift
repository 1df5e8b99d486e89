import ImageFormats
import MedicalImaging
import Preprocessing

/// A part of a conversion that needs no other: what one worker turns into one shard, or, where
/// `role` is measure, into the statistics that others wait for.
struct Partition: Codable, Sendable {
  enum Role: String, Codable { case work, measure }

  var id: String
  var role: Role
  var split: String
  var units: [Unit]
  /// Headers by token; there only when the partition was read from its file, so that planning holds
  /// none.
  var headers: [String: InstanceHeader] = [:]

  private enum CodingKeys: CodingKey { case id, role, split, units }

  /// Names of the measure partitions that must be done first.
  var waitsFor: [String] { Array(Set(units.flatMap(\.measures))).sorted() }

  /// Tokens of the sources that it reads.
  var tokens: Set<String> {
    Set(
      units.flatMap { unit in
        unit.planes.map { unit.instances[$0.instance].token } + unit.annotations.map(\.token)
      })
  }
}

/// Volumes of one series that share a grey mapping, or a range of their planes.
struct Unit: Codable, Sendable {
  var id: String
  /// Pseudonyms.
  var subject, study, series: String
  var instances: [PlannedInstance]
  var planes: [PlannedPlane]
  /// Sections across the acquired planes, for which all planes of their volumes are read.
  var sections: [PlannedSection]
  var volumes: [PlannedVolume]
  /// What headers settle about grey mappings: one for all planes, or one an instance.
  var displays: [DisplayPlan]
  /// Whether other partitions hold planes of the same volumes.
  var isRange: Bool
  /// Partitions whose histograms add up to that of the whole unit; empty where the unit is whole
  /// or needs none.
  var measures: [String]
  /// What says which structures its pictures show, in the order of their identities.
  var annotations: [PlannedAnnotation] = []

  /// Where everything lies that it needs.
  var locations: [SourceLocation] {
    instances.flatMap(\.locations)
      + annotations.flatMap { [$0.location] + $0.rasters.map(\.location) }
  }
}

/// A source that says which structures are in pictures of a unit.
struct PlannedAnnotation: Codable, Hashable, Sendable {
  enum Kind: String, Codable, Sendable {
    case segmentation
    case structureSet = "structure_set"
    case labelVolume = "label_volume"
    /// DICOM's, of a slide.
    case bulkAnnotations = "bulk_annotations"
    /// GeoJSON or ASAP's XML beside a slide.
    case slideShapes = "slide_shapes"

    /// Whether it draws on slides.
    var isOfSlides: Bool { self == .bulkAnnotations || self == .slideShapes }
  }

  var token: String
  /// HMAC of its SOP Instance UID; its token where it has none.
  var identity: String
  var location: SourceLocation
  var bytes: Int
  var kind: Kind
  /// Of one that draws on a slide: the pictures of the slide in whose pixels it may count.
  var rasters: [PlannedRaster] = []
}

/// A picture of a slide in whose pixels annotations may count.
struct PlannedRaster: Codable, Hashable, Sendable {
  /// "" of a slide of a maker.
  var sopInstanceUID: String
  var location: SourceLocation
  var columns, rows: Int
}

/// One file or member that a unit needs; its header stands in the partition.
struct PlannedInstance: Codable, Sendable {
  var token: String
  /// What orders its samples and stands in their keys: HMAC of its SOP Instance UID, or of its
  /// file's SHA-256 where that UID is missing or repeated.
  var identity: String
  var location: SourceLocation
  var bytes: Int
  /// Index into the unit's displays.
  var display: Int
  /// Bytes of one decoded plane, and not less than what handling a small one costs.
  var planeBytes: Int
  /// Of a slide; nil for everything else.
  var slide: PlannedSlide?
  /// What makes its modality values standardized uptake values; the header in the partition's file is
  /// without it.
  var uptake: UptakeScale?

  /// Where all the bytes lie that it needs, its own first.
  var locations: [SourceLocation] { [location] + (slide?.parts ?? []).map(\.location) }
  /// Of all of them.
  var allBytes: Int { (slide?.parts ?? []).reduce(bytes) { $0 + $1.bytes } }
}

/// The level of a slide that becomes a picture, or of which parts do.
struct PlannedSlide: Codable, Sendable {
  /// From 0 for the largest.
  var level: Int
  var columns, rows: Int
  /// Of the picture's pixels; nil where nobody knows.
  var micronsPerPixel: MicronsPerPixel?
  /// Which of its optical paths, from 0; nil where it has one.
  var opticalPath: Int?
  /// The other instances of a DICOM slide that are read: those that hold tiles of the level, or show
  /// where tissue is.
  var parts: [Part]
  /// Of a slide whose pictures are tiles.
  var tiles: PlannedTiles?

  struct Part: Codable, Sendable {
    var identity: String
    var location: SourceLocation
    var bytes: Int
  }
}

/// One plane that a unit reads.
struct PlannedPlane: Codable, Hashable, Sendable {
  /// Index into the unit's instances.
  var instance: Int
  var frame: Int
  /// Index into the unit's volumes.
  var volume: Int
  /// Place of the plane in its volume, from 0.
  var index: Int
  /// Whether it becomes a sample; the others are read for statistics alone.
  var isSelected: Bool
}

/// One section of a volume across its acquired planes; it becomes a sample.
struct PlannedSection: Codable, Hashable, Sendable {
  /// Index into the unit's volumes.
  var volume: Int
  var plane: AnatomicalPlane
  /// Place of the section among those of its plane, from 0; of several the middle one.
  var index: Int
  /// The sections that it is a projection of, or that are shown with it; nil for itself alone.
  var slab: Range<Int>?
}

/// What is known of a whole volume before its pixels are read.
struct PlannedVolume: Codable, Sendable {
  var kind: AssembledVolume.Kind
  /// All planes of the volume, whichever partitions hold them.
  var planeCount: Int
  /// Place of the first plane that becomes a sample; the partition that holds it counts the volume.
  var first: Int?
  var step: Double?
  /// How its slices lie, seen from how they are shown: the same for all of them; upright where they
  /// have no place in the patient.
  var orientation: PlaneOrientation
  var findings: [GeometryFinding]
  /// Where its voxels lie, where it is cut in other planes.
  var grid: VoxelGeometry?
  /// The volumes that are shown as one in its place, or its frames that are.
  var projection: PlannedProjection?
  /// How its planes become that grid; nil where they are its slices, each of them.
  var resampling: PlannedResampling?
  /// Places of the acquired planes that become samples where the volume turns out not to be there as a
  /// whole, in place of its sections.
  var standIns: [Int] = []
  /// What kept it from being shown in a plane that the recipe asks for.
  var notes: [InstanceHeader.Finding]
}

/// A source that could not be used: a line of `rejects.jsonl`.
struct Reject: Codable, Hashable, Sendable {
  var sourceSHA256: String?
  var token: String
  var code: ErrorCode
  var message: String
  var remedy: String

  init(token: String, sha256: String?, error: ImageError) {
    sourceSHA256 = sha256
    self.token = token
    code = error.code
    message = error.message
    remedy = error.remedy
  }
}
