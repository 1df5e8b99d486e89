import CommandLineKit
import GMAIPrep

/// `gmai-prep tile`
enum TileCommand {
  private static let pictures = Argument(
    repeating: "PICTURE", .file,
    "A PNG, JPEG, TIFF or JPEG 2000 picture, a folder that such lie in, or - for a list of paths on "
      + "standard input.")
  private static let policy = Option(
    required: "policy", "NAME", .policy, "By whose rule pictures are cut.")
  private static let out = Option(
    required: "out", "DIR", .folder, "The folder to write to: new or empty.")
  private static let tileSize = Option(
    "tile-size", "PIXELS", .integer(in: 1...65_536),
    "Side of a tile; that of the policy's own model if left out.")
  private static let minTiles = Option(
    "min-tiles", "N", .integer(in: 1...65_536), default: 1, "Tiles of the grid at least.")
  private static let maxTiles = Option(
    "max-tiles", "N", .integer(in: 1...65_536), default: 12, "Tiles of the grid at most.")
  private static let noThumbnail = Option(
    flag: "no-thumbnail", "Only the grid, without the whole picture as one more tile.")
  private static let filter = Option(
    "filter", "NAME", .choice(), default: ResizeFilter.bicubic,
    "How pictures are resized, by Pillow's names.")
  private static let pixelSize = Option(
    "pixel-size", "MM", .number(in: 1e-6...1000),
    "Millimetres from pixel to pixel of all pictures, which do not say it themselves.")

  static let command = Command(
    "tile", "Cut pictures into the tiles that a vision encoder gets.",
    discussion: """
      What a model sees of a picture, byte by byte: each picture gets a folder in DIR of its name without \
      the extension, with tile_00.png and so on in the order in which the encoder gets them, and \
      layout.json, which says where each tile lies in the picture and what the whole costs in tokens.

      Pictures are read as `convert` reads them: upright, colours in sRGB and 8 bits. Grey of more than \
      8 bits stays so: it is resized in floating point and rounded half up. A TIFF of several pages gets \
      a folder a page. Of a folder the pictures that lie right in it are taken.

      Two pictures of one name are refused before anything is written. Each picture is read in a process \
      of its own: one that cannot be read costs itself, and is named at the end. DICOM and NIfTI become \
      pictures by `slice`, or tiles in a data set by tiles.write in a recipe of `convert`.

      Ends with 0, with 3 where a picture was rejected, with 2 where folders hold none. After Ctrl-C \
      nothing is left behind.
      """,
    arguments: [pictures],
    options: [policy, out, tileSize, minTiles, maxTiles, noThumbnail, filter, pixelSize]
      + ConversionOptions.running,
    examples: [
      Example(
        "gmai-prep tile chest.png --policy internvl --out tiles",
        "What InternVL gets of a picture: tiles/chest/tile_00.png and so on."),
      Example(
        "gmai-prep tile photos --policy internvl --max-tiles 6 --no-thumbnail --out tiles",
        "All pictures of a folder, at most six tiles each."),
    ]
  ) { call in
    var options = TileExport.Options(output: call[out])
    options.settings = settings(call)
    options.workers = ConversionOptions.workers(call)
    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try TileExport(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).export(ConversionOptions.paths(call[pictures]))
    }
    try call.print(TileText(report, width: call.terminal.width).text)
    return report.rejected.isEmpty ? .done : .incomplete
  }

  private static func settings(_ call: Invocation) -> TileSettings {
    var settings = TileSettings(policy: call[policy])
    settings.parameters.tileSize = call[tileSize]
    settings.parameters.minTiles = call[minTiles]
    settings.parameters.maxTiles = call[maxTiles]
    settings.parameters.thumbnail = !call[noThumbnail]
    settings.filter = call[filter]
    settings.pixelSize = call[pixelSize]
    return settings
  }
}

extension ValueKind where Value == String {
  /// A name of the table of policies.
  fileprivate static var policy: Self {
    let names = TilingPolicies.all.map { $0.name }
    return Self("one of \(names.joined(separator: ", "))", completion: .words(names)) {
      names.contains($0) ? $0 : nil
    }
  }
}
