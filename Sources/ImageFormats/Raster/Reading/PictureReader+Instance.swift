import MedicalImaging

extension PictureReader {
  /// The picture as an image whose frames are its pages. Nobody is named, no modality known, no place
  /// in a patient.
  ///
  /// Smaller versions and masks of other pages are none of them, nor are pages whose pixels are of
  /// another kind than the first one's; a finding says how many. `name` is the file's, whose extension
  /// is compared with what the file is.
  ///
  /// Throws what `contents` and `read` throw, and `.noPixels` where no page is a picture of its own.
  public static func instance(
    of source: SourceBytes, named name: String? = nil, memoryLimit: Int = 1 << 30
  ) throws(ImageError) -> InstanceHeader {
    let contents = try contents(of: source)
    let pictures = contents.pages.filter { $0.role == .picture }
    guard let first = pictures.first else {
      throw ImageError(.noPixels, "The file holds no page that is a picture of its own.")
    }
    // Where the header alone does not tell, the picture does; or why it is not read.
    let pixels: PictureContents.Pixels
    if let told = first.pixels {
      pixels = told
    } else {
      let picture = try read(source, page: first.index, memoryLimit: memoryLimit)
      pixels = .init(channels: picture.channels, sample: picture.sample, bits: picture.bits)
    }
    let same = pictures.filter { $0 == first || $0.pixels == pixels }

    var findings = contents.findings
    if let finding = name.flatMap({ contents.format.disagrees(withName: $0) }) {
      findings.append(finding)
    }
    if same.count < contents.pages.count {
      findings.append(
        .init(
          "pages_left_out",
          "Pages that are no pictures of their own, or of another kind than the first, were left out."
        ))
    }
    var description = InstanceHeader.Description()
    description.fileKind = contents.format.fileKind
    var location = InstanceHeader.PixelLocation()
    location.pages = same.map(\.index)
    let largest = same.map(\.pixelCount).max() ?? 0
    if largest > first.pixelCount { location.largestPage = largest }
    let bits = 8 * pixels.sample.size
    return InstanceHeader(
      identity: .init(), description: description, order: .init(),
      format: PixelFormat(
        rows: first.rows, columns: first.columns, samplesPerPixel: pixels.channels,
        photometric: pixels.channels == 1 ? .monochrome2 : .rgb, planarConfiguration: 0,
        bitsAllocated: bits, bitsStored: pixels.bits, highBit: pixels.bits - 1,
        isSigned: pixels.sample.isSigned, isFloat: pixels.sample.isFloat),
      frames: same.count, shared: .init(), perFrame: [], padding: nil, palette: nil,
      pixels: location, findings: findings)
  }
}

extension PictureContents.Page {
  /// Int.max for what it cannot say.
  fileprivate var pixelCount: Int {
    let (product, overflow) = columns.multipliedReportingOverflow(by: rows)
    return overflow ? .max : product
  }
}

extension PictureFormat {
  fileprivate var fileKind: FileKind {
    switch self {
    case .png: .png
    case .jpeg: .jpeg
    case .tiff: .tiff
    case .jpeg2000: .jpeg2000
    }
  }
}
