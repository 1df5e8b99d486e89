import MedicalImaging

extension DICOMHeaderReader {
  /// More regions than a picture has, and more vertices than a collimator.
  private static let most = 256
  /// What is thinner, in pixels, shows nothing.
  private static let leastSide = 16

  /// Regions of ultrasound, collimator and shutter, as far as they can be believed.
  mutating func readAreas(_ format: PixelFormat) -> PictureAreas {
    var areas = PictureAreas()
    areas.ultrasound = readUltrasound(format)
    areas.collimator = readShapes(.collimator)
    areas.shutter = readShapes(.shutter)
    return areas
  }

  /// Regions (PS3.3 C.8.5.5): their first and last pixels, counted from 0. Where one of those that
  /// show echoes does not lie in the picture, all are meant for a picture of another size.
  private mutating func readUltrasound(_ format: PixelFormat) -> [UltrasoundRegion] {
    var regions: [UltrasoundRegion] = []
    for item in root.items(.ultrasoundRegions).prefix(Self.most) {
      var region = UltrasoundRegion(
        columns: 0...0, rows: 0...0, spatialFormat: item.integer(.regionSpatialFormat) ?? 0,
        dataType: item.integer(.regionDataType) ?? 0)
      if let columns = edges(item, .regionMinX0, .regionMaxX1, within: format.columns),
        let rows = edges(item, .regionMinY0, .regionMaxY1, within: format.rows)
      {
        (region.columns, region.rows) = (columns, rows)
        regions.append(region)
      } else if region.isOfEchoes {
        note(
          "ultrasound_regions", "Regions of the ultrasound picture do not fit it; none was used.")
        return []
      }
    }
    return regions
  }

  /// The first and last line of a region; nil where it is not inside of `count`, or too thin.
  private mutating func edges(
    _ item: DICOMItem, _ first: DICOMTag, _ last: DICOMTag, within count: Int
  ) -> ClosedRange<Int>? {
    // Some scanners say the line behind the last one.
    guard let low = item.integer(first), let high = item.integer(last), low >= 0, high <= count,
      min(high, count - 1) - low >= Self.leastSide - 1
    else { return nil }
    if high == count {
      note(
        "ultrasound_region_edge",
        "A region of the ultrasound picture ends one pixel behind it; it was cut off there.")
    }
    return low...min(high, count - 1)
  }

  /// The shapes of a module; none of them where one cannot be read, for all together are what is meant.
  private mutating func readShapes(_ module: DICOMItem.ShapeModule) -> [PlaneShape] {
    let words = root.shapeWords(module)
    let shapes = words.compactMap { root.shape($0, of: module) }
    let isSane =
      shapes.count == words.count && shapes.count <= 3
      && shapes.allSatisfy {
        if case .polygon(let vertices) = $0 { vertices.count <= Self.most } else { true }
      }
    guard isSane else {
      note("shutter", "The shape of the collimator or shutter cannot be read; it was not used.")
      return []
    }
    return shapes
  }
}
