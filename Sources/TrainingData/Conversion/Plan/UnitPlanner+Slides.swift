import ImageFormats
import MedicalImaging
import Preprocessing

/// Slides: which images of a series become pictures, and which are read with them. Each picture is a unit.
extension UnitPlanner {
  /// The units of the slides among the images of a series.
  func slideUnits(
    _ images: [Image], names: (subject: String, study: String, series: String), _ marks: Marks
  ) throws -> [Unit] {
    let slides = images.filter { $0.row.header.slide != nil }
    let annotations = annotations(of: slides, marks)
    let instances = slides.filter { $0.row.header.slide?.instance != nil }
    let series = SlideSeries(
      instances.map(\.row.header), given: recipe.slides.micronsPerPixel,
      opticalPath: recipe.slides.opticalPath)
    if recipe.slides.pictures == .tiles {
      let makers = slides.compactMap { image in
        image.row.header.slide.flatMap { $0.instance == nil ? tiledSlide(image, $0) : nil }
      }
      return try (tiledSlides(series, instances) + makers).map {
        try unit(of: $0.image, frame: $0.frame, $0.slide, names, annotations)
      }
    }
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
    return try (pictures + whole).map {
      try unit(of: $0.image, frame: $0.frame, $0.slide, names, annotations)
    }
  }

  /// What draws on the slides of a series.
  private func annotations(of slides: [Image], _ marks: Marks) -> [PlannedAnnotation] {
    marks.annotations.compactMap { annotation, images in
      guard annotation.kind.isOfSlides else { return nil }
      var annotation = annotation
      annotation.rasters = slides.filter {
        // Files beside a slide count in its largest level, which an instance of DICOM need not be.
        images.contains($0.source.token)
          && (annotation.kind != .slideShapes || $0.row.header.slide?.instance == nil)
      }.compactMap { image in
        image.row.header.slide?.levels.first.map {
          PlannedRaster(
            sopInstanceUID: image.row.header.identity.sopInstanceUID,
            location: image.source.location, columns: $0.columns, rows: $0.rows)
        }
      }
      return annotation.rasters.isEmpty ? nil : annotation
    }
  }

  private func unit(
    of image: Image, frame: Int, _ slide: PlannedSlide,
    _ names: (subject: String, study: String, series: String), _ annotations: [PlannedAnnotation]
  ) throws -> Unit {
    let header = image.row.header
    let display = try DisplayPlan(
      description: header.description, format: header.format, frames: [header.facts(frame: frame)],
      parameters: parameters)
    let planeCount = slide.tiles?.planeCount ?? 1
    return Unit(
      id: pseudonyms.name("unit", "\(names.series)\0slide\0\(identity(image))\0\(frame)"),
      subject: names.subject, study: names.study, series: names.series,
      instances: [
        PlannedInstance(
          token: image.source.token, identity: identity(image), location: image.source.location,
          bytes: image.source.bytes, display: 0,
          planeBytes: slide.tiles?.planeBytes(mostTiles: recipe.slides.mostTiles)
            ?? header.planeBytes(of: [slide.columns, slide.rows]), slide: slide)
      ],
      planes: (0..<planeCount).map {
        PlannedPlane(instance: 0, frame: frame, volume: 0, index: $0, isSelected: true)
      },
      sections: [],
      volumes: [
        PlannedVolume(
          kind: .slide, planeCount: planeCount, first: 0, step: nil, orientation: .upright,
          findings: [],
          notes: [])
      ],
      displays: [display], isRange: false, measures: [], annotations: annotations)
  }

  func part(_ image: Image) -> PlannedSlide.Part {
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
