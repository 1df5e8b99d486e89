import MedicalImaging

extension DICOMHeaderReader {
  /// The header of a whole-slide image, and where its tiles lie.
  ///
  /// Throws as `read` does.
  mutating func readSlide() throws(ImageError) -> DICOMSlideInstance {
    let header = try read()
    let paths = root.items(.opticalPathSequence)
    var names = paths.map { DICOMText.trimmed($0.text(.opticalPathIdentifier)) }
    let arrangement = readArrangement(header, &names)
    if names.isEmpty { names = [""] }
    let spacing = header.shared.spacing
    let power = paths.lazy.compactMap { $0.number(.objectiveLensPower) }.first { $0 > 0 }
    var instance = DICOMSlideInstance(
      header: header, picture: picture(of: header.description.imageType),
      columns: matrixSide(.totalPixelMatrixColumns), rows: matrixSide(.totalPixelMatrixRows),
      arrangement: arrangement, opticalPaths: names,
      colorProfiles: names.indices.map { i in
        header.format.photometric.isGrey
          ? nil : (i < paths.count ? paths[i].profile : nil) ?? header.colorProfile
      },
      focalPlanes: count(.totalPixelMatrixFocalPlanes) ?? 1,
      framesBefore: root.integer(.concatenationFrameOffset).map { max($0, 0) } ?? 0,
      concatenation: DICOMText.trimmed(root.text(.concatenationUID)),
      micronsPerPixel: spacing.map {
        MicronsPerPixel(x: $0.betweenColumns * 1000, y: $0.betweenRows * 1000)
      }, objectivePower: power,
      orientation: root.vector(.imageOrientationSlide, count: 6) ?? [],
      origin: origin)
    // What was odd about the tiles came after the header was made.
    instance.header.findings = findings
    return instance
  }

  /// Total Pixel Matrix Origin Sequence (PS3.3 C.8.12.14.1.2).
  private var origin: Vector3? {
    guard let item = root.first(.totalPixelMatrixOriginSequence),
      let x = item.number(.xOffsetInSlide), let y = item.number(.yOffsetInSlide)
    else { return nil }
    return Vector3(x, y, 0)
  }

  private func picture(of imageType: [String]) -> SlidePicture {
    if root.code(.specimenLabelInImage) == "YES" { return .label }
    switch imageType.dropFirst(2).first {
    case "VOLUME": return .tissue
    case "LABEL": return .label
    case "OVERVIEW": return .overview
    case "THUMBNAIL": return .thumbnail
    default: return .other
    }
  }

  /// A side of the total pixel matrix, of 32 bits (PS3.3 C.8.12.3); 0 where it is absent or
  /// impossible.
  private func matrixSide(_ tag: DICOMTag) -> Int {
    root.integer(tag).flatMap { (1...Int(UInt32.max)).contains($0) ? $0 : nil } ?? 0
  }

  private func count(_ tag: DICOMTag) -> Int? {
    root.integer(tag).flatMap { (1...Int(UInt16.max)).contains($0) ? $0 : nil }
  }

  private mutating func readArrangement(_ header: InstanceHeader, _ names: inout [String])
    -> DICOMSlideInstance.Arrangement
  {
    if root.code(.dimensionOrganizationType) == "TILED_FULL" { return .full }
    let common = root.first(.sharedFunctionalGroups)
    let groups = root.items(.perFrameFunctionalGroups)
    guard !groups.isEmpty else { return .unknown }
    var places: [DICOMSlideInstance.Place] = []
    var indices = Dictionary(zip(names, names.indices)) { first, _ in first }
    var lost = header.frames - min(groups.count, header.frames)
    for (frame, group) in groups.prefix(header.frames).enumerated() {
      func item(_ tag: DICOMTag) -> DICOMItem? { group.first(tag) ?? common?.first(tag) }
      guard let position = item(.planePositionSlideSequence),
        let column = position.integer(.columnPositionInMatrix),
        let row = position.integer(.rowPositionInMatrix), column > 0, row > 0
      else {
        lost += 1
        continue
      }
      let name = item(.opticalPathIdentificationSequence).map {
        DICOMText.trimmed($0.text(.opticalPathIdentifier))
      }
      // A frame without an optical path of its own is of the first; one that the sequence lacks is
      // of another.
      let key = name ?? names.first ?? ""
      let path = indices[key] ?? names.count
      if path == names.count {
        indices[key] = path
        names.append(key)
      }
      places.append(
        DICOMSlideInstance.Place(
          frame: frame, x: column - 1, y: row - 1, z: position.number(.zOffsetInSlide) ?? 0,
          opticalPath: path))
    }
    if lost > 0 {
      note("tile_position", "Tiles of the slide have no place in it, and were left out.")
    }
    return places.isEmpty ? .unknown : .placed(places)
  }
}
