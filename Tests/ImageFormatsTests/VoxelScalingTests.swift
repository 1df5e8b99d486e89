import MedicalImaging
import Testing

@testable import ImageFormats

@Suite struct VoxelScalingTests {
  private static func format(
    _ stored: Int, of allocated: Int, signed: Bool = false, isFloat: Bool = false,
    samples: Int = 1, _ photometric: PhotometricInterpretation = .monochrome2
  ) -> PixelFormat {
    PixelFormat(
      rows: 2, columns: 3, samplesPerPixel: samples, photometric: photometric,
      planarConfiguration: 0, bitsAllocated: allocated, bitsStored: stored, highBit: stored - 1,
      isSigned: signed, isFloat: isFloat)
  }

  private func scaling(
    _ formats: [PixelFormat], _ transforms: [ModalityTransform] = [.identity],
    wider: [StoredPlane.Sample] = []
  ) -> VoxelScaling {
    VoxelScaling(
      formats.enumerated().map { ($1, transforms[$0 % transforms.count]) }, wider: wider)
  }

  @Test func `stored values keep their type, signed where they fit into half of it`() {
    let cases: [(PixelFormat, StoredVolume.Sample)] = [
      (Self.format(1, of: 1), .uint8), (Self.format(8, of: 8), .uint8),
      (Self.format(8, of: 8, signed: true), .int8),
      (Self.format(8, of: 16), .int16), (Self.format(12, of: 16), .int16),
      (Self.format(15, of: 16), .int16), (Self.format(16, of: 16), .uint16),
      (Self.format(16, of: 16, signed: true), .int16),
      (Self.format(31, of: 32), .int32), (Self.format(32, of: 32), .uint32),
      (Self.format(32, of: 32, signed: true), .int32),
      (Self.format(32, of: 32, isFloat: true), .float32),
      (Self.format(64, of: 64, isFloat: true), .float64),
    ]
    for (format, sample) in cases {
      let scaling = scaling([format])
      #expect(scaling.voxel.sample == sample, "\(format)")
      #expect(scaling.voxel.samplesPerVoxel == 1)
      #expect(scaling.linear == .init(slope: 1, intercept: 0))
    }
    for color in [Self.format(8, of: 8, samples: 3, .rgb), Self.format(8, of: 8, .paletteColor)] {
      #expect(scaling([color]).voxel == .rgb)
    }
  }

  @Test func `slices of several types meet in one that holds them all`() {
    // -32768...32767 and 0...65535: 32 bits.
    let signed = Self.format(16, of: 16, signed: true)
    #expect(scaling([signed, Self.format(16, of: 16)]).voxel.sample == .int32)
    #expect(scaling([signed, Self.format(12, of: 16)]).voxel.sample == .int16)
    #expect(scaling([Self.format(8, of: 8), Self.format(12, of: 16)]).voxel.sample == .int16)
    #expect(
      scaling([Self.format(32, of: 32, signed: true), Self.format(32, of: 32)]).voxel.sample
        == .float64)
    #expect(
      scaling([Self.format(16, of: 16), Self.format(32, of: 32, isFloat: true)]).voxel.sample
        == .float64)
    // A bitstream that holds more than its header says.
    #expect(scaling([Self.format(12, of: 16)], wider: [.uint16]).voxel.sample == .uint16)
  }

  @Test func `one slope stays beside stored values, several become modality values`() {
    let format = Self.format(16, of: 16, signed: true)
    let half = ModalityTransform.linear(slope: 0.5, intercept: -1024)
    #expect(scaling([format, format], [half]).linear == .init(slope: 0.5, intercept: -1024))
    let pet = scaling([format, format], [half, .linear(slope: 0.25, intercept: -1024)])
    #expect(pet.linear == nil)
    #expect(pet.voxel.sample == .float32)
    let table = ModalityTransform.table(LookupTable(firstMapped: 0, bits: 8, entries: [1, 2]))
    #expect(scaling([format], [table]).linear == nil)
    // 32 bits do not fit into the 24 of a float32.
    let long = Self.format(32, of: 32)
    #expect(scaling([long, long], [half, .identity]).voxel.sample == .float64)
    // NIfTI-1 has 32 bits for a slope: it would be 0, which says "no slope".
    #expect(scaling([format], [.linear(slope: 1e-50, intercept: 0)]).linear == nil)
  }
}
