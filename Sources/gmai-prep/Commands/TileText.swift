import CommandLineKit
import GMAIPrep

/// What an export of tiles wrote, for people.
struct TileText {
  /// Lines of all of it, each ended.
  private(set) var text = ""
  private let width: Int

  init(_ report: TileReport, width: Int) {
    self.width = width
    add(report.pictures.flatMap(\.pages))
    text += RejectionText(report.rejected, width: width).text
    let pictures = report.pictures.count
    let made =
      pictures > 0
      ? ", \(Self.count(report.tiles, "tile")) in \(report.folder.withoutControls)" : ""
    line("\(Self.count(pictures, "picture"))\(made), \(report.rejected.count) rejected")
    if report.passedOver > 0 {
      line(
        Self.count(report.passedOver, "other file")
          + " in the folders \(report.passedOver == 1 ? "is" : "are") no such picture")
    }
  }

  /// How many pages were cut by each grid, the smaller grids first.
  private mutating func add(_ pages: [TileReport.Page]) {
    guard !pages.isEmpty else { return }
    var table = Table([
      .init(right: "Grid"), .init("Thumbnail", .keep), .init(right: "Pages"),
      .init(right: "Tiles"), .init(right: "Tokens"),
    ])
    let groups = Dictionary(grouping: pages) { page in
      [page.gridColumns * page.gridRows, page.gridColumns, page.hasThumbnail ? 1 : 0]
    }
    for (_, pages) in groups.sorted(by: { $0.key.lexicographicallyPrecedes($1.key) }) {
      table.append([
        "\(pages[0].gridColumns) x \(pages[0].gridRows)", pages[0].hasThumbnail ? "yes" : "no",
        "\(pages.count)", "\(pages.reduce(0) { $0 + $1.tiles })",
        "\(pages.reduce(0) { $0 + $1.tokens })",
      ])
    }
    text += table.text(width: width)
    line("")
  }

  private static func count(_ number: Int, _ word: String) -> String {
    "\(number) \(word)\(number == 1 ? "" : "s")"
  }

  private mutating func line(_ words: String) { text += words.lines(width: width) }
}
