import Preprocessing

/// What a user decides about a data set: one JSON5 file, every key with a default.
///
/// A property here and its row in `RecipeKey.all` are all that a new key needs.
public struct Recipe: Hashable, Sendable {
  public var name = "dataset"
  public var description = ""
  public var licence = ""
  public var citation = ""
  public var seed = 1
  /// In the order of the recipe, which decides who gets which part of the hash's range.
  public var splits = [Split("train", 0.9), Split("validation", 0.05), Split("test", 0.05)]
  public var splitSeed = 1
  public var shardMegabytes = 256
  public var minShards = 8
  public var burnedIn = BurnedIn.reject
  public var pictures = OrdinaryPictures.auto
  /// In the order of `Exclusion.allCases`, each once.
  public var exclude: [Exclusion] = []
  public var truncated = Truncated.accept
  public var slices = Slices()
  public var volumes = Volumes()
  public var frames = Selection(.evenly, n: 16)
  public var slides = Slides()
  public var labels = Labels()
  public var intensity = Intensity()
  public var picture = Picture()
  public var tiles = Tiles()
  public var text = Text()

  /// The recipe of all defaults.
  public init() {}

  /// A part of the subjects.
  public struct Split: Hashable, Sendable {
    public var name: String
    /// Above 0; those of all splits add up to 1.
    public var share: Double

    public init(_ name: String, _ share: Double) {
      self.name = name
      self.share = share
    }
  }

  /// What happens to pictures that may hold text of a person in their pixels.
  public enum BurnedIn: String, CaseIterable, Sendable { case reject, accept }

  /// What happens to PNG, JPEG, TIFF and JPEG 2000 files: their headers name neither a modality nor
  /// what may be written in their pixels.
  public enum OrdinaryPictures: String, CaseIterable, Sendable {
    /// Used, unless the sources hold DICOM or volumes too: beside these they are logos, previews and
    /// scanned forms.
    case auto
    case use
    case leaveOut = "leave_out"
  }

  /// What happens to a source whose pixel data end before its last frame does: the whole frames that
  /// are there are used, or none.
  public enum Truncated: String, CaseIterable, Sendable { case accept, reject }

  /// Kinds of pictures that can be left out.
  public enum Exclusion: String, CaseIterable, Sendable {
    case localizer, derived
    case secondaryCapture = "secondary_capture"
  }

  /// One picture in place of several that lie upon each other: the largest, least or mean value of each
  /// pixel.
  public enum Projection: String, CaseIterable, Sendable { case none, max, min, mean }

  /// What becomes of the volumes of one series that lie on one grid.
  public struct Volumes: Hashable, Sendable {
    public enum Select: String, CaseIterable, Sendable {
      case all, first
      /// Of an even number the later one of the two in the middle.
      case middle
      case last
    }

    public var select = Select.all
    /// One volume of those that differ in time alone.
    public var projection = Projection.none
  }

  /// Which frames of one file become samples.
  public struct Selection: Hashable, Sendable {
    public enum Select: String, CaseIterable, Sendable {
      /// Every one; `n` says nothing.
      case all
      /// Every n-th, from the first.
      case every
      /// n of them, evenly spread; all where there are fewer.
      case evenly
    }

    public var select: Select
    public var n: Int
    /// One picture of all frames in place of those.
    public var projection = Projection.none

    public init(_ select: Select, n: Int) {
      self.select = select
      self.n = n
    }
  }

  /// What becomes of the slices of volumes.
  public struct Slices: Hashable, Sendable {
    /// In which planes volumes are shown.
    public enum Plane: String, CaseIterable, Sendable { case acquired, axial, coronal, sagittal }

    /// Which of the slices in one plane become samples.
    public enum Select: String, CaseIterable, Sendable {
      /// Every one; `n` says nothing.
      case all
      /// Every n-th, from the first.
      case every
      /// n of them, evenly spread; all where there are fewer.
      case evenly
      /// Those that lie n millimetres apart, or the next behind that.
      case apart
      /// Of each class of labels the n slices on which it is largest.
      case largest
      /// Those on which a label covers at least `leastArea` of the slice.
      case labelled
      /// Those that a key object selection of their study marks.
      case key

