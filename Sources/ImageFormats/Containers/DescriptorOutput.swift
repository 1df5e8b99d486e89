import Glibc
import MedicalImaging

/// Writes whole buffers to a file descriptor, and says what is wrong where it cannot.
package enum DescriptorOutput {
  /// Writes all bytes, however many calls it takes.
  ///
  /// - Throws: `outputFull`, or `permission` where the system refuses the right.
  package static func write(_ bytes: UnsafeRawBufferPointer, to descriptor: Int32)
    throws(ImageError)
  {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let written = unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
      if written < 0 {
        let error = errno
        if error == EINTR { continue }
        throw failure(error)
      }
      unsafe rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// As the other, of bytes that an array holds.
  static func write(_ bytes: ArraySlice<UInt8>, to descriptor: Int32) throws(ImageError) {
    let written: Result<Void, ImageError> = unsafe bytes.withUnsafeBytes { bytes in
      do throws(ImageError) {
        return .success(unsafe try write(bytes, to: descriptor))
      } catch {
        return .failure(error)
      }
    }
    try written.get()
  }

  /// The failure of a call that makes or fills a file of the output, by its `errno`.
  package static func failure(_ number: Int32) -> ImageError {
    let cause = unsafe String(cString: strerror(number))
    return switch number {
    case ENOSPC, EDQUOT, EFBIG:
      ImageError(.outputFull, "The disk that holds the output is full.", cause: cause)
    case EACCES, EPERM, EROFS:
      ImageError(
        .permission, "The output cannot be written.",
        remedy: "Give the user that runs gmai-prep the right to write there.", cause: cause)
    default:
      ImageError(
        .outputFull, "The output cannot be written.",
        remedy: "Look at the disk that holds it, and run the same command again.", cause: cause)
    }
  }
}
