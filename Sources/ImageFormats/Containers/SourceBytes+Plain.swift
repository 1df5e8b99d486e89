import MedicalImaging

extension SourceBytes {
  /// Whether the source is a gzip file.
  var isGzip: Bool { GzipStream.recognises(head: head(4)) }

  /// What a gzip file holds, as a source of its own.
  ///
  /// Throws `.memory` past `limit` bytes, `.truncated` where its end is missing, `.damagedPixels`
  /// where it is damaged, `.empty` where it holds nothing.
  func inflated(limit: Int) throws(ImageError) -> SourceBytes {
    let plain = PlainBytes(self)
    // One byte more shows that there is more; what the file cannot hold takes no memory.
    let room = min(plain.mostBytes, limit, .max - 1) + 1
    var bytes: [UInt8] = []
    while bytes.count < room {
      let part = try plain.copy(at: bytes.count, count: min(room - bytes.count, 1 << 20))
      if part.isEmpty { break }
      bytes += part
    }
    guard bytes.count <= limit else {
      throw ImageError(
        .memory, "The compressed file holds more bytes than may be held in memory.",
        remedy: "Unpack it, or raise --memory.")
    }
    guard try plain.checkEnd() else {
      throw ImageError(.truncated, "The compressed file ends before its data do.")
    }
    return try SourceBytes(bytes)
  }
}
