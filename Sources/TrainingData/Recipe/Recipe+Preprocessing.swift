import Preprocessing

/// The recipe's words as what the rooms below work with.
extension Recipe {
  var displayParameters: DisplayParameters {
    DisplayParameters(
      ct: intensity.ct, pet: intensity.pet, petRange: intensity.petRange,
      foregroundPercentiles: intensity.mrPercentiles,
      percentiles: intensity.percentiles,
      depth: PictureDepth(rawValue: picture.depth) ?? .eight)
  }

  var cropping: PictureCropping {
    PictureCropping(
      ultrasound: picture.ultrasound == .regions, collimator: picture.collimator == .crop,
      background: picture.background == .crop)
  }

  var tiling: InternVLTiling {
    get throws {
      try InternVLTiling(
        tileSize: tiles.size, minTiles: tiles.min, maxTiles: tiles.max, thumbnail: tiles.thumbnail)
    }
  }
}

extension Recipe.Slices {
  var rule: SliceSelection {
    switch select {
    case .all: .all
    case .every: .every(n)
    case .evenly: .evenly(n)
    case .apart: .apart(Double(n))
    }
  }
}

extension Recipe.Selection {
  var rule: SliceSelection {
    switch select {
    case .all: .all
    case .every: .every(n)
    case .evenly: .evenly(n)
    }
  }
}

extension Recipe.Picture.Format {
  var fileExtension: String {
    switch self {
    case .png: "png"
    case .jpeg: "jpg"
    }
  }
}
