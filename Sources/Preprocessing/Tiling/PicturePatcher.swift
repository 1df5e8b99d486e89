import MedicalImaging

/// Cuts pictures into what an encoder gets: the one code path of `gmai-prep tile`, of data sets whose
/// tiles are cut, and of programs that import this.
public struct PicturePatcher: Sendable {
  /// By whose rule pictures are laid out.
  public let policy: any TilingPolicy
  /// How they are resized.
  public let filter: ResizeFilter
  /// Bytes that pictures may take on their way and as tiles or tensor, their own left out.
  public let memoryLimit: Int
  /// What black and white are of samples in floating point: a ground lies between them.
  public let range: ClosedRange<Float>

  /// Cuts by a policy; without a limit whatever memory there is may be taken.
  public init(
    _ policy: any TilingPolicy, filter: ResizeFilter = .bicubic, memoryLimit: Int = .max,
    range: ClosedRange<Float> = 0...1
  ) {
    self.policy = policy
    self.filter = filter
    self.memoryLimit = memoryLimit
    self.range = range
  }

  /// The layout of a picture by the policy.
  ///
  /// Throws `.tiling` for a size that the policy refuses.
  public func layout<Sample>(
    of raster: Raster<Sample>, pixelSize: TiledPicture.PixelSize? = nil, isSlide: Bool = false
  ) throws(ImageError) -> TileLayout {
    try policy.layout(
      of: TiledPicture(
        columns: raster.columns, rows: raster.rows, pixelSize: pixelSize, isSlide: isSlide))
  }

  /// The tiles of a picture in the order of its layout; of a grey one grey too, unless it is laid on a
  /// coloured ground.
  ///
  /// Throws `.tiling` for a size that the policy refuses, for samples that are no finite numbers, and
  /// where the ground does not suit the channels; `.memory` where the picture on its way would take
  /// more than the limit.
  public func tiles<Sample: PatchedSample>(
    of raster: Raster<Sample>, pixelSize: TiledPicture.PixelSize? = nil, isSlide: Bool = false
  ) throws(ImageError) -> TiledRaster<Sample> {
    let layout = try layout(of: raster, pixelSize: pixelSize, isSlide: isSlide)
    return TiledRaster(layout: layout, tiles: try tiles(of: raster, by: layout))
  }

  /// The tiles of a picture by a layout that was made of its size.
  public func tiles<Sample: PatchedSample>(
    of raster: Raster<Sample>, by layout: TileLayout
  ) throws(ImageError) -> [Raster<Sample>] {
    let needed = layout.bytes(of: raster)
    try check([needed.onItsWay + needed.tiles])
    try checkSamples(of: raster, for: layout)
    let raster = prepared(raster, for: layout)
    return layout.canvases.flatMap { canvas in
      let whole = self.canvas(canvas, of: raster)
      return (0..<canvas.rows).flatMap { row in
        (0..<canvas.columns).map { tile(of: whole, canvas, column: $0, row: row) }
      }
    }
  }

  /// That a picture can go by a layout.
  func checkSamples<Sample: PatchedSample>(
    of raster: Raster<Sample>, for layout: TileLayout
  ) throws(ImageError) {
    precondition(raster.columns == layout.pictureColumns && raster.rows == layout.pictureRows)
    let odd = Sample.nonFinite(raster)
    guard odd.isEmpty else {
      let infinite = odd.positiveInfinity + odd.negativeInfinity
      throw ImageError(
        .tiling,
        "\(odd.notANumber) samples of the picture are no numbers, \(infinite) are infinite.",
        remedy: "Give them a value first; padding of modality values has none either.")
    }
    guard !layout.hasColouredGround || raster.channels == 1 || raster.channels == 3 else {
      throw ImageError(
        .tiling, "A picture of \(raster.channels) channels does not go on a coloured ground.",
        remedy: "Choose another policy, or give each channel as a picture of its own.")
    }
  }

  /// The picture as its canvases begin with it: in colours where its ground has some.
  func prepared<Sample>(_ raster: Raster<Sample>, for layout: TileLayout) -> Raster<Sample> {
    layout.hasColouredGround && raster.channels == 1 ? raster.spread(channels: 3) : raster
  }

  /// The picture after all steps to a canvas.
  func canvas<Sample: PatchedSample>(
    _ canvas: TileLayout.Canvas, of raster: Raster<Sample>
  ) -> Raster<Sample> { after(canvas.steps, of: raster, canvas) }

  /// One tile of a canvas.
  func tile<Sample: PatchedSample>(
    of whole: Raster<Sample>, _ canvas: TileLayout.Canvas, column: Int, row: Int
  ) -> Raster<Sample> { after(canvas.steps(column: column, row: row), of: whole, canvas) }

  private func after<Sample: PatchedSample>(
    _ steps: [PictureMap.Step], of raster: Raster<Sample>, _ canvas: TileLayout.Canvas
  ) -> Raster<Sample> {
    let ground = (0..<raster.channels).map {
      Sample.ground(canvas.ground[min($0, canvas.ground.count - 1)], in: range)
    }
    return steps.reduce(raster) { $0.after($1, filter, ground: ground) }
  }

  /// That pictures that need so many bytes each may go on.
  func check(_ needed: [Double]) throws(ImageError) {
    let bytes = needed.reduce(0, +)
    guard bytes <= Double(memoryLimit) else {
      func megabytes(_ bytes: Double) -> Int { Int(min(bytes / 1_048_576, 1e15).rounded(.up)) }
      throw ImageError(
        .memory,
        "Resized and cut the picture takes \(megabytes(bytes)) MiB, and \(memoryLimit >> 20) are allowed.",
        remedy: "Raise --memory, or shrink the picture first.")
    }
  }
}

/// A picture's tiles, in the order of their layout.
public struct TiledRaster<Sample: PatchedSample>: Sendable {
  /// How they were made of the picture.
  public var layout: TileLayout
  /// Row by row of each canvas.
  public var tiles: [Raster<Sample>]
}

extension Raster where Sample: PatchedSample {
  /// The picture after a step of its way to a canvas; `ground` has a sample a channel.
  func after(_ step: PictureMap.Step, _ filter: ResizeFilter, ground: [Sample]) -> Raster {
    switch step {
    case .resize(let columns, let rows):
      let resize = PictureResize(
        columns: self.columns, rows: self.rows, toColumns: columns, toRows: rows, filter: filter)
      return Raster(
        columns: columns, rows: rows, channels: channels,
        samples: Sample.resized(samples, channels: channels, by: resize))
    case .crop(let columns, let rows): return cropped(columns: columns, rows: rows)
    case .pad(let left, let top, let right, let bottom):
      return padded(left: left, top: top, right: right, bottom: bottom, with: ground)
    case .mirror, .flip, .transpose: preconditionFailure("no layout turns a picture")
    }
  }
}

extension Raster {
  /// A grey picture in several channels that are equal.
  func spread(channels: Int) -> Raster {
    precondition(self.channels == 1)
    var out: [Sample] = []
    out.reserveCapacity(samples.count * channels)
    for sample in samples {
      for _ in 0..<channels { out.append(sample) }
    }
    return Raster(columns: columns, rows: rows, channels: channels, samples: out)
  }
}
