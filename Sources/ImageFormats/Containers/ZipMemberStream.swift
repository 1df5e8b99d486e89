import CZip
import MedicalImaging

/// The bytes of one member of a zip, from the first to the last; the archive must outlive it.
@safe final class ZipMemberStream {
  private let file: OpaquePointer

  /// - Throws: `brokenArchive` where the member cannot be opened.
  init(_ archive: OpaquePointer, _ index: Int) throws(ImageError) {
    guard let file = unsafe zip_fopen_index(archive, zip_uint64_t(index), 0) else {
      throw ImageError(
        .brokenArchive, "A member of the archive cannot be opened.",
        cause: unsafe String(cString: zip_error_strerror(zip_get_error(archive))))
    }
    unsafe self.file = file
  }

  deinit { unsafe zip_fclose(file) }

  /// The next bytes; fewer than `count` only at the end, or where the member is damaged.
  func read(_ count: Int) -> [UInt8] {
    unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
      while filled < count {
        let got = unsafe zip_fread(
          file, buffer.baseAddress! + filled, zip_uint64_t(count - filled))
        guard got > 0 else { break }
        filled += Int(got)
      }
    }
  }

  /// Whether nothing is left and the CRC is right: libzip compares it when reading on at the end.
  func isSoundAtEnd() -> Bool {
    var beyond: UInt8 = 0
    return unsafe zip_fread(file, &beyond, 1) == 0
  }

  var damage: ImageError {
    ImageError(
      .brokenArchive, "A member of the archive is damaged.",
      cause: unsafe String(cString: zip_error_strerror(zip_file_get_error(file))))
  }
}
