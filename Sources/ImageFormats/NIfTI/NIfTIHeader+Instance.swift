import MedicalImaging

extension NIfTIHeader {
  /// How slices lie in the file, seen from how they are shown: turned and flipped, never resampled,
  /// so that the patient's left is on the right of the picture (in sagittal planes the back is), and
  /// the head or the front at the top. As they lie where no side is known.
  var sliceOrientation: PlaneOrientation {
    guard let geometry else { return .upright }
    let (across, down) = (geometry.alongColumns.unit, geometry.alongRows.unit)
    // The axes of the patient that columns and rows run along, as nearly as can be: LPS.
    let pairs = [(0, 1), (1, 0), (0, 2), (2, 0), (1, 2), (2, 1)]
    let axes = pairs.max {
      across[$0.0].magnitude + down[$0.1].magnitude < across[$1.0].magnitude + down[$1.1].magnitude
    }
    guard let (acrossAxis, downAxis) = axes else { return .upright }
    // Columns run to the left, of sagittal planes to the back; rows to the back or to the feet.
    let swaps = acrossAxis > downAxis
    let (horizontal, vertical) =
      swaps ? (down[downAxis], across[acrossAxis]) : (across[acrossAxis], down[downAxis])
    let isAxial = max(acrossAxis, downAxis) == 1
    return PlaneOrientation(
      swapsAxes: swaps, flipsColumns: horizontal < 0,
      flipsRows: isAxial ? vertical < 0 : vertical > 0)
  }

  /// More slices are no series of volumes that anybody has acquired.
  private static let mostSlices = 250_000

  /// The volume as an image whose frames are its slices, those of the first volume first, turned as
  /// `sliceOrientation` says.
  ///
  /// `voxels` are the bytes of the file that holds them. Where they end early, a finding says how many
  /// slices are missing, and the frames are the whole ones and the first that is not.
  ///
  /// Nobody is named, no modality known. Throws `.truncated` where not one slice can be there,
  /// `.memory` where there are more slices than an image can have.
  public func instance(of voxels: SourceBytes) throws(ImageError) -> InstanceHeader {
    // No product overflows: the header was checked as a whole.
    let claimed = slices * volumes
    // A plan is made for every slice: what a header claims and no file holds must not reach it.
    let there = PlainBytes(voxels).count(expected: voxelOffset + claimed * bytesPerSlice)
    let whole = max(0, there - voxelOffset) / bytesPerSlice
    guard whole > 0 else { throw VolumeDecoder.endsEarly }
    // Decoding the first that is not whole makes the volume a reject beside its samples.
    let frames = min(claimed, whole + 1)
    guard frames <= Self.mostSlices else {
      throw ImageError(.memory, "The volume has more slices than any that was acquired.")
    }
    var findings = findings
    if whole < claimed { findings.append(VolumeDecoder.missing(slices: claimed - whole)) }
    let orientation = sliceOrientation
    var description = InstanceHeader.Description()
    description.fileKind =
      switch kind {
      case .nifti1: .nifti1
      case .nifti2: .nifti2
      case .analyze: .analyze
      }
    var pixels = InstanceHeader.PixelLocation()
    pixels.isPair = isPair
    let bits = 8 * voxel.sample.size
    return InstanceHeader(
      identity: .init(), description: description, order: .init(),
      format: PixelFormat(
        rows: orientation.swapsAxes ? columns : rows,
        columns: orientation.swapsAxes ? rows : columns,
        samplesPerPixel: voxel.samplesPerVoxel == 1 ? 1 : 3,
        photometric: voxel.samplesPerVoxel == 1 ? .monochrome2 : .rgb, planarConfiguration: 0,
        bitsAllocated: bits, bitsStored: bits, highBit: bits - 1,
        isSigned: voxel.sample.isSigned, isFloat: voxel.sample.isFloat),
      frames: frames, shared: facts(slice: 0, volume: 0, orientation),
      // Without a place in the patient there is nothing to tell slices apart.
      perFrame: geometry == nil
        ? [] : (0..<frames).map { facts(slice: $0 % slices, volume: $0 / slices, orientation) },
      padding: nil, palette: nil, pixels: pixels, findings: findings)
  }

  private func facts(slice: Int, volume: Int, _ orientation: PlaneOrientation)
    -> InstanceHeader.FrameFacts
  {
    var facts = InstanceHeader.FrameFacts()
    facts.modality = modality
    guard let geometry else { return facts }
    facts.sliceThickness = spacing.betweenSlices
    if volumes > 1 { facts.temporalPosition = volume + 1 }
    let (shownColumns, shownRows) = orientation.swapsAxes ? (rows, columns) : (columns, rows)
    let stored = orientation.storedFromUpright(columns: shownColumns, rows: shownRows)
    // The first pixel that is shown, and the way to the next column and row.
    let across = geometry.alongColumns * stored[0][0] + geometry.alongRows * stored[1][0]
    let down = geometry.alongColumns * stored[0][1] + geometry.alongRows * stored[1][1]
    facts.geometry = PlaneGeometry(
      position: geometry.position(
        column: stored[0][2], row: stored[1][2], slice: Double(slice)),
      alongRow: across.unit, alongColumn: down.unit)
    facts.spacing = PixelSpacing(betweenRows: down.length, betweenColumns: across.length)
    return facts
  }
}

extension Vector3 {
  /// Of length 1; itself where it has no length.
  fileprivate var unit: Vector3 { length > 0 ? self * (1 / length) : self }

  fileprivate subscript(axis: Int) -> Double { axis == 0 ? x : axis == 1 ? y : z }
}
