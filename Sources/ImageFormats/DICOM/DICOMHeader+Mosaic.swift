import MedicalImaging

/// How the slices of a Siemens mosaic lie side by side in one picture, and in the patient.
struct Mosaic {
  var slices: Int
  /// Tiles in a row, and in a column.
  var across: Int
  /// From one slice to the next: a unit vector times millimetres; nil where nothing says it.
  var step: Vector3?
}

extension DICOMHeaderReader {
  private static let fields: Set<String> = [
    "NumberOfImagesInMosaic", "SliceNormalVector", "ProtocolSliceNumber",
  ]

  /// Nil where the picture is none: by Image Type, and by not being multi-frame, since newer systems
  /// keep the word and cut the mosaic.
  ///
  /// Throws `.mosaic` where nothing says how many slices it has.
  mutating func readMosaic(_ imageType: [String]) throws(ImageError) -> Mosaic? {
    guard imageType.contains("MOSAIC"), !root.has(.perFrameFunctionalGroups),
      (root.integer(.numberOfFrames) ?? 1) == 1
    else { return nil }
    let csa =
      root.privateTag(0x0029, creator: "SIEMENS CSA HEADER", 0x10, .words)
      .flatMap { root.value($0) }
      .map { CSAHeader($0.bytes, fields: Self.fields).values } ?? [:]
    let tag = root.privateTag(0x0019, creator: "SIEMENS MR HEADER", 0x0A, .unsigned16)
    let count =
      tag.flatMap { root.integer($0) }
      ?? csa["NumberOfImagesInMosaic"].flatMap { Int(exactly: $0[0]) }
    guard let slices = count, (1...4096).contains(slices) else {
      throw ImageError(
        .mosaic, "The image is a mosaic whose header does not say how many slices it holds.")
    }
    var across = 1
    while across * across < slices { across += 1 }
    if let first = csa["ProtocolSliceNumber"]?.first, first > 1 {
      // Converters differ here; dcm2niix is the reference, and believes the normal.
      note(
        "mosaic_numbering",
        "The mosaic's slices are numbered backwards; they were placed by its normal all the same.")
    }
    var mosaic = Mosaic(slices: slices, across: across, step: nil)
    if let spacing = root.number(.spacingBetweenSlices) ?? root.number(.sliceThickness),
      spacing > 0, let normal = csa["SliceNormalVector"], normal.count >= 3
    {
      let vector = Vector3(normal[0], normal[1], normal[2])
      if abs(vector.length - 1) <= 1e-3 { mosaic.step = vector * (spacing / vector.length) }
    }
    return mosaic
  }

  /// The format of one tile. Throws `.mosaic` where the picture cannot be cut into such.
  func tile(of picture: PixelFormat, _ mosaic: Mosaic) throws(ImageError) -> PixelFormat {
    guard picture.rows % mosaic.across == 0, picture.columns % mosaic.across == 0,
      picture.samplesPerPixel == 1, picture.photometric.isGrey, picture.bitsAllocated > 1
    else {
      throw ImageError(.mosaic, "The image is a mosaic that cannot be cut into its slices.")
    }
    var tile = picture
    tile.rows /= mosaic.across
    tile.columns /= mosaic.across
    return tile
  }

  /// Facts of each slice. Image Position (Patient) is that of a picture of the mosaic's size around
  /// the first slice's centre, so half of what is too much is taken off; slices follow one another
  /// along Siemens' own normal.
  mutating func readTiles(
    _ mosaic: Mosaic, picture: PixelFormat, shared: InstanceHeader.FrameFacts
  ) -> [InstanceHeader.FrameFacts] {
    var facts = [InstanceHeader.FrameFacts](repeating: shared, count: mosaic.slices)
    guard let whole = shared.geometry, let spacing = shared.spacing, let step = mosaic.step else {
      note("mosaic_place", "The mosaic lacks what places its slices; they have no place.")
      for index in facts.indices { facts[index].geometry = nil }
      return facts
    }
    let part = Double(mosaic.across - 1) / Double(mosaic.across) / 2
    let first =
      whole.position
      + whole.alongRow * (Double(picture.columns) * part * spacing.betweenColumns)
      + whole.alongColumn * (Double(picture.rows) * part * spacing.betweenRows)
    let last = first + step * Double(mosaic.slices - 1)
    guard
      [first.x, first.y, first.z, last.x, last.y, last.z].allSatisfy({ abs($0) <= Self.farthest })
    else {
      note("geometry", "Position or orientation is malformed; the plane has no place.")
      for index in facts.indices { facts[index].geometry = nil }
      return facts
    }
    for tile in facts.indices {
      facts[tile].geometry = PlaneGeometry(
        position: first + step * Double(tile), alongRow: whole.alongRow,
        alongColumn: whole.alongColumn)
    }
    return facts
  }
}
