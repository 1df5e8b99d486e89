import MedicalImaging
import Preprocessing

/// The recipe's words as what the rooms below work with.
extension Recipe {
  /// Throws `.recipe` where a window's name is not in the table of presets.
  var displayParameters: DisplayParameters {
    get throws {
      guard let ct = DisplayParameters.CT(intensity.ct.text) else {
        throw ImageError(.recipe, "The recipe's window for CT has no known name.")
      }
      return try DisplayParameters(
        ct: ct,
        foreground: .init(low: intensity.mrPercentiles.low, high: intensity.mrPercentiles.high),
        all: .init(low: intensity.percentiles.low, high: intensity.percentiles.high))
    }
  }

  var tiling: InternVLTiling {
    get throws {
      try InternVLTiling(
        tileSize: tiles.size, minTiles: tiles.min, maxTiles: tiles.max, thumbnail: tiles.thumbnail)
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
