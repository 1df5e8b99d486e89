import CTurboJPEG
import MedicalImaging

/// Writes baseline JPEG (ITU-T T.81) of 8-bit grey or RGB pictures through libjpeg-turbo.
///
/// One encoder keeps its handle and buffer from picture to picture; a worker has its own. Equal
/// pixels give equal bytes for one version of libjpeg-turbo.
@safe public final class JPEGEncoder {
  /// 1 (smallest) to 100 (best).
  public let quality: Int
  private let handle: tjhandle
  private var file: [UInt8] = []

  /// An encoder at a quality of 1 to 100. Above 90 the colours keep their full resolution (4:4:4),
  /// else half of it in both directions (4:2:0).
  public init(quality: Int = 90) {
    precondition((1...100).contains(quality), "JPEG qualities are 1 to 100")
    guard let handle = unsafe tjInitCompress() else {
      // Fails only where the process is out of memory.
      fatalError("libjpeg-turbo could not start a compressor")
    }
    self.quality = quality
    unsafe self.handle = handle
  }

  deinit { unsafe tjDestroy(handle) }

  /// A JPEG file of `rows` x `columns` pixels; `layout` is `grey8` or `rgb8`.
  ///
  /// - Throws: `unsupportedPixels` where a side is longer than JPEG allows (65,500 pixels in
  ///   libjpeg).
  public func encode(_ pixels: Span<UInt8>, columns: Int, rows: Int, layout: RasterLayout)
    throws(ImageError) -> [UInt8]
  {
    precondition(layout != .grey16, "JPEG holds 8 bits a sample")
    precondition(columns > 0 && rows > 0, "a JPEG has at least one pixel")
    precondition(pixels.count == columns * rows * layout.bytesPerPixel)
    guard columns <= 65_500, rows <= 65_500 else {
      throw ImageError(
        .unsupportedPixels, "The picture is longer or wider than a JPEG can be.",
        remedy: "Have it cut into regions, or written as PNG.")
    }
    let isGrey = layout == .grey8
    let sampling = isGrey ? TJSAMP_GRAY : quality > 90 ? TJSAMP_444 : TJSAMP_420
    let bound = Int(tjBufSize(Int32(columns), Int32(rows), Int32(sampling.rawValue)))
    if file.count < bound { file = [UInt8](repeating: 0, count: bound) }
    var count = UInt(file.count)
    let status = unsafe pixels.withUnsafeBufferPointer { pixels in
      unsafe file.withUnsafeMutableBufferPointer { file in
        var out = file.baseAddress
        // The exact DCT at every quality: its time is lost in that of the entropy coder.
        return unsafe tjCompress2(
          handle, pixels.baseAddress, Int32(columns), 0, Int32(rows),
          Int32((isGrey ? TJPF_GRAY : TJPF_RGB).rawValue), &out, &count,
          Int32(sampling.rawValue), Int32(quality), TJFLAG_NOREALLOC | TJFLAG_ACCURATEDCT)
      }
    }
    guard status == 0 else {
      throw ImageError(
        .unsupportedPixels, "The picture could not be written as JPEG.",
        remedy: "Have it written as PNG.", cause: unsafe String(cString: tjGetErrorStr2(handle)))
    }
    return Array(file[..<Int(count)])
  }
}
