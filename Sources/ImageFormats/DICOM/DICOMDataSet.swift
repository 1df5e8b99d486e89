import CDCMTK
import MedicalImaging

/// A parsed data set up to, not including, its pixel data: it owns what DCMTK read of it.
@safe final class DICOMDataSet {
  private let dataset: OpaquePointer
  private let bytes: SourceBytes
  /// Offset behind the header of the element that the parse stopped at, in the source.
  let end: Int
  /// An element reached past the end of the source.
  let isShort: Bool

  /// Parses from `offset` on, up to Float Pixel Data, Double Float Pixel Data or Pixel Data.
  ///
  /// Throws `.truncated`, `.damagedHeader` or `.memory`.
  init(_ bytes: SourceBytes, from offset: Int, _ encoding: TransferSyntax.Encoding)
    throws(ImageError)
  {
    var dataset: OpaquePointer?
    var end = 0
    var isShort = false
    var cause = [CChar](repeating: 0, count: 128)
    let door =
      switch encoding {
      case .implicitLittle: cdcmtk_implicit_little
      case .explicitLittle: cdcmtk_explicit_little
      case .explicitBig: cdcmtk_explicit_big
      case .implicitBig: cdcmtk_implicit_big
      }
    let status = unsafe bytes.withUnsafeBytes { all in
      unsafe cdcmtk_open(
        all.baseAddress! + offset, all.count - offset, door, 0x7FE0_0008, &dataset, &end, &isShort,
        &cause)
    }
    guard status == cdcmtk_ok, let made = unsafe dataset else {
      throw Self.error(status, String(cCharacters: cause))
    }
    unsafe self.dataset = made
    self.bytes = bytes
    self.end = offset + end
    self.isShort = isShort
  }

  deinit { unsafe cdcmtk_close(dataset) }

  var root: DICOMItem { unsafe DICOMItem(cdcmtk_root(dataset), of: self) }

  private static func error(_ status: cdcmtk_status, _ cause: String) -> ImageError {
    let cause = cause.isEmpty ? nil : "DCMTK: " + cause
    switch status {
    case cdcmtk_truncated:
      return ImageError(.truncated, "The source ends within its header.", cause: cause)
    case cdcmtk_memory:
      return ImageError(.memory, "The header needs more memory than there is.", cause: cause)
    case cdcmtk_too_deep:
      return ImageError(
        .damagedHeader, "Sequences of the header are nested too deeply.", cause: cause)
    default: return ImageError(.damagedHeader, "The header cannot be parsed.", cause: cause)
    }
  }
}

/// One item of a data set, or the data set's own root.
@safe struct DICOMItem {
  private let item: UnsafeRawPointer
  private let owner: DICOMDataSet

  fileprivate init(_ item: UnsafeRawPointer?, of owner: DICOMDataSet) {
    unsafe self.item = item!
    self.owner = owner
  }

  /// An element's value in little endian, with the VR that it was read with.
  struct Value {
    var vr: String
    var bytes: [UInt8]
  }

  /// Values past this are no header text, number or table.
  static let longest = 1 << 24

  private struct Found {
    var vr: String
    var length: Int
    /// -1 where it is no sequence.
    var items: Int
  }

  private func find(_ tag: DICOMTag) -> Found? {
    var vr: [CChar] = [0, 0]
    var items: Int64 = -1
    let length = unsafe cdcmtk_find(item, tag.number, &vr, &items)
    guard length >= 0 else { return nil }
    return Found(
      vr: DICOMText.latin1(vr.map { UInt8(bitPattern: $0) }), length: Int(length), items: Int(items)
    )
  }

  /// Nil where the element is absent, a sequence, or not wholly there.
  func value(_ tag: DICOMTag, longest: Int = Self.longest) -> Value? {
    guard let found = find(tag), found.items < 0, found.length <= longest else { return nil }
    var bytes = [UInt8](repeating: 0, count: found.length)
    guard found.length > 0 else { return Value(vr: found.vr, bytes: []) }
    guard unsafe cdcmtk_value(item, tag.number, &bytes, bytes.count) == cdcmtk_ok else {
      return nil
    }
    return Value(vr: found.vr, bytes: bytes)
  }

  func has(_ tag: DICOMTag) -> Bool { find(tag) != nil }

