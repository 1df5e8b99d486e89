/// An attribute as a data set names it: tag and value representation (PS3.6 6).
public struct DICOMAttribute: Hashable, Sendable {
  /// Group in the upper, element in the lower half.
  public let tag: UInt32
  public let vr: DICOMValueRepresentation

  public init(_ group: UInt16, _ element: UInt16, _ vr: DICOMValueRepresentation) {
    tag = UInt32(group) << 16 | UInt32(element)
    self.vr = vr
  }
}

/// Value representations (PS3.5 6.2).
public enum DICOMValueRepresentation: String, Sendable {
  case ae = "AE"
  case `as` = "AS"
  case at = "AT"
  case cs = "CS"
  case da = "DA"
  case ds = "DS"
  case dt = "DT"
  case fd = "FD"
  case fl = "FL"
  case `is` = "IS"
  case lo = "LO"
  case lt = "LT"
  case ob = "OB"
  case ow = "OW"
  case pn = "PN"
  case sh = "SH"
  case sl = "SL"
  case sq = "SQ"
  case ss = "SS"
  case st = "ST"
  case tm = "TM"
  case ui = "UI"
  case ul = "UL"
  case us = "US"
  case ut = "UT"

  /// True where the length has four bytes behind two reserved ones (PS3.5 7.1.2).
  var hasLongLength: Bool { self == .ob || self == .ow || self == .sq || self == .ut }

  /// True where Specific Character Set says how the text is written (PS3.5 6.1.2.3).
  var usesCharacterSet: Bool {
    switch self {
    case .lo, .lt, .pn, .sh, .st, .ut: true
    default: false
    }
  }

  /// What makes an odd length even (PS3.5 6.2): NUL for UIDs and bytes, else a space.
  var padding: UInt8 { self == .ui || self == .ob ? 0 : 0x20 }
}
