/// What the header of one image says, as far as this toolkit uses it, in DICOM's terms whatever kind
/// of file it was read from: read once, without touching pixels, and kept, so that nothing parses it
/// again.
///
/// `identity`, `order` and `pet` are personal data. They stay in memory and in the private folder.
public struct InstanceHeader: Codable, Hashable, Sendable {
  public var identity: Identity
  public var description: Description
  public var order: Order
  public var format: PixelFormat
  /// Number of Frames, 1 where it is absent; of a NIfTI file the slices of all its volumes; of a TIFF
  /// file its pages.
  public var frames: Int
  /// What holds for every frame, where `perFrame` is empty.
  public var shared: FrameFacts
  /// One entry a frame where functional groups say different things of different frames
  /// (PS3.3 C.7.6.16); empty otherwise.
  public var perFrame: [FrameFacts]
  public var padding: PixelPadding?
  /// Red, green and blue tables of a palette image (PS3.3 C.7.6.3.1.5).
  public var palette: [LookupTable]?
  /// ICC Profile of colour and palette images (PS3.3 C.11.15), not applied to any pixel; nil where
  /// there is none.
  public var colorProfile: [UInt8]?
  public var pixels: PixelLocation
  /// Of a slide, whose frames are its levels; nil for everything else.
  public var slide: SlideFacts?
  /// Of PET; nil for everything else.
  public var pet: PETFacts?
  public var areas = PictureAreas()
  /// What was odd in the header and how it was taken, as codes without header values.
  public var findings: [Finding]

  public init(
    identity: Identity, description: Description, order: Order, format: PixelFormat, frames: Int,
    shared: FrameFacts, perFrame: [FrameFacts], padding: PixelPadding?, palette: [LookupTable]?,
    colorProfile: [UInt8]? = nil, pixels: PixelLocation, pet: PETFacts? = nil, findings: [Finding]
  ) {
    self.identity = identity
    self.description = description
    self.order = order
    self.format = format
    self.frames = frames
    self.shared = shared
    self.perFrame = perFrame
    self.padding = padding
    self.palette = palette
    self.colorProfile = colorProfile
    self.pixels = pixels
    self.pet = pet
    self.findings = findings
  }

  /// The same, its modality values times `factor` in other units; tables are left as they are.
  public func scaled(by factor: Double, to units: ModalityUnits) -> InstanceHeader {
    var header = self
    func scale(_ facts: inout FrameFacts) {
      facts.modality = facts.modality.scaled(by: factor) ?? facts.modality
    }
    scale(&header.shared)
    for index in perFrame.indices { scale(&header.perFrame[index]) }
    header.description.units = units
    return header
  }

  /// What holds for frame `index`, counted from 0.
  public func facts(frame index: Int) -> FrameFacts { perFrame.isEmpty ? shared : perFrame[index] }

  /// Column and row of the coded picture that the first pixel of frame `index` is: (0, 0), but for
  /// the slices of a mosaic.
  public func origin(frame index: Int) -> (column: Int, row: Int) {
    let across = pixels.mosaicTiles
    guard across > 0 else { return (0, 0) }
    return (index % across * format.columns, index / across * format.rows)
  }

  /// Who and which: personal data, trimmed and decoded to UTF-8; "" where absent.
  public struct Identity: Codable, Hashable, Sendable {
    public var patientID = ""
    public var issuerOfPatientID = ""
    public var patientBirthDate = ""
    public var patientSex = ""
    public var studyInstanceUID = ""
    public var seriesInstanceUID = ""
    public var sopInstanceUID = ""
    public var frameOfReferenceUID = ""

    public init() {}
  }

  /// Coded facts about the picture; upper case, trimmed, "" where absent. No free text.
  public struct Description: Codable, Hashable, Sendable {
    public var fileKind = FileKind.dicom
    public var sopClassUID = ""
    public var transferSyntaxUID = ""
    public var modality = ""
    /// Image Type, all values.
    public var imageType: [String] = []
    public var bodyPartExamined = ""
    public var viewPosition = ""
    /// The code of View Code Sequence in SNOMED, whichever of its designators stands beside it.
    public var viewCode = ""
    /// Image Laterality, else Laterality: R, L, U, B or "".
    public var laterality = ""
    /// Patient Orientation: where rows and columns run to, in DICOM's letters (PS3.3 C.7.6.1.1.1); two
    /// values, or none.
    public var patientOrientation: [String] = []
    public var presentationLUTShape = ""
    /// YES, NO or "".
    public var burnedInAnnotation = ""
    public var conversionType = ""
    public var units: ModalityUnits = .unspecified

    public init() {}
  }

