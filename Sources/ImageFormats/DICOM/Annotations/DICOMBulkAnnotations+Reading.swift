import MedicalImaging

extension DICOMBulkAnnotations {
  /// Nothing lies further away, in pixels or millimetres.
  fileprivate static let farthest = 1e9

  init(_ opening: DICOMOpening) throws(ImageError) {
    var reader = try AnnotationReader(opening)
    let root = reader.root
    identity = reader.identity
    // What it lists comes first, since it tells the series of the image.
    let listed = reader.listCommonInstances()
    let images = reader.references(root, .referencedImageSequence)
    references =
      (images
      + listed.filter { other in
        !images.contains { $0.sopInstanceUID == other.sopInstanceUID }
      }).distinct
    switch root.code(.annotationCoordinateType) {
    case "3D": space = .slide
    case "2D":
      switch root.code(.pixelOriginInterpretation) {
      case "VOLUME": space = .matrix
      case "FRAME": space = .frame
      case "":
        space = .matrix
        reader.note(
          "pixel_origin",
          "Annotations do not say whether they count in the whole slide or a frame; the slide was taken."
        )
      default: throw Self.damage("The annotations count in pixels of something unknown.")
      }
      guard images.count == 1, space != .frame || images[0].frames.count == 1 else {
        throw Self.damage("The annotations do not name the one image that they count in.")
      }
    default: throw Self.damage("The annotations are neither 2D nor 3D.")
    }
    // Of type 1, and behind the groups: only with it is it sure that none of them is cut off.
    guard root.has(.contentLabel) else {
      throw ImageError(.truncated, "The annotations end before their Content Label.")
    }
    let items = root.items(.annotationGroupSequence)
    guard !items.isEmpty else { throw Self.damage("The annotations have no groups.") }
    groups = []
    for (index, item) in items.enumerated() {
      groups.append(try Group(item, reader, isFlat: space != .slide, place: index + 1))
    }
    findings = reader.findings
  }

  fileprivate static func damage(_ sentence: String) -> ImageError {
    ImageError(.damagedHeader, sentence)
  }
}

extension DICOMBulkAnnotations.Group {
  /// `place` counts groups from 1, for messages.
  fileprivate init(_ item: DICOMItem, _ reader: AnnotationReader, isFlat: Bool, place: Int)
    throws(ImageError)
  {
    func damage(_ words: String) -> ImageError {
      DICOMBulkAnnotations.damage("Annotation group \(place) \(words).")
    }
    guard let number = item.integer(.annotationGroupNumber) else { throw damage("has no number") }
    guard let graphic = DICOMBulkAnnotations.Graphic(rawValue: item.code(.graphicType)) else {
      throw damage("is of a graphic type that the standard does not know")
    }
    guard let count = item.integer(.numberOfAnnotations), count >= 0 else {
      throw damage("does not say how many annotations it has")
    }
    self.number = number
    self.graphic = graphic
    self.count = count
    label = reader.text(item, .annotationGroupLabel)
    category = reader.concept(item, .annotationPropertyCategory)
    type = reader.concept(item, .annotationPropertyType)
    let heights = item.numbers(.commonZCoordinateValue)
    planes = heights.compactMap(\.self)
    guard planes.count == heights.count else { throw damage("has a plane that is no number") }
    isOfAllPlanes = item.code(.annotationAppliesToAllZPlanes) == "YES"
    opticalPaths =
      item.code(.annotationAppliesToAllOpticalPaths) == "NO"
      ? item.strings(.referencedOpticalPathIdentifier) : nil
    dimensions = isFlat || !planes.isEmpty ? 2 : 3
    guard let numbers = item.coordinates() else { throw damage("has no list of coordinates") }
    coordinates = numbers
    guard numbers.count.isMultiple(of: dimensions) else {
      throw damage("ends within a point")
    }
    // False for what is no number as well.
    guard numbers.allSatisfy({ abs($0) <= DICOMBulkAnnotations.farthest }) else {
      throw damage("has coordinates that are no numbers, or impossibly far")
    }
    starts = []
    switch graphic {
    case .point:
      guard pointCount == count else { throw damage("has another number of points than it says") }
    case .ellipse, .rectangle:
      guard count <= pointCount, pointCount == 4 * count else {
        throw damage("has not four points for each of its annotations")
      }
    case .polyline, .polygon:
      let least = graphic == .polygon ? 3 : 2
      guard let starts = Self.starts(item, dimensions), starts.count == count else {
        throw damage("has another number of shapes than it says, or places that are no point's")
      }
      self.starts = starts
      guard starts.first ?? 0 == 0,
        (0..<count).allSatisfy({ index in
          let next = index + 1 < count ? starts[index + 1] : pointCount
          return next - starts[index] >= least
        }), count > 0 || pointCount == 0
      else { throw damage("has shapes of too few points, or not one after the other") }
    }
  }

