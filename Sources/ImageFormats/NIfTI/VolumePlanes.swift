import MedicalImaging

/// Decodes the slices of a NIfTI or Analyze file as the frames of an image, as
/// `NIfTIHeader.instance(of:)` counts them.
struct VolumePlanes {
  private let decoder: VolumeDecoder

  /// Throws what reading the header throws, and `.unreadable` where it is not that of `header`.
  init(_ header: InstanceHeader, _ source: ImageFiles, _ memoryLimit: Int) throws(ImageError) {
    let found = try NIfTIReader.read(source.header, matrix: source.matrix)
    guard try found.instance(of: source.voxels) == header else {
      throw ImageError(
        .unreadable, "The volume's header is not the one that was read before.",
        remedy: "Run the same command again: it takes in what has changed.")
    }
    decoder = VolumeDecoder(header: found, voxels: source.voxels, memoryLimit: memoryLimit)
  }

  func decode(_ frame: Int) throws(ImageError) -> DecodedFrame {
    let (volume, slice) = frame.quotientAndRemainder(dividingBy: decoder.header.slices)
    var decoded = try decoder.decode(volume: volume, slices: slice..<slice + 1)
    let volumeOfOne = decoded.volume
    var (samples, bytes) = (volumeOfOne.samplesPerVoxel, volumeOfOne.bytes)
    if samples == 4 {
      let (opaque, isTransparent) = PictureAlpha.removed(
        bytes, channels: 3, sample: volumeOfOne.sample)
      (samples, bytes) = (3, opaque)
      if isTransparent { decoded.findings.append(PictureAlpha.dropped) }
    }
    let plane = StoredPlane(
      columns: volumeOfOne.columns, rows: volumeOfOne.rows, samplesPerPixel: samples,
      sample: volumeOfOne.sample, bytes: bytes)
    return DecodedFrame(plane: plane, findings: decoded.findings)
  }
}