      /// Whether it chooses by what is drawn on slices.
      var needsLabels: Bool { self == .largest || self == .labelled }
    }

    /// How slices that have a place in the patient are turned and flipped.
    public enum Orientation: String, CaseIterable, Sendable {
      /// As radiologists look at them.
      case display
      /// As they were acquired.
      case stored
    }

    /// Whether volumes with slices missing, unreadable or uneven are cut in other planes, values between
    /// the slices interpolated.
    public enum Gaps: String, CaseIterable, Sendable { case keep, accept }

    /// Whether volumes whose slices are shifted against each other are cut, straightened by interpolation.
    public enum Tilt: String, CaseIterable, Sendable { case keep, correct }

    /// Whether sections of an oblique volume lie along its own axes, or along those of the patient, values
    /// interpolated.
    public enum Oblique: String, CaseIterable, Sendable { case keep, straighten }

    /// How a slice's neighbours are shown with it.
    public enum Neighbours: String, CaseIterable, Sendable {
      /// As pictures of one sample, in their order.
      case pictures
      /// As the red, green and blue of one picture.
      case channels
    }

    /// In the order of `Plane.allCases`, each once, at least one.
    public var planes = [Plane.acquired]
    public var select = Select.all
    public var n = 1
    /// The share of a slice that a label covers at least, with `labelled`.
    public var leastArea = 0.0
    public var gaps = Gaps.keep
    public var tilt = Tilt.keep
    public var oblique = Oblique.keep
    /// What is shown of the slices that lie upon each other in a slab.
    public var projection = Projection.none
    /// Thickness of a slab in millimetres; nil: of the whole volume.
    public var slab: Double?
    /// Slices on either side of each one that are shown with it.
    public var neighbours = 0
    public var neighboursAs = Neighbours.pictures
    /// Sections whose shorter side is less than this share of the longer one are left out.
    public var edgeRatio = 0.0
    /// Whether slices whose pixels are not square are resampled until they are.
    public var squarePixels = true
    /// Millimetres between pixels of all slices; nil: those of the slice, the smaller where they differ.
    public var spacing: Double?
    public var orientation = Orientation.display
  }

  /// What becomes of microscope slides.
  public struct Slides: Hashable, Sendable {
    public enum Pictures: String, CaseIterable, Sendable {
      /// One level, whole.
      case overview
      /// Parts of one size that show tissue.
      case tiles
    }

    public var pictures = Pictures.overview
    /// Of the level that becomes a picture, in pixels.
    public var longestSide = 2048
    /// Of level 0 of slides that do not say it, or contradict themselves; nil: they are rejected.
    public var micronsPerPixel: Double?
    /// Identifier of the optical path that is wanted of slides of several; nil: each is a picture.
    public var opticalPath: String?
    /// The focal plane that is wanted of slides of several, from 0, nearest the glass first; nil: the one
    /// in the middle.
    public var focalPlane: Int?
    public var stain = Stain.none
    /// Micrometres of a tile's pixels.
    public var tileMicronsPerPixel = 0.5
    /// Side of a tile in pixels: two of the encoder's, which sees each at its own pixels.
    public var tileSize = 896
    /// Pixels that a tile shares with the next.
    public var tileOverlap = 0
    /// The share of a tile that is tissue, at least.
    public var leastTissue = 0.5
    /// Tiles of a slide at most, drawn by the seed; nil: all.
    public var mostTiles: Int?
    public var penMarks = PenMarks.leaveOut

    /// What becomes of what has the colour of ink.
    public enum PenMarks: String, CaseIterable, Sendable {
      /// It is no tissue.
      case leaveOut = "leave_out"
      /// It may be tissue: stains in green or blue look like ink.
      case keep
    }

    /// What becomes of the colours of stained slides.
    public enum Stain: String, CaseIterable, Sendable {
      /// They stay as they are.
      case none
      case macenko, reinhard
    }
  }

