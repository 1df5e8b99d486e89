import MedicalImaging

/// Reads the headers of NIfTI-1, NIfTI-2 and Analyze 7.5 volumes (nifti1.h, nifti2.h; the Analyze 7.5
/// file format of the Mayo Clinic) in both byte orders, plain or in gzip, without touching voxels.
public enum NIfTIReader {
  /// Whether a source's first bytes are one of these headers, plain or in gzip; 1024 of them are
  /// enough.
  public static func recognises(head: [UInt8]) -> Bool { signature(head: head) != nil }

  private static func signature(head: [UInt8]) -> NIfTISignature? {
    guard GzipStream.recognises(head: head) else { return NIfTISignature(head: head) }
    guard let bytes = try? SourceBytes(head) else { return nil }
    let plain = try? PlainBytes(bytes).copy(at: 0, count: NIfTISignature.headCount)
    return plain.flatMap { NIfTISignature(head: $0) }
  }

  /// What the header says. `bytes` are those of the .nii or .hdr file; `matrix` are those of the .mat
  /// file that SPM puts beside an Analyze header, if there is one.
  ///
  /// Throws `.notMedical` where it is none of these headers, `.truncated` where it ends within,
  /// `.damagedHeader` where it contradicts itself, `.unsupportedPixels` where its voxels are of a type
  /// that is not read, `.memory` where its axes make more bytes than a number can say.
  public static func read(_ bytes: SourceBytes, matrix: SourceBytes? = nil) throws(ImageError)
    -> NIfTIHeader
  {
    let plain = PlainBytes(bytes)
    let head: [UInt8]
    do throws(ImageError) {
      head = try plain.copy(at: 0, count: 544)
    } catch {
      throw ImageError(.damagedHeader, error.message, remedy: error.remedy)
    }
    guard let signature = NIfTISignature(head: head) else {
      throw ImageError(
        .notMedical, "The source is no NIfTI or Analyze volume.",
        remedy: "Name the .nii or .hdr file of a volume.")
    }
    guard head.count >= NIfTILayout.of(signature.kind).size else {
      throw ImageError(.truncated, "The source ends within its header.")
    }
    var parser = try NIfTIHeaderParser(head, signature)
    return try parser.parse(plain, matrix: matrix)
  }
}