  /// The items of a sequence; none where it is absent.
  func items(_ tag: DICOMTag) -> [DICOMItem] {
    guard let count = find(tag)?.items, count > 0 else { return [] }
    var found = unsafe [UnsafeRawPointer?](repeating: nil, count: count)
    guard unsafe cdcmtk_items(item, tag.number, &found, count) == cdcmtk_ok else { return [] }
    return unsafe found.map { unsafe DICOMItem($0, of: owner) }
  }

  func first(_ tag: DICOMTag) -> DICOMItem? { items(tag).first }
}

extension DICOMItem {
  /// The whole text, undecoded; "" where absent.
  func text(_ tag: DICOMTag) -> String { value(tag).map { DICOMText.latin1($0.bytes) } ?? "" }

  /// ICC Profile (0028,2000); nil where it is absent or empty.
  var profile: [UInt8]? { value(.iccProfile).flatMap { $0.bytes.isEmpty ? nil : $0.bytes } }

  /// All values of a text, trimmed.
  func strings(_ tag: DICOMTag) -> [String] { DICOMText.values(text(tag)) }

  /// A coded value: first value, trimmed, upper case; "" where absent.
  func code(_ tag: DICOMTag) -> String { strings(tag).first?.uppercased() ?? "" }

  /// All numbers, whatever their VR; nil stands for a value that is none.
  func numbers(_ tag: DICOMTag) -> [Double?] {
    guard let value = value(tag) else { return [] }
    func each<T: FixedWidthInteger>(_: T.Type) -> [T] {
      let size = MemoryLayout<T>.size
      return stride(from: 0, through: value.bytes.count - size, by: size).map { at in
        value.bytes[at..<at + size].reversed().reduce(0) { $0 << 8 | T(truncatingIfNeeded: $1) }
      }
    }
    func finite(_ value: Double) -> Double? { value.isFinite ? value : nil }
    switch value.vr {
    case "US", "OW": return each(UInt16.self).map(Double.init)
    case "SS": return each(Int16.self).map(Double.init)
    case "UL", "OL": return each(UInt32.self).map(Double.init)
    case "SL": return each(Int32.self).map(Double.init)
    case "FL": return each(UInt32.self).map { finite(Double(Float(bitPattern: $0))) }
    case "FD": return each(UInt64.self).map { finite(Double(bitPattern: $0)) }
    case "SV": return each(Int64.self).map(Double.init)
    case "UV": return each(UInt64.self).map(Double.init)
    case "UN", "OB":
      switch tag.kind {
      case .unsigned16, .words: return each(UInt16.self).map(Double.init)
      case .unsigned32: return each(UInt32.self).map(Double.init)
      case .signed32: return each(Int32.self).map(Double.init)
      case .float32: return each(UInt32.self).map { finite(Double(Float(bitPattern: $0))) }
      case .float64: return each(UInt64.self).map { finite(Double(bitPattern: $0)) }
      case .text, .sequence: break
      }
    default: break
    }
    return DICOMText.values(DICOMText.latin1(value.bytes)).map(DICOMText.decimal)
  }

  /// The first number; nil where absent or none.
  func number(_ tag: DICOMTag) -> Double? { numbers(tag).first ?? nil }

  /// The first number as a whole one; nil where absent or none.
  func integer(_ tag: DICOMTag) -> Int? {
    guard let value = number(tag), value.rounded() == value, abs(value) < 1e15 else { return nil }
    return Int(value)
  }

  /// Numbers where all of them are there and are numbers; nil otherwise.
  func vector(_ tag: DICOMTag, count: Int) -> [Double]? {
    let all = numbers(tag).compactMap { $0 }
    return all.count == count ? all : nil
  }

  /// The tag of a private element, by its creator's name (PS3.5 7.8.1); creators stand in the first
  /// blocks, so no more than eight are asked.
  func privateTag(
    _ group: UInt16, creator: String, _ element: UInt8, _ kind: DICOMTag.Kind = .text
  ) -> DICOMTag? {
    for block in UInt16(0x10)...0x17
    where DICOMText.trimmed(text(DICOMTag(group, block))) == creator {
      return DICOMTag(group, block << 8 | UInt16(element), kind)
    }
    return nil
  }
}

extension String {
  /// Text of a C array up to its NUL.
  init(cCharacters: [CChar]) {
    self.init(
      decoding: cCharacters.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }
}
