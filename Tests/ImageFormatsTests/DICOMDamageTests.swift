import Glibc
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// Damaged files: whatever is wrong with them ends in a value or an `ImageError`, in little memory.
@Suite struct DICOMDamageTests {
  private static let limit = 1 << 26

  /// Reads a source and two of its frames; true where it gave pixels.
  private func survives(_ bytes: [UInt8]) -> Bool {
    do {
      let source = try SourceBytes(bytes)
      guard
        case .image(let header) = try DICOMReader.read(source, memoryLimit: Self.limit)
      else { return false }
      let decoder = try FrameDecoder(header: header, bytes: source, memoryLimit: Self.limit)
      for frame in 0..<min(header.frames, 2) { _ = try decoder.decode(frame: frame) }
      return true
    } catch {
      return false
    }
  }

  /// Peak resident memory of this process, in bytes.
  private func peak() -> Int {
    var usage = rusage()
    unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
    return usage.ru_maxrss * 1024
  }

  private func damage(_ file: [UInt8], _ generator: inout SeededGenerator) -> [UInt8] {
    var bytes = file
    switch Int.random(in: 0..<4, using: &generator) {
    case 0: bytes = Array(bytes.prefix(Int.random(in: 1...bytes.count, using: &generator)))
    case 1:
      // Lengths and sizes stand in the header, which is where most harm can be done.
      for _ in 0..<4 {
        bytes[Int.random(in: 0..<min(bytes.count, 4096), using: &generator)] =
          .random(in: 0...255, using: &generator)
      }
    case 2:
      for _ in 0..<8 {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
    default:
      let at = Int.random(in: 0..<bytes.count, using: &generator)
      let end = min(at + 4, bytes.count)
      for i in at..<end { bytes[i] = 0xFF }
    }
    return bytes
  }

  @Test func `Rows and columns past 16 bits are damage, whatever VR they have`() throws {
    for (vr, words) in [("UL", [0xFFFF, 0xFFFF]), ("UL", [0, 1])] {
      var phantom = DICOMPhantom.grey()
      for tag: UInt32 in [0x0028_0010, 0x0028_0011] { phantom.set(tag, vr, words) }
      let file = phantom.file("1.2.840.10008.1.2.4.90", fragments: [[0xFF, 0x4F, 0xFF, 0x51]])
      #expect {
        _ = try DICOMPhantom.header(file)
      } throws: {
        ($0 as? ImageError)?.code == .damagedHeader
      }
    }
  }

  @Test(arguments: ["1e20", "-1e307", "1000001"])
  func `A plane further away than a kilometre has no place`(_ z: String) throws {
    var phantom = DICOMPhantom.grey()
    phantom.set(0x0020_0032, "DS", "0\\0\\\(z)")
    phantom.set(0x0020_0037, "DS", "1\\0\\0\\0\\1\\0")
    let header = try phantom.header()
    #expect(header.shared.geometry == nil)
    #expect(header.findings.map(\.code) == ["geometry"])
  }

  @Test func `A JPEG 2000 frame of more tiles than can be counted is damage`() throws {
    // SIZ (ISO/IEC 15444-1 A.5.1): a grid of 2^32 - 1 squared in tiles of 1 x 1.
    let most: [UInt8] = [0xFF, 0xFF, 0xFF, 0xFF]
    let zero: [UInt8] = [0, 0, 0, 0]
    let one: [UInt8] = [0, 0, 0, 1]
    var frame: [UInt8] = [0xFF, 0x4F, 0xFF, 0x51, 0, 41, 0, 0]
    for field in [most, most, zero, zero, one, one, zero, zero] { frame += field }
    frame += [0, 1, 15, 1, 1]
    let file = DICOMPhantom.grey().file("1.2.840.10008.1.2.4.90", fragments: [frame])
    #expect {
      _ = try DICOMPhantom.decode(file)
    } throws: {
      ($0 as? ImageError)?.code == .damagedPixels
    }
  }

  @Test func `Damaged phantoms end in a value or an error`() {
    var color = DICOMPhantom.grey()
    color.set(0x0028_0002, "US", [3])
    color.set(0x0028_0004, "CS", "YBR_FULL")
    color[0x7FE0_0010] = ("OW", .words(Array(0..<12)))
    let samples = (0..<4096).map { $0 * 7 % 4096 }
    var large = DICOMPhantom.grey()
    for tag: UInt32 in [0x0028_0010, 0x0028_0011] { large.set(tag, "US", [64]) }
    let jpeg = LosslessJPEG.encode(samples, columns: 64, rows: 64, precision: 12)
    let files = [
      DICOMPhantom.grey().file(), color.file(),
      large.file("1.2.840.10008.1.2.4.70", offsets: [0], fragments: [jpeg]),
    ]
    var generator = SeededGenerator(seed: 1)
    var whole = 0
    let before = peak()
    for round in 0..<900 where survives(damage(files[round % 3], &generator)) { whole += 1 }
    #expect(whole > 0 && whole < 900)
    #expect(peak() - before < 512 << 20)
  }

  @Test(.enabled(if: DICOMCorpus.isUsable))
  func `Damaged files of every syntax end in a value or an error`() throws {
    let names = [
      "MR_small_RLE.dcm", "MR_small_jp2klossless.dcm", "MR_small_jpeg_ls_lossless.dcm",
      "JPEG2000.dcm", "JPGExtended.dcm", "SC_rgb_jpeg_dcmtk.dcm", "SC_rgb_small_odd_jpeg.dcm",
      "image_dfl.dcm", "MR_small_bigendian.dcm", "OBXXXX1A_rle.dcm",
      "emri_small_jpeg_2k_lossless.dcm", "emri_small_jpeg_ls_lossless.dcm", "eCT_Supplemental.dcm",
      "J2K_pixelrep_mismatch.dcm", "GDCMJ2K_TextGBR.dcm", "examples_palette.dcm",
      "nested_priv_SQ.dcm",
    ]
    var generator = SeededGenerator(seed: 2)
    var used = 0
    let before = peak()
    for row in DICOMCorpus.dicom where names.contains(where: { row.path.hasSuffix("/" + $0) }) {
      let bytes = try DICOMCorpus.open(row)
      let file = bytes.copy(0..<bytes.count)
      used += 1
      for _ in 0..<(file.count > 300_000 ? 10 : 40) { _ = survives(damage(file, &generator)) }
    }
    #expect(used >= 10)
    #expect(peak() - before < 1 << 30)
  }
}
