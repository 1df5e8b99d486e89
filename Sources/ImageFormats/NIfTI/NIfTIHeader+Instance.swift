import MedicalImaging

extension NIfTIHeader {
  /// More slices are no series of volumes that anybody has acquired.
  private static let mostSlices = 250_000

  /// The volume as an image whose frames are its slices, those of the first volume first, as they lie
  /// in the file.
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
        rows: rows, columns: columns, samplesPerPixel: voxel.samplesPerVoxel == 1 ? 1 : 3,
        photometric: voxel.samplesPerVoxel == 1 ? .monochrome2 : .rgb, planarConfiguration: 0,
        bitsAllocated: bits, bitsStored: bits, highBit: bits - 1,
        isSigned: voxel.sample.isSigned, isFloat: voxel.sample.isFloat),
      frames: frames, shared: facts(slice: 0, volume: 0),
      // Without a place in the patient there is nothing to tell slices apart.
      perFrame: geometry == nil
        ? [] : (0..<frames).map { facts(slice: $0 % slices, volume: $0 / slices) },
      padding: nil, palette: nil, pixels: pixels, findings: findings)
  }

  private func facts(slice: Int, volume: Int) -> InstanceHeader.FrameFacts {
    var facts = InstanceHeader.FrameFacts()
    facts.modality = modality
    guard let geometry else { return facts }
    facts.sliceThickness = spacing.betweenSlices
    if volumes > 1 { facts.temporalPosition = volume + 1 }
    facts.geometry = PlaneGeometry(
      position: geometry.position(column: 0, row: 0, slice: Double(slice)),
      alongRow: geometry.alongColumns.unit, alongColumn: geometry.alongRows.unit)
    let distances = geometry.spacing
    facts.spacing = PixelSpacing(
      betweenRows: distances.betweenRows, betweenColumns: distances.betweenColumns)
    return facts
  }
}

extension Vector3 {
  /// Of length 1; itself where it has no length.
  fileprivate var unit: Vector3 { length > 0 ? self * (1 / length) : self }
}
