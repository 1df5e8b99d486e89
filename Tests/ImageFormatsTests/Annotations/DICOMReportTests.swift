import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Structured reports beside pydicom, their measurements beside highdicom.
@Suite struct DICOMReportTests {
  static func report(_ bytes: SourceBytes) throws -> DICOMReport {
    guard case .report(let found) = try DICOMAnnotation.read(bytes) else {
      throw TestSupportError("It is no report.")
    }
    return found
  }

  private static let files = DICOMCorpus.dicom.filter { $0.sopClass.contains(" SR ") }.map(\.path)

  // MARK: The tree as lines, as a peer writes them

  private static func digits(_ text: String) -> String {
    text.utf8.map { String(UInt16($0) + 256, radix: 16).dropFirst() }.joined()
  }

  private static func digits(_ numbers: [Double]) -> String {
    numbers.map { number in
      let digits = String(number.bitPattern, radix: 16)
      return String(repeating: "0", count: 16 - digits.count) + digits
    }.joined()
  }

  private static func words(_ concept: CodedConcept?) -> String {
    concept.map { [$0.value, $0.scheme, $0.meaning].map(digits).joined(separator: "|") } ?? ""
  }

  private static func line(_ reference: ImageReference) -> String {
    [
      reference.sopClassUID, reference.sopInstanceUID,
      reference.frames.map(String.init).joined(separator: ","),
      reference.segments.map(String.init).joined(separator: ","),
    ].joined(separator: " ")
  }

  private static func payload(_ value: ReportItem.Value) -> (String, String) {
    switch value {
    case .container: ("container", "")
    case .text(let text): ("text", digits(text))
    case .code(let code): ("code", words(code))
    case .number(let number):
      ("number", "\(digits([number.value])) \(words(number.unit)) \(words(number.qualifier))")
    case .image(let it): ("image", line(it))
    case .composite(let it): ("composite", line(it))
    case .waveform(let it): ("waveform", line(it))
    case .uid(let uid): ("uid", uid)
    case .region(let it):
      ("region", "\(it.kind.rawValue) \(digits(it.points.flatMap { [$0.column, $0.row] }))")
    case .spatialRegion(let it):
      (
        "spatial",
        "\(it.kind.rawValue) \(digits(it.points.flatMap { [$0.x, $0.y, $0.z] })) "
          + it.frameOfReferenceUID
      )
    case .reference(let path): ("reference", path.map(String.init).joined(separator: ","))
    case .withheld(let type): ("withheld", type)
    }
  }

  private static func lines(_ report: DICOMReport) -> [String] {
    var lines: [String] = []
    report.root.visit { item, path in
      let (kind, payload) = payload(item.value)
      lines.append(
        [
          path.map(String.init).joined(separator: "."), item.relationship?.rawValue ?? "",
          words(item.concept), kind, payload,
        ].joined(separator: "\t"))
    }
    return lines
  }

  /// The peer's lines of each file.
  private static func said(_ mode: String, _ paths: [String]) throws -> [[String]] {
    let said = try Peer.run(script: "report.py", [mode] + paths, in: TemporaryFolder())
    var files: [[String]] = []
    for line in said.split(separator: "\n") {
      if line.hasPrefix("= ") {
        files.append([])
      } else {
        files[files.count - 1].append(String(line))
      }
    }
    return files
  }

  @Test(.needsCorpus, .needsPeers)
  func `every report of the corpus is the tree that pydicom reads`() throws {
    #expect(Self.files.count == 8)
    let paths = Self.files.map { Corpus.location.path + "/" + $0 }
    let trees = try Self.said("tree", paths)
    let evidence = try Self.said("references", paths)
    var items = 0
    for (index, path) in paths.enumerated() {
      let found = try Self.report(SourceBytes(path: path))
      let lines = Self.lines(found)
      #expect(lines == trees[index], "\(path)")
      items += lines.count
      let listed = found.references.map {
        "\($0.studyInstanceUID) \($0.seriesInstanceUID) \($0.sopClassUID) \($0.sopInstanceUID)"
      }
      #expect(Set(evidence[index]).isSubset(of: listed), "\(path)")
    }
    print("reports: \(paths.count) files, \(items) items as pydicom reads them")
    #expect(items > 300)
  }

