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
  public var slices = Selection(.all, n: 1)
  public var frames = Selection(.evenly, n: 16)
  public var slides = Slides()
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

  /// Which slices or frames of one volume or file become samples.
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

    public init(_ select: Select, n: Int) {
      self.select = select
      self.n = n
    }
  }

  /// What becomes of microscope slides.
  public struct Slides: Hashable, Sendable {
    /// Of the level that becomes a picture, in pixels.
    public var longestSide = 2048
    /// Of level 0 of slides that do not say it, or contradict themselves; nil: they are rejected.
    public var micronsPerPixel: Double?
    /// Identifier of the optical path that is wanted of slides of several; nil: each is a picture.
    public var opticalPath: String?
    /// The focal plane that is wanted of slides of several, from 0, nearest the glass first; nil: the one
    /// in the middle.
    public var focalPlane: Int?
  }

  /// How modality values become display values.
  public struct Intensity: Hashable, Sendable {
    public var ct = DisplayParameters.CT.bodyPart
    public var mrPercentiles = PercentilePair.common
    public var percentiles = PercentilePair.common
  }

  /// How a sample's pictures are written.
  public struct Picture: Hashable, Sendable {
    public enum Format: String, CaseIterable, Sendable { case png, jpeg }

    public var format = Format.png
    /// Of JPEG, 1 to 100.
    public var quality = 95
    /// Whether pictures whose pixels are not square are resized until they are; slices of a volume
    /// never are.
    public var squarePixels = true
  }

  /// How pictures are cut for the vision encoder.
  public struct Tiles: Hashable, Sendable {
    public enum Policy: String, CaseIterable, Sendable { case internvl }

    public var policy = Policy.internvl
    /// Side of a tile in pixels.
    public var size = 448
    public var min = 1
    public var max = 12
    public var thumbnail = true
  }

  /// What is asked and answered about the pictures.
  public struct Text: Hashable, Sendable {
    public enum Language: String, CaseIterable, Sendable { case en }

    public enum Question: String, CaseIterable, Sendable {
      case caption, modality
      case bodyRegion = "body_region"
      case plane
    }

    public var language = Language.en
    /// In the order of `Question.allCases`, each once, at least one.
    public var questions = Question.allCases
  }
}
