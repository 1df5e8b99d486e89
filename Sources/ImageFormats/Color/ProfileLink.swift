import CLCMS

/// Little CMS's way from one profile to sRGB, in 8 and in 16 bits.
@safe final class ProfileLink: @unchecked Sendable {
  // Sendable: transforms made without the memory of the last colour are only read by cmsDoTransform
  // (Little CMS's manual, "Thread safety"), and the pointers stay as they are from init to deinit.
  private let octet: cmsHTRANSFORM
  private let word: cmsHTRANSFORM

  /// Nil where the bytes are no profile of red, green and blue, of a device or a colour space.
  init?(_ profile: [UInt8]) {
    guard let size = UInt32(exactly: profile.count),
      let source = unsafe cmsOpenProfileFromMem(profile, size)
    else { return nil }
    defer { unsafe cmsCloseProfile(source) }
    let kinds = [
      cmsSigInputClass, cmsSigDisplayClass, cmsSigOutputClass, cmsSigColorSpaceClass,
    ]
    guard unsafe cmsGetColorSpace(source) == cmsSigRgbData,
      unsafe kinds.contains(cmsGetDeviceClass(source)),
      let target = unsafe cmsCreate_sRGBProfile()
    else { return nil }
    defer { unsafe cmsCloseProfile(target) }
    func link(_ format: cmsUInt32Number, _ flags: cmsUInt32Number) -> cmsHTRANSFORM? {
      unsafe cmsCreateTransform(source, format, target, format, clcms_perceptual, flags)
    }
    guard let octet = unsafe link(clcms_rgb8, clcms_flags) else { return nil }
    // What is exact enough for 8 bits is off by percents of 16.
    guard let word = unsafe link(clcms_rgb16, clcms_exact_flags) else {
      unsafe cmsDeleteTransform(octet)
      return nil
    }
    unsafe self.octet = octet
    unsafe self.word = word
  }

  deinit {
    unsafe cmsDeleteTransform(octet)
    unsafe cmsDeleteTransform(word)
  }

  /// Pixels of 3 samples of 8 bits.
  func octets(_ pixels: [UInt8]) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: pixels.count) { out, used in
      unsafe Self.run(octet, pixels, out.baseAddress, pixels.count / 3)
      used = pixels.count
    }
  }

  /// Pixels of 3 samples of 16 bits.
  func words(_ pixels: [UInt16]) -> [UInt16] {
    unsafe [UInt16](unsafeUninitializedCapacity: pixels.count) { out, used in
      unsafe Self.run(word, pixels, out.baseAddress, pixels.count / 3)
      used = pixels.count
    }
  }

  private static func run<Sample: FixedWidthInteger>(
    _ transform: cmsHTRANSFORM, _ pixels: [Sample], _ out: UnsafeMutablePointer<Sample>?,
    _ count: Int
  ) {
    // Little CMS counts pixels in 32 bits.
    let most = 1 << 24
    unsafe pixels.withUnsafeBufferPointer { pixels in
      var at = 0
      while at < count, let from = pixels.baseAddress, let out = unsafe out {
        let part = min(count - at, most)
        unsafe cmsDoTransform(transform, from + 3 * at, out + 3 * at, UInt32(part))
        at += part
      }
    }
  }

  /// Whether no colour of a net of 18 x 18 x 18, nor any grey, moves by more than one step.
  var isIdentity: Bool {
    let steps = stride(from: 0, through: 255, by: 15).map(UInt8.init)
    var net = (UInt8.min...UInt8.max).flatMap { [$0, $0, $0] }
    for red in steps {
      for green in steps { for blue in steps { net += [red, green, blue] } }
    }
    return zip(net, octets(net)).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }
}
