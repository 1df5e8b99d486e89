import MedicalImaging

extension PicturePatcher {
  /// A picture as its encoder takes it; see `pixelValues(of:as:pixelSize:isSlide:)` of several.
  public func pixelValues<Sample: PatchedSample>(
    of raster: Raster<Sample>, as form: TensorForm? = nil,
    pixelSize: TiledPicture.PixelSize? = nil, isSlide: Bool = false
  ) throws(ImageError) -> PixelValues {
    try pixelValues(of: [raster], as: form, pixelSize: pixelSize, isSlide: isSlide)
  }

  /// Pictures of one modality as one tensor, one after the other, for example neighbouring slices.
  ///
  /// Without a form the statistics are those of the policy's own model, in float32, channels first. A
  /// grey picture gets three equal channels. Each canvas is resized once and read once: no tile exists
  /// beside the tensor.
  ///
  /// Throws what `tiles` throws; `.tiling` too where statistics of three colours meet another number of
  /// channels, where sizes of tiles or numbers of channels differ, and where numbers are too large for
  /// the type.
  public func pixelValues<Sample: PatchedSample>(
    of rasters: [Raster<Sample>], as form: TensorForm? = nil,
    pixelSize: TiledPicture.PixelSize? = nil, isSlide: Bool = false
  ) throws(ImageError) -> PixelValues {
    var layouts: [TileLayout] = []
    for raster in rasters {
      layouts.append(try layout(of: raster, pixelSize: pixelSize, isSlide: isSlide))
    }
    let form = form ?? TensorForm(type(of: policy).statistics)
    return try pixelValues(of: rasters, by: layouts, as: form)
  }

  /// The same by layouts, each made of its picture's size.
  public func pixelValues<Sample: PatchedSample>(
    of rasters: [Raster<Sample>], by layouts: [TileLayout], as form: TensorForm
  ) throws(ImageError) -> PixelValues {
    precondition(!rasters.isEmpty && rasters.count == layouts.count)
    let channels = try channels(of: rasters, form.statistics)
    let shape = try shape(of: layouts, channels: channels, form.order)
    // Pictures go one by one: what the largest takes, and the tensor.
    let onTheWay = zip(rasters, layouts).map { $1.bytes(of: $0).onItsWay }.max() ?? 0
    let tensor = shape.map(Double.init).reduce(Double(form.scalar.size), *)
    try check([onTheWay, tensor])
    for (raster, layout) in zip(rasters, layouts) { try checkSamples(of: raster, for: layout) }

    let count = shape.reduce(1, *) * form.scalar.size
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: count) { memory, used in
      let all = UnsafeMutableRawBufferPointer(memory)
      unsafe LargeMemory.prepare(all)
      var start = 0
      for (raster, layout) in zip(rasters, layouts) {
        let raster = prepared(raster, for: layout)
        for canvas in layout.canvases {
          for (part, picture) in parts(of: self.canvas(canvas, of: raster), canvas) {
            let numbers = PixelTarget.numbers(part, layout.patches, channels: channels)
            let end = start + numbers * form.scalar.size
            let target = unsafe PixelTarget(
              UnsafeMutableRawBufferPointer(rebasing: all[start..<end]), form, part,
              layout.patches, channels: channels)
            Sample.write(picture, to: target)
            start = end
          }
        }
      }
      used = start
    }
    let pixels = Tensor(shape: shape, scalar: form.scalar, bytes: bytes)
    if Sample.self != UInt8.self { try checkFinite(pixels) }
    return PixelValues(layouts: layouts, pixels: pixels, grid: grid(of: layouts))
  }

  /// What of a canvas is brought into a tensor at once: all of it, or where it ends before its tiles do
  /// each tile.
  private func parts<Sample: PatchedSample>(
    of whole: Raster<Sample>, _ canvas: TileLayout.Canvas
  ) -> [(TileLayout.Canvas, Raster<Sample>)] {
    guard canvas.rim != nil else { return [(canvas, whole)] }
    let part = TileLayout.Canvas(
      canvas.kind, steps: [], tileColumns: canvas.tileColumns, tileRows: canvas.tileRows)
    return (0..<canvas.tiles).map { index in
      let (column, row) = (index % canvas.columns, index / canvas.columns)
      return (part, tile(of: whole, canvas, column: column, row: row))
    }
  }

  /// Channels of the tensor.
  private func channels<Sample>(
    of rasters: [Raster<Sample>], _ statistics: PixelStatistics
  ) throws(ImageError) -> Int {
    let channels = rasters[0].channels
    for raster in rasters where raster.channels != channels {
      throw ImageError(
        .tiling, "Pictures of \(channels) and of \(raster.channels) channels make no tensor.")
    }
    if channels == 1 { return 3 }
    guard channels == 3 || statistics.isUniform else {
      throw ImageError(
        .tiling, "Statistics of red, green and blue do not fit \(channels) channels.",
        remedy: "Choose statistics that are equal for all channels, or give each as a picture.")
    }
    return channels
  }

  private func shape(
    of layouts: [TileLayout], channels: Int, _ order: TensorForm.Order
  ) throws(ImageError) -> [Int] {
    let first = layouts[0]
    if let patches = first.patches {
      let counts = layouts.map { layout in
        layout.canvases.reduce(0) { count, canvas in
          count
            + canvas.tiles * (canvas.tileColumns / patches.side) * (canvas.tileRows / patches.side)
        }
      }
      return [
        counts.reduce(0, +), channels * patches.frames * patches.side * patches.side,
      ]
    }
    let (columns, rows) = (first.grid.tileColumns, first.grid.tileRows)
    for canvas in layouts.flatMap(\.canvases)
    where (canvas.tileColumns, canvas.tileRows) != (columns, rows) {
      throw ImageError(
        .tiling,
        "Tiles of \(columns) x \(rows) and \(canvas.tileColumns) x \(canvas.tileRows) pixels make no tensor."
      )
    }
    let tiles = layouts.reduce(0) { $0 + $1.tiles }
    switch order {
    case .channelsFirst: return [tiles, channels, rows, columns]
    case .channelsLast: return [tiles, rows, columns, channels]
    }
  }

  /// Frames, rows and columns of patches of each picture; nil of tiles.
  private func grid(of layouts: [TileLayout]) -> Tensor? {
    guard let patches = layouts[0].patches else { return nil }
    let numbers = layouts.flatMap { layout in
      [1, layout.grid.tileRows / patches.side, layout.grid.tileColumns / patches.side]
    }
    return Tensor(shape: [layouts.count, 3], numbers.map(Int64.init))
  }

  private func checkFinite(_ pixels: Tensor) throws(ImageError) {
    let count = pixels.infinite
    guard count == 0 else {
      throw ImageError(
        .tiling, "\(count) numbers are too large for \(pixels.scalar.rawValue).",
        remedy: "Choose float32, or bring the values to 0...1 first.")
    }
  }
}
