import MedicalImaging

/// What the readers of annotation objects share: a parsed data set without pixels, and what was odd
/// in it.
struct AnnotationReader: DICOMFindings {
  let root: DICOMItem
  let classUID: String
  let identity: InstanceHeader.Identity
  private(set) var findings: [InstanceHeader.Finding]
  private let characterSet: String
  /// Series and study of the instances that the object lists.
  private var evidence: [String: (study: String, series: String)] = [:]

  /// Throws `.truncated` where the source ends within the data set.
  init(_ opening: DICOMOpening) throws(ImageError) {
    guard !opening.dataSet.isShort else {
      throw ImageError(.truncated, "The source ends within its data set.")
    }
    root = opening.dataSet.root
    classUID = opening.classUID
    identity = InstanceHeader.Identity(root, opening.start)
    findings = opening.start.findings
    characterSet = DICOMText.trimmed(root.text(.specificCharacterSet))
  }

  mutating func note(_ code: String, _ sentence: String) {
    if !findings.contains(where: { $0.code == code }) { findings.append(.init(code, sentence)) }
  }

  /// Text in UTF-8, trimmed; "" where absent.
  func text(_ item: DICOMItem, _ tag: DICOMTag) -> String { item.text(tag, characterSet(item)) }

  /// The first code of a sequence; nil where there is none.
  func concept(_ item: DICOMItem, _ tag: DICOMTag) -> CodedConcept? {
    item.concept(tag, characterSet(item))
  }

  /// An item's own character set where it names one, else the data set's (PS3.3 C.12.1.1.2).
  private func characterSet(_ item: DICOMItem) -> String {
    let own = DICOMText.trimmed(item.text(.specificCharacterSet))
    return own.isEmpty ? characterSet : own
  }

  /// An item of the SOP Instance Reference macro with its frames and segments (PS3.3 10.8, 10.3);
  /// nil where it names no instance.
  func reference(_ item: DICOMItem) -> ImageReference? {
    guard let uid = item.strings(.referencedSOPInstanceUID).first, !uid.isEmpty else { return nil }
    func whole(_ numbers: [Double]) -> [Int] {
      numbers.filter { $0 >= 1 && $0 < 1e9 }.map { Int($0) }
    }
    let place = evidence[uid]
    return ImageReference(
      studyInstanceUID: place?.study ?? "", seriesInstanceUID: place?.series ?? "",
      sopClassUID: item.strings(.referencedSOPClassUID).first ?? "", sopInstanceUID: uid,
      frames: whole(item.decimals(.referencedFrameNumber) ?? []).map { $0 - 1 },
      segments: whole(item.numbers(.referencedSegmentNumber).compactMap(\.self)))
  }

  /// The instances of a sequence.
  func references(_ item: DICOMItem, _ tag: DICOMTag) -> [ImageReference] {
    item.items(tag).compactMap(reference)
  }

  /// The instances that a sequence of series lists under `instances`; where they turn up again, they
  /// are of that series and study.
  mutating func listSeries(
    _ item: DICOMItem, _ tag: DICOMTag, instances: DICOMTag, study: String
  ) -> [ImageReference] {
    var all: [ImageReference] = []
    for series in item.items(tag) {
      let uid = series.strings(.seriesInstanceUID).first ?? ""
      for var found in references(series, instances) {
        found.studyInstanceUID = study
        found.seriesInstanceUID = uid
        evidence[found.sopInstanceUID] = (study, uid)
        all.append(found)
      }
    }
    return all
  }

  /// What the Common Instance Reference module lists, of this study and of others (PS3.3 C.12.2).
  mutating func listCommonInstances() -> [ImageReference] {
    var all = listSeries(
      root, .referencedSeriesSequence, instances: .referencedInstanceSequence,
      study: identity.studyInstanceUID)
    for study in root.items(.otherStudiesSequence) {
      all += listSeries(
        study, .referencedSeriesSequence, instances: .referencedInstanceSequence,
        study: study.strings(.studyInstanceUID).first ?? "")
    }
    return all
  }
}

extension [ImageReference] {
  /// Each once, in the order of their first appearance.
  var distinct: [ImageReference] {
    var seen: Set<ImageReference> = []
    return filter { seen.insert($0).inserted }
  }
}

extension DICOMItem {
  /// Text in UTF-8, trimmed; "" where absent.
  func text(_ tag: DICOMTag, _ characterSet: String) -> String {
    value(tag).map { DICOMText.decoded($0.bytes, characterSets: characterSet) } ?? ""
  }

  /// The first code of a Code Sequence (PS3.3 8.8); nil where there is none, or none with a value.
  func concept(_ tag: DICOMTag, _ characterSet: String) -> CodedConcept? {
    guard let item = first(tag) else { return nil }
    let values = [.codeValue, .longCodeValue, .urnCodeValue].map { item.strings($0).first ?? "" }
    guard let value = values.first(where: { !$0.isEmpty }) else { return nil }
    return CodedConcept(
      value: value, scheme: item.strings(.codingSchemeDesignator).first ?? "",
      meaning: item.text(.codeMeaning, characterSet))
  }

  /// All decimal numbers of a text that may be long; nil where one of them is none.
  func decimals(_ tag: DICOMTag) -> [Double]? {
    guard let bytes = value(tag)?.bytes else { return nil }
    if bytes.allSatisfy({ $0 <= 0x20 }) { return [] }
    var numbers: [Double] = []
    var start = 0
    for end in 0...bytes.count where end == bytes.count || bytes[end] == UInt8(ascii: "\\") {
      let part = DICOMText.trimmed(String(decoding: bytes[start..<end], as: UTF8.self))
      guard let number = DICOMText.decimal(part) else { return nil }
      numbers.append(number)
      start = end + 1
    }
    return numbers
  }
}
