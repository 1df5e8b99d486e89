import ImageFormats
import MedicalImaging
import Preprocessing

/// Reads the tiles of a slide that hold tissue, one by one: what is in memory is a block of the slide,
/// and the mask of its tissue.
struct SlideTiles {
  private let slide: any WholeSlide
  private let focalPlane: Int?
  private let tiles: PlannedTiles
  private let recipe: Recipe
  /// Of the slide, and its salt: draws tiles where there are too many.
  private let identity: String
  private let pseudonyms: Pseudonyms
  /// Places of both levels among those of the slide as it is opened here.
  private let level, tissueLevel: Int

  /// `files` are those of the instance. Throws what opening the slide throws.
  init(
    _ instance: PlannedInstance, _ tiles: PlannedTiles, _ header: InstanceHeader,
    _ files: ImageFiles, frame: Int, job: Job, memoryLimit: Int
  ) throws(ImageError) {
    self.tiles = tiles
    recipe = job.recipe
    identity = instance.identity
    pseudonyms = Pseudonyms(salt: job.salt)
    (slide, focalPlane) = try SlideReader.open(
      header, files, frame: frame, focalPlane: job.recipe.slideFocalPlane, memoryLimit: memoryLimit)
    let levels = slide.levels
    func place(_ wanted: SlideLevel) throws(ImageError) -> Int {
      guard
        let place = levels.firstIndex(where: {
          $0.columns == wanted.columns && $0.rows == wanted.rows
        })
      else {
        throw ImageError(
          .unreadable, "The slide has changed since it was looked at.",
          remedy: "Run the same command again: it takes in what has changed.")
      }
      return place
    }
    level = try place(tiles.level)
    tissueLevel = try place(tiles.tissueLevel)
  }

  /// Hands over the tiles of some planes of the plan, in the order of the grid, as they lie in their
  /// level. `stain` is told of the stains of the whole slide, where the recipe normalises them, before any
  /// tile. `begin` is called before each piece of work, so that a large slide is not taken for one that
  /// makes no progress. Tiles that cannot be read are left out, and the first reason is thrown after the
  /// others are used.
  ///
  /// Throws `.noTissue` where no tile of the whole slide is wanted, and what `use` throws.
  func read(
    _ planes: [PlannedPlane], begin: () -> Void, stain: (SlideStain) -> Void,
    _ use: (PlannedPlane, DecodedFrame) throws -> Void
  ) throws {
    let picture = try overview(begin)
    if let method = recipe.slides.stainMethod {
      stain(SlideStain(stain: StainNormalization(method, of: colours(of: picture))))
    }
    let mask = mask(of: picture)
    let chosen = try chosen(by: mask)
    var failure: ImageError?
    for plane in planes.sorted(by: { $0.index < $1.index }) {
      begin()
      let numbers = tiles.numbers(inPlane: plane.index)
      for tile in chosen where numbers.contains(tile.number) {
        do {
          try use(plane, frame(tile))
        } catch let error as ImageError where !error.isOfTheRun {
          failure = failure ?? error
        }
      }
    }
    if let failure { throw failure }
  }

  private func frame(_ tile: SlideTile) throws(ImageError) -> DecodedFrame {
    let region = try slide.region(
      level: level, x: tile.columns.lowerBound, y: tile.rows.lowerBound,
      columns: tile.columns.count, rows: tile.rows.count)
    var frame = DecodedFrame(
      plane: StoredPlane(
        columns: region.columns, rows: region.rows, samplesPerPixel: 3, sample: .uint8,
        bytes: region.bytes), findings: region.findings)
    frame.colorProfile = slide.colorProfile
    frame.focalPlane = focalPlane
    frame.tile = tile
    return frame
  }

  // MARK: Tissue

  /// Sides of the blocks in which a level is read, about.
  private static let blockSide = 2048

  /// The slide at the size at which its tissue is looked for.
  private func overview(_ begin: () -> Void) throws -> PictureReduction {
    let size = slide.levels[tissueLevel]
    let factor = tiles.tissue.factor
    var picture = PictureReduction(
      columns: size.columns, rows: size.rows, channels: 3, factor: factor)
    let side = max(Self.blockSide / factor, 1) * factor
    for top in stride(from: 0, to: size.rows, by: side) {
      begin()
      let inY = top..<min(top + side, size.rows)
      for left in stride(from: 0, to: size.columns, by: side) {
        let inX = left..<min(left + side, size.columns)
        let block = try slide.region(
          level: tissueLevel, x: left, y: top, columns: inX.count, rows: inY.count)
        try recipe.checkTiles(block.findings)
        picture.put(block.bytes, columns: inX, rows: inY)
      }
    }
    return picture
  }

  /// Its pixels in sRGB, as those of its tiles are.
  private func colours(of picture: PictureReduction) -> [UInt8] {
    let plane = StoredPlane(
      columns: picture.columns, rows: picture.rows, samplesPerPixel: 3, sample: .uint8,
      bytes: picture.bytes)
    return ColorTransform(profile: slide.colorProfile).applied(to: plane, bits: 8).0.bytes
  }

  private func mask(of picture: PictureReduction) -> TissueMask {
    var rules = TissueRules()
    if recipe.slides.penMarks == .keep { rules.pens = nil }
    return TissueMask(
      columns: picture.columns, rows: picture.rows, bytes: picture.bytes,
      micronsPerPixel: tiles.tissue.micronsPerPixel, rules: rules)
  }

  /// The tiles that become pictures, in the order of the grid: the same for whoever reads a part of them.
  private func chosen(by mask: TissueMask) throws(ImageError) -> [SlideTile] {
    let found = (0..<tiles.grid.count).compactMap { number -> SlideTile? in
      var tile = tiles.grid.tile(number)
      let share = mask.share(of: tile.columns, rows: tile.rows, scale: tiles.scale)
      tile.tissue = share
      return share >= recipe.slides.leastTissue ? tile : nil
    }
    guard !found.isEmpty else {
      throw ImageError(
        .noTissue,
        mask.mask.area == 0
          ? "No tissue was found on the slide."
          : "No tile of the slide holds as much tissue as the recipe asks for.")
    }
    guard let most = recipe.slides.mostTiles, most < found.count else { return found }
    let drawn = found.map { tile in
      (pseudonyms.digest("tile", "\(recipe.seed)\0\(identity)\0\(tile.number)"), tile)
    }
    return drawn.sorted { $0.0 < $1.0 }.prefix(most).map(\.1).sorted { $0.number < $1.number }
  }
}

extension Recipe {
  var slideFocalPlane: SlideFocalPlane { slides.focalPlane.map { .ofSeveral($0) } ?? .middle }

  /// Throws `.truncated` where findings say that tiles are missing and the recipe rejects such sources.
  func checkTiles(_ findings: [InstanceHeader.Finding]) throws(ImageError) {
    guard truncated == .reject, findings.contains(where: { $0.code == "tiles_missing" }) else {
      return
    }
    throw ImageError(
      .truncated, "Tiles of the slide are missing, and the recipe rejects such sources.",
      remedy: "Export the whole series again.")
  }
}
