import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Structure sets beside pydicom, their masks beside scikit-image.
@Suite struct DICOMStructureSetTests {
  private static func structureSet(_ bytes: SourceBytes) throws -> DICOMStructureSet {
    guard case .structureSet(let found) = try DICOMAnnotation.read(bytes) else {
      throw TestSupportError("It is no structure set.")
    }
    return found
  }

  /// What pydicom says of a file.
  private struct Description: Decodable, Equatable {
    struct Structure: Decodable, Equatable {
      var number: Int
      var name, frame, algorithm, type: String
      var identification: [String]
      var color: [Int]
      var contours: String
    }

    var label: String
    var structures: [Structure]
    var listed: [[String]]
  }

  private static func description(_ found: DICOMStructureSet) -> Description {
    let structures = found.structures.map { structure in
      let contours = structure.contours.map { contour in
        let values = contour.points.flatMap { [$0.x, $0.y, $0.z] }
        let digest = unsafe values.withUnsafeBytes { unsafe SHA256.hash($0) }
        let uids = contour.references.map { "\"\($0.sopInstanceUID)\"" }.joined(separator: ",")
        return "[\"\(contour.kind.rawValue)\",\(contour.points.count),\"\(digest)\",[\(uids)]]"
      }
      return Description.Structure(
        number: structure.number, name: structure.name, frame: structure.frameOfReferenceUID,
        algorithm: structure.algorithm, type: structure.interpretedType,
        identification: structure.identification.map { [$0.value, $0.scheme] } ?? [],
        color: (structure.color ?? []).map(Int.init),
        contours: "[" + contours.joined(separator: ",") + "]")
    }
    return Description(
      label: found.label, structures: structures,
      listed: found.references.filter { !$0.seriesInstanceUID.isEmpty }.map {
        [$0.studyInstanceUID, $0.seriesInstanceUID, $0.sopClassUID, $0.sopInstanceUID]
      })
  }

  private static let files = DICOMCorpus.dicom.filter { $0.modality == "RTSTRUCT" }.map(\.path)

  @Test(.needsCorpus, .needsPeers)
  func `every structure set of the corpus says what pydicom reads in it`() throws {
    #expect(Self.files.count == 2)
    let paths = Self.files.map { Corpus.location.path + "/" + $0 }
    let said = try Peer.run(
      script: "structure_set.py", ["describe"] + paths, in: TemporaryFolder())
    let lines = said.split(separator: "\n")
    #expect(lines.count == paths.count)
    var contours = 0
    for (path, line) in zip(paths, lines) {
      let expected = try JSONDecoder().decode(Description.self, from: Data(line.utf8))
      let found = try Self.structureSet(SourceBytes(path: path))
      #expect(Self.description(found) == expected, "\(path)")
      contours += found.structures.flatMap(\.contours).count
    }
    print("structure sets: \(paths.count) files, \(contours) contours as pydicom reads them")
    #expect(contours > 400)
  }

  /// Planes as a peer reads them.
  private struct Plane: Encodable {
    var columns, rows: Int
    var position, row, column, spacing: [Double]

    init(_ grid: PlaneGrid) {
      func list(_ v: Vector3) -> [Double] { [v.x, v.y, v.z] }
      columns = grid.columns
      rows = grid.rows
      position = list(grid.geometry.position)
      row = list(grid.geometry.alongRow)
      column = list(grid.geometry.alongColumn)
      spacing = [grid.spacing.betweenRows, grid.spacing.betweenColumns]
    }
  }

  /// Compares masks of all structures with scikit-image; gives contours on planes, pixels and masks.
  private static func compare(_ found: DICOMStructureSet, _ path: String, on planes: [PlaneGrid])
    throws -> [Int]
  {
    let folder = try TemporaryFolder()
    try folder.write(Array(JSONEncoder().encode(planes.map(Plane.init))), to: "planes.json")
    for structure in found.structures {
      for (index, mask) in structure.masks(on: planes).masks.enumerated() {
        if let mask { try folder.write(mask.bytes, to: "\(structure.number)-\(index).raw") }
      }
    }
    return try Peer.run(script: "structure_set.py", ["masks", path], in: folder)
      .split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
  }

