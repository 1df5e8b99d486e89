import MedicalImaging

/// A DICOM source opened as far as its pixel data: inflated where it must be, its data set parsed.
struct DICOMOpening {
  let start: DICOMStart
  /// The bytes that all offsets count in.
  let source: SourceBytes
  let dataSet: DICOMDataSet
  /// SOP Class UID, else that of the meta header.
  let classUID: String
  private let encoding: TransferSyntax.Encoding

  /// `bytes` are no gzip file; `memoryLimit` bounds what a deflated data set may inflate to, in bytes.
  ///
  /// Throws `.notMedical`, `.truncated`, `.damagedHeader` or `.memory`.
  init(_ bytes: SourceBytes, _ start: DICOMStart, memoryLimit: Int) throws(ImageError) {
    self.start = start
    source = start.encoding == nil ? try start.inflated(bytes, limit: memoryLimit) : bytes
    encoding = start.encoding ?? .explicitLittle
    dataSet = try DICOMDataSet(source, from: start.offset, encoding)
    let written = dataSet.root.strings(.sopClassUID).first ?? ""
    classUID = written.isEmpty ? start.mediaSOPClassUID : written
  }

  /// Reads the header; nil where there are no pixel data.
  ///
  /// Throws `.truncated` where the source ends before them.
  func reader() throws(ImageError) -> DICOMHeaderReader? {
    guard let element = PixelElement(source, dataSet, encoding) else {
      if dataSet.isShort {
        throw ImageError(.truncated, "The source ends within its header.")
      }
      return nil
    }
    return DICOMHeaderReader(source, dataSet, start, element, classUID)
  }

  /// The same for what must have pixel data. Throws `.noPixels` too.
  func pixelReader() throws(ImageError) -> DICOMHeaderReader {
    guard let reader = try reader() else {
      throw ImageError(.noPixels, "The image holds no pixel data.")
    }
    return reader
  }
}
