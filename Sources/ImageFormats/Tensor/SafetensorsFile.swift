import MedicalImaging

/// Tensors with names in one file (github.com/huggingface/safetensors, "Format"): the length of a header,
/// the header as JSON, and the numbers.
public enum SafetensorsFile {
  /// The bytes before those of the tensors, which follow in the order of `ordered`: in all a multiple of
  /// 8.
  public static func header(of tensors: [(name: String, tensor: Tensor)]) -> [UInt8] {
    precondition(Set(tensors.map(\.name)).count == tensors.count, "a name stands for one tensor")
    var start = 0
    let entries = ordered(tensors).map { name, tensor in
      let end = start + tensor.bytes.count
      defer { start = end }
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      return
        "\(quoted(name)):{\"dtype\":\"\(type(tensor.scalar))\",\"shape\":[\(shape)],\"data_offsets\":[\(start),\(end)]}"
    }
    var json = Array("{\(entries.joined(separator: ","))}".utf8)
    json += [UInt8](repeating: UInt8(ascii: " "), count: (8 - json.count % 8) % 8)
    return (0..<8).map { UInt8(truncatingIfNeeded: json.count >> (8 * $0)) } + json
  }

  /// The bytes of a file.
  public static func file(_ tensors: [(name: String, tensor: Tensor)]) -> [UInt8] {
    ordered(tensors).reduce(into: header(of: tensors)) { $0 += $1.tensor.bytes }
  }

  /// Wide numbers first, so that each lies on a multiple of its size; then by name, as the format's own
  /// writer has it.
  public static func ordered(
    _ tensors: [(name: String, tensor: Tensor)]
  ) -> [(name: String, tensor: Tensor)] {
    tensors.sorted {
      ($1.tensor.scalar.size, $0.name) < ($0.tensor.scalar.size, $1.name)
    }
  }

  private static func type(_ scalar: Tensor.Scalar) -> String {
    switch scalar {
    case .float32: "F32"
    case .float16: "F16"
    case .bfloat16: "BF16"
    case .int64: "I64"
    }
  }

  /// A JSON string (RFC 8259, section 7).
  private static func quoted(_ name: String) -> String {
    let escaped = name.unicodeScalars.map { scalar in
      switch scalar {
      case "\"": "\\\""
      case "\\": "\\\\"
      case "\u{0}"..."\u{1F}":
        "\\u" + String(scalar.value + 0x1_0000, radix: 16).dropFirst()
      default: String(scalar)
      }
    }
    return "\"\(escaped.joined())\""
  }
}
