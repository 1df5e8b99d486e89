import MedicalImaging

extension DICOMPresentationState {
  private static let family = "1.2.840.10008.5.1.4.1.1.11."
  private static let gray = family + "1"
  private static let color = family + "2"
  /// Kinds that are not read, by the last part of their UID (PS3.6 A).
  private static let refused = [
    "3": "pseudo-color", "4": "blending", "5": "XA/XRF", "6": "planar MPR",
    "7": "compositing planar MPR", "8": "advanced blending", "9": "volume rendering",
    "10": "segmented volume rendering", "11": "multiple volume rendering",
    "12": "variable Modality LUT",
  ]

  init(_ opening: DICOMOpening) throws(ImageError) {
    guard [Self.gray, Self.color].contains(opening.classUID) else {
      let name = Self.refused[String(opening.classUID.dropFirst(Self.family.count))] ?? "unknown"
      throw ImageError(
        .unsupportedFormat,
        "The source is a presentation state of a kind that is not read: \(name).",
        remedy: "Leave it out.")
    }
    var reader = try AnnotationReader(opening)
    let root = reader.root
    identity = reader.identity
    isColor = opening.classUID == Self.color
    references = reader.listSeries(
      root, .referencedSeriesSequence, instances: .referencedImageSequence,
      study: identity.studyInstanceUID)
    modality =
      isColor ? .identity : reader.readModalityTransform(root, isSigned: false) ?? .identity
    voi = []
    for item in root.items(.softcopyVOILUTSequence) where !isColor {
      let found = reader.readVOI(item, isSigned: false, modality: modality) ?? []
      if found.count > 1 {
        reader.note(
          "voi_several", "A state proposes several windows for a picture; the first was taken.")
      }
      if let first = found.first {
        voi.append(
          VOI(references: reader.references(item, .referencedImageSequence), transform: first))
      }
    }
    presentationLUT = try Self.presentationLUT(&reader)
    shutter = try Self.shutter(&reader)
    displayedAreas = try Self.displayedAreas(reader)
    rotation = root.integer(.imageRotation) ?? 0
    isFlipped = root.code(.imageHorizontalFlip) == "Y"
    guard [0, 90, 180, 270].contains(rotation) else {
      throw ImageError(.damagedHeader, "The state rotates pictures by a part of a right angle.")
    }
    annotations = try root.items(.graphicAnnotationSequence).map { item throws(ImageError) in
      try GraphicAnnotation(item, reader)
    }
    findings = reader.findings
  }

  private static func presentationLUT(_ reader: inout AnnotationReader) throws(ImageError)
    -> PresentationLUT
  {
    if let lut = reader.root.first(.presentationLUTSequence) {
      guard
        let table = reader.readTable(
          lut, descriptor: .lutDescriptor, data: .lutData, firstIsSigned: false)
      else { throw ImageError(.damagedHeader, "The state's Presentation LUT cannot be read.") }
      return .table(table)
    }
    switch reader.root.code(.presentationLUTShape) {
    case "INVERSE": return .inverse
    case "IDENTITY", "": return .identity
    default: throw ImageError(.damagedHeader, "The state's Presentation LUT Shape does not exist.")
    }
  }

  private static func displayedAreas(_ reader: AnnotationReader) throws(ImageError)
    -> [DisplayedArea]
  {
    try reader.root.items(.displayedAreaSelectionSequence).map { item throws(ImageError) in
      guard let first = item.vector(.displayedAreaTopLeft, count: 2),
        let last = item.vector(.displayedAreaBottomRight, count: 2)
      else { throw ImageError(.damagedHeader, "A displayed area of the state lacks its corners.") }
      let spacing = item.vector(.presentationPixelSpacing, count: 2)
      let ratio = spacing ?? item.vector(.presentationPixelAspectRatio, count: 2)
      return DisplayedArea(
        references: reader.references(item, .referencedImageSequence),
        topLeft: PixelPoint(column: first[0] - 1, row: first[1] - 1),
        bottomRight: PixelPoint(column: last[0] - 1, row: last[1] - 1),
        mode: .init(rawValue: item.code(.presentationSizeMode)),
        pixelAspect: ratio.flatMap { $0[0] > 0 && $0[1] > 0 ? $0[0] / $0[1] : nil })
    }
  }

  private static func shutter(_ reader: inout AnnotationReader) throws(ImageError)
    -> DisplayShutter?
  {
    let root = reader.root
    let words = root.shapeWords(.shutter)
    guard !words.isEmpty else { return nil }
    var shapes: [PlaneShape] = []
    var bitmap: PlaneMask?
    for word in words {
      guard ["RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP"].contains(word) else {
        throw ImageError(.damagedHeader, "The state's shutter has a shape that does not exist.")
      }
      let shape = root.shape(word, of: .shutter)
      if let shape { shapes.append(shape) }
      if word == "BITMAP" { bitmap = self.bitmap(root) }
      guard shape != nil || word == "BITMAP" && bitmap != nil else {
        throw ImageError(.damagedHeader, "The state's shutter lacks what its shape needs.")
      }
    }
    return DisplayShutter(
      shapes: shapes, bitmap: bitmap,
      value: root.integer(.shutterPresentationValue).flatMap { 0...0xFFFF ~= $0 ? $0 : nil })
  }

  /// The overlay that a bitmap shutter is: a set bit hides its pixel (PS3.3 C.7.6.15).
  private static func bitmap(_ root: DICOMItem) -> PlaneMask? {
    guard let group = root.integer(.shutterOverlayGroup), 0x6000...0x60FE ~= group,
      let rows = root.integer(DICOMTag(UInt16(group), 0x0010, .unsigned16)), rows > 0,
      let columns = root.integer(DICOMTag(UInt16(group), 0x0011, .unsigned16)), columns > 0,
      rows <= 0xFFFF, columns <= 0xFFFF,
      let bits = root.value(DICOMTag(UInt16(group), 0x3000, .words))?.bytes,
      bits.count >= (rows * columns + 7) / 8
    else { return nil }
    return PlaneMask(
      columns: columns, rows: rows,
      bytes: (0..<rows * columns).map { 1 - (bits[$0 / 8] >> UInt8($0 % 8) & 1) })
  }
}
