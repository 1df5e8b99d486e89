import MedicalImaging

/// What the header of a NIfTI-1, NIfTI-2 or Analyze 7.5 volume says, as far as this toolkit uses it.
/// No free text of the header is kept.
public struct NIfTIHeader: Codable, Hashable, Sendable {
  public enum Kind: String, Codable, Sendable {
    case nifti1 = "NIfTI-1"
    case nifti2 = "NIfTI-2"
    case analyze = "Analyze 7.5"
  }

  public var kind: Kind
  /// Whether the voxels are in a file of their own (.hdr and .img).
  public var isPair: Bool
  /// Lengths of the axes, 1 to 7 of them: columns, rows, slices, then those of a series.
  public var shape: [Int]
  public var voxel: NIfTIVoxel
  /// scl_slope and scl_inter, not applied to stored values; of complex voxels for the magnitude.
  public var modality: ModalityTransform
  /// Nil where the header gives no place: then no side of the patient is known either, and voxels
  /// stay in the order of the file.
  public var geometry: VoxelGeometry?
  /// Of the geometry, else of pixdim.
  public var spacing: VoxelSpacing
  /// Seconds from one volume to the next along the fourth axis; nil where that is no time.
  public var timeStep: Double?
  /// intent_code: what the numbers mean (nifti1.h, NIFTI_INTENT_*); 0 where nothing is said.
  public var intent: Int
  /// Where the first voxel lies in the plain bytes of the file that holds the voxels.
  public var voxelOffset: Int
  public var isBigEndian: Bool
  /// What was odd in the header and how it was taken, as codes without header values.
  public var findings: [InstanceHeader.Finding]

  public var columns: Int { shape[0] }
  /// 1 where there is no such axis.
  public var rows: Int { shape.count > 1 ? shape[1] : 1 }
  /// 1 where there is no such axis.
  public var slices: Int { shape.count > 2 ? shape[2] : 1 }
  /// How many volumes the axes beyond the third make, the fourth axis running fastest.
  public var volumes: Int { shape.dropFirst(3).reduce(1, *) }
  /// Whether the numbers stand for structures: NIFTI_INTENT_LABEL.
  public var isLabels: Bool { intent == 1002 }

  /// Bytes of one slice in the file; the reader has checked that none of these products overflows.
  var bytesPerSlice: Int { columns * rows * voxel.bytes }
  /// Bytes of one volume in the file.
  var bytesPerVolume: Int { bytesPerSlice * slices }
}

/// How a voxel is written in the file: datatype (nifti1.h, NIFTI_TYPE_*).
public struct NIfTIVoxel: Codable, Hashable, Sendable {
  public var sample: StoredVolume.Sample
  /// Samples of a voxel as it is read: 1, 3 (RGB24) or 4 (RGBA32).
  public var samplesPerVoxel: Int
  /// Whether the file holds a real and an imaginary part, of which the magnitude is read.
  public var isComplex: Bool

  /// Bytes of a voxel in the file.
  var bytes: Int { sample.size * (isComplex ? 2 : samplesPerVoxel) }

  /// Red, green and blue of 8 bits each: RGB24.
  public static let rgb = NIfTIVoxel(.uint8, samples: 3)

  /// One number.
  public init(_ sample: StoredVolume.Sample) { self.init(sample, samples: 1) }

  /// The number that stands for it in a header; of complex voxels, which are not written, that of
  /// their parts.
  var datatype: Int {
    switch sample {
    case .uint8: [3: 128, 4: 2304][samplesPerVoxel] ?? 2
    case .int16: 4
    case .int32: 8
    case .float32: 16
    case .float64: 64
    case .int8: 256
    case .uint16: 512
    case .uint32: 768
    case .int64: 1024
    case .uint64: 1280
    }
  }

  private init(_ sample: StoredVolume.Sample, samples: Int, isComplex: Bool = false) {
    self.sample = sample
    samplesPerVoxel = samples
    self.isComplex = isComplex
  }

  /// Throws `.unsupportedPixels` for a type that is not read, `.damagedHeader` for one that does not
  /// exist.
  init(datatype: Int) throws(ImageError) {
    switch datatype {
    case 2: self.init(.uint8)
    case 4: self.init(.int16)
    case 8: self.init(.int32)
    case 16: self.init(.float32)
    case 32: self.init(.float32, samples: 1, isComplex: true)
    case 64: self.init(.float64)
    case 128: self.init(.uint8, samples: 3)
    case 256: self.init(.int8)
    case 512: self.init(.uint16)
    case 768: self.init(.uint32)
    case 1024: self.init(.int64)
    case 1280: self.init(.uint64)
    case 1792: self.init(.float64, samples: 1, isComplex: true)
    case 2304: self.init(.uint8, samples: 4)
    case 1: throw Self.unsupported("single bits")
    case 1536: throw Self.unsupported("128-bit floating-point numbers")
    case 2048: throw Self.unsupported("256-bit complex numbers")
    default:
      throw ImageError(
        .damagedHeader, "The header names a type of voxels that does not exist.",
        remedy: "Have the volume written again.")
    }
  }

  private static func unsupported(_ what: String) -> ImageError {
    ImageError(
      .unsupportedPixels, "The voxels are \(what).",
      remedy: "Have it written with voxels of another type, for example float64.")
  }
}
