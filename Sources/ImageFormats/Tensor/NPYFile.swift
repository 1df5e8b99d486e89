import MedicalImaging

/// numpy's format of one array, version 1.0 (NEP 1): what stands before the numbers, and the whole.
public enum NPYFile {
  /// The bytes before those of a tensor: magic, version, length and a Python dictionary, in all a
  /// multiple of 64.
  ///
  /// - Throws: `unsupportedFormat` for bfloat16, which numpy has not.
  public static func header(of tensor: Tensor) throws(ImageError) -> [UInt8] {
    let type =
      switch tensor.scalar {
      case .float32: "<f4"
      case .float16: "<f2"
      case .int64: "<i8"
      case .bfloat16:
        throw ImageError(
          .unsupportedFormat, "A .npy file holds no bfloat16.",
          remedy: "Choose float32 or float16, or write .safetensors.")
      }
    // A tuple of one number has a comma of its own.
    let axes = tensor.shape.map(String.init).joined(separator: ", ")
    let shape = tensor.shape.count == 1 ? "(\(axes),)" : "(\(axes))"
    let words = "{'descr': '\(type)', 'fortran_order': False, 'shape': \(shape), }"
    let before = 10
    let length = (before + words.utf8.count + 1 + 63) / 64 * 64 - before
    var header: [UInt8] = [0x93] + Array("NUMPY".utf8) + [1, 0]
    header += [UInt8(truncatingIfNeeded: length), UInt8(truncatingIfNeeded: length >> 8)]
    header += words.utf8
    header += [UInt8](repeating: UInt8(ascii: " "), count: length - words.utf8.count - 1)
    header.append(UInt8(ascii: "\n"))
    return header
  }

  /// The bytes of a file; see `header` for what is thrown.
  public static func file(_ tensor: Tensor) throws(ImageError) -> [UInt8] {
    try header(of: tensor) + tensor.bytes
  }
}
