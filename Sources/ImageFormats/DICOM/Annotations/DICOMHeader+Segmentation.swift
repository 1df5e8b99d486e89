import MedicalImaging

extension DICOMHeaderReader {
  /// The header of a segmentation with its segments and what each frame is of.
  ///
  /// Throws as `read` does, and `.damagedHeader` where a frame names no segment that is described.
  mutating func readSegmentation() throws(ImageError) -> DICOMSegmentation {
    let header = try read()
    let kind = try segmentationKind()
    let charset = DICOMText.trimmed(root.text(.specificCharacterSet))
    let segments = root.items(.segmentSequence).compactMap { item -> DICOMSegmentation.Segment? in
      guard let number = item.integer(.segmentNumber) else { return nil }
      return DICOMSegmentation.Segment(
        number: number, category: item.concept(.segmentedPropertyCategory, charset),
        type: item.concept(.segmentedPropertyType, charset),
        label: item.text(.segmentLabel, charset))
    }
    let known = Set(segments.map(\.number))
    let common = root.first(.sharedFunctionalGroups)
    let groups = root.items(.perFrameFunctionalGroups)
    // Of tiled-full ones frames name nothing: all of the first segment come first, and so on
    // (PS3.3 C.7.6.17.3).
    let isTiledFull = root.code(.dimensionOrganizationType) == "TILED_FULL" && groups.isEmpty
    let each = isTiledFull && !segments.isEmpty ? header.frames / segments.count : 0
    var frames: [DICOMSegmentation.Frame] = []
    for index in 0..<header.frames {
      let own = index < groups.count ? groups[index] : nil
      func group(_ tag: DICOMTag) -> DICOMItem? { own?.first(tag) ?? common?.first(tag) }
      var segment: Int?
      if kind != .labelmap {
        segment =
          each > 0 && each * segments.count == header.frames
          ? segments[index / each].number
          : group(.segmentIdentificationSequence)?.integer(.referencedSegmentNumber)
        guard let segment, known.contains(segment) else {
          throw ImageError(
            .damagedHeader, "A frame of the segmentation names no segment that is described.")
        }
      }
      frames.append(
        DICOMSegmentation.Frame(
          segment: segment, geometry: header.facts(frame: index).geometry,
          references: references(own, common)))
    }
    return DICOMSegmentation(header: header, kind: kind, segments: segments, frames: frames)
  }

  /// Segmentation Type and Maximum Fractional Value (PS3.3 C.8.20.2).
  private func segmentationKind() throws(ImageError) -> DICOMSegmentation.Kind {
    switch root.code(.segmentationType) {
    case "BINARY": return .binary
    case "LABELMAP": return .labelmap
    case "FRACTIONAL":
      guard let maximum = root.integer(.maximumFractionalValue), maximum > 0 else {
        throw ImageError(
          .damagedHeader, "The segmentation does not say what its greatest value stands for.")
      }
      return .fractional(maximum: maximum)
    default:
      throw ImageError(.damagedHeader, "The segmentation is of no type that the standard knows.")
    }
  }

  /// Source images of a frame (PS3.3 C.7.6.16.2.6), its own before those of all.
  private func references(_ own: DICOMItem?, _ common: DICOMItem?)
    -> [DICOMSegmentation.Reference]
  {
    let derivations =
      own.map { $0.items(.derivationImageSequence) }.flatMap { $0.isEmpty ? nil : $0 }
      ?? common?.items(.derivationImageSequence) ?? []
    return derivations.flatMap { $0.items(.sourceImageSequence) }.flatMap {
      item -> [DICOMSegmentation.Reference] in
      guard let uid = item.strings(.referencedSOPInstanceUID).first, !uid.isEmpty else { return [] }
      let frames = item.numbers(.referencedFrameNumber).compactMap { $0 }.filter {
        $0 >= 1 && $0 < 1e9
      }
      return frames.isEmpty
        ? [.init(sopInstanceUID: uid, frame: nil)]
        : frames.map { .init(sopInstanceUID: uid, frame: Int($0) - 1) }
    }
  }
}

extension DICOMTag {
  static let segmentationType = DICOMTag(0x0062, 0x0001)
  static let segmentSequence = DICOMTag(0x0062, 0x0002, .sequence)
  static let segmentedPropertyCategory = DICOMTag(0x0062, 0x0003, .sequence)
  static let segmentNumber = DICOMTag(0x0062, 0x0004, .unsigned16)
  static let segmentLabel = DICOMTag(0x0062, 0x0005)
  static let segmentIdentificationSequence = DICOMTag(0x0062, 0x000A, .sequence)
  static let referencedSegmentNumber = DICOMTag(0x0062, 0x000B, .unsigned16)
  static let maximumFractionalValue = DICOMTag(0x0062, 0x000E, .unsigned16)
  static let segmentedPropertyType = DICOMTag(0x0062, 0x000F, .sequence)
  static let derivationImageSequence = DICOMTag(0x0008, 0x9124, .sequence)
  static let sourceImageSequence = DICOMTag(0x0008, 0x2112, .sequence)
}
