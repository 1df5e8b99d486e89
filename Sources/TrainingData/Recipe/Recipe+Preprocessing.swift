import MedicalImaging
import Preprocessing

/// The recipe's words as what the rooms below work with.
extension Recipe {
  var displayParameters: DisplayParameters {
    DisplayParameters(
      mode: intensity.mode, ct: intensity.ct, mr: intensity.mr,
      mrForeground: intensity.mrForeground,
      zRange: intensity.zRange, landmarks: intensity.landmarks, pet: intensity.pet,
      petRange: intensity.petRange,
      foregroundPercentiles: intensity.mrPercentiles,
      percentiles: intensity.percentiles,
      depth: PictureDepth(rawValue: picture.depth) ?? .eight)
  }

  var cropping: PictureCropping {
    PictureCropping(
      ultrasound: picture.ultrasound == .regions, collimator: picture.collimator == .crop,
      background: picture.background == .crop)
  }

  /// Whether a sample may hold several pictures.
  var hasSeveralPictures: Bool {
    tiles.write == .cut || slices.neighbours > 0 && slices.neighboursAs == .pictures
  }

  /// How pictures are cut for the encoder.
  var tiling: any TilingPolicy {
    get throws(ImageError) {
      var parameters = TilingParameters()
      parameters.tileSize = tiles.size
      (parameters.minTiles, parameters.maxTiles) = (tiles.min, tiles.max)
      parameters.thumbnail = tiles.thumbnail
      parameters.pinpoints = tiles.pinpoints
      parameters.factor = tiles.factor
      (parameters.minPixels, parameters.maxPixels) = (tiles.minPixels, tiles.maxPixels)
      parameters.edgeMillimetres = tiles.edge
      parameters.edgeMicrons = tiles.slideEdge
      return try TilingPolicies.policy(named: tiles.policy, parameters)
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
    // Chosen from all of them, once it is known what they show.
    case .largest, .labelled, .key: .all
    }
  }

  /// How slices are chosen by what is drawn on them; nil where they are not.
  var labelledRule: LabelledSlices? {
    switch select {
    case .largest: .largest(n)
    case .labelled: .covered(leastArea)
    case .all, .every, .evenly, .apart, .key: nil
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

extension Recipe.Slides {
  /// Nil where colours stay as they are.
  var stainMethod: StainMethod? {
    switch stain {
    case .none: nil
    case .macenko: .macenko
    case .reinhard: .reinhard
    }
  }
}

extension Recipe.Projection {
  /// Nil for none.
  var kind: ValueProjection.Kind? {
    switch self {
    case .none: nil
    case .max: .max
    case .min: .min
    case .mean: .mean
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
