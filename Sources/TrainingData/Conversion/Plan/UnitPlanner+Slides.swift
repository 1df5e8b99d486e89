import ImageFormats
import MedicalImaging

/// Slides: which images of a series become pictures, and which are read with them.
extension UnitPlanner {
  /// Of slides the images of the level that becomes a picture, one for each picture, and everything that
  /// is no slide; what is planned of slides stands by the index of what is left.
  func chosenSlides(_ images: [Image]) -> (images: [Image], slides: [Int: PlannedSlide]) {
    var planned: [Int: PlannedSlide] = [:]
    var unused: Set<Int> = []
    let instances = images.indices.filter { images[$0].row.header.slide?.instance != nil }
    let series = SlideSeries(
      instances.map { images[$0].row.header }, given: recipe.slides.micronsPerPixel)
    unused.formUnion(instances)
    for levels in series.slides {
      let fitting = levels.first { max($0.columns, $0.rows) <= recipe.slides.longestSide }
      guard let level = fitting ?? levels.last else { continue }
      for picture in level.pictures {
        let members = picture.map { instances[$0] }.sorted()
        unused.remove(members[0])
        planned[members[0]] = PlannedSlide(
          level: level.number, columns: level.columns, rows: level.rows,
          micronsPerPixel: level.micronsPerPixel,
          parts: members.dropFirst().map { part(images[$0]) })
      }
    }
    for index in images.indices where !instances.contains(index) {
      planned[index] = images[index].row.header.slide.map(makerSlide)
    }
    let kept = images.indices.filter { !unused.contains($0) }
    return (
      kept.map { images[$0] },
      Dictionary(
        uniqueKeysWithValues: kept.enumerated().compactMap { position, index in
          planned[index].map { (position, $0) }
        })
    )
  }

  private func part(_ image: Image) -> PlannedSlide.Part {
    PlannedSlide.Part(
      identity: identity(image), location: image.source.location, bytes: image.source.bytes)
  }

  /// A slide in one file, all levels in it.
  private func makerSlide(_ slide: SlideFacts) -> PlannedSlide {
    let number = slide.level(longestSide: recipe.slides.longestSide)
    let level = slide.levels[number]
    let given = recipe.slides.micronsPerPixel.map { MicronsPerPixel(x: $0, y: $0) }
    let size = slide.micronsPerPixel ?? given
    return PlannedSlide(
      level: number, columns: level.columns, rows: level.rows,
      micronsPerPixel: size.map {
        MicronsPerPixel(x: $0.x * level.downsample, y: $0.y * level.downsample)
      }, parts: [])
  }
}
