import MedicalImaging

extension DICOMHeaderReader {
  /// No scanner's coordinate is further from the origin than this, in millimetres: distances between
  /// planes stay numbers that can be counted with.
  static let farthest = 1e6
  /// Frames past this without functional groups of their own are not written out one by one.
  private static let mostUnnamedFrames = 1 << 16

  /// What holds for all frames, and for each where functional groups tell them apart
  /// (PS3.3 C.7.6.16); the latter empty where they do not.
  mutating func readFrames(
    _ frames: Int, _ format: PixelFormat, _ description: InstanceHeader.Description
  ) -> (shared: InstanceHeader.FrameFacts, perFrame: [InstanceHeader.FrameFacts]) {
    let common = root.first(.sharedFunctionalGroups)
    let groups = root.items(.perFrameFunctionalGroups)
    let vendor = description.modality == "MR" ? readVendorBValue() : nil
    scanner = description.modality == "MR" ? PhilipsScale(classUID: classUID) : nil
    let shared = readFacts(nil, common, format, vendorBValue: vendor)
    guard !groups.isEmpty else { return (shared, readNuclearFrames(frames, shared: shared)) }
    if groups.count != frames {
      note("functional_groups", "There are not as many functional groups as frames.")
      if groups.count < frames && frames > Self.mostUnnamedFrames { return (shared, []) }
    }
    var perFrame = [InstanceHeader.FrameFacts]()
    for group in groups.prefix(frames) {
      perFrame.append(readFacts(group, common, format, vendorBValue: vendor))
    }
    while perFrame.count < frames { perFrame.append(shared) }
    guard let first = perFrame.first, perFrame.contains(where: { $0 != first }) else {
      return (perFrame.first ?? shared, [])
    }
    return (shared, perFrame)
  }

  /// What a frame's own groups say, else the shared ones, else the data set's top level.
  private mutating func readFacts(
    _ own: DICOMItem?, _ common: DICOMItem?, _ format: PixelFormat, vendorBValue: Double?
  ) -> InstanceHeader.FrameFacts {
    func group(_ tag: DICOMTag) -> DICOMItem? { own?.first(tag) ?? common?.first(tag) }
    var facts = InstanceHeader.FrameFacts()
    facts.geometry = readGeometry(
      position: group(.planePositionSequence) ?? root,
      orientation: group(.planeOrientationSequence) ?? root)
    let measures = group(.pixelMeasuresSequence) ?? root
    facts.spacing = readSpacing(measures)
    if facts.spacing == nil {
      facts.pixelAspect = readAspect(measures)
      facts.nominalSpacing = readNominalSpacing(measures)
    }
    facts.sliceThickness = measures.number(.sliceThickness).flatMap { $0 > 0 ? $0 : nil }
    facts.spacingBetweenSlices = measures.number(.spacingBetweenSlices).flatMap {
      $0 > 0 ? $0 : nil
    }
    facts.modality =
      group(.pixelValueTransformationSequence).flatMap {
        readModalityTransform($0, isSigned: format.isSigned)
      }
      ?? readModalityTransform(root, isSigned: format.isSigned) ?? .identity
    facts.voi =
      group(.frameVOILUTSequence).flatMap {
        readVOI($0, isSigned: format.isSigned, modality: facts.modality)
      }
      ?? readVOI(root, isSigned: format.isSigned, modality: facts.modality) ?? []
    if let scale = scanner?.slope(own, common, root),
      let precise = PhilipsScale.precise(facts.modality, slope: scale)
    {
      (facts.rescale, facts.modality) = (facts.modality, precise)
      note(
        "philips_scale", "Modality values are by the Scale Slope of the scanner, not by Rescale.")
    }
    let content = group(.frameContentSequence)
    let stack = content.flatMap { $0.strings(.stackID).first } ?? root.strings(.stackID).first
    facts.stackID = stack ?? ""
    facts.temporalPosition = content?.integer(.temporalPositionIndex)
    facts.echoTime =
      group(.mrEchoSequence)?.number(.effectiveEchoTime) ?? root.number(.echoTime)
    facts.triggerTime =
      group(.cardiacSynchronizationSequence)?.number(.nominalCardiacTriggerDelayTime)
      ?? root.number(.triggerTime)
    facts.bValue =
      group(.mrDiffusionSequence)?.number(.diffusionBValue) ?? root.number(.diffusionBValue)
      ?? vendorBValue
    return facts
  }

  /// The b-value where only the vendor tells it: Siemens, GE (modulo 1e9, a flag of its), Philips.
  private func readVendorBValue() -> Double? {
    if let tag = root.privateTag(0x0019, creator: "SIEMENS MR HEADER", 0x0C),
      let value = root.number(tag)
    {
      return value
    }
    if let tag = root.privateTag(0x0043, creator: "GEMS_PARM_01", 0x39),
      let value = root.number(tag)
    {
      return value > 1e9 ? value.truncatingRemainder(dividingBy: 1e9) : value
    }
    if let tag = root.privateTag(0x2001, creator: "Philips Imaging DD 001", 0x03, .float32) {
      return root.number(tag)
    }
    return nil
  }

