import MedicalImaging

/// Reads DICOM headers (PS3.10 files, data sets without preamble or meta header, ACR-NEMA) without
/// touching pixels.
public enum DICOMReader {
  /// Whether a source's first bytes look like DICOM, plain or in gzip; 1024 of them are enough.
  public static func recognises(head: [UInt8]) -> Bool {
    var plain = head
    if GzipStream.recognises(head: head) {
      guard let bytes = try? SourceBytes(head),
        let inflated = try? PlainBytes(bytes).copy(at: 0, count: head.count)
      else { return false }
      plain = inflated
    }
    return DICOMSignature.hasPreamble(plain) || DICOMSignature.plausibleStart(plain, at: 0) != nil
  }

  /// What the source holds. `memoryLimit` bounds what a deflated data set, or a gzip file, may inflate
  /// to, in bytes.
  ///
  /// Throws `.notMedical` where it is no DICOM; `.slideMicroscopy` for a slide in gzip, `.mosaic`, `.unsupportedSyntax` or
  /// `.unsupportedPixels` where it is a picture of a kind that is not read; `.noPixels` where an image
  /// class lacks them;
  /// `.damagedHeader`, `.truncated` or `.memory` where the header cannot be read.
  public static func read(_ bytes: SourceBytes, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> DICOMContent
  {
    if bytes.isGzip {
      let content = try read(bytes.inflated(limit: memoryLimit), memoryLimit: memoryLimit)
      if case .slide = content {
        throw ImageError(
          .slideMicroscopy, "The source is a DICOM slide in gzip.", remedy: "Unpack it.")
      }
      guard case .image(var header) = content else { return content }
      header.pixels.isGzip = true
      return .image(header)
    }
    let start = try DICOMStart(bytes)
    if let content = try content(ofClass: start.mediaSOPClassUID) { return content }
    let opening = try DICOMOpening(bytes, start, memoryLimit: memoryLimit)
    if let content = try content(ofClass: opening.classUID) { return content }
    if var reader = try opening.reader() { return .image(try reader.read()) }
    let root = opening.dataSet.root
    guard !root.has(.rows), !root.has(.columns), !SOPClass.isImage(opening.classUID) else {
      throw ImageError(.noPixels, "The image holds no pixel data.")
    }
    return .leftOut(.otherObject)
  }

  /// SOP Instance UID of the meta header (PS3.10 7.1), for what is read no further; "" where there is
  /// none, and in gzip. It leads back to a patient: personal data.
  public static func instanceUID(ofMetaHeader bytes: SourceBytes) -> String {
    (try? DICOMStart(bytes))?.mediaSOPInstanceUID ?? ""
  }

  /// What a SOP Class alone settles; nil where the data set must be looked at.
  private static func content(ofClass uid: String) throws(ImageError) -> DICOMContent? {
    switch SOPClass.row(of: uid)?.meaning {
    case nil, .notAPicture: return nil
    case .mediaDirectory: return .mediaDirectory
    case .leftOut(let kind): return .leftOut(kind)
    case .slide: return .slide
    }
  }

  /// Why an instance that has pixels is no picture of a patient: a segmentation or a dose
  /// distribution, by its SOP Class; nil for pictures.
  public static func whyNoPicture(_ description: InstanceHeader.Description) -> ImageError? {
    guard case .notAPicture(let code) = SOPClass.row(of: description.sopClassUID)?.meaning else {
      return nil
    }
    return ImageError(
      code,
      code == .dose
        ? "The source is a DICOM dose distribution."
        : "The source is a DICOM segmentation, that is, labels of other images.")
  }
}

/// The element that a header's parse stopped at: Pixel Data, or its floating-point kin.
struct PixelElement {
  /// Pixel Data, Float Pixel Data or Double Float Pixel Data, by their elements.
  enum Kind: Int {
    case float = 0x0008
    case double = 0x0009
    case integer = 0x0010
  }

  var kind: Kind
  /// VR as written; "" in implicit encodings.
  var vr: String
  /// Offset of the value.
  var offset: Int
  /// Declared length; nil where it is undefined, that is, the pixels come in fragments.
  var length: Int?

  /// Nil where the parse stopped elsewhere; the bytes just before the stop tell.
  init?(_ bytes: SourceBytes, _ dataSet: DICOMDataSet, _ encoding: TransferSyntax.Encoding) {
    let end = dataSet.end
    let big = encoding.isBigEndian
    func number(_ at: Int, _ size: Int) -> Int? { bytes.number(at: at, size: size, bigEndian: big) }
    for size in encoding.isExplicit ? [12, 8] : [8] {
      guard let group = number(end - size, 2), group == 0x7FE0,
        let element = number(end - size + 2, 2), let kind = Kind(rawValue: element)
      else { continue }
      vr = encoding.isExplicit ? bytes.text(at: end - size + 4, length: 2) ?? "" : ""
      let isShort = encoding.isExplicit && size == 8
      guard let declared = isShort ? number(end - 2, 2) : number(end - 4, 4) else { continue }
      self.kind = kind
      offset = end
      length = declared == 0xFFFF_FFFF ? nil : declared
      return
    }
    return nil
  }
}
