import Glibc
import MedicalImaging

/// The bytes of a source as they are when nothing is compressed: those of a gzip file inflated, all
/// others as they lie there.
///
/// Parts of a gzip file that are asked for in growing order inflate it once; going back starts it
/// again.
@safe final class PlainBytes {
  private let source: SourceBytes
  private let stream: GzipStream?

  init(_ source: SourceBytes) {
    self.source = source
    stream = GzipStream.recognises(head: source.head(4)) ? GzipStream(source) : nil
  }

  var isCompressed: Bool { stream != nil }

  /// The number of bytes; of a gzip file, the most that it can hold.
  var mostBytes: Int { stream?.mostBytes ?? source.count }

  /// The number of bytes, of which more than `expected` are not looked for.
  ///
  /// A gzip file whose last word says `expected` (RFC 1952 2.3.1, ISIZE) is believed; any other one,
  /// which is cut, of several members or longer, is inflated to find out. Of a damaged one it is the
  /// most that it can hold: reading it says what is wrong.
  func count(expected: Int) -> Int {
    guard let stream else { return min(source.count, expected) }
    let word = source.copy(max(0, source.count - 4)..<source.count)
    let size = word.reversed().reduce(0) { $0 << 8 | Int($1) }
    guard size != expected & 0xFFFF_FFFF || expected > mostBytes else { return expected }
    stream.rewind()
    _ = stream.skip(to: min(expected, mostBytes))
    return stream.end == .damaged ? min(mostBytes, expected) : stream.position
  }

  /// Whether something that is no gzip lies behind it; known at the end.
  var hasBytesBehind: Bool { stream?.hasBytesBehind ?? false }

  /// Fills the memory from an offset on; gives fewer bytes only where the source ends.
  ///
  /// Throws `.damagedPixels` where a gzip file is damaged before the memory is full.
  func read(at offset: Int, into out: UnsafeMutableRawBufferPointer) throws(ImageError) -> Int {
    guard let stream else {
      let count = min(out.count, max(0, source.count - offset))
      guard count > 0 else { return 0 }
      unsafe source.withUnsafeBytes { bytes in
        _ = unsafe memcpy(out.baseAddress!, bytes.baseAddress! + offset, count)
      }
      return count
    }
    if offset < stream.position { stream.rewind() }
    let count = stream.skip(to: offset) ? unsafe stream.read(into: out) : 0
    if stream.end == .damaged { throw Self.damage }
    return count
  }

  /// A copy of a part; fewer bytes only where the source ends. Throws as `read`.
  func copy(at offset: Int, count: Int) throws(ImageError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = unsafe bytes.withUnsafeMutableBytes { (out) -> Result<Int, ImageError> in
      do throws(ImageError) {
        return .success(try unsafe read(at: offset, into: out))
      } catch {
        return .failure(error)
      }
    }
    return Array(bytes.prefix(try result.get()))
  }

  /// Reads a gzip file to its end, where checksum and length are compared; false where that is
  /// missing. Throws `.damagedPixels` where they are wrong.
  func checkEnd() throws(ImageError) -> Bool {
    switch stream?.finish() {
    case nil, .sound: return true
    case .truncated: return false
    case .damaged: throw Self.damage
    }
  }

  private static var damage: ImageError {
    ImageError(
      .damagedPixels, "The compressed data are damaged.",
      remedy: "Copy the file again from where it came from.")
  }
}
