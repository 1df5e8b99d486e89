import ImageFormats
import MedicalImaging
import Preprocessing

/// Tiles of a slide as far as headers tell: where they may lie, and in which picture of the slide tissue
/// is looked for. Which of them hold tissue, a worker finds.
struct PlannedTiles: Codable, Sendable {
  var grid: SlideTileGrid
  var tissue: TissueLevel
  /// The levels that both are of: a worker knows them by their size.
  var level, tissueLevel: SlideLevel
  /// How many rows of the grid are one plane of the plan.
  var rowsAPlane: Int

  /// Pixels of the mask that one of the level stands for, along a side.
  var scale: Double { level.downsample / tissue.downsample }

  /// A mask is made anew for every part of a slide. Where its level is not much smaller than that of the
  /// tiles, the slide stays in one part.
  private static let leastStep = 8.0
  private static let mostPlanes = 4096

  /// `micronsPerPixel` is of level 0. Throws what `SlideTileGrid` throws.
  init(
    _ levels: [SlideLevel], micronsPerPixel: MicronsPerPixel, _ slides: Recipe.Slides
  ) throws(ImageError) {
    grid = try SlideTileGrid(
      levels, micronsPerPixel: micronsPerPixel, wanted: slides.tileMicronsPerPixel,
      size: slides.tileSize, overlap: slides.tileOverlap)
    tissue = TissueLevel(levels, micronsPerPixel: micronsPerPixel)
    level = levels[grid.level]
    tissueLevel = levels[tissue.level]
    let isSmall = tissueLevel.downsample >= Self.leastStep * level.downsample
    rowsAPlane =
      isSmall ? (grid.down + Self.mostPlanes - 1) / Self.mostPlanes : grid.down
  }

  /// How many planes of the plan hold all of them.
  var planeCount: Int { (grid.down + rowsAPlane - 1) / rowsAPlane }

  /// The numbers of the tiles in a plane of the plan.
  func numbers(inPlane index: Int) -> Range<Int> {
    let first = index * rowsAPlane
    return first * grid.across..<min(first + rowsAPlane, grid.down) * grid.across
  }

  /// Bytes of a plane's pictures, about: a third of a slide is taken to be tissue.
  func planeBytes(mostTiles: Int?) -> Int {
    let all = Double(grid.count) / 3
    let tiles = mostTiles.map { min(Double($0), all) } ?? all
    let bytes = tiles * Double(grid.size) * Double(grid.size) * 3 / Double(planeCount)
    return Int(min(max(bytes, 16_384), 0x1p32))
  }
}

extension SlideSeries {
  /// By image: why no tiles are cut from it, of those that are not refused for another reason.
  func tileRefusals(_ slides: Recipe.Slides) -> [ImageError?] {
    var errors = [ImageError?](repeating: nil, count: refusals.count)
    var used = Set<Int>()
    for pyramid in pyramids {
      do throws(ImageError) {
        _ = try PlannedTiles(pyramid, slides)
        used.formUnion(pyramid.images)
      } catch {
        for image in pyramid.images { errors[image] = errors[image] ?? error }
      }
    }
    return errors.indices.map { used.contains($0) ? nil : errors[$0] }
  }
}

extension PlannedTiles {
  /// Throws what `SlideTileGrid` throws, and `.unsupportedPixels` of a grey slide.
  init(_ pyramid: SlideSeries.Pyramid, _ slides: Recipe.Slides) throws(ImageError) {
    guard !pyramid.isGrey else {
      throw ImageError(
        .unsupportedPixels, "The slide is grey, and tissue is told from glass by its colours.",
        remedy: "Convert it with slides.pictures \"overview\" in the recipe.")
    }
    guard let size = pyramid.micronsPerPixel else {
      throw ImageError(.slideResolution, "The slide does not say how large its pixels are.")
    }
    try self.init(pyramid.levels.map(\.size), micronsPerPixel: size, slides)
  }
}
