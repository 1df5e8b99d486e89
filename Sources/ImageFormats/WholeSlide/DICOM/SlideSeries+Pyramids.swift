import MedicalImaging

extension SlideSeries {
  /// One slide in one optical path, with all its levels.
  public struct Pyramid: Sendable {
    /// The largest first: those that hold the optical path.
    public var levels: [Level]
    /// Of level 0 of the slide; nil where it is not known.
    public var micronsPerPixel: MicronsPerPixel?
    /// Which of the slide's optical paths it is, from 0 in the order of their identifiers; nil where the
    /// slide has one.
    public var opticalPath: Int?
    /// Whether its samples are grey.
    public var isGrey: Bool

    public struct Level: Sendable {
      /// From 0 for the largest of the slide's levels.
      public var number: Int
      public var size: SlideLevel
      /// Images that are read together, each with the frame of the first that is the optical path; a
      /// whole image stands alone, so that there may be several of one size.
      public var pictures: [(images: [Int], frame: Int)]
    }

    /// All images of it.
    public var images: [Int] { levels.flatMap { $0.pictures.flatMap(\.images) } }
  }

  /// The slides that are wanted and are not refused.
  public var pyramids: [Pyramid] {
    slides.flatMap { slide in
      slide.wanted.compactMap { path -> Pyramid? in
        let levels = slide.pyramid.levels.indices.compactMap { number -> Pyramid.Level? in
          let members = slide.pyramid.members[number].map(\.index).filter {
            images[$0].paths.contains(path)
          }
          guard !members.isEmpty else { return nil }
          return Pyramid.Level(
            number: number, size: slide.pyramid.levels[number],
            pictures: together(members).map {
              ($0, images[$0[0]].paths.firstIndex(of: path) ?? 0)
            })
        }
        guard let first = levels.first?.pictures[0].images[0], refusals[first] == nil else {
          return nil
        }
        var size: MicronsPerPixel?
        if case .known(let base) = slide.resolution { size = base }
        return Pyramid(
          levels: levels, micronsPerPixel: size,
          opticalPath: slide.paths.count == 1 ? nil : slide.paths.firstIndex(of: path),
          isGrey: images[first].format.samplesPerPixel == 1)
      }
    }
  }
}
