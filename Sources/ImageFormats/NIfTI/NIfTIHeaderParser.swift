import MedicalImaging

/// Makes a `NIfTIHeader` of the fields, field by field, and notes what was odd.
struct NIfTIHeaderParser {
  private let signature: NIfTISignature
  private let layout: NIfTILayout
  private let numbers: HeaderNumbers
  /// The bytes that `numbers` are of.
  private let head: [UInt8]
  private var findings: [InstanceHeader.Finding] = []

  /// `head` holds the whole header, and the four bytes behind it if there are any.
  init(_ head: [UInt8], _ signature: NIfTISignature) throws(ImageError) {
    guard let isBigEndian = signature.isBigEndian else {
      throw Self.damage("The header's number of axes is impossible.")
    }
    self.signature = signature
    self.head = head
    layout = NIfTILayout.of(signature.kind)
    numbers = HeaderNumbers(head, isBigEndian: isBigEndian)
  }

  static func damage(_ sentence: String) -> ImageError {
    ImageError(.damagedHeader, sentence, remedy: "Have the volume written again.")
  }

  private mutating func note(_ code: String, _ sentence: String) {
    findings.append(.init(code, sentence))
  }

  mutating func parse(_ plain: PlainBytes, matrix: SourceBytes?) throws(ImageError) -> NIfTIHeader {
    if signature.kind == .nifti2, Array(head[8..<12]) != [0x0D, 0x0A, 0x1A, 0x0A] {
      throw Self.damage("The header was altered on its way, as text is between systems.")
    }
    if numbers.integer(at: 0, size: 4) != layout.size {
      note("header_size", "The header's length is not that of its kind; the kind was believed.")
    }
    let shape = try shape()
    let voxel = try voxel()
    let (unit, seconds) = units()
    let sizes = sizes(axes: shape.count)
    var geometry: VoxelGeometry?
    if signature.kind == .analyze {
      geometry = try place(by: matrix)
      if geometry == nil {
        note("no_orientation", "An Analyze header says no side; left and right are not known.")
      }
    } else {
      let place = NIfTIPlace(numbers, layout, shape: shape, sizes: sizes, millimetres: unit)
      geometry = place.geometry
      findings += place.findings
      if geometry == nil {
        note("no_orientation", "Neither sform nor qform says a place; no side is known.")
      }
    }
    let time = shape.count > 3 ? numbers.reals(layout, at: layout.pixelSizes, count: 5)[4] : 0
    let offset = try voxelOffset(plain)
    try checkBytes(shape, voxel, offset)
    return NIfTIHeader(
      kind: signature.kind, isPair: signature.isPair, shape: shape, voxel: voxel,
      modality: try modality(voxel), geometry: geometry,
      spacing: geometry?.spacing
        ?? VoxelSpacing(
          betweenColumns: sizes[0] * unit, betweenRows: sizes[1] * unit,
          betweenSlices: sizes[2] * unit),
      timeStep: time > 0 && time.isFinite ? seconds.map { $0 * time } : nil,
      intent: signature.kind == .analyze
        ? 0 : numbers.integer(at: layout.intent, size: layout.codeSize),
      voxelOffset: offset, isBigEndian: numbers.isBigEndian, findings: findings)
  }

  /// dim[1...dim[0]].
  private func shape() throws(ImageError) -> [Int] {
    let shape = (1...numbers.axis(layout, 0)).map { numbers.axis(layout, $0) }
    guard shape.allSatisfy({ $0 > 0 }) else {
      throw Self.damage("An axis of the volume has no length.")
    }
    return shape
  }

  private mutating func voxel() throws(ImageError) -> NIfTIVoxel {
    let voxel = try NIfTIVoxel(datatype: numbers.integer(at: layout.datatype, size: 2))
    if numbers.integer(at: layout.bitsPerVoxel, size: 2) != 8 * voxel.bytes {
      note("voxel_bits", "The bits of a voxel are not those of its type; the type was believed.")
    }
    if voxel.isComplex {
      note("complex_magnitude", "The voxels are complex numbers; their magnitude was read.")
    }
    return voxel
  }

  /// xyzt_units: millimetres of the unit of length, and seconds of the unit of time, if it is one.
  private mutating func units() -> (millimetres: Double, seconds: Double?) {
    guard signature.kind != .analyze else { return (1, nil) }
    let code = numbers.integer(at: layout.units, size: signature.kind == .nifti2 ? 4 : 1)
    let seconds = [8: 1, 16: 1e-3, 24: 1e-6][code & 0x38]
    if let unit = [1: 1000, 2: 1, 3: 1e-3][code & 7] { return (unit, seconds) }
    note("spatial_unit", "The header names no unit of length; it was taken as millimetres.")
    return (1, seconds)
  }

