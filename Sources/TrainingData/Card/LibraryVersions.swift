import ImageFormats

/// The libraries whose version decides on a data set's bytes.
enum LibraryVersions {
  static var all: [(name: String, version: String)] { ImageFormats.libraryVersions }
}