  /// What tells the images of one series apart; nil where absent or not a number.
  public struct Order: Codable, Hashable, Sendable {
    public var seriesNumber: Int?
    public var instanceNumber: Int?
    public var acquisitionNumber: Int?
    public var temporalPosition: Int?
    public var stackID = ""
    public var echoNumber: Int?
    /// Milliseconds.
    public var echoTime: Double?
    /// Milliseconds after the R peak.
    public var triggerTime: Double?
    /// s/mm2: Diffusion b-value (0018,9087), else the vendor's own element.
    public var bValue: Double?
    /// Milliseconds from one volume to the next of an echo-planar series: its Repetition Time (PS3.3
    /// C.8.3.1); nil of other sequences, in which a volume takes many repetitions.
    public var volumePeriod: Double?
    /// Seconds since midnight.
    public var acquisitionTime: Double?
    /// Seconds since midnight.
    public var contentTime: Double?

    public init() {}
  }

  /// What may differ between the frames of one instance.
  public struct FrameFacts: Codable, Hashable, Sendable {
    public var geometry: PlaneGeometry?
    /// Pixel Spacing (in the patient), else nil: Imager Pixel Spacing is not the patient's.
    public var spacing: PixelSpacing?
    /// Height of a pixel over its width, where Pixel Spacing does not say: by Imager Pixel Spacing,
    /// Nominal Scanned Pixel Spacing, Pixel Aspect Ratio, or the regions of an ultrasound image.
    public var pixelAspect: Double?
    /// Distances where Pixel Spacing does not say them: at the detector, of a scanned film (Imager Pixel
    /// Spacing, Nominal Scanned Pixel Spacing), or of an ultrasound image by its regions.
    public var nominalSpacing: PixelSpacing?
    public var sliceThickness: Double?
    /// Spacing Between Slices: from centre to centre, in millimetres.
    public var spacingBetweenSlices: Double?
    public var modality: ModalityTransform = .identity
    /// What Rescale Slope and Intercept say, where `modality` is the scanner's own scale instead
    /// (Philips MR); `voi` is meant in these values then. Nil otherwise.
    public var rescale: ModalityTransform?
    /// VOI LUT Sequence first, then the windows, in the header's order.
    public var voi: [VOITransform] = []
    /// Stack ID; "" where absent.
    public var stackID = ""
    /// Temporal Position Index, from 1.
    public var temporalPosition: Int?
    /// Effective Echo Time, else Echo Time, in milliseconds.
    public var echoTime: Double?
    /// Nominal Cardiac Trigger Delay Time, else Trigger Time, in milliseconds.
    public var triggerTime: Double?
    /// s/mm2: Diffusion b-value (0018,9087), else the vendor's own element.
    public var bValue: Double?

    public init() {}

    /// Height of a pixel over its width; 1 where nothing says it.
    public var aspect: Double {
      spacing.map { $0.betweenRows / $0.betweenColumns } ?? pixelAspect ?? 1
    }
  }

  /// Where the pixel data lie, so that they are found again without parsing.
  public struct PixelLocation: Codable, Hashable, Sendable {
    /// True where the data set is deflated (PS3.5 A.5): every offset counts in the inflated bytes,
    /// which begin with the file's own first byte (preamble and meta header copied through).
    public var isDeflated = false
    /// True where the source is a gzip file: every offset counts in what it holds.
    public var isGzip = false
    public var isBigEndian = false
    /// True where native 8-bit samples lie in big-endian 16-bit words (OW, PS3.5 A.3): bytes are
    /// swapped in pairs, counted from `nativeOffset`.
    public var swapsBytePairs = false
    /// Offset of the value of native pixel data; nil where they are encapsulated.
    public var nativeOffset: Int?
    /// Its length in bytes as declared.
    public var nativeLength = 0
    /// Encapsulated fragments in order, the offset table left out (PS3.5 A.4).
    public var fragments: [Range<Int>] = []
    /// Basic or extended offset table: the offset of each frame's first item, counted from the
    /// first byte of the first fragment's item tag; empty where there is none.
    public var frameOffsets: [Int] = []
    /// Tiles in a row of a Siemens mosaic, whose slices are the frames: row by row in one picture of
    /// as many tiles each way; 0 where it is none.
    public var mosaicTiles = 0
    /// Whether the pixels are in a file of their own, beside the header (.hdr and .img).
    public var isPair = false
    /// Of an ordinary picture: which page of the file each frame is, counted from 0.
    public var pages: [Int] = []
    /// Of an ordinary picture: columns times rows of its largest frame, as far as an Int can say; 0
    /// where none is larger than the first.
    public var largestPage = 0

    public init() {}
  }

  /// Something that was odd and how it was taken.
  public struct Finding: Codable, Hashable, Sendable {
    /// A word for programs, for example `bits_stored_above_allocated`.
    public var code: String
    /// One sentence without header values.
    public var sentence: String

    public init(_ code: String, _ sentence: String) {
      self.code = code
      self.sentence = sentence
    }
  }
}
