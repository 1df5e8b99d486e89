import MedicalImaging

/// The images of DICOM slides in one series: which are one slide, which one level of it, and how large
/// its pixels are. No single instance tells that.
public struct SlideSeries {
  /// A level of one of the series' slides.
  public struct Level: Hashable, Sendable {
    public var columns, rows: Int
    /// From 0 for the largest.
    public var number: Int
    /// Of its pixels; nil where it is not known.
    public var micronsPerPixel: MicronsPerPixel?
    /// What is read together: indices of the images, each once. A whole image stands alone, and so do
    /// the parts of each concatenation.
    public var pictures: [[Int]]
  }

  /// The levels of each slide, the largest first.
  public private(set) var slides: [[Level]] = []
  /// By image: why nothing is known of the size of its pixels; nil where it is.
  public private(set) var refusals: [ImageError?]

  /// `images` are of one series and have `slide.instance`. `given` is the size of level 0's pixels, in
  /// micrometres, of slides that do not say it or contradict themselves.
  ///
  /// Images are of one slide where the shapes of their levels agree.
  public init(_ images: [InstanceHeader], given: Double? = nil) {
    refusals = Array(repeating: nil, count: images.count)
    let sources = images.indices.map { SlideTiles.Source($0, DICOMSlideInstance(images[$0])) }
    for pyramid in Self.pyramids(sources) {
      let resolution = Self.resolution(pyramid, images, given)
      if case .refused(let error) = resolution {
        for source in pyramid.members.joined() { refusals[source.index] = error }
      }
      slides.append(
        zip(pyramid.levels, pyramid.members).enumerated().map { number, level in
          var size: MicronsPerPixel?
          if case .known(let base) = resolution {
            size = MicronsPerPixel(
              x: base.x * level.0.downsample, y: base.y * level.0.downsample)
          }
          return Level(
            columns: level.0.columns, rows: level.0.rows, number: number, micronsPerPixel: size,
            pictures: Self.pictures(level.1.map(\.index), images))
        })
    }
  }

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
    let base = pyramid.members[0]
    // The lens did not make the pixels of an image that was made smaller (PS3.3 C.8.12.4.1.1).
    let scanned = base.filter {
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

  /// Images that may be parts are read together with those of the same concatenation, or with those of
  /// none.
  private static func pictures(_ level: [Int], _ images: [InstanceHeader]) -> [[Int]] {
    var pictures: [[Int]] = []
    var places: [String: Int] = [:]
    for index in level {
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
}

extension DICOMSlideInstance {
  /// As far as a stored header tells, which is enough for `SlidePyramid`.
  fileprivate init(_ header: InstanceHeader) {
    let level = header.slide?.levels.first
    self.init(
      header: header, picture: .tissue, columns: level?.columns ?? 0, rows: level?.rows ?? 0,
      arrangement: .unknown, opticalPaths: [""], colorProfiles: [nil], focalPlanes: 1,
      framesBefore: 0, micronsPerPixel: header.slide?.micronsPerPixel,
      objectivePower: header.slide?.instance?.objectivePower, orientation: [])
  }
}
