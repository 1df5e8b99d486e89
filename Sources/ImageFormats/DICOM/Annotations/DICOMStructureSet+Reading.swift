import MedicalImaging

extension DICOMStructureSet {
  /// No structure lies further from the origin than this, in millimetres.
  private static let farthest = DICOMHeaderReader.farthest

  init(_ opening: DICOMOpening) throws(ImageError) {
    var reader = try AnnotationReader(opening)
    let root = reader.root
    identity = reader.identity
    label = reader.text(root, .structureSetLabel)

    var listed: [ImageReference] = []
    var frames: [String] = []
    for frame in root.items(.referencedFrameOfReferenceSequence) {
      frames.append(frame.strings(.frameOfReferenceUID).first ?? "")
      for study in frame.items(.rtReferencedStudySequence) {
        listed += reader.listSeries(
          study, .rtReferencedSeriesSequence, instances: .contourImageSequence,
          study: study.strings(.referencedSOPInstanceUID).first ?? "")
      }
    }

    structures = []
    var index: [Int: Int] = [:]
    for item in root.items(.structureSetROISequence) {
      guard let number = item.integer(.roiNumber) else {
        throw ImageError(.damagedHeader, "A structure of the structure set has no number.")
      }
      guard index.updateValue(structures.count, forKey: number) == nil else {
        throw ImageError(.damagedHeader, "Two structures of the structure set have one number.")
      }
      frames.append(item.strings(.referencedFrameOfReferenceUID).first ?? "")
      structures.append(
        Structure(
          number: number, name: reader.text(item, .roiName),
          frameOfReferenceUID: frames.last ?? "", interpretedType: "", identification: nil,
          algorithm: item.code(.roiGenerationAlgorithm), color: nil, contours: []))
    }
    for item in root.items(.rtROIObservationsSequence) {
      guard let place = item.integer(.referencedROINumber).flatMap({ index[$0] }) else { continue }
      let type = item.code(.rtROIInterpretedType)
      if structures[place].interpretedType.isEmpty { structures[place].interpretedType = type }
      if structures[place].identification == nil {
        structures[place].identification = reader.concept(item, .rtROIIdentificationCodeSequence)
      }
    }
    for item in root.items(.roiContourSequence) {
      guard let place = item.integer(.referencedROINumber).flatMap({ index[$0] }) else {
        reader.note(
          "contours_nameless", "Contours of a structure that is not described were left out.")
        continue
      }
      structures[place].color = Self.color(item)
      for contour in item.items(.contourSequence) {
        if let read = try Self.contour(contour, &reader) {
          structures[place].contours.append(read)
          listed += read.references
        }
      }
    }
    references = listed.distinct
    var seen: Set<String> = [""]
    framesOfReference = frames.filter { seen.insert($0).inserted }
    findings = reader.findings
  }

  private static func color(_ item: DICOMItem) -> [UInt8]? {
    guard let parts = item.vector(.roiDisplayColor, count: 3) else { return nil }
    let bytes = parts.compactMap { UInt8(exactly: $0) }
    return bytes.count == 3 ? bytes : nil
  }

  /// Nil where it is of a kind that is not known.
  private static func contour(_ item: DICOMItem, _ reader: inout AnnotationReader)
    throws(ImageError) -> Contour?
  {
    let word = item.code(.contourGeometricType)
    guard let kind = word == "CLOSED_PLANAR_XOR" ? .closedXOR : Contour.Kind(rawValue: word) else {
      reader.note("contour_type", "Contours of an unknown type were left out.")
      return nil
    }
    guard let numbers = item.decimals(.contourData), numbers.count.isMultiple(of: 3),
      numbers.allSatisfy({ abs($0) <= farthest })
    else {
      throw ImageError(
        .damagedHeader, "The points of a contour are not three numbers each, or impossibly far.")
    }
    let points = stride(from: 0, to: numbers.count, by: 3).map {
      Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
    }
    if let declared = item.integer(.numberOfContourPoints), declared != points.count {
      reader.note(
        "contour_points", "A contour has another number of points than it says; all were taken.")
    }
    if let offset = item.vector(.contourOffsetVector, count: 3), offset.contains(where: { $0 != 0 })
    {
      reader.note("contour_offset", "Contours have an offset from their slab; it was not applied.")
    }
    return Contour(
      kind: kind, points: points, references: reader.references(item, .contourImageSequence))
  }
}
