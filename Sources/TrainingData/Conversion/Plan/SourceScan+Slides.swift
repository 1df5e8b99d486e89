import ImageFormats
import MedicalImaging

/// DICOM slides: what only all instances of a series tell together.
extension SourceScan {
  /// Rejects the instances of slides whose pixels are of no known size, or that lack what is wanted of
  /// them. It is asked anew by every run: an instance that has come since may tell.
  func judgeSlides() throws {
    var start = 0
    let all = try state.slides()
    while start < all.count {
      let end = all[start...].firstIndex { $0.series != all[start].series } ?? all.count
      let images = all[start..<end]
      let series = SlideSeries(
        try images.map { try StoredHeader.decode(try state.header($0.token)) },
        given: policy.micronsPerPixel, opticalPath: policy.opticalPath)
      let tiles = policy.tiles.map { series.tileRefusals($0) } ?? series.refusals
      for (image, (slide, tile)) in zip(images, zip(series.refusals, tiles)) {
        if let refusal = slide ?? tile { try state.recordSlide(image.token, refusal: refusal) }
      }
      start = end
    }
  }
}
