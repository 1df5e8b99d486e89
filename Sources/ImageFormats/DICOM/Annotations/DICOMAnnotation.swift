import MedicalImaging

/// A DICOM object that says something of images elsewhere: the one door to all that are read.
///
/// Callers join it with images by the SOP Instance UIDs of `references`, or, where it draws in the
/// patient and not on pictures, by `framesOfReference`.
public enum DICOMAnnotation: Sendable {
  case segmentation(DICOMSegmentation)
  case structureSet(DICOMStructureSet)
  case report(DICOMReport)
  case keyObjects(DICOMKeyObjects)
  case presentationState(DICOMPresentationState)
  case bulkAnnotations(DICOMBulkAnnotations)

  /// Reads an annotation. `memoryLimit` bounds what a deflated data set, or a gzip file, may inflate
  /// to, in bytes.
  ///
  /// Throws `.unsupportedFormat` where the source is no annotation, or a presentation state of a kind
  /// that is not read; `.damagedHeader` where it contradicts itself; `.notMedical`, `.truncated` or
  /// `.memory`.
  public static func read(_ bytes: SourceBytes, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> DICOMAnnotation
  {
    let plain = bytes.isGzip ? try bytes.inflated(limit: memoryLimit) : bytes
    let opening = try DICOMOpening(plain, DICOMStart(plain), memoryLimit: memoryLimit)
    if SOPClass.segmentations.contains(opening.classUID) {
      var segmentation = try DICOMSegmentation.read(opening)
      segmentation.header.pixels.isGzip = bytes.isGzip
      return .segmentation(segmentation)
    }
    guard case .leftOut(let kind) = SOPClass.row(of: opening.classUID)?.meaning else {
      throw notAnAnnotation
    }
    switch kind {
    case .structureSet: return .structureSet(try DICOMStructureSet(opening))
    case .structuredReport: return .report(try DICOMReport(opening))
    case .keyObjectSelection: return .keyObjects(try DICOMKeyObjects(opening))
    case .presentationState: return .presentationState(try DICOMPresentationState(opening))
    case .bulkAnnotations: return .bulkAnnotations(try DICOMBulkAnnotations(opening))
    default: throw notAnAnnotation
    }
  }

  private static let notAnAnnotation = ImageError(
    .unsupportedFormat, "The source is no DICOM annotation that is read.",
    remedy: "Read it as an image, or leave it out.")

  /// Who and which it is: personal data.
  public var identity: InstanceHeader.Identity {
    switch self {
    case .segmentation(let it): it.header.identity
    case .structureSet(let it): it.identity
    case .report(let it): it.identity
    case .keyObjects(let it): it.identity
    case .presentationState(let it): it.identity
    case .bulkAnnotations(let it): it.identity
    }
  }

  /// What it says something of, each once.
  public var references: [ImageReference] {
    switch self {
    case .segmentation(let it): it.imageReferences
    case .structureSet(let it): it.references
    case .report(let it): it.references
    case .keyObjects(let it): it.references
    case .presentationState(let it): it.references
    case .bulkAnnotations(let it): it.references
    }
  }

  /// Frames of reference that it draws in, each once: its coordinates are theirs.
  public var framesOfReference: [String] {
    switch self {
    case .segmentation(let it):
      [it.header.identity.frameOfReferenceUID].filter { !$0.isEmpty }
    case .structureSet(let it): it.framesOfReference
    case .report(let it): it.framesOfReference
    case .bulkAnnotations(let it):
      it.space == .slide ? [it.identity.frameOfReferenceUID].filter { !$0.isEmpty } : []
    case .keyObjects, .presentationState: []
    }
  }

  /// What was odd in it, and how it was taken.
  public var findings: [InstanceHeader.Finding] {
    switch self {
    case .segmentation(let it): it.header.findings
    case .structureSet(let it): it.findings
    case .report(let it): it.findings
    case .keyObjects(let it): it.findings
    case .presentationState(let it): it.findings
    case .bulkAnnotations(let it): it.findings
    }
  }
}

extension DICOMSegmentation {
  /// The pictures that its frames were drawn on, the frames of an instance together, then what else
  /// it lists.
  var imageReferences: [ImageReference] {
    let places = Dictionary(listed.map { ($0.sopInstanceUID, $0) }) { first, _ in first }
    var order: [String] = []
    var frames: [String: Set<Int>] = [:]
    var whole: Set<String> = []
    for reference in self.frames.flatMap(\.references) {
      if frames[reference.sopInstanceUID] == nil { order.append(reference.sopInstanceUID) }
      frames[reference.sopInstanceUID, default: []].formUnion(reference.frame.map { [$0] } ?? [])
      if reference.frame == nil { whole.insert(reference.sopInstanceUID) }
    }
    let drawnOn = order.map { uid in
      var reference = places[uid] ?? ImageReference(sopInstanceUID: uid)
      reference.frames = whole.contains(uid) ? [] : frames[uid, default: []].sorted()
      return reference
    }
    return drawnOn + listed.filter { frames[$0.sopInstanceUID] == nil }.distinct
  }
}
