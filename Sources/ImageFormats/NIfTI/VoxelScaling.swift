import MedicalImaging

/// How the stored values of some planes become the numbers of one NIfTI volume.
public struct VoxelScaling: Codable, Hashable, Sendable {
  /// The type of the volume's voxels.
  public var voxel: NIfTIVoxel
  /// scl_slope and scl_inter; nil where one pair cannot say it for all planes (slopes that differ from
  /// slice to slice, as in PET, or a Modality LUT): then voxels are modality values.
  public var linear: Linear?

  public struct Linear: Codable, Hashable, Sendable {
    public var slope, intercept: Double
  }

  /// What holds the stored values of all `planes`, each with its format and transform: their own type
  /// where they have one in common; signed where no value can be above half of its range, since much
  /// software knows no unsigned 16 bits.
  ///
  /// `wider` are types that stored values were found to have beyond what the formats say.
  public init(
    _ planes: [(format: PixelFormat, transform: ModalityTransform)],
    wider: [StoredPlane.Sample] = []
  ) {
    if planes.allSatisfy({
      $0.format.samplesPerPixel == 3 || $0.format.photometric == .paletteColor
    }) {
      voxel = .rgb
      linear = Linear(slope: 1, intercept: 0)
      return
    }
    let stored = Self.stored(planes.map(\.format), wider)
    if let linear = Self.common(planes.map(\.transform)) {
      voxel = NIfTIVoxel(stored)
      self.linear = linear
    } else {
      // A float32 holds 24 bits: modality values of 16 are exact to half of their last step.
      let isNarrow = stored == .float32 || stored.size <= 2
      voxel = NIfTIVoxel(isNarrow ? .float32 : .float64)
    }
  }

  /// Of numbers between those that are stored.
  public static let modalityValues = VoxelScaling(voxel: NIfTIVoxel(.float32), linear: nil)

  private init(voxel: NIfTIVoxel, linear: Linear?) {
    self.voxel = voxel
    self.linear = linear
  }

  /// The one pair of all transforms, where a header's 32 bits can say it.
  private static func common(_ transforms: [ModalityTransform]) -> Linear? {
    guard let first = transforms.first, transforms.allSatisfy({ $0 == first }),
      case .linear(let slope, let intercept) = first, Float(slope).isNormal,
      Float(intercept).isFinite
    else { return nil }
    return Linear(slope: slope, intercept: intercept)
  }

  private static func stored(_ formats: [PixelFormat], _ wider: [StoredPlane.Sample])
    -> StoredVolume.Sample
  {
    let isFloat = formats.contains(where: \.isFloat) || wider.contains(where: \.isFloat)
    if isFloat {
      let isNarrow =
        formats.allSatisfy { $0.isFloat && $0.bitsAllocated == 32 }
        && wider.allSatisfy { $0 == .float32 }
      return isNarrow ? .float32 : .float64
    }
    var (least, most, size) = (0, 0, 1)
    func take(bits: Int, isSigned: Bool, bytes: Int) {
      least = min(least, isSigned ? -(1 << (bits - 1)) : 0)
      most = max(most, (1 << (isSigned ? bits - 1 : bits)) - 1)
      size = max(size, bytes)
    }
    for format in formats {
      let bits = format.bitsAllocated == 1 ? 1 : format.bitsStored
      take(bits: bits, isSigned: format.isSigned, bytes: max(format.bitsAllocated / 8, 1))
    }
    for sample in wider {
      take(bits: sample.size * 8, isSigned: sample.isSigned, bytes: sample.size)
    }
    let candidates: [(StoredVolume.Sample, ClosedRange<Int>)] = [
      (.uint8, 0...255), (.int8, -128...127), (.int16, -32_768...32_767), (.uint16, 0...65_535),
      (.int32, -(1 << 31)...(1 << 31) - 1), (.uint32, 0...(1 << 32) - 1),
    ]
    return candidates.first {
      $0.0.size >= size && $0.1.contains(least) && $0.1.contains(most)
    }?.0 ?? .float64
  }
}
