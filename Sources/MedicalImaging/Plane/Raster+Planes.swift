extension Raster {
  /// Pictures of one size as one, a channel each: neighbouring slices, for example.
  ///
  /// - Throws: `.tiling` where there are none, where sizes differ, or where one has several channels.
  public init(planes: [Raster]) throws(ImageError) {
    guard let first = planes.first else {
      throw ImageError(.tiling, "No pictures make no channels.")
    }
    for plane in planes {
      guard plane.channels == 1 else {
        throw ImageError(.tiling, "A channel is made of grey, not of \(plane.channels) channels.")
      }
      guard plane.columns == first.columns, plane.rows == first.rows else {
        throw ImageError(
          .tiling,
          "Pictures of \(first.columns) x \(first.rows) and \(plane.columns) x \(plane.rows) pixels make no channels."
        )
      }
    }
    var samples: [Sample] = []
    samples.reserveCapacity(first.samples.count * planes.count)
    for i in first.samples.indices {
      for plane in planes { samples.append(plane.samples[i]) }
    }
    self.init(
      columns: first.columns, rows: first.rows, channels: planes.count, samples: samples)
  }
}
