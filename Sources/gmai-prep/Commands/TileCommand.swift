import CommandLineKit
import GMAIPrep

/// `gmai-prep tile`
enum TileCommand {
  private static let pictures = Argument(
    repeating: "PICTURE", .file,
    "A PNG, JPEG, TIFF or JPEG 2000 picture, a folder that such lie in, or - for a list of paths on "
      + "standard input.")
  private static let out = Option(
    required: "out", "DIR", .folder, "The folder to write to: new or empty.")

  static let command = Command(
    "tile", "Cut pictures into the tiles that a vision encoder gets.",
    discussion: """
      What a model sees of a picture, byte by byte: each picture gets a folder in DIR of its name without \
      the extension, with tile_00.png and so on in the order in which the encoder gets them, and \
      layout.json, which says where each tile lies in the picture and what the whole costs in tokens. \
      --tensor adds the numbers that the encoder is fed: pixel_values, and grid of smart-resize.

      Pictures are read as `convert` reads them: upright, colours in sRGB and 8 bits. Grey of more than \
      8 bits stays so: it is resized in floating point and rounded half up. A TIFF of several pages gets \
      a folder a page. Of a folder the pictures that lie right in it are taken.

      Two pictures of one name are refused before anything is written. Pictures are read by worker \
      processes: one that cannot be read costs itself, and is named at the end. DICOM and NIfTI become \
      pictures by `slice`, or tiles in a data set by tiles.write in a recipe of `convert`.

      Ends with 0, with 3 where a picture was rejected, with 2 where folders hold none. After Ctrl-C \
      nothing is left behind.
      """,
    arguments: [pictures],
    options: [TileOptions.policy, out] + TileOptions.numbers + TileOptions.tensor
      + ConversionOptions.running,
    examples: [
      Example(
        "gmai-prep tile chest.png --policy internvl --out tiles",
        "What InternVL gets of a picture: tiles/chest/tile_00.png and so on."),
      Example(
        "gmai-prep tile photos --policy internvl --max-tiles 6 --no-thumbnail --out tiles",
        "All pictures of a folder, at most six tiles each."),
      Example(
        "gmai-prep tile chest.png --policy smart-resize --tensor npy --out tiles",
        "The patches of Qwen2-VL as numbers, beside the picture that they are of."),
      Example(
        "gmai-prep tile ulna.png --policy physical --pixel-size 0.14 --edge 60 --out tiles",
        "Tiles of 60 mm of a film whose pixels are 0.14 mm apart."),
    ]
  ) { call in
    var options = TileExport.Options(output: call[out])
    options.settings = try TileOptions.settings(call)
    options.workers = ConversionOptions.workers(call)
    let report = try WatchedRun(call, ifInterrupted: "Interrupted. Nothing is left behind.").run {
      try TileExport(
        options, worker: ConversionOptions.worker, interruption: $0, progress: $1
      ).export(ConversionOptions.paths(call[pictures]))
    }
    try call.print(TileText(report, width: call.terminal.width).text)
    return report.rejected.isEmpty ? .done : .incomplete
  }
}