  @Test(.needsCorpus, .needsPeers)
  func `masks of a real structure set are scikit-image's, on every plane`() throws {
    let folder = Corpus.location.path + "/dicompyler__dicompyler-core/tests/testdata/example_data/"
    guard case .image(let header) = try DICOMReader.read(SourceBytes(path: folder + "ct.0.dcm"))
    else { throw TestSupportError("The slice is no image.") }
    let geometry = try #require(header.shared.geometry)
    let spacing = try #require(header.shared.spacing)
    // The slice that is there is the upper end of a volume with one plane every 3 mm.
    let planes = (0..<99).map { index in
      var plane = geometry
      plane.position.z -= 3 * Double(index)
      return PlaneGrid(
        columns: header.format.columns, rows: header.format.rows, geometry: plane,
        spacing: spacing)
    }
    let found = try Self.structureSet(SourceBytes(path: folder + "rtss.dcm"))
    #expect(found.framesOfReference == [header.identity.frameOfReferenceUID])
    #expect(found.references.contains { $0.sopInstanceUID == header.identity.sopInstanceUID })
    let numbers = try Self.compare(found, folder + "rtss.dcm", on: planes)
    let drawn = found.structures.flatMap(\.contours).count
    print("structure set: \(drawn) contours, on planes \(numbers) (contours, pixels, masks)")
    #expect(numbers.count == 3 && numbers[0] == drawn && numbers[1] > 1_000_000)
    // The last plane lies below all contours of the body.
    let alone = found.structures[0].masks(on: [planes[98]])
    #expect(alone.contoursOffPlanes == found.structures[0].contours.count)
    #expect(alone.findings.map(\.code) == ["contours_off_planes"])
  }

  // MARK: Phantoms

  private static func contour(_ kind: String, _ numbers: [Double], count: Int? = nil)
    -> DICOMObject
  {
    DICOMObject([
      (DICOMAttribute(0x3006, 0x0042, .cs), .texts([kind])),
      (DICOMAttribute(0x3006, 0x0046, .is), .integers([count ?? numbers.count / 3])),
      (DICOMAttribute(0x3006, 0x0050, .ds), .decimals(numbers)),
    ])
  }

  /// A structure set of one structure.
  private static func phantom(_ contours: [DICOMObject], number: Int = 7) -> DICOMObject {
    .annotation(
      "481.3",
      [
        (DICOMAttribute(0x3006, 0x0002, .sh), .texts(["Plan"])),
        (
          DICOMAttribute(0x3006, 0x0020, .sq),
          .items([
            DICOMObject([
              (DICOMAttribute(0x3006, 0x0022, .is), .integers([7])),
              (DICOMAttribute(0x3006, 0x0024, .ui), .texts(["1.2.9"])),
              (DICOMAttribute(0x3006, 0x0026, .lo), .texts(["Ring"])),
            ])
          ])
        ),
        (
          DICOMAttribute(0x3006, 0x0039, .sq),
          .items([
            DICOMObject([
              (DICOMAttribute(0x3006, 0x0084, .is), .integers([number])),
              (DICOMAttribute(0x3006, 0x0040, .sq), .items(contours)),
            ])
          ])
        ),
      ])
  }

  private static func read(_ object: DICOMObject) throws -> DICOMStructureSet {
    try structureSet(SourceBytes(DICOMWriter.file(object)))
  }

  /// A plane of 12 x 9 pixels of 0.5 x 2 mm (columns lie 0.5 mm apart), turned in space.
  private static func plane(offset: Double = 0) -> PlaneGrid {
    let row = Vector3(0.6, 0.8, 0)
    let column = Vector3(0, 0, -1)
    let normal = row.cross(column)
    return PlaneGrid(
      columns: 12, rows: 9,
      geometry: PlaneGeometry(
        position: Vector3(10, -20, 30) + normal * offset, alongRow: row, alongColumn: column),
      spacing: PixelSpacing(betweenRows: 2, betweenColumns: 0.5))
  }

  /// A rectangle between two pixels' places on the plane.
  private static func rectangle(
    _ from: (Double, Double), _ to: (Double, Double), offset: Double = 0
  ) -> [Double] {
    let grid = plane(offset: offset)
    return [(from.0, from.1), (to.0, from.1), (to.0, to.1), (from.0, to.1)].flatMap {
      column, row in
      let place =
        grid.geometry.position + grid.geometry.alongRow * (column * 0.5)
        + grid.geometry.alongColumn * (row * 2)
      return [place.x, place.y, place.z]
    }
  }

  private static func picture(_ mask: PlaneMask?) -> [String] {
    guard let mask else { return [] }
    return (0..<mask.rows).map { row in
      mask.bytes[row * mask.columns..<(row + 1) * mask.columns].map { $0 == 1 ? "#" : "." }
        .joined()
    }
  }

