import ImageFormats
import MedicalImaging
import Preprocessing

/// Slides: which images of a series become pictures, and which are read with them. Each picture is a unit.
extension UnitPlanner {
  /// The units of the slides among the images of a series.
  func slideUnits(_ images: [Image], names: (subject: String, study: String, series: String)) throws
    -> [Unit]
  {
    let slides = images.filter { $0.row.header.slide != nil }
    let instances = slides.filter { $0.row.header.slide?.instance != nil }
    let series = SlideSeries(
      instances.map(\.row.header), given: recipe.slides.micronsPerPixel,
      opticalPath: recipe.slides.opticalPath)
    let pictures = series.pictures(longestSide: recipe.slides.longestSide).map { picture in
      let members = picture.images.map { instances[$0] }
      return (
        image: members[0], frame: picture.frame,
        slide: PlannedSlide(
          level: picture.level, columns: picture.columns, rows: picture.rows,
          micronsPerPixel: picture.micronsPerPixel, opticalPath: picture.opticalPath,
          parts: members.dropFirst().map(part))
      )
    }
    let whole = slides.compactMap { image in
      image.row.header.slide.flatMap { slide in
        slide.instance == nil
          ? (
            image: image, frame: slide.level(longestSide: recipe.slides.longestSide),
            slide: makerSlide(slide)
          ) : nil
      }
    }
    return try (pictures + whole).map { try unit(of: $0.image, frame: $0.frame, $0.slide, names) }
  }

  private func unit(
    of image: Image, frame: Int, _ slide: PlannedSlide,
    _ names: (subject: String, study: String, series: String)
  ) throws -> Unit {
    let header = image.row.header
    let display = try DisplayPlan(
      description: header.description, format: header.format, frames: [header.facts(frame: frame)],
      parameters: parameters)
    return Unit(
      id: pseudonyms.name("unit", "\(names.series)\0slide\0\(identity(image))\0\(frame)"),
      subject: names.subject, study: names.study, series: names.series,
      instances: [
        PlannedInstance(
          token: image.source.token, identity: identity(image), location: image.source.location,
          bytes: image.source.bytes, display: 0,
          planeBytes: header.planeBytes(of: [slide.columns, slide.rows]), slide: slide)
      ],
      planes: [PlannedPlane(instance: 0, frame: frame, volume: 0, index: 0, isSelected: true)],
      sections: [],
      volumes: [
        PlannedVolume(
          kind: .slide, planeCount: 1, first: 0, step: nil, orientation: .upright, findings: [],
          notes: [])
      ],
      displays: [display], isRange: false, measures: [])
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
      }, opticalPath: nil, parts: [])
  }
}
