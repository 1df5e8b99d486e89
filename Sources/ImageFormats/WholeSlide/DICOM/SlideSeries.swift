import MedicalImaging

/// The images of DICOM slides in one series: which are one slide, which one level of it, how large its
/// pixels are, and what becomes of it. No single instance tells that.
public struct SlideSeries {
  /// One level of a slide in one optical path.
  public struct Picture: Hashable, Sendable {
    /// From 0 for the largest of the slide's levels.
    public var level: Int
    public var columns, rows: Int
    /// Of its pixels; nil where it is not known.
    public var micronsPerPixel: MicronsPerPixel?
    /// Which of the slide's optical paths it is, from 0 in the order of their identifiers; nil where the
    /// slide has one.
    public var opticalPath: Int?
    /// Which frame of the first image it is.
    public var frame: Int
    /// What is read together: indices of the images. A whole image stands alone.
    public var images: [Int]
  }

  /// By image: why its slide does not become a picture; nil where it does.
  public private(set) var refusals: [ImageError?]
  private(set) var slides: [Slide] = []
  let images: [InstanceHeader]

  struct Slide {
    var pyramid: SlidePyramid
    var resolution: SlideResolution
    /// Those of all its images, in their order, and those of them that are wanted.
    var paths: [String]
    var wanted: [String]
  }

  /// `images` are of one series and have `slide.instance`. `given` is the size of level 0's pixels, in
  /// micrometres, of slides that do not say it or contradict themselves. `opticalPath` is the identifier
  /// of the one that is wanted of slides of several; nil wants all.
  ///
  /// Images are of one slide where the shapes of their levels agree.
  public init(_ images: [InstanceHeader], given: Double? = nil, opticalPath: String? = nil) {
    self.images = images
    refusals = Array(repeating: nil, count: images.count)
    let sources = images.indices.map { SlideTiles.Source($0, DICOMSlideInstance(images[$0])) }
    for pyramid in Self.pyramids(sources) {
      let members = pyramid.members.flatMap { $0.map(\.index) }
      let paths = Set(members.flatMap { images[$0].paths }).sorted {
        $0.utf8.lexicographicallyPrecedes($1.utf8)
      }
      let slide = Slide(
        pyramid: pyramid, resolution: Self.resolution(pyramid, images, given), paths: paths,
        wanted: paths.count == 1 ? paths : paths.filter { opticalPath ?? $0 == $0 })
      slides.append(slide)
      var refusal: ImageError?
      if slide.wanted.isEmpty {
        refusal = ImageError(
          .unsupportedPixels,
          "The slide has several optical paths, and not the one that is wanted.",
          remedy: "Name one of its optical paths in slides.optical_path, or none.")
      } else if case .refused(let error) = slide.resolution {
        refusal = error
      }
      for index in members { refusals[index] = refusal }
    }
  }

  /// What the slides become: of each optical path that is wanted the largest level whose sides are at
  /// most so many pixels, else its smallest.
  public func pictures(longestSide: Int) -> [Picture] {
    slides.flatMap { slide in
      slide.wanted.flatMap { path -> [Picture] in
        let levels = slide.pyramid.levels.indices.compactMap { number -> (Int, [Int])? in
          let members = slide.pyramid.members[number].map(\.index).filter {
            images[$0].paths.contains(path)
          }
          return members.isEmpty ? nil : (number, members)
        }
        func fits(_ number: Int) -> Bool {
          let level = slide.pyramid.levels[number]
          return max(level.columns, level.rows) <= longestSide
        }
        guard let (number, members) = levels.first(where: { fits($0.0) }) ?? levels.last else {
          return []
        }
        return together(members).map { picture(of: slide, number, path, images: $0) }
      }
    }
  }

