import Glibc
import MedicalImaging

/// Reads the voxels of a NIfTI or Analyze file, volume by volume or slice by slice, into flat memory.
///
/// It holds what it gives and no more. In a gzip file, slices that are asked for in growing order
/// inflate it once; going back starts it again. The checksum is compared when the last slice of the
/// last volume is read. A worker has its own: it is not for several threads.
public final class VolumeDecoder {
  public let header: NIfTIHeader
  private let plain: PlainBytes
  private let memoryLimit: Int

  /// `voxels` are the bytes of the file that holds them, as `ImageFiles` finds it. `memoryLimit`
  /// bounds, in bytes, what one call takes.
  public init(header: NIfTIHeader, voxels: SourceBytes, memoryLimit: Int = 1 << 30) {
    self.header = header
    self.memoryLimit = memoryLimit
    plain = PlainBytes(voxels)
  }

  /// Volume `index`, counted from 0, or some of its slices; `index` is below `header.volumes`, and
  /// the slices lie within `header.slices`. Values are stored values, native endian: slope and
  /// intercept are `header.modality`'s to apply.
  ///
  /// Where the file ends early, the whole slices that are there are given, and a finding says how
  /// many are missing.
  ///
  /// Throws `.truncated` where not one slice is there, `.damagedPixels` where compressed data are
  /// damaged, `.memory` where it would take more than the limit.
  public func decode(volume index: Int, slices: Range<Int>? = nil) throws(ImageError)
    -> DecodedVolume
  {
    let slices = slices ?? 0..<header.slices
    precondition(index >= 0 && index < header.volumes)
    precondition(slices.lowerBound >= 0 && slices.upperBound <= header.slices && !slices.isEmpty)
    let perSlice = header.bytesPerSlice
    // None of these overflows: the header was checked as a whole.
    let offset =
      header.voxelOffset + index * header.bytesPerVolume + slices.lowerBound * perSlice
    let isComplex = header.voxel.isComplex
    let given = isComplex ? perSlice / 2 : perSlice
    guard given * slices.count <= memoryLimit - (isComplex ? perSlice : 0) else {
      throw ImageError(
        .memory, "The volume needs more memory than is allowed.",
        remedy: "Raise the limit, or read it slice by slice.")
    }
    // A claim that the source cannot hold takes no memory.
    let there = min(slices.count, max(0, plain.mostBytes - offset) / perSlice)
    let (bytes, whole) =
      isComplex
      ? try magnitudes(at: offset, slices: there) : try samples(at: offset, slices: there)
    guard whole > 0 else { throw Self.endsEarly }
    let isLast = index == header.volumes - 1 && slices.upperBound == header.slices
    let isChecked = isLast && whole == slices.count ? try plain.checkEnd() : true
    let volume = StoredVolume(
      columns: header.columns, rows: header.rows, slices: whole,
      samplesPerVoxel: header.voxel.samplesPerVoxel, sample: header.voxel.sample, bytes: bytes)
    var decoded = DecodedVolume(
      volume: volume, findings: findings(volume, missing: slices.count - whole))
    if !isChecked {
      decoded.findings.append(
        .init("checksum_missing", "The compressed data lack their checksum; it was not compared."))
    }
    return decoded
  }

  static let endsEarly = ImageError(.truncated, "The source ends before the voxels do.")

  static func missing(slices: Int) -> InstanceHeader.Finding {
    .init("slices_missing", "The source ends early: the last \(slices) slices are missing.")
  }

  private func findings(_ volume: StoredVolume, missing: Int) -> [InstanceHeader.Finding] {
    var findings: [InstanceHeader.Finding] = []
    if missing > 0 { findings.append(Self.missing(slices: missing)) }
    if plain.hasBytesBehind {
      findings.append(.init("bytes_behind", "Something that is no gzip lies behind the data."))
    }
    return findings + (volume.nonFinite.finding.map { [$0] } ?? [])
  }

  /// Samples as they are, in native order; and how many slices are whole.
  private func samples(at offset: Int, slices: Int) throws(ImageError) -> ([UInt8], Int) {
    let perSlice = header.bytesPerSlice
    var whole = 0
    var failure: ImageError?
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: slices * perSlice) { out, used in
      let room = unsafe UnsafeMutableRawBufferPointer(
        rebasing: UnsafeMutableRawBufferPointer(out)[..<(slices * perSlice)])
      unsafe LargeMemory.prepare(room)
      do throws(ImageError) {
        whole = try unsafe plain.read(at: offset, into: room) / perSlice
      } catch {
        failure = error
      }
      used = whole * perSlice
      if header.isBigEndian {
        unsafe ByteOrder.swap(
          UnsafeMutableRawBufferPointer(rebasing: room[..<used]), size: header.voxel.sample.size)
      }
    }
    if let failure { throw failure }
    return (bytes, whole)
  }

  /// Magnitudes of complex voxels, a slice at a time.
  private func magnitudes(at offset: Int, slices: Int) throws(ImageError) -> ([UInt8], Int) {
    let perSlice = header.bytesPerSlice
    var bytes: [UInt8] = []
    bytes.reserveCapacity(slices * perSlice / 2)
    for slice in 0..<slices {
      let (pairs, whole) = try samples(at: offset + slice * perSlice, slices: 1)
      guard whole == 1 else { return (bytes, slice) }
      bytes +=
        header.voxel.sample == .float32
        ? Self.magnitudes(pairs, of: Float.self, hypotf)
        : Self.magnitudes(pairs, of: Double.self, hypot)
    }
    return (bytes, slices)
  }

  private static func magnitudes<Number: BitwiseCopyable>(
    _ pairs: [UInt8], of type: Number.Type, _ magnitude: (Number, Number) -> Number
  ) -> [UInt8] {
    let size = MemoryLayout<Number>.size
    let count = pairs.count / (2 * size)
    return unsafe [UInt8](unsafeUninitializedCapacity: count * size) { out, used in
      let target = UnsafeMutableRawPointer(out.baseAddress!)
      unsafe pairs.withUnsafeBytes { pairs in
        for i in 0..<count {
          let real = unsafe pairs.loadUnaligned(fromByteOffset: 2 * i * size, as: type)
          let imaginary = unsafe pairs.loadUnaligned(fromByteOffset: (2 * i + 1) * size, as: type)
          unsafe target.storeBytes(
            of: magnitude(real, imaginary), toByteOffset: i * size, as: type)
        }
      }
      used = count * size
    }
  }
}

/// One volume's stored values, and what was odd about them.
public struct DecodedVolume: Sendable {
  public var volume: StoredVolume
  public var findings: [InstanceHeader.Finding]

  public init(volume: StoredVolume, findings: [InstanceHeader.Finding]) {
    self.volume = volume
    self.findings = findings
  }
}

/// Turns the bytes of numbers round.
enum ByteOrder {
  /// `size` is that of one number: 1, 2, 4 or 8.
  static func swap(_ bytes: UnsafeMutableRawBufferPointer, size: Int) {
    switch size {
    case 2: unsafe swap(bytes, UInt16.self)
    case 4: unsafe swap(bytes, UInt32.self)
    case 8: unsafe swap(bytes, UInt64.self)
    default: break
    }
  }

  private static func swap<Number: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: UnsafeMutableRawBufferPointer, _ type: Number.Type
  ) {
    let size = MemoryLayout<Number>.size
    guard let start = bytes.baseAddress else { return }
    for i in 0..<(bytes.count / size) {
      let value = unsafe start.loadUnaligned(fromByteOffset: i * size, as: type)
      unsafe start.storeBytes(of: value.byteSwapped, toByteOffset: i * size, as: type)
    }
  }
}
