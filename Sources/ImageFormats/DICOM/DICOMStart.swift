import CDCMTK
import MedicalImaging

/// Where a DICOM source's data set begins and how it is written: preamble, meta header (PS3.10 7.1)
/// and what the first element of the data set itself shows.
struct DICOMStart {
  /// Offset of the data set's first element.
  var offset = 0
  /// As the meta header says, "" where it does not.
  var declaredSyntaxUID = ""
  var mediaSOPClassUID = ""
  var mediaSOPInstanceUID = ""
  /// How elements are written, as the data set shows it; nil where it must be inflated first.
  var encoding: TransferSyntax.Encoding?
  var findings: [InstanceHeader.Finding] = []

  var declaredSyntax: TransferSyntax? { TransferSyntax.named(declaredSyntaxUID) }

  /// Throws `.notMedical` where the bytes are no DICOM, `.truncated` where they end too early.
  init(_ bytes: SourceBytes) throws(ImageError) {
    let head = bytes.head(DICOMSignature.headLength)
    let hasPreamble = DICOMSignature.hasPreamble(head)
    guard hasPreamble || DICOMSignature.plausibleStart(head, at: 0) != nil else {
      throw ImageError(.notMedical, "The source does not begin as DICOM does.")
    }
    offset = hasPreamble ? 132 : 0
    if !hasPreamble {
      findings.append(.init("no_preamble", "The source lacks the preamble of a DICOM file."))
    }
    try readMetaHeader(bytes)
    try settleEncoding(bytes)
  }

  /// Reads group 0002, always Explicit VR Little Endian; stops at the first other group.
  private mutating func readMetaHeader(_ bytes: SourceBytes) throws(ImageError) {
    let first = offset
    while let group = bytes.number(at: offset, size: 2), group == 2 {
      guard let element = bytes.number(at: offset + 2, size: 2),
        let vr = bytes.text(at: offset + 4, length: 2)
      else { throw Self.truncatedMeta }
      var valueAt = offset + 8
      var length: Int?
      if !DICOMSignature.valueRepresentations.contains(vr) {
        length = bytes.number(at: offset + 4, size: 4)
      } else if DICOMSignature.longRepresentations.contains(vr) {
        length = bytes.number(at: offset + 8, size: 4)
        valueAt = offset + 12
      } else {
        length = bytes.number(at: offset + 6, size: 2)
      }
      guard let length, length <= bytes.count - valueAt else { throw Self.truncatedMeta }
      func value() -> String {
        DICOMText.trimmed(bytes.text(at: valueAt, length: min(length, 128)) ?? "")
      }
      switch element {
      case 0x0002: mediaSOPClassUID = value()
      case 0x0003: mediaSOPInstanceUID = value()
      case 0x0010: declaredSyntaxUID = value()
      default: break
      }
      offset = valueAt + length
    }
    if offset == first {
      findings.append(.init("no_meta_header", "The source lacks a DICOM meta header."))
    } else if declaredSyntaxUID.isEmpty {
      findings.append(.init("no_transfer_syntax", "The meta header names no transfer syntax."))
    }
    guard offset < bytes.count else {
      throw ImageError(.truncated, "The source ends behind its meta header.")
    }
  }

  /// Believes the first element over the meta header.
  private mutating func settleEncoding(_ bytes: SourceBytes) throws(ImageError) {
    let declared = declaredSyntax
    let shown = DICOMSignature.encoding(of: bytes.copy(offset..<min(offset + 8, bytes.count)))
    if let declared, declared.isDeflated {
      if DICOMSignature.plausibleStart(
        bytes.copy(offset..<min(offset + DICOMSignature.headLength, bytes.count)), at: 0) == nil
      {
        return
      }
      findings.append(
        .init("not_deflated", "The data set is not deflated although its meta header says so."))
      encoding = shown
      return
    }
    guard let shown else {
      throw ImageError(.truncated, "The source ends within the first element of its data set.")
    }
    encoding = shown
    if let declared, declared.encoding != shown {
      findings.append(
        .init(
          "transfer_syntax_mismatch",
          "The data set is written in another encoding than its meta header says; the data set was believed."
        ))
    }
  }

  /// The whole source with its data set inflated: preamble and meta header copied through.
  ///
  /// Throws `.memory` past `limit` bytes, `.damagedHeader` where the stream is none.
  func inflated(_ bytes: SourceBytes, limit: Int) throws(ImageError) -> SourceBytes {
    var out: UnsafeMutablePointer<UInt8>?
    var length = 0
    let status = unsafe bytes.withUnsafeBytes { all in
      unsafe cdcmtk_inflate(
        all.baseAddress! + offset, all.count - offset, max(limit - offset, 0), &out, &length)
    }
    defer { unsafe cdcmtk_free(out) }
    switch status {
    case cdcmtk_ok, cdcmtk_truncated: break
    case cdcmtk_too_long, cdcmtk_memory:
      throw ImageError(.memory, "The inflated data set needs more memory than is allowed.")
    default: throw ImageError(.damagedHeader, "The deflated data set cannot be inflated.")
    }
    guard let out = unsafe out, length > 0 else {
      throw ImageError(.truncated, "The deflated data set is empty.")
    }
    return try unsafe SourceBytes(
      bytes.copy(0..<offset) + Array(UnsafeBufferPointer(start: out, count: length)))
  }

  private static let truncatedMeta = ImageError(
    .truncated, "The source ends within its meta header.")
}

extension SourceBytes {
  /// An unsigned number of at most 7 bytes; nil where it does not lie inside.
  func number(at offset: Int, size: Int, bigEndian: Bool = false) -> Int? {
    guard offset >= 0, offset <= count, size <= count - offset else { return nil }
    return unsafe withUnsafeBytes { all in
      var value = 0
      for i in 0..<size {
        value = value << 8 | Int(unsafe all[offset + (bigEndian ? i : size - 1 - i)])
      }
      return value
    }
  }

  /// Bytes as Latin-1 text; nil where they do not lie inside.
  func text(at offset: Int, length: Int) -> String? {
    guard offset >= 0, offset <= count, length >= 0, length <= count - offset else { return nil }
    return DICOMText.latin1(copy(offset..<offset + length))
  }
}
