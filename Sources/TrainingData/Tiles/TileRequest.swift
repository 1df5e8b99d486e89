import MedicalImaging

/// A picture that a worker is asked to cut into tiles.
struct TileRequest: Codable, Sendable {
  var source: WorkerRequest.Source
  var settings: TileSettings
  /// Where its files go: a folder that is not there yet, and nobody's after an error.
  var folder: String
}

/// What a worker says of a picture: its pages, or why it has none.
struct TileAnswer: Codable, Sendable {
  var pages: [TileReport.Page] = []
  var error: ImageError?
}
