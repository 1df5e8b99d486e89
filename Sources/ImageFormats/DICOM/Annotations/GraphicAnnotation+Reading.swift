import MedicalImaging

extension GraphicAnnotation {
  init(_ item: DICOMItem, _ reader: AnnotationReader) throws(ImageError) {
    references = reader.references(item, .referencedImageSequence)
    layer = item.code(.graphicLayer)
    graphics = try item.items(.graphicObjectSequence).map { object throws(ImageError) in
      try Self.graphic(object)
    }
    texts = try item.items(.textObjectSequence).map { object throws(ImageError) in
      try Self.text(object, reader)
    }
  }

  private static let damage = ImageError(
    .damagedHeader, "Coordinates of a graphic annotation do not fit their shape, or are no numbers."
  )

  private static func graphic(_ item: DICOMItem) throws(ImageError) -> Graphic {
    let numbers = item.numbers(.graphicData)
    let points = numbers.compactMap(\.self)
    guard let units = Units(rawValue: item.code(.graphicUnits)),
      let kind = ImageRegion.Kind(rawValue: item.code(.graphicType)), kind != .points,
      points.count == numbers.count, points.count.isMultiple(of: 2), kind.allows(points.count / 2)
    else { throw damage }
    return Graphic(
      units: units,
      shape: ImageRegion(
        kind: kind,
        points: stride(from: 0, to: points.count, by: 2).map {
          place(points[$0], points[$0 + 1], units)
        }, isOfWholeMatrix: units == .matrix),
      isFilled: item.code(.graphicFilled) == "Y")
  }

  private static func text(_ item: DICOMItem, _ reader: AnnotationReader) throws(ImageError) -> Text
  {
    func units(_ tag: DICOMTag) throws(ImageError) -> Units {
      guard let units = Units(rawValue: item.code(tag)) else { throw damage }
      return units
    }
    func point(_ tag: DICOMTag, _ units: Units) throws(ImageError) -> PixelPoint {
      guard let pair = item.vector(tag, count: 2) else { throw damage }
      return place(pair[0], pair[1], units)
    }
    var text = Text(text: reader.text(item, .unformattedTextValue))
    if item.has(.boundingBoxTopLeft) {
      let units = try units(.boundingBoxUnits)
      text.box = Box(
        units: units, topLeft: try point(.boundingBoxTopLeft, units),
        bottomRight: try point(.boundingBoxBottomRight, units))
    }
    if item.has(.anchorPoint) {
      let units = try units(.anchorPointUnits)
      text.anchor = Anchor(units: units, point: try point(.anchorPoint, units))
    }
    return text
  }

  private static func place(_ x: Double, _ y: Double, _ units: Units) -> PixelPoint {
    units == .display ? PixelPoint(column: x, row: y) : PixelPoint(fromCorner: x, y)
  }
}