  private func picture(of slide: Slide, _ number: Int, _ path: String, images members: [Int])
    -> Picture
  {
    let level = slide.pyramid.levels[number]
    var size: MicronsPerPixel?
    if case .known(let base) = slide.resolution {
      size = MicronsPerPixel(x: base.x * level.downsample, y: base.y * level.downsample)
    }
    return Picture(
      level: number, columns: level.columns, rows: level.rows, micronsPerPixel: size,
      opticalPath: slide.paths.count == 1 ? nil : slide.paths.firstIndex(of: path),
      frame: images[members[0]].paths.firstIndex(of: path) ?? 0, images: members)
  }

  /// Images that may be parts are read together with those of the same concatenation, or with those of
  /// none.
  func together(_ level: [Int]) -> [[Int]] {
    var pictures: [[Int]] = []
    var places: [String: Int] = [:]
    for index in level.sorted() {
      guard let instance = images[index].slide?.instance, instance.isPart else {
        pictures.append([index])
        continue
      }
      if let place = places[instance.concatenation] {
        pictures[place].append(index)
      } else {
        places[instance.concatenation] = pictures.count
        pictures.append([index])
      }
    }
    return pictures
  }

  // MARK: What is one slide

  /// Sizes, the largest first, are put where their shape agrees with all that are there.
  private static func pyramids(_ sources: [SlideTiles.Source]) -> [SlidePyramid] {
    let sizes = Dictionary(grouping: sources) { [$0.instance.columns, $0.instance.rows] }
    var pyramids: [(sources: [SlideTiles.Source], pyramid: SlidePyramid)] = []
    for size in sizes.keys.sorted(by: { ($0[0], $0[1]) > ($1[0], $1[1]) }) {
      let own = sizes[size] ?? []
      let home = pyramids.indices.lazy.compactMap { i -> (Int, SlidePyramid)? in
        (try? SlidePyramid(pyramids[i].sources + own)).map { (i, $0) }
      }.first
      if let (i, grown) = home {
        pyramids[i] = (pyramids[i].sources + own, grown)
      } else if let alone = try? SlidePyramid(own) {
        pyramids.append((own, alone))
      }
    }
    return pyramids.map(\.pyramid)
  }

  private static func resolution(
    _ pyramid: SlidePyramid, _ images: [InstanceHeader], _ given: Double?
  ) -> SlideResolution {
    // Somebody who knows may have measured a smaller level.
    for (level, members) in zip(pyramid.levels, pyramid.members) {
      for header in members.map({ images[$0.index] }) where header.slide?.instance?.isGiven == true
      {
        guard let size = header.slide?.micronsPerPixel else { continue }
        return SlideResolution(
          given: MicronsPerPixel(x: size.x / level.downsample, y: size.y / level.downsample))
      }
    }
    // The lens did not make the pixels of an image that was made smaller (PS3.3 C.8.12.4.1.1).
    let scanned = pyramid.members[0].filter {
      images[$0.index].description.imageType.dropFirst(3).first != "RESAMPLED"
    }
    let resolution = SlideResolution(
      stated: pyramid.micronsPerPixel,
      power: scanned.lazy.compactMap(\.instance.objectivePower).first)
    if case .refused = resolution {
      if let given { return SlideResolution(given: MicronsPerPixel(x: given, y: given)) }
      if let doubt = pyramid.findings.first {
        return .refused(ImageError(.slideResolution, doubt.sentence))
      }
    }
    return resolution
  }
}

extension InstanceHeader {
  /// Identifiers of a DICOM slide's optical paths.
  var paths: [String] { slide?.instance?.opticalPaths ?? [] }
}

extension DICOMSlideInstance {
  /// As far as a stored header tells, which is enough for `SlidePyramid`.
  fileprivate init(_ header: InstanceHeader) {
    let level = header.slide?.levels.first
    self.init(
      header: header, picture: .tissue, columns: level?.columns ?? 0, rows: level?.rows ?? 0,
      arrangement: .unknown, opticalPaths: header.paths, colorProfiles: [], focalPlanes: 1,
      framesBefore: 0, micronsPerPixel: header.slide?.micronsPerPixel,
      objectivePower: header.slide?.instance?.objectivePower, orientation: [])
  }
}
