import MedicalImaging
import Preprocessing

/// Names of a page's tiles, and `layout.json`; Docs/Reference/tile.md says what each field means.
struct TileIndex {
  /// Counts up whenever a field changes its meaning or goes away.
  static let formatVersion = 1

  private let page: TiledPage
  private let settings: TileSettings
  private let isOneOfSeveral: Bool
  /// What was written beside the tiles.
  var tensor: TileTensor?

  init(_ page: TiledPage, _ settings: TileSettings, isOneOfSeveral: Bool) {
    self.page = page
    self.settings = settings
    self.isOneOfSeveral = isOneOfSeveral
  }

  /// `tile_<number>.png` from 0, with zeros before it so that names sort.
  func name(ofTile tile: Int) -> String {
    "tile_\(Self.padded(tile, last: page.layout.tiles - 1)).png"
  }

  /// The same of a page of which `last` is the last.
  static func name(ofPage page: Int, last: Int) -> String { "page_\(padded(page, last: last))" }

  /// With two digits at least.
  private static func padded(_ number: Int, last: Int) -> String {
    let (digits, text) = (max(2, String(last).count), String(number))
    return String(repeating: "0", count: digits - text.count) + text
  }

  // MARK: JSON

  /// UTF-8; equal pictures and settings give equal bytes.
  var json: [UInt8] {
    let layout = page.layout
    var json = JSONWriter(.indented)
    json.object { json in
      json.member("format_version", Self.formatVersion)
      json.member("tool_version", ToolVersion.current)
      json.member("policy", layout.policy)
      json.key("parameters")
      writeParameters(to: &json)
      json.member("filter", settings.filter.rawValue)
      json.member("page", isOneOfSeveral ? page.page : nil)
      json.key("size")
      json.integers([layout.pictureColumns, layout.pictureRows])
      json.member("channels", page.channels)
      json.member("depth", depth)
      json.key("findings")
      json.array { json in for finding in page.findings { json.string(finding.code) } }
      json.member("tokens", layout.tokens)
      Self.write(layout.millimetresPerPixel, to: &json)
      json.key("canvases")
      json.array { json in for canvas in layout.canvases { write(canvas, to: &json) } }
      json.key("tiles")
      json.array { json in writeTiles(to: &json) }
      json.key("tensor")
      if let tensor { tensor.write(to: &json) } else { json.null() }
    }
    json.endLine()
    return json.bytes
  }

  /// Bits of a sample of the tiles.
  private var depth: Int { if case .bytes = page.tiles { 8 } else { 16 } }

  private func writeParameters(to json: inout JSONWriter) {
    json.object { json in
      for number in TilingNumber.allCases where number.isOf(policy: settings.policy) {
        number.write(settings.parameters, to: &json)
      }
    }
  }

  private func write(_ canvas: TileLayout.Canvas, to json: inout JSONWriter) {
    json.object { json in
      json.member("kind", canvas.kind.rawValue)
      Self.write(canvas.steps, to: &json)
      json.key("ground")
      if canvas.steps.contains(where: \.isPad) {
        json.integers(canvas.ground.prefix(page.channels).map(Int.init))
      } else {
        json.null()
      }
      json.member("columns", canvas.columns)
      json.member("rows", canvas.rows)
      json.key("tile_size")
      json.integers([canvas.tileColumns, canvas.tileRows])
      Self.write(canvas.pixelSize, to: &json)
    }
  }

  /// Across and down.
  private static func write(_ size: TiledPicture.PixelSize?, to json: inout JSONWriter) {
    json.key("millimetres_per_pixel")
    if let size { json.numbers([size.width, size.height]) } else { json.null() }
  }

  private static func write(_ steps: [PictureMap.Step], to json: inout JSONWriter) {
    json.key("steps")
    json.array(steps) { json, step in json.object { json in write(step, to: &json) } }
  }

  private static func write(_ step: PictureMap.Step, to json: inout JSONWriter) {
    switch step {
    case .resize(let columns, let rows):
      json.key("resize")
      json.integers([columns, rows])
    case .crop(let columns, let rows):
      json.key("crop")
      json.integers([
        columns.lowerBound, rows.lowerBound, columns.upperBound, rows.upperBound,
      ])
    case .pad(let left, let top, let right, let bottom):
      json.key("pad")
      json.integers([left, top, right, bottom])
    case .mirror, .flip, .transpose: preconditionFailure("no layout turns a picture")
    }
  }

  private func writeTiles(to json: inout JSONWriter) {
    let layout = page.layout
    let maps = layout.maps(
      of: PictureMap(columns: layout.pictureColumns, rows: layout.pictureRows))
    var number = 0
    for (place, canvas) in layout.canvases.enumerated() {
      for row in 0..<canvas.rows {
        for column in 0..<canvas.columns {
          json.object { json in
            json.member("file", name(ofTile: number))
            json.member("canvas", place)
            json.member("row", row)
            json.member("column", column)
            Self.write(canvas.steps(column: column, row: row), to: &json)
            Self.write(maps[number], to: &json)
          }
          number += 1
        }
      }
    }
  }

  private static func write(_ map: PictureMap, to json: inout JSONWriter) {
    json.key("rect")
    if let rect = rect(map) {
      json.numbers([rect.x0, rect.y0, rect.x1, rect.y1])
    } else {
      json.null()
    }
    json.key("source_from_pixel")
    json.array(map.sourceFromPixel) { json, line in json.numbers(line) }
  }

  /// What of the picture a tile shows; nil where it shows its ground alone.
  private static func rect(_ map: PictureMap) -> EdgeBox? {
    let seen = map.visible
    guard !seen.isEmpty else { return nil }
    return EdgeBox(around: [
      map.source(of: EdgePoint(x: seen.x0, y: seen.y0)),
      map.source(of: EdgePoint(x: seen.x1, y: seen.y1)),
    ])
  }
}

extension PictureMap.Step {
  fileprivate var isPad: Bool { if case .pad = self { true } else { false } }
}
