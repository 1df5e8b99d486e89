import ImageFormats
import MedicalImaging

/// The pictures that a user named, each with the folder that its tiles get.
struct TileSources {
  struct Picture {
    /// From the root of the file system.
    var path: String
    var place: SourcePlace
    /// Its name without the extension.
    var stem: String
  }

  /// In the order in which they were named, those of a folder by the bytes of their names; each once.
  private(set) var pictures: [Picture] = []
  /// What cannot be opened at all.
  private(set) var rejected: [InspectionReport.RejectedSource] = []
  /// Files of folders that are no ordinary picture.
  private(set) var passedOver = 0
  private var seen = Set<String>()

  /// Of a folder the files that lie right in it and are pictures by content; links are followed.
  ///
  /// Throws `.missing` or `.permission` where something that was named cannot be found or opened, and
  /// `.usage` where two pictures would get one folder.
  init(_ paths: [String]) throws(ImageError) {
    for (argument, named) in paths.enumerated() {
      let real = try SourceDiscovery.root(named)
      if SourceDiscovery.isFolder(real) {
        try addFolder(named, real, argument)
      } else {
        let name = SourceDiscovery.lastComponent(named)
        let root = named.lastIndex(of: "/").map { String(named[..<$0]) } ?? ""
        let place = SourcePlace(
          argument: argument, root: root.isEmpty && named.hasPrefix("/") ? "/" : root, path: name)
        add(real, place, isNamed: true)
      }
    }
    var places: [String: SourcePlace] = [:]
    for picture in pictures {
      if let other = places.updateValue(picture.place, forKey: picture.stem) {
        throw ImageError(
          .usage, "\(other.file) and \(picture.place.file) would share a folder: \(picture.stem).",
          remedy: "Rename one of them, or tile them into two folders.")
      }
    }
  }

  private mutating func addFolder(
    _ named: String, _ real: String, _ argument: Int
  ) throws(ImageError) {
    guard let names = FolderTree.entries(real) else {
      throw ImageError(.permission, "\(named) cannot be opened.")
    }
    for name in names {
      let place = SourcePlace(
        argument: argument, root: named.hasSuffix("/") ? String(named.dropLast()) : named,
        path: name)
      let path = "\(real)/\(name)"
      if SourceDiscovery.isFolder(path) { continue }
      guard let path = try? SourceDiscovery.root(path) else {
        reject(place, SourceDiscovery.unopened(path))
        continue
      }
      add(path, place, isNamed: false)
    }
  }

  private mutating func add(_ path: String, _ place: SourcePlace, isNamed: Bool) {
    guard seen.insert(path).inserted else { return }
    guard SourceDiscovery.isFile(path) else {
      if isNamed {
        reject(
          place, ImageError(.unreadable, "It is not a regular file.", remedy: "Name a file."))
      } else {
        passedOver += 1
      }
      return
    }
    if !isNamed {
      // What cannot be opened may be one: a worker says so.
      let head = (try? SourceBytes(path: path))?.head(12)
      if let head, PictureFormat(head: head) == nil {
        passedOver += 1
        return
      }
    }
    pictures.append(Picture(path: path, place: place, stem: Self.stem(of: place.path)))
  }

  /// The name up to its last dot; the whole name where nothing but dots stands before that.
  private static func stem(of name: String) -> String {
    guard let dot = name.lastIndex(of: "."), name[..<dot].contains(where: { $0 != "." }) else {
      return name
    }
    return String(name[..<dot])
  }

  private mutating func reject(_ place: SourcePlace, _ error: ImageError) {
    rejected.append(Self.rejected(place, error))
  }

  static func rejected(
    _ place: SourcePlace, _ error: ImageError
  ) -> InspectionReport.RejectedSource {
    InspectionReport.RejectedSource(
      code: error.code, message: error.message, remedy: error.remedy, place: place, token: nil)
  }
}
