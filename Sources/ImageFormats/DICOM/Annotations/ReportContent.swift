import MedicalImaging

/// The content tree of a report or a key object selection, read within bounds.
struct ReportContent {
  let root: ReportItem
  let references: [ImageReference]

  /// Templates nest below twenty.
  private static let deepest = 100
  /// A library of ten thousand images has some hundred thousand.
  private static let most = 1 << 20

  /// Throws `.damagedHeader` where items are nested too deeply or are too many, refer back to what holds them, or hold
  /// numbers or coordinates that are none.
  init(_ reader: inout AnnotationReader) throws(ImageError) {
    let data = reader.root
    var listed: [ImageReference] = []
    for tag in [DICOMTag.currentEvidenceSequence, .otherEvidenceSequence] {
      for study in data.items(tag) {
        listed += reader.listSeries(
          study, .referencedSeriesSequence, instances: .referencedSOPSequence,
          study: study.strings(.studyInstanceUID).first ?? "")
      }
    }
    guard data.has(.valueType) else {
      throw ImageError(.damagedHeader, "The report has no content.")
    }
    var count = 0
    root = try Self.item(data, isRoot: true, depth: 0, &count, &reader)

    var named: [ImageReference] = []
    var isCyclic = false
    var leadsNowhere = false
    let root = root
    root.visit { item, path in
      switch item.value {
      case .image(let it), .composite(let it), .waveform(let it): named.append(it)
      case .reference(let target):
        isCyclic = isCyclic || path.starts(with: target)
        leadsNowhere = leadsNowhere || root.item(at: target) == nil
      default: break
      }
    }
    guard !isCyclic else {
      throw ImageError(.damagedHeader, "An item of the report refers back to what holds it.")
    }
    if leadsNowhere {
      reader.note("report_reference", "An item of the report refers to one that is not there.")
    }
    let seen = Set(named.map(\.sopInstanceUID))
    references = (named + listed.filter { !seen.contains($0.sopInstanceUID) }).distinct
  }

  private static func item(
    _ data: DICOMItem, isRoot: Bool, depth: Int, _ count: inout Int,
    _ reader: inout AnnotationReader
  ) throws(ImageError) -> ReportItem {
    count += 1
    guard count <= most else {
      throw ImageError(.damagedHeader, "The report has more items than a report can have.")
    }
    guard depth < deepest else {
      throw ImageError(.damagedHeader, "Items of the report are nested too deeply.")
    }
    let relationship =
      isRoot ? nil : ReportItem.Relationship(rawValue: data.code(.relationshipType))
    let concept = reader.concept(data, .conceptNameCodeSequence)
    let path = data.numbers(.referencedContentItem)
    let value: ReportItem.Value
    if !isRoot, !data.has(.valueType), !path.isEmpty {
      value = .reference(path.map { $0.flatMap { Int(exactly: $0) } ?? 0 })
    } else {
      value = try self.value(data, relationship, concept, &reader)
    }
    var children: [ReportItem] = []
    for child in data.items(.contentSequence) {
      children.append(try item(child, isRoot: false, depth: depth + 1, &count, &reader))
    }
    return ReportItem(
      relationship: relationship, concept: concept, value: value, children: children)
  }

  private static func value(
    _ data: DICOMItem, _ relationship: ReportItem.Relationship?, _ concept: CodedConcept?,
    _ reader: inout AnnotationReader
  ) throws(ImageError) -> ReportItem.Value {
    let type = data.code(.valueType)
    func reference() -> ImageReference? {
      data.first(.referencedSOPSequence).flatMap(reader.reference)
    }
    switch type {
    case "CONTAINER": return .container
    case "TEXT":
      let text = reader.text(data, .textValue)
      // What the observation's context says in words is who observed, whom, where and on which order;
      // what tells lesions and times apart is needed.
      let isPersonal =
        relationship == .hasObservationContext && !ReportConcept.allowedContext.contains(concept)
      return text.isEmpty || isPersonal ? .withheld(type) : .text(text)
    case "CODE":
      return reader.concept(data, .conceptCodeSequence).map { .code($0) } ?? .withheld(type)
    case "NUM": return try number(data, reader).map { .number($0) } ?? .withheld(type)
    case "IMAGE": return reference().map { .image($0) } ?? .withheld(type)
    case "COMPOSITE": return reference().map { .composite($0) } ?? .withheld(type)
    case "WAVEFORM": return reference().map { .waveform($0) } ?? .withheld(type)
    case "UIDREF":
      let uid = data.strings(.reportedUID).first ?? ""
      return uid.isEmpty ? .withheld(type) : .uid(uid)
    case "SCOORD": return .region(try region(data))
    case "SCOORD3D": return .spatialRegion(try spatialRegion(data))
    case "PNAME", "DATE", "TIME", "DATETIME", "TCOORD", "TABLE": return .withheld(type)
    default:
      reader.note("report_item", "Items of the report are of a kind that does not exist.")
      return .withheld("")
    }
  }

  /// Nil where nothing was measured: the sequence or its value is empty.
  private static func number(_ data: DICOMItem, _ reader: AnnotationReader) throws(ImageError)
    -> ReportNumber?
  {
    guard let item = data.first(.measuredValueSequence) else { return nil }
    let isEmpty = DICOMText.trimmed(item.text(.numericValue)).isEmpty
    guard !isEmpty || item.has(.floatingPointValue) else { return nil }
    guard let value = item.number(.floatingPointValue) ?? item.number(.numericValue) else {
      throw ImageError(.damagedHeader, "A measured value of the report is no number.")
    }
    return ReportNumber(
      value: value, unit: reader.concept(item, .numericValueUnits),
      qualifier: reader.concept(data, .numericValueQualifier))
  }

  private static func region(_ data: DICOMItem) throws(ImageError) -> ImageRegion {
    let numbers = data.numbers(.graphicData).compactMap { $0 }
    guard let kind = ImageRegion.Kind(rawValue: data.code(.graphicType)), kind != .interpolated,
      numbers.count == data.numbers(.graphicData).count, numbers.count.isMultiple(of: 2),
      kind.allows(numbers.count / 2)
    else { throw badCoordinates }
    return ImageRegion(
      kind: kind,
      points: stride(from: 0, to: numbers.count, by: 2).map {
        PixelPoint(fromCorner: numbers[$0], numbers[$0 + 1])
      }, isOfWholeMatrix: data.code(.pixelOriginInterpretation) == "VOLUME")
  }

  private static func spatialRegion(_ data: DICOMItem) throws(ImageError) -> SpatialRegion {
    let numbers = data.numbers(.graphicData).compactMap { $0 }
    guard let kind = SpatialRegion.Kind(rawValue: data.code(.graphicType)), !numbers.isEmpty,
      numbers.count == data.numbers(.graphicData).count, numbers.count.isMultiple(of: 3)
    else { throw badCoordinates }
    return SpatialRegion(
      kind: kind,
      points: stride(from: 0, to: numbers.count, by: 3).map {
        Vector3(numbers[$0], numbers[$0 + 1], numbers[$0 + 2])
      }, frameOfReferenceUID: data.strings(.referencedFrameOfReferenceUID).first ?? "")
  }

  private static let badCoordinates = ImageError(
    .damagedHeader, "Coordinates of the report do not fit their shape, or are no numbers.")
}

extension ImageRegion.Kind {
  /// Whether the shape can have so many points.
  func allows(_ count: Int) -> Bool {
    switch self {
    case .point: count == 1
    case .points: count >= 1
    case .polyline, .interpolated: count >= 2
    case .circle: count == 2
    case .ellipse: count == 4
    }
  }
}