  /// What becomes of labels: which parts of pictures belong to which structures.
  public struct Labels: Hashable, Sendable {
    /// What is read of them.
    public enum Source: String, CaseIterable, Sendable {
      case segmentation
      case structureSet = "structure_set"
      case labelVolume = "label_volume"
      case slideAnnotations = "slide_annotations"
    }

    /// In the order of `Source.allCases`, each once.
    public var sources = Source.allCases
    /// What names, or numbers, of the sources stand for, in the order of the recipe; they go before any
    /// other vocabulary.
    public var names: [Name] = []
    /// Parts of fewer pixels are left out.
    public var leastPixels = 1
    /// By how many pixels outlines may be off, so that they have fewer points.
    public var tolerance = 0.0

    /// What a name in a source stands for.
    public struct Name: Hashable, Sendable {
      public var source: String
      public var name: String

      public init(_ source: String, _ name: String) {
        self.source = source
        self.name = name
      }
    }
  }

  /// How modality values become display values.
  public struct Intensity: Hashable, Sendable {
    public var mode = DisplayParameters.Mode.profile
    public var ct = DisplayParameters.CT.bodyPart
    public var mr = DisplayParameters.MR.percentiles
    /// What statistics of MR are taken of.
    public var mrForeground = Foreground.otsu
    public var mrPercentiles = PercentilePair.common
    /// In standard deviations from the mean.
    public var zRange = -3.0...3.0
    /// Nil: none.
    public var landmarks: HistogramLandmarks?
    public var percentiles = PercentilePair.common
    public var pet = DisplayParameters.PET.bodyWeight
    /// In the unit of `pet`.
    public var petRange = 0.0...10.0
  }

  /// How a sample's pictures are written.
  public struct Picture: Hashable, Sendable {
    public enum Format: String, CaseIterable, Sendable { case png, jpeg }

    public var format = Format.png
    /// Bits of a grey pixel, 8 or 16.
    public var depth = 8
    /// Of JPEG, 1 to 100.
    public var quality = 95
    /// Whether pictures that are no slices are resized until their pixels are square.
    public var squarePixels = true
    public var ultrasound = Ultrasound.regions
    public var collimator = Surroundings.keep
    public var background = Surroundings.keep

    /// What is shown of ultrasound.
    public enum Ultrasound: String, CaseIterable, Sendable {
      /// What its regions say that echoes are shown in; all where it has none.
      case regions
      case whole
    }

    /// What becomes of the parts of a picture that show nothing of the patient.
    public enum Surroundings: String, CaseIterable, Sendable { case keep, crop }
  }

  /// How pictures are cut for the vision encoder.
  public struct Tiles: Hashable, Sendable {
    /// What a sample holds of its tiles.
    public enum Write: String, CaseIterable, Sendable {
      /// Where they would lie; pictures are stored whole.
      case layout
      /// The tiles, in place of the picture.
      case cut
    }

    /// A name of `TilingPolicies.all`.
    public var policy = InternVLTiling.name
    public var write = Write.layout
    /// How pictures are resized to their tiles.
    public var filter = ResizeFilter.bicubic
    /// Side of a tile in pixels; nil: the policy's own.
    public var size: Int?
    public var min = 1
    public var max = 12
    public var thumbnail = true
    /// `anyres`: sizes of the grid, each height and width in pixels; nil: the policy's own.
    public var pinpoints: [[Int]]?
    /// `smart-resize`: what sides are multiples of, in pixels.
    public var factor: Int?
    /// `smart-resize`: of the resized picture.
    public var minPixels, maxPixels: Int?
    /// `physical`: edge of a tile in millimetres.
    public var edge: Double?
    /// `physical`: edge of a slide's tile in micrometres.
    public var slideEdge: Double?
  }

  /// What is asked and answered about the pictures.
  public struct Text: Hashable, Sendable {
    public enum Language: String, CaseIterable, Sendable { case en }

    public enum Question: String, CaseIterable, Sendable {
      case caption, modality
      case bodyRegion = "body_region"
      case plane, view, laterality
    }

    public var language = Language.en
    /// In the order of `Question.allCases`, each once, at least one.
    public var questions = Question.allCases
  }
}
