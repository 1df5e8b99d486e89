import COpenJPEG
import Glibc

/// Memory as OpenJPEG's stream.
@safe final class JPEG2000Source {
  private let bytes: UnsafeRawBufferPointer
  private var at = 0

  init(_ bytes: UnsafeRawBufferPointer) { unsafe self.bytes = bytes }

  /// The decoded picture, the caller's to destroy; nil where it cannot be decoded.
  func image(isBoxed: Bool) -> UnsafeMutablePointer<opj_image_t>? {
    guard let codec = unsafe opj_create_decompress(isBoxed ? OPJ_CODEC_JP2 : OPJ_CODEC_J2K),
      let stream = unsafe opj_stream_create(1 << 16, 1)
    else { return nil }
    defer {
      unsafe opj_stream_destroy(stream)
      unsafe opj_destroy_codec(codec)
    }
    unsafe connect(stream)
    var parameters = opj_dparameters_t()
    unsafe opj_set_default_decoder_parameters(&parameters)
    guard unsafe opj_setup_decoder(codec, &parameters) == 1 else { return nil }
    var image: UnsafeMutablePointer<opj_image_t>?
    guard unsafe opj_read_header(stream, codec, &image) == 1 else {
      unsafe opj_image_destroy(image)
      return nil
    }
    guard unsafe opj_decode(codec, stream, image) == 1,
      unsafe opj_end_decompress(codec, stream) == 1
    else {
      unsafe opj_image_destroy(image)
      return nil
    }
    return unsafe image
  }

  private func connect(_ stream: UnsafeMutablePointer<opj_stream_t?>) {
    unsafe opj_stream_set_user_data(stream, Unmanaged.passUnretained(self).toOpaque(), nil)
    unsafe opj_stream_set_user_data_length(stream, UInt64(bytes.count))
    unsafe opj_stream_set_read_function(stream) { out, count, user in
      let source = unsafe Unmanaged<JPEG2000Source>.fromOpaque(user!).takeUnretainedValue()
      let taken = unsafe min(count, source.bytes.count - source.at)
      guard taken > 0 else { return -1 }
      unsafe memcpy(out!, source.bytes.baseAddress! + source.at, taken)
      source.at += taken
      return taken
    }
    unsafe opj_stream_set_skip_function(stream) { count, user in
      let source = unsafe Unmanaged<JPEG2000Source>.fromOpaque(user!).takeUnretainedValue()
      guard count >= 0, unsafe source.at < source.bytes.count else { return -1 }
      let taken = unsafe min(Int(count), source.bytes.count - source.at)
      source.at += taken
      return OPJ_OFF_T(taken)
    }
    unsafe opj_stream_set_seek_function(stream) { offset, user in
      let source = unsafe Unmanaged<JPEG2000Source>.fromOpaque(user!).takeUnretainedValue()
      guard offset >= 0, unsafe offset <= source.bytes.count else { return 0 }
      source.at = Int(offset)
      return 1
    }
  }
}
