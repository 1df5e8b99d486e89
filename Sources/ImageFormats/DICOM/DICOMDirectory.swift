import MedicalImaging

/// A DICOMDIR (PS3.3 F, PS3.10 8.6): the index of a medium.
public enum DICOMDirectory {
  /// The Referenced File IDs of all records, each as its path components, in the records' order.
  /// Offsets between records are not followed, so wrong ones do no harm.
  ///
  /// Throws `.notMedical`, `.damagedHeader`, `.truncated` or `.memory`.
  public static func read(_ bytes: SourceBytes, memoryLimit: Int = 1 << 30) throws(ImageError)
    -> [[String]]
  {
    let start = try DICOMStart(bytes)
    let source = start.encoding == nil ? try start.inflated(bytes, limit: memoryLimit) : bytes
    let dataSet = try DICOMDataSet(source, from: start.offset, start.encoding ?? .explicitLittle)
    guard dataSet.root.has(.directoryRecordSequence) else {
      throw ImageError(.damagedHeader, "The directory holds no records.")
    }
    return dataSet.root.items(.directoryRecordSequence).compactMap { record in
      let path = record.strings(.referencedFileID).filter { !$0.isEmpty }
      return path.isEmpty ? nil : path
    }
  }
}