  /// Image Position and Orientation (Patient) (PS3.3 C.7.6.2.1.1); nil where either is missing, or
  /// where the orientation is not orthonormal within 1e-3.
  mutating func readGeometry(position: DICOMItem, orientation: DICOMItem)
    -> PlaneGeometry?
  {
    guard position.has(.imagePosition), orientation.has(.imageOrientation),
      !position.text(.imagePosition).isEmpty, !orientation.text(.imageOrientation).isEmpty
    else { return nil }
    guard let p = position.vector(.imagePosition, count: 3),
      let o = orientation.vector(.imageOrientation, count: 6),
      p.allSatisfy({ abs($0) <= Self.farthest })
    else {
      note("geometry", "Position or orientation is malformed; the plane has no place.")
      return nil
    }
    let row = Vector3(o[0], o[1], o[2])
    let column = Vector3(o[3], o[4], o[5])
    guard abs(row.length - 1) <= 1e-3, abs(column.length - 1) <= 1e-3,
      abs(row.dot(column)) <= 1e-3
    else {
      note("orientation", "The orientation is not orthonormal; the plane has no place.")
      return nil
    }
    return PlaneGeometry(
      position: Vector3(p[0], p[1], p[2]), alongRow: row * (1 / row.length),
      alongColumn: column * (1 / column.length))
  }

  private mutating func readSpacing(_ item: DICOMItem) -> PixelSpacing? {
    guard !item.text(.pixelSpacing).isEmpty else { return nil }
    guard let spacing = item.vector(.pixelSpacing, count: 2), spacing[0] > 0, spacing[1] > 0 else {
      note("pixel_spacing", "Pixel Spacing is malformed and was not used.")
      return nil
    }
    return PixelSpacing(betweenRows: spacing[0], betweenColumns: spacing[1])
  }

  /// Height of a pixel over its width by what is no distance in the patient: spacing at the imager or
  /// of a scanner (PS3.3 10.7.1.3, C.8.11.3), Pixel Aspect Ratio (C.7.6.3.1.7), regions of ultrasound.
  private mutating func readAspect(_ measures: DICOMItem) -> Double? {
    for tag in [DICOMTag.imagerPixelSpacing, .nominalScannedPixelSpacing, .pixelAspectRatio] {
      let item = measures.has(tag) ? measures : root
      guard let sides = item.vector(tag, count: 2) else { continue }
      guard sides[0] > 0, sides[1] > 0 else {
        note("pixel_aspect", "The shape of a pixel is malformed or impossible; taken as square.")
        return nil
      }
      return plausible(sides[0] / sides[1])
    }
    return readRegions()
  }

  /// Distances at the imager or of a scanner, or those of the regions of ultrasound, where they agree.
  private func readNominalSpacing(_ measures: DICOMItem) -> PixelSpacing? {
    for tag in [DICOMTag.imagerPixelSpacing, .nominalScannedPixelSpacing] {
      let item = measures.has(tag) ? measures : root
      guard let sides = item.vector(tag, count: 2) else { continue }
      guard sides[0] > 0, sides[1] > 0 else { return nil }
      return PixelSpacing(betweenRows: sides[0], betweenColumns: sides[1])
    }
    let regions = regionSpacings()
    guard let first = regions.first,
      regions.allSatisfy({
        abs($0.betweenRows / first.betweenRows - 1) <= 0.01
          && abs($0.betweenColumns / first.betweenColumns - 1) <= 0.01
      })
    else { return nil }
    return first
  }

  /// By the regions that show tissue in centimetres (PS3.3 C.8.5.5), where they agree.
  private mutating func readRegions() -> Double? {
    let ratios = regionSpacings().map { $0.betweenRows / $0.betweenColumns }
    guard let first = ratios.first, ratios.allSatisfy({ abs($0 / first - 1) <= 0.01 }) else {
      return nil
    }
    return plausible(first)
  }

  /// Of the regions of ultrasound that show tissue, in millimetres.
  private func regionSpacings() -> [PixelSpacing] {
    root.items(.ultrasoundRegions).compactMap { region in
      guard region.integer(.regionSpatialFormat) == 1, region.integer(.physicalUnitsX) == 3,
        region.integer(.physicalUnitsY) == 3, let x = region.number(.physicalDeltaX),
        let y = region.number(.physicalDeltaY), x != 0, y != 0
      else { return nil }
      // The sign is that of a direction; ten millimetres are a centimetre.
      return PixelSpacing(betweenRows: abs(y) * 10, betweenColumns: abs(x) * 10)
    }
  }

  private mutating func plausible(_ aspect: Double) -> Double? {
    if (0.1...10).contains(aspect) { return aspect }
    note("pixel_aspect", "The shape of a pixel is malformed or impossible; taken as square.")
    return nil
  }
}