  @Test(arguments: ["CLOSED_PLANAR", "CLOSEDPLANAR_XOR", "CLOSED_PLANAR_XOR"])
  func `contours of one plane make a ring, whatever way they say it`(_ kind: String) throws {
    let structure = try #require(
      Self.read(
        Self.phantom([
          Self.contour(kind, Self.rectangle((1, 1), (10, 7))),
          Self.contour(kind, Self.rectangle((3.5, 2.5), (7.5, 5.5))),
        ])
      ).structures.first)
    let masks = structure.masks(on: [Self.plane(offset: 5), Self.plane()])
    #expect(masks.masks[0] == nil)
    #expect(masks.contoursOffPlanes == 0 && masks.findings.isEmpty)
    // The outer path lies on centres of pixels, which are inside; the inner one between them.
    #expect(
      Self.picture(masks.masks[1]) == [
        "............", ".##########.", ".##########.", ".###....###.", ".###....###.",
        ".###....###.", ".##########.", ".##########.", "............",
      ])
  }

  @Test func `a contour belongs to the nearest plane within the tolerance`() throws {
    let structure = try #require(
      Self.read(
        Self.phantom([
          Self.contour("CLOSED_PLANAR", Self.rectangle((1, 1), (3, 3), offset: 0.06)),
          Self.contour("CLOSED_PLANAR", Self.rectangle((5, 5), (6, 6), offset: 1)),
        ])
      ).structures.first)
    // 0.06 mm from the first two planes, which are one place, and 0.04 mm from the third.
    let planes = [Self.plane(), Self.plane(offset: 0.0005), Self.plane(offset: 0.1)]
    let near = structure.masks(on: planes)
    #expect(near.masks.map { $0?.area ?? -1 } == [-1, -1, 9])
    #expect(near.contoursOffPlanes == 1)
    #expect(near.findings.map(\.code) == ["contours_off_planes"])
    let two = structure.masks(on: Array(planes.prefix(2)))
    #expect(two.masks.map { $0?.area ?? -1 } == [9, 9])
    let none = structure.masks(on: planes, tolerance: 0.03)
    #expect(none.masks.allSatisfy { $0 == nil } && none.contoursOffPlanes == 2)
    let all = structure.masks(on: Array(planes.prefix(2)), tolerance: 1.01)
    #expect(all.masks.map { $0?.area ?? -1 } == [13, 13] && all.contoursOffPlanes == 0)
    // A contour that crosses planes is on none.
    let tilted = Self.rectangle((1, 1), (3, 1)) + Self.rectangle((3, 3), (4, 4), offset: 2)
    let crossing = try #require(
      Self.read(Self.phantom([Self.contour("CLOSED_PLANAR", tilted)])).structures.first)
    #expect(crossing.masks(on: [Self.plane(), Self.plane(offset: 2)]).contoursOffPlanes == 1)
  }

  @Test func `contours that overlap in part, or repeat, are told`() throws {
    func findings(_ rectangles: [[Double]]) throws -> [String] {
      let set = try Self.read(Self.phantom(rectangles.map { Self.contour("CLOSED_PLANAR", $0) }))
      return set.structures[0].masks(on: [Self.plane()]).findings.map(\.code)
    }
    let large = Self.rectangle((0.5, 0.5), (8.5, 6.5))
    let crossing = Self.rectangle((4.5, 2.5), (10.5, 4.5))
    let within = Self.rectangle((1.5, 1.5), (4.5, 3.5))
    let deeper = Self.rectangle((2.5, 1.5), (3.5, 2.5))
    let beside = Self.rectangle((8.5, 0.5), (10.5, 6.5))
    #expect(try findings([large, crossing]) == ["contours_overlap"])
    #expect(try findings([large, large]) == ["contours_overlap"])
    #expect(try findings([deeper, large, within, beside]) == [])
    // A cross: along every row one lies within the other.
    let wide = Self.rectangle((0.5, 3.5), (10.5, 5.5))
    let tall = Self.rectangle((4.5, 0.5), (6.5, 7.5))
    #expect(try findings([wide, tall]) == ["contours_overlap"])
  }

  @Test func `points and open contours are read and have no inside`() throws {
    let line = Self.rectangle((1, 1), (5, 5))
    let structure = try Self.read(
      Self.phantom([
        Self.contour("POINT", [1, 2, 3]), Self.contour("OPEN_PLANAR", line),
        Self.contour("OPEN_NONPLANAR", line), Self.contour("SPLINE", line),
      ]))
    #expect(structure.structures[0].contours.map(\.kind) == [.point, .open, .openInSpace])
    #expect(structure.structures[0].contours[0].points == [Vector3(1, 2, 3)])
    #expect(structure.findings.map(\.code) == ["contour_type"])
    let masks = structure.structures[0].masks(on: [Self.plane()])
    #expect(masks.masks == [nil] && masks.contoursOffPlanes == 0)
  }

  @Test func `a structure set says what is odd, and ends in an error where points are none`() throws
  {
    let square = Self.rectangle((1, 1), (5, 5))
    let counted = try Self.read(
      Self.phantom([Self.contour("CLOSED_PLANAR", square, count: 2_000_000_000)]))
    #expect(counted.findings.map(\.code) == ["contour_points"])
    #expect(counted.structures[0].contours[0].points.count == 4)
    let nameless = try Self.read(
      Self.phantom([Self.contour("CLOSED_PLANAR", square)], number: 8))
    #expect(nameless.findings.map(\.code) == ["contours_nameless"])
    #expect(nameless.structures[0].contours.isEmpty)

    func failure(_ data: DICOMObject.Value) throws -> ErrorCode? {
      var contour = Self.contour("CLOSED_PLANAR", square)
      contour.set(DICOMAttribute(0x3006, 0x0050, .lt), data)
      return try Self.phantom([contour]).failure()
    }
    #expect(try failure(.texts(["1\\2\\3"])) == nil)
    for text in ["1\\2", "1\\2\\x", "1\\2\\", "1\\2\\nan", "1\\2\\inf", "1\\2\\1e7", "1\\\\3"] {
      #expect(try failure(.texts([text])) == .damagedHeader, "\(text)")
    }
    #expect(
      try Self.phantom([DICOMObject([(DICOMAttribute(0x3006, 0x0042, .cs), .texts(["POINT"]))])])
        .failure() == .damagedHeader)
  }

  @Test func `a contour longer than explicit DS allows is read, whatever stands in for it`() throws
  {
    // 6,000 points, past the 64 KiB of a short length: UN in an explicit data set (PS3.5 6.2.2), or DS
    // in an implicit one.
    let numbers = (0..<18_000).map { Double($0) + 0.125 }
    let text = numbers.map(\.description).joined(separator: "\\")
    #expect(text.utf8.count > 65_534)
    for (vr, encoding, syntax) in [
      ("UN", TransferSyntax.Encoding.explicitLittle, "1.2.840.10008.1.2.1"),
      ("DS", .implicitLittle, "1.2.840.10008.1.2"),
    ] {
      func sequence(_ items: [DICOMPhantom]) -> (vr: String, value: DICOMPhantom.Value) {
        ("SQ", .items(items))
      }
      var contour = DICOMPhantom()
      contour.set(0x3006_0042, "CS", "CLOSED_PLANAR")
      contour.set(0x3006_0050, vr, text)
      var drawn = DICOMPhantom()
      drawn.set(0x3006_0084, "IS", "7")
      drawn[0x3006_0040] = sequence([contour])
      var structure = DICOMPhantom()
      structure.set(0x3006_0022, "IS", "7")
      var phantom = DICOMPhantom()
      phantom.encoding = encoding
      phantom.set(0x0008_0016, "UI", "1.2.840.10008.5.1.4.1.1.481.3")
      phantom[0x3006_0020] = sequence([structure])
      phantom[0x3006_0039] = sequence([drawn])
      let found = try Self.structureSet(SourceBytes(phantom.file(syntax)))
      let points = try #require(found.structures.first?.contours.first?.points)
      #expect(points.flatMap { [$0.x, $0.y, $0.z] } == numbers)
    }
  }

  @Test func `two structures of one number, or one without, are damage`() throws {
    func failure(_ numbers: [Int?]) throws -> ErrorCode? {
      var object = DICOMObject.annotation("481.3", [])
      object.set(
        DICOMAttribute(0x3006, 0x0020, .sq),
        .items(
          numbers.map { number in
            var item = DICOMObject([(DICOMAttribute(0x3006, 0x0026, .lo), .texts(["A"]))])
            if let number { item.set(DICOMAttribute(0x3006, 0x0022, .is), number) }
            return item
          }))
      return try object.failure()
    }
    #expect(try failure([1, 2]) == nil)
    #expect(try failure([1, 1]) == .damagedHeader)
    #expect(try failure([1, nil]) == .damagedHeader)
  }
}
