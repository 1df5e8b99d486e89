import MedicalImaging

extension TileLayout {
  /// Whether padding shows a colour, so that a grey picture on it is grey no more.
  var hasColouredGround: Bool {
    canvases.contains { canvas in
      canvas.isColored
        && canvas.steps.contains { if case .pad = $0 { true } else { false } }
    }
  }

  /// Channels of a picture's canvases.
  func channels(of raster: Raster<some RasterSample>) -> Int {
    raster.channels == 1 && hasColouredGround ? 3 : raster.channels
  }

  /// Bytes that a picture takes at most at one time on its way to any canvas, and as tiles. Numbers in
  /// floating point, since a product of sizes may leave every integer.
  func bytes<Sample>(of raster: Raster<Sample>) -> (onItsWay: Double, tiles: Double) {
    let sample = Double(MemoryLayout<Sample>.size * channels(of: raster))
    let spread = channels(of: raster) == raster.channels ? 0 : Double(raster.columns * raster.rows)
    var most = 0.0
    var tiles = 0.0
    for canvas in canvases {
      var (columns, rows) = (pictureColumns, pictureRows)
      // The picture itself is its owner's.
      var held = spread
      for step in canvas.steps {
        let before = (columns, rows)
        switch step {
        case .resize(let newColumns, let newRows): (columns, rows) = (newColumns, newRows)
        case .crop(let inX, let inY): (columns, rows) = (inX.count, inY.count)
        case .pad(let left, let top, let right, let bottom):
          columns += left + right
          rows += top + bottom
        case .mirror, .flip, .transpose: break
        }
        let new = Double(columns) * Double(rows)
        // Between its two passes a resize holds one side old, one new.
        let between = max(Double(columns) * Double(before.1), Double(before.0) * Double(rows))
        if case .resize = step {
          most = max(most, held + between + new)
        } else {
          most = max(most, held + new)
        }
        held = spread + new
      }
      tiles += Double(columns) * Double(rows)
    }
    return (most * sample, tiles * sample)
  }
}