  // MARK: Measurements

  /// What highdicom says of a measurement group.
  private struct Group: Decodable, Equatable {
    struct Site: Decodable, Equatable {
      var codes: [[String]]
      init(codes: [[String]]) { self.codes = codes }
      init(from decoder: any Decoder) throws {
        codes = try decoder.singleValueContainer().decode([[String]].self)
      }
    }
    struct Measurement: Decodable, Equatable {
      var name: [String]
      var value: Double?
      var others: [[String]]
      init(name: [String], value: Double?, others: [[String]]) {
        self.name = name
        self.value = value
        self.others = others
      }
      init(from decoder: any Decoder) throws {
        var list = try decoder.unkeyedContainer()
        name = try list.decode([String].self)
        value = try list.decodeIfPresent(Double.self)
        others = []
        while !list.isAtEnd { others.append(try list.decode([String].self)) }
      }
    }

    var identifier, uid: String?
    var finding, category, method: [String]
    var sites: [Site]
    var measurements: [Measurement]
    var evaluations: [[[String]]]
    var shape: [String]
    var points: [Double]
  }

  private static func group(_ group: MeasurementGroup) -> Group {
    func code(_ concept: CodedConcept?) -> [String] {
      concept.map { [$0.value, $0.scheme, $0.meaning] } ?? []
    }
    var shape: [String] = []
    var points: [Double] = []
    for region in group.regions {
      switch region {
      case .segment: break
      case .shape(let region, _):
        shape = [region.kind.rawValue]
        points = region.points.flatMap { [$0.column, $0.row] }
      case .spatial(let region):
        shape = [region.kind.rawValue]
        points = region.points.flatMap { [$0.x, $0.y, $0.z] }
      }
    }
    return Group(
      identifier: group.trackingIdentifier, uid: group.trackingUID, finding: code(group.finding),
      category: code(group.findingCategory), method: code(group.method),
      sites: group.sites.map {
        .init(codes: [code($0.place), code($0.laterality), code($0.topographicalModifier)])
      },
      measurements: group.measurements.map {
        .init(
          name: code($0.concept), value: $0.number?.value,
          others: [
            code($0.number?.unit), code($0.number?.qualifier), code($0.derivation), code($0.method),
          ])
      },
      evaluations: group.evaluations.compactMap {
        guard case .code(let answer) = $0.answer else { return nil }
        return [code($0.concept), code(answer)]
      }, shape: shape, points: points)
  }

  private static func compare(_ path: String) throws -> Int {
    let said = try Peer.run(script: "report.py", ["groups", path], in: TemporaryFolder())
    let expected = try said.split(separator: "\n").map {
      try JSONDecoder().decode(Group.self, from: Data($0.utf8))
    }
    let report = try report(SourceBytes(path: path))
    let found = report.measurementGroups.map(group).sorted { $0.uid ?? "" < $1.uid ?? "" }
    #expect(found == expected, "\(path)")
    return found.reduce(0) { $0 + $1.measurements.count }
  }

  @Test(.needsCorpus, .needsPeers)
  func `measurement groups of the corpus are those that highdicom reads`() throws {
    var measurements = 0
    let files = Self.files.filter { $0.contains("highdicom") || $0.contains("dcmqi") }
    #expect(files.count == 3)
    for file in files { measurements += try Self.compare(Corpus.location.path + "/" + file) }
    print("measurement reports: \(files.count) files, \(measurements) measurements as highdicom")
    // 22 of one tumour, one of a cord, and one of each of four lesions but one without.
    #expect(measurements > 20)
  }

