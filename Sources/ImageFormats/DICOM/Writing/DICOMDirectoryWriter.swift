import MedicalImaging

/// Writes the DICOMDIR of a medium (PS3.3 F): patients, studies, series and instances, each kind in
/// the order of adding.
public struct DICOMDirectoryWriter: Sendable {
  private struct Record {
    /// Identifies the record among its parent's: its kind and UID or ID.
    var key: String
    var keys: DICOMObject
    var children: [Int] = []
  }

  private let fileSetID: String
  private var records: [Record] = []
  private var roots: [Int] = []
  /// Records by the keys from the root down to them.
  private var index: [[String]: Int] = [:]

  /// A directory; the file-set ID has at most 16 capitals, digits and underscores.
  public init(fileSetID: String) { self.fileSetID = fileSetID }

  /// Adds an instance that lies in the file of these path components, each of at most 8 capitals,
  /// digits and underscores (PS3.10 8.2).
  ///
  /// - Throws: `unsupportedFormat` where the object is neither an image nor a structured report.
  public mutating func add(_ object: DICOMObject, file components: [String]) throws(ImageError) {
    let isReport = object.text(.sopClassUID).hasPrefix("1.2.840.10008.5.1.4.1.1.88.")
    guard isReport || object[.rows] != nil else {
      throw ImageError(.unsupportedFormat, "A DICOMDIR here lists images and reports alone.")
    }
    let patient = record(
      "PATIENT", object.text(.patientID), [.patientName, .patientID], of: object, under: [])
    let study = record(
      "STUDY", object.text(.studyInstanceUID),
      [
        .studyDate, .studyTime, .accessionNumber, .studyDescription, .studyInstanceUID, .studyID,
      ], of: object, under: patient)
    let series = record(
      "SERIES", object.text(.seriesInstanceUID),
      [.modality, .seriesInstanceUID, .seriesNumber], of: object, under: study)
    let instance = record(
      isReport ? "SR DOCUMENT" : "IMAGE", object.text(.sopInstanceUID),
      isReport
        ? [
          .instanceNumber, .completionFlag, .verificationFlag, .contentDate, .contentTime,
          .conceptNameCodeSequence,
        ] : [.instanceNumber, .imageType],
      of: object, under: series)
    let position = index[instance]!
    records[position].keys.set(Self.fileID, .texts(components))
    records[position].keys.set(DICOMAttribute(0x0004, 0x1510, .ui), object.text(.sopClassUID))
    records[position].keys.set(DICOMAttribute(0x0004, 0x1511, .ui), object.text(.sopInstanceUID))
    records[position].keys.set(
      DICOMAttribute(0x0004, 0x1512, .ui), DICOMWriter.transferSyntaxUID)
  }

  /// The bytes of the DICOMDIR; its own instance UID is derived from what it lists.
  ///
  /// - Throws: `damagedHeader` where a value does not fit its VR or its character set.
  public func file() throws(ImageError) -> [UInt8] {
    // Offsets are numbers of a fixed length: one pass with zeros tells where every item will lie.
    let order = depthFirst
    var items: [DICOMObject] = []
    for number in order { items.append(linked(records[number], next: 0, lower: 0)) }
    let instance = DICOMUID.derived(
      from: SHA256.hash(records.map(\.key).joined(separator: "\n")))
    let head = try DICOMWriter.file(
      root(first: 0, last: 0, items: nil), sopClassUID: Self.sopClassUID, sopInstanceUID: instance)
    // Behind the sequence's tag, VR, two reserved bytes and length.
    var offset = head.count + 12
    var offsets = [Int](repeating: 0, count: records.count)
    for (number, item) in zip(order, items) {
      offsets[number] = offset
      offset += 8 + (try item.encoded()).count
    }
    var next = [Int](repeating: 0, count: records.count)
    for siblings in [roots] + records.map(\.children) {
      for (one, other) in zip(siblings, siblings.dropFirst()) { next[one] = offsets[other] }
    }
    items = order.map { number in
      linked(
        records[number], next: next[number],
        lower: records[number].children.first.map { offsets[$0] } ?? 0)
    }
    return try DICOMWriter.file(
      root(
        first: roots.first.map { offsets[$0] } ?? 0, last: roots.last.map { offsets[$0] } ?? 0,
        items: items),
      sopClassUID: Self.sopClassUID, sopInstanceUID: instance)
  }

  private static let sopClassUID = "1.2.840.10008.1.3.10"
  private static let fileID = DICOMAttribute(0x0004, 0x1500, .cs)

  /// Finds or makes a record, and gives its path of keys.
  private mutating func record(
    _ kind: String, _ key: String, _ attributes: [DICOMAttribute], of object: DICOMObject,
    under parent: [String]
  ) -> [String] {
    let path = parent + [kind + " " + key]
    guard index[path] == nil else { return path }
    var keys = DICOMObject()
    keys.set(DICOMAttribute(0x0004, 0x1430, .cs), kind)
    for attribute in [.specificCharacterSet] + attributes {
      if let value = object[attribute] { keys.set(attribute, value) }
    }
    index[path] = records.count
    if let parent = index[parent] {
      records[parent].children.append(records.count)
    } else {
      roots.append(records.count)
    }
    records.append(Record(key: path.joined(separator: "/"), keys: keys))
    return path
  }

  /// Every record before its children, those before its next sibling.
  private var depthFirst: [Int] {
    var order: [Int] = []
    var open = Array(roots.reversed())
    while let number = open.popLast() {
      order.append(number)
      open.append(contentsOf: records[number].children.reversed())
    }
    return order
  }

  private func linked(_ record: Record, next: Int, lower: Int) -> DICOMObject {
    var object = record.keys
    object.set(DICOMAttribute(0x0004, 0x1400, .ul), next)
    object.set(DICOMAttribute(0x0004, 0x1410, .us), 0xFFFF)
    object.set(DICOMAttribute(0x0004, 0x1420, .ul), lower)
    return object
  }

  private func root(first: Int, last: Int, items: [DICOMObject]?) -> DICOMObject {
    var object = DICOMObject()
    object.set(DICOMAttribute(0x0004, 0x1130, .cs), fileSetID)
    object.set(DICOMAttribute(0x0004, 0x1200, .ul), first)
    object.set(DICOMAttribute(0x0004, 0x1202, .ul), last)
    object.set(DICOMAttribute(0x0004, 0x1212, .us), 0)
    if let items { object.set(DICOMAttribute(0x0004, 0x1220, .sq), .items(items)) }
    return object
  }
}
