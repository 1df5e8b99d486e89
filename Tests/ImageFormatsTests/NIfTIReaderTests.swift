import Foundation
import ImageFormats
import MedicalImaging
import TestSupport
import Testing

@Suite struct NIfTIReaderTests {
  private static func read(_ phantom: NIfTIPhantom) throws -> NIfTIHeader {
    try NIfTIReader.read(SourceBytes(phantom.file))
  }

  private static func codes(_ phantom: NIfTIPhantom) throws -> [String] {
    try read(phantom).findings.map(\.code)
  }

  private static func error(_ phantom: NIfTIPhantom) -> ErrorCode? {
    #expect(throws: ImageError.self) { try read(phantom) }?.code
  }

  @Test func `a sound header gives no finding`() throws {
    #expect(try Self.codes(.counting) == [])
    let header = try Self.read(.counting)
    #expect(header.shape == [3, 2, 2])
    #expect(header.modality == .identity)
    #expect(header.voxelOffset == 352)
    #expect(header.timeStep == nil)
  }

  @Test func `the writer's own volumes come back`() throws {
    let affine = [[-2.0, 0, 0, 90], [0, 0, 1.5, -60], [0, 3, 0, 12.25], [0, 0, 0, 1]]
    let voxels = (0..<24).map { Int16($0 * 1000 - 12_000) }
    let file = try SourceBytes(
      NIfTIWriter.file(.int16(voxels), columns: 4, rows: 3, slices: 2, voxelToPatient: affine))
    let header = try NIfTIReader.read(file)
    // Every number of the matrix is one of float32 too.
    #expect(header.geometry?.voxelToPatient == affine)
    #expect(header.findings.isEmpty)
    let volume = try VolumeDecoder(header: header, voxels: file).decode(volume: 0).volume
    volume.withSamples(as: Int16.self) { span in
      #expect(span.indices.map { span[$0] } == voxels)
    }
    let labels = try NIfTIWriter.file(
      .labels([1, 2]), columns: 1, rows: 2, slices: 1, voxelToPatient: affine)
    #expect(try NIfTIReader.read(SourceBytes(labels)).isLabels)
  }

