import MedicalImaging

/// Where the samples of one canvas go in a tensor, and what becomes of them; made by `PicturePatcher`.
///
/// Safe because it lives inside the closure that the memory is lent to, and every write lies in the part
/// whose size was worked out from the same canvas.
@safe public struct PixelTarget {
  let form: TensorForm
  let canvas: TileLayout.Canvas
  let patches: PatchOrder?
  /// Of the tensor: those of the picture, or three of a grey one.
  let channels: Int
  /// The canvas's part of the tensor.
  private let memory: UnsafeMutableRawBufferPointer

  init(
    _ memory: UnsafeMutableRawBufferPointer, _ form: TensorForm, _ canvas: TileLayout.Canvas,
    _ patches: PatchOrder?, channels: Int
  ) {
    (self.form, self.canvas, self.patches, self.channels) = (form, canvas, patches, channels)
    unsafe self.memory = memory
    precondition(
      memory.count == Self.numbers(canvas, patches, channels: channels) * form.scalar.size)
  }

  /// Numbers of a tensor that a canvas gives.
  static func numbers(_ canvas: TileLayout.Canvas, _ patches: PatchOrder?, channels: Int) -> Int {
    canvas.tiles * canvas.tileColumns * canvas.tileRows * channels * (patches?.frames ?? 1)
  }

  /// Mean and deviation of each channel.
  var scales: [(mean: Float, deviation: Float)] { form.statistics.scales(channels: channels) }

  /// Samples of 8 bits by `table`, 256 entries a channel.
  func write<Element: BitwiseCopyable>(_ picture: Raster<UInt8>, byTable table: [Element]) {
    precondition(table.count == 256 * channels)
    let out = unsafe memory.assumingMemoryBound(to: Element.self)
    unsafe table.withUnsafeBufferPointer { table in
      unsafe picture.samples.withUnsafeBufferPointer { samples in
        let (from, to) = (picture.channels, sampleStep)
        walk(picture) { source, target, count, channel in
          let entries = unsafe UnsafeBufferPointer(
            rebasing: table[256 * channel..<256 * channel + 256])
          var (source, target) = (source, target)
          for _ in 0..<count {
            unsafe out[target] = entries[Int(samples[source])]
            source &+= from
            target &+= to
          }
        }
      }
    }
  }

  /// Samples in floating point; `element` is a number as the tensor holds it.
  @inline(__always)
  func write<Element: BitwiseCopyable>(
    _ picture: Raster<Float>, as element: (Float) -> Element
  ) {
    let out = unsafe memory.assumingMemoryBound(to: Element.self)
    let scales = scales
    unsafe picture.samples.withUnsafeBufferPointer { samples in
      let (from, to) = (picture.channels, sampleStep)
      walk(picture) { source, target, count, channel in
        let (mean, deviation) = scales[channel]
        var (source, target) = (source, target)
        for _ in 0..<count {
          unsafe out[target] = element((samples[source] - mean) / deviation)
          source &+= from
          target &+= to
        }
      }
    }
  }

  /// From a sample of a row to its neighbour in the tensor.
  private var sampleStep: Int {
    patches == nil && form.order == .channelsLast ? channels : 1
  }

  /// Calls `run` for every stretch of a row that lies together: its first sample in the picture, its
  /// place in the tensor, its pixels, its channel. A grey picture gives its samples to every channel.
  @inline(__always)
  private func walk(_ picture: Raster<some RasterSample>, _ run: (Int, Int, Int, Int) -> Void) {
    precondition(picture.channels == channels || picture.channels == 1)
    precondition(picture.columns == canvas.columns * canvas.tileColumns)
    precondition(picture.rows == canvas.rows * canvas.tileRows)
    if let patches {
      walk(picture, patches, run)
    } else {
      walkTiles(picture, run)
    }
  }

  @inline(__always)
  private func walkTiles(
    _ picture: Raster<some RasterSample>, _ run: (Int, Int, Int, Int) -> Void
  ) {
    let (width, height) = (canvas.tileColumns, canvas.tileRows)
    let isLast = form.order == .channelsLast
    for tile in 0..<canvas.tiles {
      let (left, top) = (tile % canvas.columns * width, tile / canvas.columns * height)
      let first = tile * channels * width * height
      for channel in 0..<channels {
        let sample = picture.channels == 1 ? 0 : channel
        for row in 0..<height {
          let source = ((top + row) * picture.columns + left) * picture.channels + sample
          let target =
            isLast
            ? first + row * width * channels + channel
            : first + (channel * height + row) * width
          run(source, target, width, channel)
        }
      }
    }
  }

  /// Blocks row by row, patches of a block row by row, and of a patch channels, frames, rows. Frames are
  /// equal, so all but the first are copies.
  @inline(__always)
  private func walk(
    _ picture: Raster<some RasterSample>, _ patches: PatchOrder,
    _ run: (Int, Int, Int, Int) -> Void
  ) {
    let (side, merge) = (patches.side, patches.merge)
    let block = side * merge
    precondition(picture.columns.isMultiple(of: block) && picture.rows.isMultiple(of: block))
    var target = 0
    for top in stride(from: 0, to: picture.rows, by: block) {
      for left in stride(from: 0, to: picture.columns, by: block) {
        for patch in 0..<merge * merge {
          let (x, y) = (left + patch % merge * side, top + patch / merge * side)
          for channel in 0..<channels {
            let sample = picture.channels == 1 ? 0 : channel
            let frame = target
            for row in y..<y + side {
              run((row * picture.columns + x) * picture.channels + sample, target, side, channel)
              target += side
            }
            for _ in 1..<patches.frames {
              copy(frame, side * side, to: target)
              target += side * side
            }
          }
        }
      }
    }
  }

  /// Numbers that are there already, once more.
  private func copy(_ first: Int, _ count: Int, to target: Int) {
    let size = form.scalar.size
    let start = unsafe memory.baseAddress
    unsafe start?.advanced(by: target * size)
      .copyMemory(from: start! + first * size, byteCount: count * size)
  }
}
