import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct TensorFileTests {
  /// Bytes 0, 1, 2 ... as numbers: every order but the right one shows.
  private static func tensor(_ shape: [Int], _ scalar: Tensor.Scalar) -> Tensor {
    let count = shape.reduce(scalar.size, *)
    return Tensor(
      shape: shape, scalar: scalar, bytes: (0..<count).map { UInt8(truncatingIfNeeded: $0) })
  }

  private static func row(_ name: String, _ type: String, _ shape: String, _ tensor: Tensor)
    -> String
  {
    let hash = unsafe tensor.bytes.withUnsafeBytes { unsafe SHA256.hash($0).hex }
    return "\(name) \(type) \(shape) \(hash)"
  }

  @Test(.needsPeers) func `numpy and safetensors read what was written`() throws {
    let folder = try TemporaryFolder()
    let pixels = Self.tensor([2, 3, 5, 7], .float32)
    let half = Self.tensor([13], .float16)
    let brain = Self.tensor([3, 1], .bfloat16)
    let grid = Tensor(shape: [2, 3], [1, 70, 70, 1, -2, 1 << 40])
    try folder.write(NPYFile.file(pixels), to: "a.npy")
    try folder.write(NPYFile.file(half), to: "b.npy")
    try folder.write(NPYFile.file(grid), to: "c.npy")
    // Many axes: a header of more than 128 bytes.
    let axes = Self.tensor([Int](repeating: 1, count: 30), .float32)
    try folder.write(NPYFile.file(axes), to: "d.npy")
    try folder.write(
      SafetensorsFile.file([
        ("odd", half), ("a \"name\" \\ of\tits own ä", brain), ("pixels", pixels), ("grid", grid),
      ]), to: "e.safetensors")
    let told = try Peer.run(script: "tensor_files.py", in: folder)
      .split(separator: "\n").map(String.init)
    #expect(
      told.prefix(4) == [
        Self.row("a.npy", "<f4", "2x3x5x7", pixels), Self.row("b.npy", "<f2", "13", half),
        Self.row("c.npy", "<i8", "2x3", grid),
        Self.row("d.npy", "<f4", [String](repeating: "1", count: 30).joined(separator: "x"), axes),
      ])
    #expect(
      Set(told.dropFirst(4)) == [
        Self.row("odd", "F16", "13", half), Self.row("pixels", "F32", "2x3x5x7", pixels),
        Self.row("a \"name\" \\ of\tits own ä", "BF16", "3x1", brain),
        Self.row("grid", "I64", "2x3", grid),
      ])
  }

  @Test func `numbers lie on multiples of their size`() throws {
    let half = Self.tensor([13], .float16)
    let grid = Tensor(shape: [1], [7])
    let header = try NPYFile.header(of: half)
    // 10 bytes, a dictionary of 58 and a line's end are more than 64.
    #expect(header.count == 128)
    #expect(header.prefix(10) == [0x93, 0x4E, 0x55, 0x4D, 0x50, 0x59, 1, 0, 118, 0])
    #expect(header.last == 0x0A)
    let both = SafetensorsFile.file([("half", half), ("grid", grid)])
    let header8 = SafetensorsFile.header(of: [("half", half), ("grid", grid)])
    #expect(header8.count.isMultiple(of: 8))
    // The wide numbers come first, whatever the order given.
    #expect(both == header8 + grid.bytes + half.bytes)
  }

  @Test func `numpy has no bfloat16`() {
    #expect {
      _ = try NPYFile.file(Self.tensor([1], .bfloat16))
    } throws: {
      ($0 as? ImageError)?.code == .unsupportedFormat
    }
  }
}
