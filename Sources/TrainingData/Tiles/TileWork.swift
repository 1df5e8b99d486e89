import ImageFormats
import MedicalImaging
import Preprocessing

/// The worker's side of tiles: reads a picture, and writes the tiles of its pages.
final class TileWork {
  private let opener: SourceOpener
  private let memoryLimit: Int
  private let begin: (_ token: String, _ bytes: Int) -> Void
  private lazy var encoder = PNGEncoder()

  init(
    opener: SourceOpener, memoryLimit: Int, begin: @escaping (_ token: String, _ bytes: Int) -> Void
  ) {
    self.opener = opener
    self.memoryLimit = memoryLimit
    self.begin = begin
  }

  /// - Throws: `outputFull`, `outputFailed` or `permission` where a tile cannot be written: no source's
  ///   fault.
  func answer(_ request: TileRequest) throws(ImageError) -> TileAnswer {
    begin(request.source.token, request.source.bytes)
    do throws(ImageError) {
      return TileAnswer(pages: try write(request))
    } catch  where !error.isOfTheRun {
      return TileAnswer(error: error)
    }
  }

  private func write(_ request: TileRequest) throws(ImageError) -> [TileReport.Page] {
    let path = request.source.location.path
    let bytes = try opener.open(request.source.location)
    let tiler = try PictureTiler(request.settings, memoryLimit: memoryLimit)
    let (pages, findings) = try tiler.pages(of: bytes, named: path)
    var written: [TileReport.Page] = []
    for page in pages {
      // Each has the time that a source has.
      if page != pages.first { begin(request.source.token, 0) }
      let picture = try tiler.picture(of: bytes, page: page)
      var tiled = try tiler.tiles(of: picture)
      tiled.findings = findings + tiled.findings
      let name = pages.count == 1 ? "" : TileIndex.name(ofPage: page, last: pages.last ?? page)
      let folder = name.isEmpty ? request.folder : "\(request.folder)/\(name)"
      try AtomicFile.makeFolder(folder)
      var index = TileIndex(tiled, request.settings, isOneOfSeveral: pages.count > 1)
      for tile in 0..<tiled.layout.tiles {
        try AtomicFile.fill(
          "\(folder)/\(index.name(ofTile: tile))", with: tiled.png(tile, by: encoder))
      }
      if let tensor = request.settings.tensor {
        index.tensor = try TileTensor(tensor, of: picture, by: tiler, in: folder)
      }
      try AtomicFile.fill("\(folder)/layout.json", with: index.json)
      written.append(TileReport.Page(tiled, folder: name))
    }
    return written
  }
}