  /// Long Primitive Point Index List: where shapes begin, in single values counted from 1 and not in points
  /// (PS3.3 C.37.1.2.1.1). Nil where one is not the first of a point.
  private static func starts(_ item: DICOMItem, _ dimensions: Int) -> [Int]? {
    guard let bytes = item.value(.longPrimitivePointIndexList, longest: .max)?.bytes,
      bytes.count.isMultiple(of: 4)
    else { return nil }
    var starts: [Int] = []
    starts.reserveCapacity(bytes.count / 4)
    for at in stride(from: 0, to: bytes.count, by: 4) {
      let index = Int(UInt32(littleEndian: bytes, at: at)) - 1
      guard index >= 0, index.isMultiple(of: dimensions) else { return nil }
      starts.append(index / dimensions)
    }
    return starts
  }
}

extension DICOMItem {
  /// Point Coordinates Data of 32 bits, or Double Point Coordinates Data of 64; nil where there is neither, or
  /// both.
  fileprivate func coordinates() -> [Double]? {
    let single = value(.pointCoordinatesData, longest: .max)?.bytes
    let double = value(.doublePointCoordinatesData, longest: .max)?.bytes
    switch (single, double) {
    case (let bytes?, nil) where bytes.count.isMultiple(of: 4):
      return stride(from: 0, to: bytes.count, by: 4).map {
        Double(Float(bitPattern: UInt32(littleEndian: bytes, at: $0)))
      }
    case (nil, let bytes?) where bytes.count.isMultiple(of: 8):
      return stride(from: 0, to: bytes.count, by: 8).map {
        Double(
          bitPattern: UInt64(UInt32(littleEndian: bytes, at: $0))
            | UInt64(UInt32(littleEndian: bytes, at: $0 + 4)) << 32)
      }
    default: return nil
    }
  }
}

extension UInt32 {
  fileprivate init(littleEndian bytes: [UInt8], at index: Int) {
    self =
      UInt32(bytes[index]) | UInt32(bytes[index + 1]) << 8 | UInt32(bytes[index + 2]) << 16
      | UInt32(bytes[index + 3]) << 24
  }
}

extension DICOMTag {
  // Microscopy bulk simple annotations (PS3.3 C.37.1).
  fileprivate static let annotationGroupNumber = DICOMTag(0x0040, 0xA180, .unsigned16)
  fileprivate static let pointCoordinatesData = DICOMTag(0x0066, 0x0016, .float32)
  fileprivate static let doublePointCoordinatesData = DICOMTag(0x0066, 0x0022, .float64)
  fileprivate static let longPrimitivePointIndexList = DICOMTag(0x0066, 0x0040, .unsigned32)
  fileprivate static let annotationCoordinateType = DICOMTag(0x006A, 0x0001)
  fileprivate static let annotationGroupSequence = DICOMTag(0x006A, 0x0002, .sequence)
  fileprivate static let annotationGroupLabel = DICOMTag(0x006A, 0x0005)
  fileprivate static let annotationPropertyCategory = DICOMTag(0x006A, 0x0009, .sequence)
  fileprivate static let annotationPropertyType = DICOMTag(0x006A, 0x000A, .sequence)
  fileprivate static let numberOfAnnotations = DICOMTag(0x006A, 0x000C, .unsigned32)
  fileprivate static let annotationAppliesToAllOpticalPaths = DICOMTag(0x006A, 0x000D)
  fileprivate static let referencedOpticalPathIdentifier = DICOMTag(0x006A, 0x000E)
  fileprivate static let annotationAppliesToAllZPlanes = DICOMTag(0x006A, 0x000F)
  fileprivate static let contentLabel = DICOMTag(0x0070, 0x0080)
  fileprivate static let commonZCoordinateValue = DICOMTag(0x006A, 0x0010, .float64)
}
