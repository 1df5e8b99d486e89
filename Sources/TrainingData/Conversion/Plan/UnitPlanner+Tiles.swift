import ImageFormats
import MedicalImaging
import Preprocessing

/// Slides whose pictures are tiles. Each slide is a unit, in each of its optical paths; its planes are
/// rows of tiles, so that a large slide is dealt to several workers.
extension UnitPlanner {
  /// A slide as `slideUnits` makes a unit of it.
  typealias SlidePicture = (image: Image, frame: Int, slide: PlannedSlide)

  /// Of a DICOM slide: the images that hold the tiles, and those in which tissue is looked for.
  func tiledSlides(_ series: SlideSeries, _ instances: [Image]) -> [SlidePicture] {
    series.pyramids.flatMap { pyramid -> [SlidePicture] in
      guard let tiles = try? PlannedTiles(pyramid, recipe.slides) else { return [] }
      let (own, small) = (pyramid.levels[tiles.grid.level], pyramid.levels[tiles.tissue.level])
      return own.pictures.enumerated().map { number, picture in
        var images = picture.images
        if own.number != small.number {
          // Of several scans of one size each has its own small picture, or all have one.
          images += small.pictures[min(number, small.pictures.count - 1)].images
        }
        return (
          instances[images[0]], picture.frame,
          planned(
            tiles, level: own.number, opticalPath: pyramid.opticalPath,
            parts: images.dropFirst().map { part(instances[$0]) })
        )
      }
    }
  }

  /// A slide of a maker.
  func tiledSlide(_ image: Image, _ slide: SlideFacts) -> SlidePicture? {
    let given = recipe.slides.micronsPerPixel.map { MicronsPerPixel(x: $0, y: $0) }
    guard let size = slide.micronsPerPixel ?? given,
      let tiles = try? PlannedTiles(slide.levels, micronsPerPixel: size, recipe.slides)
    else { return nil }
    return (image, tiles.grid.level, planned(tiles, level: tiles.grid.level, opticalPath: nil))
  }

  private func planned(
    _ tiles: PlannedTiles, level: Int, opticalPath: Int?, parts: [PlannedSlide.Part] = []
  ) -> PlannedSlide {
    PlannedSlide(
      level: level, columns: tiles.level.columns, rows: tiles.level.rows,
      micronsPerPixel: tiles.grid.micronsPerPixel, opticalPath: opticalPath, parts: parts,
      tiles: tiles)
  }
}
