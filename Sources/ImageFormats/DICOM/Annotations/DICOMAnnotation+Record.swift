import MedicalImaging

extension DICOMAnnotation {
  /// As much as a study of a hundred thousand images needs.
  public static let mostReferences = 1 << 17

  /// What of it joins it with images, and how much it holds, without contours, contents and names.
  ///
  /// References are kept as long as they, their frames and their segments are no more than `most`
  /// together; where that is not all, a finding says so.
  public func record(mostReferences most: Int = Self.mostReferences) -> AnnotationRecord {
    var record = AnnotationRecord(
      summary: summary, identity: identity, references: references,
      framesOfReference: framesOfReference)
    var weight = 0
    let end = record.references.firstIndex { reference in
      weight += 1 + reference.frames.count + reference.segments.count
      return weight > most
    }
    let isCapped = end != nil || record.framesOfReference.count > most
    record.references.removeSubrange((end ?? record.references.count)...)
    record.framesOfReference.removeSubrange(min(most, record.framesOfReference.count)...)
    if isCapped {
      record.summary.findings.append(
        .init(
          "references_capped",
          "The object references more than is kept of one object; the rest was left out."))
    }
    return record
  }

  /// Its kind, and how much it holds.
  public var summary: AnnotationSummary {
    switch self {
    case .segmentation(let it):
      return AnnotationSummary(
        .segmentation, form: it.kind.form, count: it.segments.count, findings: findings)
    case .structureSet(let it):
      return AnnotationSummary(.structureSet, count: it.structures.count, findings: findings)
    case .report(let it):
      let groups = it.measurementGroups.count
      return AnnotationSummary(
        .structuredReport, form: groups > 0 ? .measurements : it.isText ? .text : nil,
        count: groups, findings: findings)
    case .keyObjects(let it):
      return AnnotationSummary(
        .keyObjectSelection, form: it.isRejection ? .rejection : nil,
        count: Set(it.references.map(\.sopInstanceUID)).count, findings: findings)
    case .presentationState(let it):
      return AnnotationSummary(
        .presentationState, count: it.settings.count, settings: it.settings, findings: findings)
    case .bulkAnnotations(let it):
      return AnnotationSummary(.bulkAnnotations, count: it.groups.count, findings: findings)
    }
  }
}

extension DICOMReport {
  /// Of the classes that are made for texts: Basic Text SR and Enhanced SR (PS3.3 A.35.1, A.35.2).
  fileprivate var isText: Bool {
    ["11", "22"].contains { sopClassUID == "1.2.840.10008.5.1.4.1.1.88." + $0 }
  }
}

extension DICOMSegmentation.Kind {
  fileprivate var form: AnnotationSummary.Form {
    switch self {
    case .binary: .binary
    case .fractional: .fractional
    case .labelmap: .labelmap
    }
  }
}

extension DICOMPresentationState {
  /// What it says of how pictures are shown, in the order of `Setting`.
  fileprivate var settings: [AnnotationSummary.Setting] {
    AnnotationSummary.Setting.allCases.filter { setting in
      switch setting {
      case .window: voi.contains { if case .window = $0.transform { true } else { false } }
      case .table: voi.contains { if case .table = $0.transform { true } else { false } }
      case .inverted: presentationLUT == .inverse
      case .presentationTable: if case .table = presentationLUT { true } else { false }
      case .shutter: shutter != nil
      case .displayedArea: !displayedAreas.isEmpty
      case .rotation: rotation != 0
      case .flip: isFlipped
      case .graphics: !annotations.isEmpty
      }
    }
  }
}

extension ImageReference {
  /// Whether what it names is a picture, as far as its SOP Class tells; what names none is taken for
  /// one.
  public var isOfImage: Bool {
    switch SOPClass.row(of: sopClassUID)?.meaning {
    case nil, .slide: true
    case .leftOut, .notAPicture, .mediaDirectory: false
    }
  }
}
