import MedicalImaging
import Preprocessing

/// Every key of a recipe: the one place where a key is added.
extension RecipeKey {
  /// The largest whole number that every reader of JSON keeps exactly (RFC 8259, section 6).
  private static let seeds = 0...9_007_199_254_740_991

  /// All keys, in the order of `recipe show` and of the hash.
  static let all: [RecipeKey] = [
    .identifier("name", \.name, "Name of the data set: a part of every sample's id."),
    .text("description", \.description, "What the data set is, for its README."),
    .text("licence", \.licence, "Under which terms it may be used, for its README."),
    .text("citation", \.citation, "What to cite, for its README."),
    .integer("seed", \.seed, seeds, "Draws the wordings of the texts and mixes the samples."),
    .splits("splits", \.splits, "Parts of the subjects; a subject is never in two of them."),
    .integer("split_seed", \.splitSeed, seeds, "Draws who is in which split."),
    .integer("shard_megabytes", \.shardMegabytes, 1...16_384, "Size of a shard, about."),
    .integer(
      "min_shards", \.minShards, 1...1024,
      "Shards of a split at least, where it has as many sources."),
    .choice(
      "burned_in", \.burnedIn,
      "Pictures that may show a person's name: secondary captures, ultrasound, screen saves."),
    .choice(
      "pictures", \.pictures,
      "PNG, JPEG, TIFF, JPEG 2000: auto uses them where no DICOM or NIfTI is among the sources."),
    .list("exclude", \.exclude, "Kinds of pictures that are left out."),
    .choice(
      "truncated", \.truncated,
      "Of a source whose pixel data end too early: the whole frames that are there, or nothing."),

    .list(
      "slices.planes", \.slices.planes, atLeast: 1,
      "In which planes volumes are shown: as acquired, or cut."),
    .choice(
      "slices.select", \.slices.select,
      "All, every n-th, n evenly spread, or n mm apart; by labels the n largest of each, or all; or key images."
    ),
    .integer("slices.n", \.slices.n, counts, "The n of select; says nothing with \"all\"."),
    .share(
      "slices.least_area", \.slices.leastArea,
      "With \"labelled\": the share of a slice that a label covers at least."),
    .choice(
      "slices.gaps", \.slices.gaps,
      "Missing, unreadable or uneven slices: no other planes, or values between them interpolated."),
    .choice(
      "slices.tilt", \.slices.tilt,
      "Slices shifted against each other: no other planes, or straightened by interpolation."),
    .choice(
      "slices.oblique", \.slices.oblique,
      "Volumes aslant to the patient: cut along their own axes, or the patient's by interpolation."),
    .choice(
      "slices.projection", \.slices.projection,
      "Largest, least or mean value of the slices in a slab, in place of each slice."),
    .length(
      "slices.slab_mm", \.slices.slab, 0.1...1000, "0.1 to 1000",
      "Millimetres of a slab around each slice that is chosen; null is the whole volume."),
    .integer(
      "slices.neighbours", \.slices.neighbours, 0...15,
      "Slices on either side of each one that are shown with it; at the ends of a volume its last stands in."
    ),
    .choice(
      "slices.neighbours_as", \.slices.neighboursAs,
      "Neighbours as pictures of one sample, or one on either side as red and blue of one picture."),
    .share(
      "slices.edge_ratio", \.slices.edgeRatio,
      "Cut sections are left out whose shorter side is less than this share of the longer one."),
    .flag(
      "slices.square_pixels", \.slices.squarePixels,
      "Slices whose pixels are not square resampled (linear) to the smaller of both distances."),
    .size(
      "slices.spacing_mm", \.slices.spacing,
      "Millimetres between pixels, to which all slices are resampled; null keeps their own."),
    .choice(
      "slices.orientation", \.slices.orientation,
      "Turned and flipped as radiologists look at them, or as they were acquired."),

    .choice(
      "volumes.select", \.volumes.select,
      "Of volumes on one grid that differ in time, echo or b-value: all, or one of them."),
    .choice(
      "volumes.projection", \.volumes.projection,
      "Of those that differ in time alone: largest, least or mean value, in place of each."),

    .choice(
      "frames.select", \.frames.select,
      "All, every n-th, or n of them evenly spread over the file."),
    .integer("frames.n", \.frames.n, counts, "The n of select; says nothing with \"all\"."),
    .choice(
      "frames.projection", \.frames.projection,
      "Largest, least or mean value of all frames of a grey film, in place of each."),

    .choice(
      "slides.pictures", \.slides.pictures,
      "A slide as one picture, or as tiles of one size that show tissue."),
    .integer(
      "slides.longest_side", \.slides.longestSide, 64...32_768,
      "The largest level of a slide whose sides are at most so many pixels is the picture."),
    .size(
      "slides.microns_per_pixel", \.slides.micronsPerPixel,
      "Of slides that do not say it, or contradict themselves; null rejects them."),
    .name(
      "slides.optical_path", \.slides.opticalPath,
      "Of slides of several the one with this identifier; null makes each a picture."),
    .place(
      "slides.focal_plane", \.slides.focalPlane, 0...65_535,
      "Of slides of several, from 0, nearest the glass first; null takes the middle one."),
    .number(
      "slides.tile_microns_per_pixel", \.slides.tileMicronsPerPixel, 0.02...20, "0.02 to 20",
      "Tiles: size of a pixel; the next finer level is made smaller, none is made larger."),
    .integer(
      "slides.tile_size", \.slides.tileSize, 64...4096, "Tiles: columns and rows of each."),
    .integer(
      "slides.tile_overlap", \.slides.tileOverlap, 0...4095,
      "Tiles: pixels that each shares with the next; below tile_size."),
    .share(
      "slides.least_tissue", \.slides.leastTissue,
      "Tiles: the share of each that is tissue, at least."),
    .place(
      "slides.most_tiles", \.slides.mostTiles, counts,
      "Tiles: of a slide at most so many, drawn by the seed; null takes all."),
    .choice(
      "slides.pen_marks", \.slides.penMarks,
      "Tiles: what has the colour of ink is no tissue, or may be: green and blue stains look alike."
    ),
    .choice(
      "slides.stain", \.slides.stain,
      "Colours of hematoxylin and eosin brought to those of one slide, or left as they are."),

    .list(
      "labels.sources", \.labels.sources,
      "From what labels are read: segmentations, structure sets, volumes of labels, shapes on slides."
    ),
    .names(
      "labels.names", \.labels.names,
      "What names or numbers in these sources stand for, before any other vocabulary."),
    .integer(
      "labels.least_pixels", \.labels.leastPixels, 1...1_000_000,
      "Parts of fewer pixels are left out."),
    .number(
      "labels.tolerance", \.labels.tolerance, 0...16, "0 to 16",
      "By how many pixels outlines may be off to have fewer points; 0 keeps them exact."),

    .choice(
      "intensity.mode", \.intensity.mode,
      "Greys by modality, or each slice from its least to its greatest value: for comparison only."),
    .window(
      "intensity.ct", \.intensity.ct,
      "CT: by the header's body part or its window, by a preset, or one window for all."),
    .choice(
      "intensity.mr", \.intensity.mr,
      "MR: by percentiles, by mean and standard deviation, or by landmarks of a standard histogram."
    ),
    .choice(
      "intensity.mr_foreground", \.intensity.mrForeground,
      "What statistics of MR are taken of: what lies above Otsu's threshold, all, or what labels cover."
    ),
    .percentiles(
      "intensity.mr_percentiles", \.intensity.mrPercentiles,
      "MR: from which to which percentile of the volume's foreground."),
    .range(
      "intensity.z_range", \.intensity.zRange,
      "MR by z_score: from so many standard deviations from the mean to so many."),
    .landmarks(
      "intensity.landmarks", \.intensity.landmarks,
      "MR by landmarks: percentiles of the foreground, and where each lies from black to white."),
    .percentiles(
      "intensity.percentiles", \.intensity.percentiles,
      "Other grey pictures whose header has no window: from which to which percentile."),
    .choice(
      "intensity.pet", \.intensity.pet,
      "PET: uptake by body weight, lean mass (Janmahasatian, James) or surface, or in its own unit."
    ),
    .range(
      "intensity.pet_range", \.intensity.petRange,
      "PET in uptake values: from which to which; says nothing of PET in its own unit."),

    .choice("picture.format", \.picture.format, "How pictures are stored; PNG loses nothing."),
    .integer(
      "picture.depth", \.picture.depth, 8...16, multipleOf: 8,
      "Bits of grey: 8 shows a window or range, 16 keeps every value; colour has 8."),
    .integer("picture.quality", \.picture.quality, 1...100, "Of JPEG; says nothing with PNG."),
    .flag(
      "picture.square_pixels", \.picture.squarePixels,
      "Pixels of pictures that are no slices made square, by more along the side that has too few."),
    .choice(
      "picture.ultrasound", \.picture.ultrasound,
      "Ultrasound: what its header calls regions of echoes, black between them, or the whole picture."
    ),
    .choice(
      "picture.collimator", \.picture.collimator,
      "X-ray: what lies outside of the header's collimator and shutter is kept, or cut off and black."
    ),
    .choice(
      "picture.background", \.picture.background,
      "CR, DX and MG: empty margins around the patient are kept, or cut off where they are sure."),

    .word(
      "tiles.policy", \.tiles.policy, TilingPolicies.all.map { $0.name },
      "By whose rule pictures are tiled."),
    .choice(
      "tiles.write", \.tiles.write,
      "Pictures whole, with the layout of their tiles, or the tiles themselves."),
    .choice("tiles.filter", \.tiles.filter, "How pictures are resized to their tiles."),
    .place(
      "tiles.size", \.tiles.size, 28...8190, multipleOf: 14,
      "Side of a tile in pixels; null is what the policy's own model has."),
    .integer("tiles.min", \.tiles.min, 1...64, "Tiles of a picture at least."),
    .integer("tiles.max", \.tiles.max, 1...64, "Tiles of a picture at most; not below min."),
    .flag(
      "tiles.thumbnail", \.tiles.thumbnail, "The whole picture as a last tile where it is cut."),
    .pinpoints(
      "tiles.pinpoints", \.tiles.pinpoints,
      "anyres: sizes of the grid to choose from, each height and width; null is the model's own."),
    .place(
      "tiles.factor", \.tiles.factor, 8...256, multipleOf: 2,
      "smart-resize: what sides become multiples of; null is the model's own, 28."),
    .place(
      "tiles.min_pixels", \.tiles.minPixels, 1...1_000_000_000,
      "smart-resize: pixels of a picture at least; null is the model's own, 3136."),
    .place(
      "tiles.max_pixels", \.tiles.maxPixels, 1...1_000_000_000,
      "smart-resize: pixels of a picture at most; null is the model's own, 1003520."),
    .length(
      "tiles.edge_mm", \.tiles.edge, 0.01...10_000, "0.01 to 10000",
      "physical: millimetres of a tile's edge; null is 200."),
    .length(
      "tiles.edge_microns", \.tiles.slideEdge, 1...1_000_000, "1 to 1000000",
      "physical: micrometres of the edge of a slide's tile; null is 224."),

    .choice("text.language", \.text.language, "Language of questions and answers."),
    .list(
      "text.questions", \.text.questions, atLeast: 1,
      "What is asked; a question that the header cannot answer is not asked."),
  ]

