import COpenJPEG
import MedicalImaging

/// OpenJPEG's components, and what they mean.
struct JPEG2000Picture {
  private let colours: [JPEG2000Component]
  private let alpha: JPEG2000Component?
  private let space: COLOR_SPACE
  private let sample: Picture.Sample
  private let bits: Int
  private let profile: [UInt8]?

  /// The image must outlive this. Throws `.unsupportedPixels` or `.damagedPixels`.
  init(_ image: UnsafePointer<opj_image_t>) throws(ImageError) {
    var colours: [JPEG2000Component] = []
    var alpha: JPEG2000Component?
    for i in 0..<Int(unsafe image.pointee.numcomps) {
      let component = try unsafe JPEG2000Component(image.pointee.comps[i])
      if component.isAlpha { alpha = component } else { colours.append(component) }
    }
    space = unsafe image.pointee.color_space
    // Without a word about it, a second or a fourth component is transparency.
    let isInks = colours.count == 4 && space == OPJ_CLRSPC_CMYK
    if colours.count == 2 || colours.count == 4 && !isInks { alpha = colours.removeLast() }
    guard colours.count == 1 || colours.count == 3 || isInks else {
      throw .unread("The components of the JPEG 2000 picture are neither grey nor colours.")
    }
    // OpenJPEG leaves the numbers of a CIELab space where a profile would be.
    let isLab = unsafe image.pointee.icc_profile_buf != nil && image.pointee.icc_profile_len == 0
    guard space != OPJ_CLRSPC_EYCC, !isLab else {
      throw .unread("The colour space of the JPEG 2000 picture is not read.")
    }
    bits = colours[0].bits
    let isSigned = colours[0].isSigned
    guard bits <= 16 else {
      throw .unread("The JPEG 2000 picture has more than 16 bits a sample.")
    }
    guard colours.allSatisfy({ $0.bits == colours[0].bits && $0.isSigned == isSigned }) else {
      throw .unread("The components of the JPEG 2000 picture are not of one precision.")
    }
    // Chrominance alone may be of half or a quarter of the size.
    let isSampled = zip(0..., colours).allSatisfy { $1.isFull || $0 > 0 && $1.isHalved }
    guard isSampled, alpha?.isFull ?? true else {
      throw .unread("The JPEG 2000 picture has fewer samples than pixels.")
    }
    guard colours.count == 1 || !isSigned else {
      throw .unread("The JPEG 2000 picture has colours with a sign.")
    }
    guard bits == 8 || !isInks && space != OPJ_CLRSPC_SYCC else {
      throw .unread("Only colours of 8 bits are read in that colour space of JPEG 2000.")
    }
    sample = bits > 8 ? (isSigned ? .int16 : .uint16) : (isSigned ? .int8 : .uint8)
    let length = unsafe Int(image.pointee.icc_profile_len)
    if colours.count == 3, (1...ColorTransform.longest) ~= length,
      let bytes = unsafe image.pointee.icc_profile_buf
    {
      profile = unsafe Array(UnsafeBufferPointer(start: bytes, count: length))
    } else {
      profile = nil
    }
    self.colours = colours
    self.alpha = alpha
  }

  func picture(columns: Int, rows: Int) -> Picture {
    var findings: [InstanceHeader.Finding] = []
    var bytes = [UInt8](repeating: 0, count: rows * columns * colours.count * sample.size)
    for (channel, component) in colours.enumerated() {
      component.write(
        into: &bytes, at: channel, of: colours.count, columns: columns, rows: rows, sample.size)
    }
    if let alpha, !alpha.isOpaque { findings.append(PictureAlpha.dropped) }
    var bits = bits
    if colours.count == 4 {
      bytes = PictureInks.rgb8(bytes, isInverted: false)
      findings.append(PictureInks.converted)
    } else if colours.count == 3 && space == OPJ_CLRSPC_SYCC {
      ColorConversion.ybrToRGB(&bytes)
    } else if colours.count == 1 && sample == .uint8 && PictureBits.isSpread(bits) {
      PictureBits.spread(&bytes, bits: bits)
      bits = 8
    }
    return Picture(
      columns: columns, rows: rows, channels: colours.count == 1 ? 1 : 3, sample: sample,
      bits: bits, bytes: bytes, colorProfile: profile, findings: findings)
  }
}

/// One component of OpenJPEG's, subsampled or not.
@safe struct JPEG2000Component {
  let bits: Int
  let isSigned: Bool
  let isAlpha: Bool
  private let dx, dy, columns, rows: Int
  // Borrowed from the image: columns x rows of them.
  private let values: UnsafeBufferPointer<Int32>

  /// Throws `.damagedPixels`.
  init(_ part: opj_image_comp_t) throws(ImageError) {
    unsafe (dx, dy, columns, rows) = (Int(part.dx), Int(part.dy), Int(part.w), Int(part.h))
    guard let data = unsafe part.data, dx > 0, dy > 0, columns > 0, rows > 0 else {
      throw .picture(.damagedPixels, "A component of the JPEG 2000 picture is empty.")
    }
    bits = unsafe Int(part.prec)
    isSigned = unsafe part.sgnd != 0
    isAlpha = unsafe part.alpha != 0
    unsafe values = UnsafeBufferPointer(start: data, count: columns * rows)
  }

  /// Whether it has a sample for every pixel, or one for two or four in either direction.
  var isFull: Bool { dx == 1 && dy == 1 }
  var isHalved: Bool { [1, 2, 4].contains(dx) && [1, 2, 4].contains(dy) }

  var isOpaque: Bool {
    let most = Int32(truncatingIfNeeded: 1 << min(bits, 31) - 1)
    return unsafe values.allSatisfy { $0 == most }
  }

  /// Writes the component between those of `channels` channels; subsampled ones are repeated.
  func write(
    into bytes: inout [UInt8], at channel: Int, of channels: Int, columns: Int, rows: Int,
    _ size: Int
  ) {
    unsafe bytes.withUnsafeMutableBytes { out in
      for row in 0..<rows {
        let line = min(row / dy, self.rows - 1) * self.columns
        var at = (row * columns * channels + channel) * size
        for column in 0..<columns {
          let place = min(dx == 1 ? column : column / dx, self.columns - 1)
          let value = unsafe values[line + place]
          if size == 1 {
            unsafe out[at] = UInt8(truncatingIfNeeded: value)
          } else {
            unsafe out.storeBytes(
              of: UInt16(truncatingIfNeeded: value), toByteOffset: at, as: UInt16.self)
          }
          at += channels * size
        }
      }
    }
  }
}
