/// An ICC profile of three primaries and one gamma (ICC.1:2001-04), so that its formula is known.
public struct ICCPhantom: Sendable {
  /// X, Y and Z of red, green and blue, adapted to D50.
  public var primaries: [[Double]]
  /// In 1/256, as the profile holds it.
  public var gamma: Int

  public init(primaries: [[Double]], gamma: Int) {
    self.primaries = primaries
    self.gamma = gamma
  }

  /// Adobe RGB (1998), version 2005-05, 4.3.5.2 and annex C: gamma 2 + 51/256.
  public static let adobe = ICCPhantom(
    primaries: [
      [0.60974, 0.31111, 0.01947], [0.20528, 0.62567, 0.06087], [0.14919, 0.06322, 0.74457],
    ], gamma: 563)

  public var bytes: [UInt8] {
    let white = [0.9642, 1, 0.8249]
    let curve = Array("curv".utf8) + [0, 0, 0, 0] + big(1, 4) + big(gamma, 2) + [0, 0]
    var tags: [(name: String, bytes: [UInt8])] = [("wtpt", xyz(white))]
    for (name, primary) in zip(["rXYZ", "gXYZ", "bXYZ"], primaries) {
      tags.append((name, xyz(primary)))
    }
    for name in ["rTRC", "gTRC", "bTRC"] { tags.append((name, curve)) }
    var table = big(tags.count, 4)
    var data: [UInt8] = []
    let start = 128 + 4 + 12 * tags.count
    for tag in tags {
      table += Array(tag.name.utf8) + big(start + data.count, 4) + big(tag.bytes.count, 4)
      data += tag.bytes
    }
    var head = big(start + data.count, 4) + [0, 0, 0, 0] + big(0x0210_0000, 4)
    head += Array("mntrRGB XYZ ".utf8) + [UInt8](repeating: 0, count: 12) + Array("acsp".utf8)
    head += [UInt8](repeating: 0, count: 28) + xyz(white).dropFirst(8)
    head += [UInt8](repeating: 0, count: 128 - head.count)
    return head + table + data
  }

  private func xyz(_ values: [Double]) -> [UInt8] {
    Array("XYZ ".utf8) + [0, 0, 0, 0] + values.flatMap { big(Int(($0 * 65536).rounded()), 4) }
  }

  private func big(_ value: Int, _ size: Int) -> [UInt8] {
    (0..<size).reversed().map { UInt8(truncatingIfNeeded: value >> (8 * $0)) }
  }
}
