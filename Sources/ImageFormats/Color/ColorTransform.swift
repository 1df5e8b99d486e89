import CLCMS
import MedicalImaging

/// Colours as an embedded ICC profile means them (ICC.1:2010; PS3.3 C.11.15) -> sRGB (IEC 61966-2-1),
/// with the perceptual intent, by Little CMS.
///
/// Values in, values out: readers give stored values and the profile beside them, and whoever shows
/// them applies this, once. A profile that is sRGB's own leaves every byte as it is: one that moves no
/// colour of a net over all colours by more than one step of 8 bits.
public struct ColorTransform: Sendable {
  /// What is made of a profile.
  public enum Outcome: String, Codable, CaseIterable, Sendable {
    /// There is none: colours are taken as sRGB.
    case absent
    /// It is sRGB.
    case identical
    /// Colours are transformed.
    case converted
    /// It is damaged, or none of red, green and blue: colours are taken as sRGB.
    case unusable
  }

  public let outcome: Outcome
  private let link: ProfileLink?

  /// Of the bytes of a profile; none, or nil, where there is none.
  public init(profile: [UInt8]?) {
    guard let profile, !profile.isEmpty else {
      (outcome, link) = (.absent, nil)
      return
    }
    guard let made = ProfileLink(profile) else {
      (outcome, link) = (.unusable, nil)
      return
    }
    let isIdentical = made.isIdentity
    (outcome, link) = (isIdentical ? .identical : .converted, isIdentical ? nil : made)
  }

  /// For every picture whose colours were transformed, or could not be; nil for others.
  public var finding: InstanceHeader.Finding? {
    switch outcome {
    case .absent, .identical: nil
    case .converted: Self.converted
    case .unusable: Self.unusable
    }
  }

  /// No embedded profile is longer: what claims to be is not read.
  static let longest = 1 << 24

  static let converted = InstanceHeader.Finding(
    "icc_converted", "Colours were converted to sRGB, as the embedded ICC profile says.")
  static let unusable = InstanceHeader.Finding(
    "icc_profile", "The embedded ICC profile cannot be used; colours were taken as sRGB.")

  /// A plane of red, green and blue whose samples lie in 0...2^bits - 1, and what there is to note.
  /// Planes of one sample a pixel stay as they are; so do signed, wider and floating-point samples,
  /// which is noted.
  public func applied(to plane: StoredPlane, bits: Int) -> (
    plane: StoredPlane, finding: InstanceHeader.Finding?
  ) {
    guard plane.samplesPerPixel == 3 else { return (plane, nil) }
    guard let link else { return (plane, finding) }
    guard let bytes = Self.applied(link, plane.bytes, plane.sample, bits: bits) else {
      return (plane, Self.unusable)
    }
    var plane = plane
    plane.bytes = bytes
    return (plane, finding)
  }

  /// The same of an ordinary picture; what there is to note stands in its findings.
  public func applied(to picture: Picture) -> Picture {
    let plane = StoredPlane(
      columns: picture.columns, rows: picture.rows, samplesPerPixel: picture.channels,
      sample: picture.sample, bytes: picture.bytes)
    let (converted, finding) = applied(to: plane, bits: picture.bits)
    var picture = picture
    picture.bytes = converted.bytes
    if let finding { picture.findings.append(finding) }
    return picture
  }

  /// The same of a part of a slide.
  public func applied(to region: SlideRegion) -> SlideRegion {
    var region = region
    if let link { region.bytes = link.octets(region.bytes) }
    if let finding { region.findings.append(finding) }
    return region
  }

  /// Nil for samples of a type that is not transformed.
  private static func applied(
    _ link: ProfileLink, _ bytes: [UInt8], _ sample: StoredPlane.Sample, bits: Int
  ) -> [UInt8]? {
    switch sample {
    case .uint8 where bits == 8: return link.octets(bytes)
    case .uint8 where (1...8).contains(bits):
      // Through 16 bits: v -> v x 65535 / (2^bits - 1) and back, rounded to the nearest.
      let most = 1 << bits - 1
      let wide = unsafe [UInt16](unsafeUninitializedCapacity: bytes.count) { out, used in
        for i in bytes.indices { unsafe out[i] = spread(Int(bytes[i]), most) }
        used = bytes.count
      }
      return link.words(wide).map { UInt8(truncatingIfNeeded: (Int($0) * most + 32767) / 65535) }
    case .uint16 where (1...16).contains(bits):
      let most = 1 << bits - 1
      let count = bytes.count / 2
      let wide = unsafe [UInt16](unsafeUninitializedCapacity: count) { out, used in
        for i in 0..<count {
          unsafe out[i] = spread(Int(bytes[2 * i]) | Int(bytes[2 * i + 1]) << 8, most)
        }
        used = count
      }
      let words = link.words(wide)
      return unsafe [UInt8](unsafeUninitializedCapacity: bytes.count) { out, used in
        for i in 0..<count {
          let value = (Int(words[i]) * most + 32767) / 65535
          unsafe out[2 * i] = UInt8(truncatingIfNeeded: value)
          unsafe out[2 * i + 1] = UInt8(truncatingIfNeeded: value >> 8)
        }
        used = bytes.count
      }
    default: return nil
    }
  }

  private static func spread(_ value: Int, _ most: Int) -> UInt16 {
    UInt16(truncatingIfNeeded: (min(value, most) * 65535 + most / 2) / most)
  }
}