  /// pixdim[1...3], as nibabel mends them.
  private mutating func sizes(axes: Int) -> [Double] {
    let written = numbers.reals(layout, at: layout.pixelSizes, count: 4).dropFirst()
    var isOdd = false
    let sizes = written.enumerated().map { index, size -> Double in
      let isUsable = size.isFinite && size != 0
      if index < axes && !(isUsable && size > 0) { isOdd = true }
      return isUsable ? abs(size) : 1
    }
    if isOdd {
      note(
        "voxel_size", "A voxel's size is zero, negative or no number; taken as 1, or without sign.")
    }
    return sizes
  }

  /// What SPM's matrix says; nil without one.
  private mutating func place(by matrix: SourceBytes?) throws(ImageError) -> VoxelGeometry? {
    guard let matrix else { return nil }
    guard let ras = SPMMatrix.voxelToRAS(matrix) else {
      note("analyze_matrix", "The matrix beside the header cannot be read; it was not used.")
      return nil
    }
    return VoxelGeometry(ras: ras, 1)
  }

  /// scl_slope and scl_inter; of Analyze what SPM2 writes in their places, else what its calibrated
  /// range gives (nibabel's rules).
  private mutating func modality(_ voxel: NIfTIVoxel) throws(ImageError) -> ModalityTransform {
    // "Not used for RGB" (nifti1.h, scl_slope).
    guard voxel.samplesPerVoxel == 1 else { return .identity }
    var slope = numbers.real(at: layout.slope, size: layout.realSize)
    var intercept = numbers.real(at: layout.intercept, size: layout.realSize)
    if signature.kind == .analyze {
      if !intercept.isFinite { intercept = 0 }
      if slope == 0 || !slope.isFinite {
        (slope, intercept) = calibration() ?? (1, 0)
      }
      if (slope, intercept) != (1, 0) {
        note("analyze_scaling", "Values are scaled by fields that SPM gave a meaning.")
      }
    }
    guard slope != 0, slope.isFinite else { return .identity }
    guard intercept.isFinite else {
      note(
        "voxel_scaling", "The intercept of the values is no number; values were left as they are.")
      return .identity
    }
    guard voxel.isComplex else { return .linear(slope: slope, intercept: intercept) }
    // |slope x z| is |slope| x |z|; with an intercept the magnitude alone does not tell.
    guard intercept == 0 else {
      throw ImageError(
        .unsupportedPixels, "Complex voxels with an intercept are not read.",
        remedy: "Have it written without scl_inter.")
    }
    return .linear(slope: abs(slope), intercept: 0)
  }

  /// cal_max - cal_min over glmax - glmin.
  private func calibration() -> (slope: Double, intercept: Double)? {
    let (high, low) = (numbers.real(at: 124, size: 4), numbers.real(at: 128, size: 4))
    let (most, least) = (numbers.integer(at: 140, size: 4), numbers.integer(at: 144, size: 4))
    let slope = (high - low) / Double(most - least)
    let intercept = low - slope * Double(least)
    return slope.isFinite && slope != 0 && intercept.isFinite ? (slope, intercept) : nil
  }

  /// vox_offset, checked against the header and its extensions.
  private mutating func voxelOffset(_ plain: PlainBytes) throws(ImageError) -> Int {
    let written: Int?
    if signature.kind == .nifti2 {
      written = numbers.integer(at: layout.voxelOffset, size: 8)
    } else {
      // A fraction of a byte is dropped, as nibabel and niftilib do.
      written = Int(exactly: numbers.real(at: layout.voxelOffset, size: 4).rounded(.towardZero))
    }
    guard let written, written >= 0 else {
      throw Self.damage("The place where the voxels begin is impossible.")
    }
    if signature.kind == .analyze { return written }
    let first = layout.size + 4
    if !signature.isPair && written < first {
      // With extensions, nothing says where they end.
      guard written == 0, !NIfTIExtensions.areThere(head, before: first) else {
        throw Self.damage("The voxels would begin within the header.")
      }
      note("voxel_offset", "The header says no place of the voxels; taken as behind it.")
      return first
    }
    let limit = signature.isPair ? nil : written
    if !(try NIfTIExtensions.areSound(head, plain, from: first, to: limit, numbers)) {
      note("extensions", "An extension's length does not fit; extensions were passed over.")
    }
    return written
  }

  /// Whether all products of sizes that are made later can be said.
  private func checkBytes(_ shape: [Int], _ voxel: NIfTIVoxel, _ offset: Int) throws(ImageError) {
    var bytes = voxel.bytes
    for axis in shape {
      let (product, overflow) = bytes.multipliedReportingOverflow(by: axis)
      guard !overflow else { throw Self.tooLarge }
      bytes = product
    }
    guard !bytes.addingReportingOverflow(offset).overflow else { throw Self.tooLarge }
  }

  private static var tooLarge: ImageError {
    ImageError(.memory, "The header claims more voxels than any memory holds.")
  }
}