  @Test func `RAS becomes LPS once, in millimetres`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.sform = [[2, 0, 0, 10], [0, 3, 0, 20], [0, 0, 4, 30]]
    // 9: metres (1) and seconds (8).
    for (units, scale) in [(10, 1.0), (9, 1000), (11, 0.001)] {
      phantom.units = units
      let geometry = try #require(try Self.read(phantom).geometry)
      #expect(geometry.position == Vector3(-10, -20, 30) * scale)
      #expect(geometry.alongColumns == Vector3(-2, 0, 0) * scale)
      #expect(geometry.alongRows == Vector3(0, -3, 0) * scale)
      #expect(geometry.alongSlices == Vector3(0, 0, 4) * scale)
      // Voxel (2, 1, 1): 10 + 2 x 2, 20 + 3, 30 + 4 in RAS.
      let corner = geometry.position(column: 2, row: 1, slice: 1)
      #expect((corner - Vector3(-14, -23, 34) * scale).length < 1e-9 * scale)
    }
  }

  @Test func `a qform of a quarter turn about z puts columns where it says`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.sformCode = 0
    phantom.qformCode = 1
    // A turn by 90 degrees: a = d = sqrt(1/2), so that R = [0 -1 0; 1 0 0; 0 0 1].
    phantom.quaternion = [0, 0, 0.5.squareRoot()]
    phantom.pixelSizes = [-1, 2, 3, 4, 0]
    phantom.qformOffset = [5, 6, 7]
    let matrix = try #require(try Self.read(phantom).geometry).voxelToPatient
    // RAS: columns along +A, rows along -R, slices along -S by qfac; LPS turns R and A.
    let expected = [[0, 3, 0, -5], [-2, 0, 0, -6], [0, 0, -4, 7], [0, 0, 0, 1]] as [[Double]]
    for (ours, theirs) in zip(matrix.joined(), expected.joined()) {
      #expect(abs(ours - theirs) < 1e-6)
    }
  }

  @Test func `the sform goes before a qform that differs, and that is said`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.qformCode = 1
    #expect(try Self.codes(phantom) == [])
    // Half a hundredth of a voxel is rounding, two are not.
    phantom.qformOffset = [0.005, 0, 0]
    #expect(try Self.codes(phantom) == [])
    phantom.qformOffset = [0.02, 0, 0]
    #expect(try Self.codes(phantom) == ["sform_qform"])
    #expect(try Self.read(phantom).geometry?.position == Vector3(0, 0, 0))
  }

  @Test func `what is no place is not used`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.sform[2] = [0, 0, 0, 0]
    #expect(try Self.codes(phantom) == ["sform", "no_orientation"])
    phantom.qformCode = 1
    #expect(try Self.codes(phantom) == ["sform"])
    #expect(try Self.read(phantom).geometry != nil)
    phantom.quaternion = [1, 1, 0]
    #expect(try Self.codes(phantom) == ["sform", "qform", "no_orientation"])
    phantom.quaternion = [.nan, 0, 0]
    #expect(try Self.codes(phantom) == ["sform", "qform", "no_orientation"])
    phantom.sform = [[1, 0, 0, .infinity], [0, 1, 0, 0], [0, 0, 1, 0]]
    phantom.qformCode = 0
    #expect(try Self.codes(phantom) == ["sform", "no_orientation"])
    #expect(try Self.read(phantom).geometry == nil)
  }

  @Test func `oddities of fields are said`() throws {
    func codes(_ change: (inout NIfTIPhantom) -> Void) throws -> [String] {
      var phantom = NIfTIPhantom.counting
      change(&phantom)
      return try Self.codes(phantom)
    }
    #expect(try codes { $0.bits = 8 } == ["voxel_bits"])
    #expect(try codes { $0.units = 0 } == ["spatial_unit"])
    #expect(try codes { $0.pixelSizes[2] = 0 } == ["voxel_size"])
    #expect(try codes { $0.pixelSizes[3] = -2 } == ["voxel_size"])
    #expect(try codes { $0.intercept = .nan } == ["voxel_scaling"])
    #expect(try codes { $0.voxelOffset = 0 } == ["voxel_offset"])
    #expect(
      try codes {
        $0.qformCode = 1
        $0.pixelSizes[0] = 3
      } == ["qfac"])
    var file = NIfTIPhantom.counting.file
    file[0] = 0
    #expect(try NIfTIReader.read(SourceBytes(file)).findings.map(\.code) == ["header_size"])
  }

  @Test func `a slope of zero or no number is none`() throws {
    var phantom = NIfTIPhantom.counting
    for slope in [0, .nan, .infinity] {
      phantom.slope = slope
      phantom.intercept = 5
      #expect(try Self.read(phantom).modality == .identity)
    }
    phantom.slope = -0.5
    #expect(try Self.read(phantom).modality == .linear(slope: -0.5, intercept: 5))
  }

  @Test func `the fourth axis is time where its unit is one`() throws {
    var phantom = NIfTIPhantom.counting
    phantom.axes = [3, 2, 1, 2]
    phantom.pixelSizes[4] = 2500
    // 18: millimetres (2) and milliseconds (16); 34: hertz (32).
    phantom.units = 18
    #expect(try Self.read(phantom).timeStep == 2.5)
    phantom.units = 34
    #expect(try Self.read(phantom).timeStep == nil)
    #expect(try Self.read(phantom).volumes == 2)
  }

  @Test(arguments: [NIfTIPhantom.Kind.nifti1, .nifti2])
  func `extensions are passed over by their lengths, which are checked`(
    kind: NIfTIPhantom.Kind
  ) throws {
    var phantom = NIfTIPhantom.counting
    phantom.kind = kind
    phantom.behind = [1, 0, 0, 0]
    phantom.behind += [32, 0, 0, 0, 6, 0, 0, 0] + [UInt8](repeating: 7, count: 24)
    phantom.behind += [16, 0, 0, 0, 4, 0, 0, 0] + [UInt8](repeating: 7, count: 8)
    #expect(try Self.codes(phantom) == [])
    let bytes = try SourceBytes(phantom.file)
    let header = try NIfTIReader.read(bytes)
    #expect(header.voxelOffset == phantom.header.count + 4 + 32 + 16)
    let volume = try VolumeDecoder(header: header, voxels: bytes).decode(volume: 0).volume
    #expect(volume.bytes == phantom.voxels)
    // 17 is no multiple of 16, 64 reaches beyond the voxels' begin, 0 would never end.
    for length in [17, 64, 0, 0xFF] as [UInt8] {
      phantom.behind[4] = length
      #expect(try Self.codes(phantom) == ["extensions"])
    }
    phantom.voxelOffset = 0
    #expect(Self.error(phantom) == .damagedHeader)
  }

  @Test func `headers that contradict themselves are refused`() {
    func code(_ change: (inout NIfTIPhantom) -> Void) -> ErrorCode? {
      var phantom = NIfTIPhantom.counting
      change(&phantom)
      return Self.error(phantom)
    }
    #expect(code { $0.axisCount = 0 } == .damagedHeader)
    #expect(code { $0.axisCount = 8 } == .damagedHeader)
    #expect(code { $0.axes = [3, 0, 2] } == .damagedHeader)
    #expect(code { $0.axes = [3, -2, 2] } == .damagedHeader)
    #expect(code { $0.voxelOffset = 100 } == .damagedHeader)
    #expect(code { $0.voxelOffset = -352 } == .damagedHeader)
    #expect(code { $0.voxelOffset = .nan } == .damagedHeader)
    #expect(code { $0.voxelOffset = 1e30 } == .damagedHeader)
    #expect(code { $0.datatype = 5 } == .damagedHeader)
    #expect(code { $0.datatype = 1 } == .unsupportedPixels)
    #expect(code { $0.datatype = 1536 } == .unsupportedPixels)
    #expect(code { $0.datatype = 2048 } == .unsupportedPixels)
    #expect(
      code {
        $0.datatype = 32
        $0.intercept = 1
      } == .unsupportedPixels)
    #expect(code { $0.axes = [Int](repeating: 32_767, count: 7) } == .memory)
    #expect(
      code {
        $0.kind = .nifti2
        $0.axes = [.max, 2]
      } == .memory)
    #expect(
      code {
        $0.kind = .nifti2
        $0.axes = [1 << 61]
        $0.voxelOffset = 0x1p62
      } == .memory)
  }

  @Test func `a transfer as text is told by the magic word`() throws {
    var file = NIfTIPhantom(kind: .nifti2).file
    file[8] = 0x0A
    let bytes = try SourceBytes(file)
    #expect(throws: ImageError.self) { try NIfTIReader.read(bytes) }
  }

  @Test func `what is none of these is refused in one sentence`() throws {
    for bytes in [[0], [UInt8]("not a volume at all".utf8), [UInt8](repeating: 0, count: 600)] {
      let source = try SourceBytes(bytes)
      let error = #expect(throws: ImageError.self) { try NIfTIReader.read(source) }
      #expect(error?.code == .notMedical)
      #expect(error?.message == "The source is no NIfTI or Analyze volume.")
    }
    // A header cut off is none, as its magic word stands at its end; of NIfTI-2 it is at its start.
    let second = try SourceBytes(Array(NIfTIPhantom(kind: .nifti2).file.prefix(500)))
    let error = #expect(throws: ImageError.self) { try NIfTIReader.read(second) }
    #expect(error?.code == .truncated)
  }

  @Test func `kinds are recognised by content, in gzip too`() throws {
    for kind in [NIfTIPhantom.Kind.nifti1, .nifti2, .analyze] {
      for isBigEndian in [false, true] {
        let file = NIfTIPhantom(kind: kind, isBigEndian: isBigEndian).file
        #expect(NIfTIReader.recognises(head: file))
        let format = ImageFormats.recognise(head: file)
        #expect(format?.name == "NIfTI or Analyze")
        #expect(NIfTIReader.recognises(head: Gzip.stored(file)))
        #expect(!NIfTIReader.recognises(head: Array(file.dropFirst())))
      }
    }
    #expect(!NIfTIReader.recognises(head: Gzip.stored(Array("text".utf8))))
  }

  @Test func `Analyze says no side, and that is said`() throws {
    var phantom = NIfTIPhantom(kind: .analyze, pixelSizes: [0, 2, 3, 4, 0], slope: 0)
    #expect(try Self.codes(phantom) == ["no_orientation"])
    let header = try Self.read(phantom)
    #expect(header.geometry == nil)
    #expect(header.isPair)
    #expect(
      header.spacing == VoxelSpacing(betweenColumns: 2, betweenRows: 3, betweenSlices: 4))
    phantom.slope = 2
    #expect(try Self.codes(phantom) == ["no_orientation", "analyze_scaling"])
    let matrix = try SourceBytes([1, 2, 3])
    let codes = try NIfTIReader.read(SourceBytes(phantom.file), matrix: matrix).findings.map(\.code)
    #expect(codes == ["analyze_matrix", "no_orientation", "analyze_scaling"])
  }

  /// MATLAB's level 4: five words, the name with its 0, the columns of the matrix.
  @Test(arguments: [false, true])
  func `SPM's matrix beside an Analyze header says the place`(isBigEndian: Bool) throws {
    func word(_ number: Int32) -> [UInt8] {
      unsafe withUnsafeBytes(of: isBigEndian ? number.bigEndian : number) { unsafe [UInt8]($0) }
    }
    func matrix(_ name: String, _ columns: [Double]) -> [UInt8] {
      let words = [isBigEndian ? 1000 : 0, 4, 4, 0, Int32(name.utf8.count + 1)]
      let numbers = columns.flatMap { number -> [UInt8] in
        let pattern = isBigEndian ? number.bitPattern.bigEndian : number.bitPattern
        return unsafe withUnsafeBytes(of: pattern) { unsafe [UInt8]($0) }
      }
      return words.flatMap(word) + Array(name.utf8) + [0] + numbers
    }
    // SPM counts from 1: voxel (0, 0, 0) is its (1, 1, 1), at (2 - 10, 3 + 20, 4 + 30) in RAS.
    let columns: [Double] = [2, 0, 0, 0, 0, 3, 0, 0, 0, 0, 4, 0, -10, 20, 30, 1]
    let file = try SourceBytes(NIfTIPhantom(kind: .analyze, slope: 0).file)
    let both = try SourceBytes(
      matrix("M", [Double](repeating: 0, count: 16)) + matrix("mat", columns))
    let header = try NIfTIReader.read(file, matrix: both)
    #expect(header.findings.isEmpty)
    #expect(header.geometry?.position == Vector3(8, -23, 34))
    #expect(header.geometry?.alongColumns == Vector3(-2, 0, 0))
    // "M" alone is turned about its first axis.
    let turned = try NIfTIReader.read(file, matrix: SourceBytes(matrix("M", columns)))
    #expect(turned.geometry?.position == Vector3(-8, -23, 34))
    #expect(turned.geometry?.alongColumns == Vector3(2, 0, 0))
  }
}
