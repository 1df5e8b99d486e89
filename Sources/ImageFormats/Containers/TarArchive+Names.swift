import MedicalImaging

extension TarArchive {
  /// The names of the regular files of a tar as `unpack` counts them, as far as it can be read;
  /// personal data, and never paths to open.
  ///
  /// - Throws: `permission` or `unreadable` where it cannot be opened.
  public static func names(path: String) throws(ImageError) -> [String] {
    let reader = try TarReader(path: path)
    var names: [String] = []
    for _ in 0..<memberLimit {
      guard case .entry(let name, let isRegular) = reader.next() else { break }
      if isRegular { names.append(name) }
    }
    return names
  }
}
