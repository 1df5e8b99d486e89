import ImageFormats
import MedicalImaging
import Preprocessing

/// The files that hold a picture's pixels as numbers, and what `layout.json` says of them.
struct TileTensor {
  /// The numbers, and where a policy has patches the file of their grid.
  private let file: String
  private let gridFile: String?
  private let shape: [Int]
  private let scalar: Tensor.Scalar
  private let statistics: PixelStatistics

  /// Writes them into a folder.
  ///
  /// Throws what `PictureTiler.pixelValues` throws, and what writing does.
  init(
    _ settings: TileSettings.TensorFile, of picture: ShownPicture, by tiler: PictureTiler,
    in folder: String
  ) throws(ImageError) {
    statistics = settings.statistics ?? tiler.statistics
    scalar = settings.scalar
    let values = try tiler.pixelValues(
      of: picture, as: TensorForm(statistics, scalar: settings.scalar))
    shape = values.pixels.shape
    switch settings.format {
    case .npy:
      file = "pixel_values.npy"
      try AtomicFile.fill("\(folder)/\(file)", with: NPYFile.file(values.pixels))
      if let grid = values.grid {
        gridFile = "grid.npy"
        try AtomicFile.fill("\(folder)/grid.npy", with: NPYFile.file(grid))
      } else {
        gridFile = nil
      }
    case .safetensors:
      file = "pixel_values.safetensors"
      gridFile = nil
      let tensors = [("pixel_values", values.pixels)] + (values.grid.map { [("grid", $0)] } ?? [])
      try AtomicFile.fill("\(folder)/\(file)", with: SafetensorsFile.file(tensors))
    }
  }

  func write(to json: inout JSONWriter) {
    json.object { json in
      json.member("file", file)
      json.member("grid_file", gridFile)
      json.key("shape")
      json.integers(shape)
      json.member("scalar", scalar.rawValue)
      json.member("statistics", statistics.rawValue)
      json.key("mean")
      json.numbers(statistics.mean)
      json.key("deviation")
      json.numbers(statistics.deviation)
    }
  }
}
