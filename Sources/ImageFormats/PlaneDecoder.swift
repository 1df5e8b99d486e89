import MedicalImaging

/// Decodes the frames of an image into stored values, whatever kind of file it is in.
///
/// A worker has its own: it is not for several threads. Frames of compressed volumes are fastest in
/// growing order.
public struct PlaneDecoder {
  private enum Kind {
    case frames(FrameDecoder)
    case volume(VolumePlanes)
    case pages(SourceBytes)
    case levels(SlideLevels)
  }

  private let header: InstanceHeader
  private let kind: Kind
  private let memoryLimit: Int

  /// `files` are those that the header was read from. `memoryLimit` bounds, in bytes, what one frame
  /// takes while it is decoded. Of a slide of several focal planes one is shown.
  ///
  /// Throws what `FrameDecoder` and `NIfTIReader` throw.
  public init(
    header: InstanceHeader, files: ImageFiles, memoryLimit: Int = 1 << 30,
    focalPlane: SlideFocalPlane = .middle
  ) throws(ImageError) {
    self.header = header
    self.memoryLimit = memoryLimit
    switch header.description.fileKind {
    case .dicom:
      kind = .frames(
        try FrameDecoder(header: header, bytes: files.header, memoryLimit: memoryLimit))
    case .nifti1, .nifti2, .analyze:
      kind = .volume(try VolumePlanes(header, files, memoryLimit))
    case .png, .jpeg, .tiff, .jpeg2000: kind = .pages(files.header)
    case .wholeSlide, .dicomSlide:
      kind = .levels(try SlideLevels(header, files, focalPlane: focalPlane, memoryLimit))
    }
  }

  /// Frame `index`, counted from 0 and below `header.frames`, upright.
  ///
  /// Throws what `FrameDecoder`, `VolumeDecoder` and `PictureReader` throw.
  public func decode(frame index: Int) throws(ImageError) -> DecodedFrame {
    switch kind {
    case .frames(let decoder): return try decoder.decode(frame: index)
    case .volume(let planes): return try planes.decode(index)
    case .levels(let slide): return try slide.decode(index)
    case .pages(let bytes):
      let picture = try PictureReader.read(
        bytes, page: header.pixels.pages[index], memoryLimit: memoryLimit)
      var frame = DecodedFrame(
        plane: StoredPlane(
          columns: picture.columns, rows: picture.rows, samplesPerPixel: picture.channels,
          sample: picture.sample, bytes: picture.bytes), findings: picture.findings)
      frame.orientation = picture.orientation
      frame.colorProfile = picture.colorProfile
      return frame
    }
  }
}
