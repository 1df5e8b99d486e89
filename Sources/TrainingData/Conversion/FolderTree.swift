import Glibc

/// Folders as wholes.
enum FolderTree {
  /// The names in a folder, sorted by their bytes; nil where it cannot be read. Of names that are
  /// not UTF-8, each wrong byte is shown as %HH: different names stay different, and none is opened.
  static func entries(_ folder: String) -> [String]? {
    guard let stream = unsafe opendir(folder) else { return nil }
    defer { unsafe closedir(stream) }
    var names: [String] = []
    while let entry = unsafe readdir(stream) {
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
        unsafe shown(UnsafeRawPointer($0).assumingMemoryBound(to: CChar.self))
      }
      if name != "." && name != ".." { names.append(name) }
    }
    return names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
  }

  private static func shown(_ name: UnsafePointer<CChar>) -> String {
    if let text = unsafe String(validatingCString: name) { return text }
    let count = unsafe strlen(name)
    return (0..<count).reduce(into: "") { text, at in
      let byte = unsafe UInt8(bitPattern: name[at])
      let digits = String(byte, radix: 16, uppercase: true)
      text += byte < 0x80 ? String(Unicode.Scalar(byte)) : "%" + digits
    }
  }

  /// Removes a file, or a folder with everything in it; links are not followed.
  static func remove(_ path: String) {
    if unsafe unlink(path) == 0 || errno == ENOENT { return }
    for name in entries(path) ?? [] { remove(path + "/" + name) }
    unsafe rmdir(path)
  }
}