  private static let counts = 1...1_000_000

  /// What each group of keys is about.
  static let groups = [
    "slices": "Which slices of a volume become samples, and how they are turned.",
    "volumes": "Which volumes of a series become samples.",
    "frames": "Which frames of a cine, or of another file without geometry, become samples.",
    "slides": "How microscope slides become pictures.",
    "labels": "Which structures pictures show, and where.",
    "intensity": "How modality values become grey.",
    "picture": "How the pictures of a sample are written.",
    "tiles": "How pictures are cut for the vision encoder.",
    "text": "What is asked and answered.",
  ]

  /// What only several keys together can break: the key to blame, and why.
  static func conflict(in recipe: Recipe) -> (path: String, sentence: String)? {
    if recipe.picture.depth == 16, recipe.picture.format == .jpeg {
      return ("picture.depth", "is 16, which JPEG cannot hold; picture.format is \"jpeg\".")
    }
    if recipe.intensity.mr == .landmarks, recipe.intensity.landmarks == nil {
      return ("intensity.mr", "is \"landmarks\", of which intensity.landmarks has none.")
    }
    if recipe.picture.depth == 16, recipe.intensity.mode == .saMed2D {
      return ("picture.depth", "is 16; \"sa-med2d\" of intensity.mode has 8 bits.")
    }
    let isChosenByMarks = recipe.slices.select.needsLabels || recipe.slices.select == .key
    if isChosenByMarks, recipe.slices.projection != .none || recipe.volumes.projection != .none {
      return (
        "slices.select",
        "is \"\(recipe.slices.select.rawValue)\", which chooses slices, and no projections of them."
      )
    }
    if recipe.slices.neighbours > 0, let conflict = neighbourConflict(in: recipe) {
      return ("slices.neighbours", "is \(recipe.slices.neighbours); " + conflict)
    }
    if recipe.slides.tileOverlap >= recipe.slides.tileSize {
      return (
        "slides.tile_overlap",
        "is \(recipe.slides.tileOverlap), not below slides.tile_size, which is "
          + "\(recipe.slides.tileSize)."
      )
    }
    if recipe.tiles.min > recipe.tiles.max {
      return (
        "tiles.max",
        "is \(recipe.tiles.max), below tiles.min, which is \(recipe.tiles.min)."
      )
    }
    do throws(ImageError) {
      _ = try recipe.tiling
      return nil
    } catch {
      return (
        "tiles.policy", "is \"\(recipe.tiles.policy)\", which cannot be made so: \(error.message)"
      )
    }
  }

  /// What slices cannot be shown with their neighbours for, as the end of a sentence.
  private static func neighbourConflict(in recipe: Recipe) -> String? {
    let slices = recipe.slices
    if slices.select.needsLabels || slices.select == .key {
      return "slices.select is \"\(slices.select.rawValue)\", which chooses slices one by one."
    }
    if slices.projection != .none {
      return "slices.projection shows several slices as one already."
    }
    guard slices.neighboursAs == .channels else { return nil }
    if slices.neighbours > 1 {
      return "a picture has three channels, one for a slice on either side."
    }
    if recipe.picture.depth != 8 { return "channels have 8 bits, and picture.depth is 16." }
    if recipe.intensity.ct == .threeWindow {
      return "the three channels are windows where intensity.ct is \"three_window\"."
    }
    return nil
  }
}
