import MedicalImaging

/// Stands for a profile that is there and cannot be taken out: it is none that can be used.
private let damaged: [UInt8] = [0]

extension PNGChunks {
  /// The ICC profile of an iCCP chunk (ISO/IEC 15948, 11.3.3.3): a name, a zero, the method 0 and a
  /// zlib stream.
  func colorProfile(_ source: SourceBytes) -> [UInt8]? {
    guard let profile else { return nil }
    let chunk = source.copy(profile)
    // The name has 1 to 79 characters; the stream begins with two bytes of its own.
    guard let zero = chunk.prefix(80).firstIndex(of: 0), chunk.count > zero + 4,
      chunk[zero + 1] == 0
    else { return damaged }
    let deflated = Array(chunk[(zero + 4)...])
    let inflated = try? unsafe deflated.withBytes { (bytes) throws(ImageError) in
      try unsafe DeflatedFrame.inflate(bytes, limit: ColorTransform.longest)
    }
    return inflated.flatMap { $0.isEmpty ? nil : $0 } ?? damaged
  }
}

/// The ICC profile of a JPEG: its pieces in APP2 segments (ICC.1:2010, B.4).
enum JPEGProfile {
  /// Nil where there is none; what is there, in the order of its numbers, where pieces are missing.
  static func read(_ source: SourceBytes) -> [UInt8]? {
    let name = Array("ICC_PROFILE\0".utf8)
    var pieces: [(number: UInt8, bytes: [UInt8])] = []
    var total = 0
    var at = 2
    // Segments up to the first scan.
    while let mark = source.number(at: at, size: 2, bigEndian: true) {
      guard mark > 0xFF00 else {
        at += 1
        continue
      }
      guard mark != 0xFFFF else {
        at += 1
        continue
      }
      guard mark != 0xFF01, !(0xFFD0...0xFFD8).contains(mark) else {
        at += 2
        continue
      }
      guard mark != 0xFFDA, mark != 0xFFD9,
        let length = source.number(at: at + 2, size: 2, bigEndian: true), length >= 2,
        at + 2 + length <= source.count
      else { break }
      if mark == 0xFFE2, length > 16, source.copy(at + 4..<at + 16) == name {
        total += length - 16
        guard total <= ColorTransform.longest else { return damaged }
        pieces.append(
          (
            source.number(at: at + 16, size: 1, bigEndian: true).map(UInt8.init) ?? 0,
            source.copy(at + 18..<at + 2 + length)
          ))
      }
      at += 2 + length
    }
    guard !pieces.isEmpty else { return nil }
    // Pieces of one number keep the order of the file.
    let ordered = pieces.enumerated().sorted {
      ($0.element.number, $0.offset) < ($1.element.number, $1.offset)
    }
    return ordered.flatMap(\.element.bytes)
  }
}