  @Test(.needsPeers) func `a report that highdicom writes is read as highdicom reads it`() throws {
    let folder = try TemporaryFolder()
    let path = folder.url("made.dcm").path
    try Peer.run(script: "report.py", ["make", path], in: folder)
    #expect(try Self.compare(path) == 5)
    let report = try Self.report(SourceBytes(path: path))
    #expect(Self.lines(report) == (try Self.said("tree", [path])[0]))
    #expect(report.template == "1500" && report.isComplete && !report.isVerified)
    #expect(report.framesOfReference == ["1.2.9"])
    #expect(
      report.references == [
        ImageReference(
          studyInstanceUID: "1.2.3", seriesInstanceUID: "1.2.3.1",
          sopClassUID: "1.2.840.10008.5.1.4.1.1.2", sopInstanceUID: "1.2.3.1.1")
      ])
    let groups = report.measurementGroups
    #expect(groups.map(\.trackingIdentifier) == (0..<5).map { "Lesión \($0)" })
    #expect(groups[0].sites[0].laterality?.meaning == "Right")
    guard case .shape(let triangle, let images) = groups[0].regions[0] else {
      throw TestSupportError("The first group has no shape.")
    }
    #expect(images.map(\.sopInstanceUID) == ["1.2.3.1.1"])
    #expect(triangle.points[0] == PixelPoint(column: 1.5, row: 2.5))
    // No person's name is kept anywhere.
    #expect(!"\(report)".contains("Panzarello"))
  }

  // MARK: Phantoms

  typealias Member = (DICOMAttribute, DICOMObject.Value)

  static func item(
    _ relationship: String, _ type: String, _ concept: (String, String, String)?,
    _ members: [Member] = [], children: [DICOMObject] = []
  ) -> DICOMObject {
    var object = DICOMObject(members)
    object.set(.relationshipType, relationship)
    object.set(.valueType, type)
    if let concept {
      object.set(.conceptNameCodeSequence, DICOMObject.code(concept.0, concept.1, concept.2))
    }
    if !children.isEmpty { object.set(.contentSequence, .items(children)) }
    return object
  }

  static func text(_ concept: (String, String, String)?, _ text: String) -> DICOMObject {
    item("CONTAINS", "TEXT", concept, [(.textValue, .texts([text]))])
  }

  static func document(
    _ children: [DICOMObject], sopClass: String = "88.33", _ members: [Member] = []
  ) -> DICOMObject {
    var root = DICOMObject.annotation(sopClass, members)
    root.set(.modality, "SR")
    root.set(.valueType, "CONTAINER")
    root.set(.conceptNameCodeSequence, DICOMObject.code("18748-4", "LN", "Imaging Report"))
    root.set(.contentSequence, .items(children))
    return root
  }

  private static func read(_ object: DICOMObject) throws -> DICOMReport {
    try report(SourceBytes(DICOMWriter.file(object)))
  }

  private static func measured(_ value: String) -> Member {
    (
      DICOMAttribute(0x0040, 0xA300, .sq),
      .items([
        DICOMObject([
          (DICOMAttribute(0x0040, 0xA30A, .lo), .texts([value])),
          (DICOMAttribute(0x0040, 0x08EA, .sq), DICOMObject.code("mm", "UCUM", "millimeter")),
        ])
      ])
    )
  }

  @Test func `a text report becomes headings and paragraphs in its order`() throws {
    let findings = ("59776-5", "LN", "Findings")
    let finding = ("121071", "DCM", "Finding")
    let report = try Self.read(
      Self.document(
        [
          Self.item(
            "HAS OBS CONTEXT", "PNAME", ("121008", "DCM", "Person Observer Name"),
            [(DICOMAttribute(0x0040, 0xA123, .pn), .texts(["Dulcimero^Tobosina"]))]),
          Self.item(
            "HAS OBS CONTEXT", "TEXT", ("121009", "DCM", "Person Observer's Organization Name"),
            [(.textValue, .texts(["Hospital Barataria"]))]),
          Self.item(
            "CONTAINS", "DATE", ("111060", "DCM", "Study Date"),
            [(DICOMAttribute(0x0040, 0xA121, .da), .texts(["20200101"]))]),
          Self.item(
            "CONTAINS", "CONTAINER", findings,
            children: [
              Self.text(finding, "Größe unverändert.\r\nKein Erguss."),
              Self.item(
                "CONTAINS", "NUM", ("81827009", "SCT", "Diameter"), [Self.measured("12")],
                children: [
                  Self.item(
                    "HAS CONCEPT MOD", "CODE", ("121401", "DCM", "Derivation"),
                    [
                      (
                        DICOMAttribute(0x0040, 0xA168, .sq),
                        DICOMObject.code("373098007", "SCT", "Mean")
                      )
                    ])
                ]),
              Self.item(
                "CONTAINS", "CONTAINER", ("1", "99X", "Lungs"),
                children: [Self.text(nil, "Clear.")]),
            ]),
          Self.item(
            "CONTAINS", "CONTAINER", ("19005-8", "LN", "Impression"),
            children: [
              Self.item(
                "CONTAINS", "CODE", ("121074", "DCM", "Recommendation"),
                [
                  (
                    DICOMAttribute(0x0040, 0xA168, .sq),
                    DICOMObject.code("2", "99X", "None")
                  )
                ])
            ]),
        ], sopClass: "88.11", [(.specificCharacterSet, .texts(["ISO_IR 192"]))]))
    #expect(
      report.paragraphs == [
        .init(headings: ["Findings"], label: "Finding", text: "Größe unverändert.\nKein Erguss."),
        .init(headings: ["Findings"], label: "Diameter", text: "12 mm"),
        .init(headings: ["Findings", "Lungs"], label: "", text: "Clear."),
        .init(headings: ["Impression"], label: "Recommendation", text: "None"),
      ])
    #expect(
      report.plainText == """
        Imaging Report

        Findings

        Finding: Größe unverändert.
        Kein Erguss.

        Diameter: 12 mm

        Lungs

        Clear.

        Impression

        Recommendation: None
        """)
    for word in ["Dulcimero", "Barataria", "20200101"] { #expect(!"\(report)".contains(word)) }
  }

  @Test func `an item may name a character set of its own`() throws {
    var russian = Self.text(nil, "Норма")
    russian.set(.specificCharacterSet, "ISO_IR 144")
    let report = try Self.read(
      Self.document(
        [russian, Self.text(nil, "Größe")], [(.specificCharacterSet, .texts(["ISO_IR 100"]))]))
    #expect(report.paragraphs.map(\.text) == ["Норма", "Größe"])
  }

  private static func refer(_ path: [Int], _ relationship: String = "INFERRED FROM") -> DICOMObject
  {
    DICOMObject([
      (.relationshipType, .texts([relationship])),
      (DICOMAttribute(0x0040, 0xDB73, .ul), .integers(path)),
    ])
  }

  @Test func `an item that refers to another is that one, and no circle is walked`() throws {
    let image = Self.item(
      "CONTAINS", "IMAGE", ("260753009", "SCT", "Source"),
      [(.referencedSOPSequence, .items([.image("1.2.8", frames: [3, 5])]))])
    let group = Self.item(
      "CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"),
      children: [
        Self.item(
          "CONTAINS", "NUM", ("81827009", "SCT", "Diameter"), [Self.measured("3.5")],
          children: [Self.refer([1, 1])])
      ])
    let report = try Self.read(Self.document([image, group]))
    let reference = ImageReference(
      sopClassUID: "1.2.840.10008.5.1.4.1.1.2", sopInstanceUID: "1.2.8", frames: [2, 4])
    #expect(report.measurementGroups[0].measurements[0].images == [reference])
    #expect(report.references == [reference])
    #expect(report.findings.isEmpty)

    // To what holds it, to the root, to itself: circles.
    for path in [[1, 1], [1], [1, 1, 1]] {
      let circle = Self.item(
        "CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"),
        children: [Self.refer(path)])
      #expect(try Self.document([circle]).failure() == .damagedHeader, "\(path)")
    }
    // To each other's inside: no item holds itself, and one step is taken.
    let one = Self.item(
      "CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"),
      children: [Self.refer([1, 2])])
    let two = Self.item(
      "CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"),
      children: [Self.refer([1, 1])])
    #expect(try Self.read(Self.document([one, two])).measurementGroups.count == 2)
    let lost = Self.item(
      "CONTAINS", "CONTAINER", ("125007", "DCM", "Measurement Group"),
      children: [Self.refer([1, 4_000_000_000, 2])])
    #expect(try Self.read(Self.document([lost])).findings.map(\.code) == ["report_reference"])
  }

  @Test func `numbers and coordinates that are none end in an error`() throws {
    func diameter(_ value: String) throws -> ErrorCode? {
      try Self.document([
        Self.item("CONTAINS", "NUM", ("81827009", "SCT", "Diameter"), [Self.measured(value)])
      ]).failure()
    }
    #expect(try diameter("1e3") == nil)
    #expect(try diameter("") == nil)
    for value in ["x", "nan", "1,5"] { #expect(try diameter(value) == .damagedHeader) }

    func region(_ type: String, _ numbers: [Double], spatial: Bool = false) throws -> ErrorCode? {
      try Self.document([
        Self.item(
          "CONTAINS", spatial ? "SCOORD3D" : "SCOORD", ("111030", "DCM", "Image Region"),
          [
            (DICOMAttribute(0x0070, 0x0022, .fl), .decimals(numbers)),
            (DICOMAttribute(0x0070, 0x0023, .cs), .texts([type])),
          ])
      ]).failure()
    }
    #expect(try region("CIRCLE", [1, 2, 3, 4]) == nil)
    #expect(try region("ELLIPSOID", [1, 2, 3], spatial: true) == nil)
    for (type, numbers) in [
      ("CIRCLE", [1, 2, 3, 4, 5, 6]), ("POINT", [1, 2, 3]), ("POLYLINE", [1, 2]), ("POINT", []),
      ("ELLIPSE", [1, 2, 3, 4]), ("POINT", [.nan, 1]), ("SPLINE", [1, 2]),
      ("INTERPOLATED", [1, 2, 3, 4]),
    ] as [(String, [Double])] {
      #expect(try region(type, numbers) == .damagedHeader, "\(type)")
    }
    #expect(try region("POLYGON", [1, 2, 3, 4], spatial: true) == .damagedHeader)
  }

  @Test func `shapes of a report have their pixels`() {
    func picture(_ kind: ImageRegion.Kind, _ corner: [(Double, Double)]) -> [String] {
      let region = ImageRegion(
        kind: kind, points: corner.map { PixelPoint(fromCorner: $0.0, $0.1) },
        isOfWholeMatrix: false)
      guard let mask = region.mask(columns: 6, rows: 5) else { return [] }
      return (0..<5).map { row in
        mask.bytes[row * 6..<(row + 1) * 6].map { $0 == 1 ? "#" : "." }.joined()
      }
    }
    // Outer edges of the pixels 1 to 2 across and 1 to 3 down.
    #expect(
      picture(.polyline, [(1, 1), (3, 1), (3, 4), (1, 4), (1, 1)]) == [
        "......", ".##...", ".##...", ".##...", "......",
      ])
    #expect(picture(.polyline, [(1, 1), (3, 1), (3, 4), (1, 4)]) == [])
    // Around the centre of pixel (2, 2) with a radius of 1.5 pixels: corners at 1.41 are inside.
    #expect(
      picture(.circle, [(2.5, 2.5), (4, 2.5)]) == [
        "......", ".###..", ".###..", ".###..", "......",
      ])
    // Half axes of 2 and 1 pixels: (1, 0) beside the centre lies inside, (1, 1) outside.
    #expect(
      picture(.ellipse, [(0.5, 2.5), (4.5, 2.5), (2.5, 1.5), (2.5, 3.5)]) == [
        "......", "..#...", "#####.", "..#...", "......",
      ])
    #expect(picture(.point, [(1, 1)]) == [])
  }
}
