import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import ImageFormats

/// Presentation states beside pydicom and numpy, and beside DCMTK, which renders them.
@Suite struct DICOMPresentationStateTests {
  private static func state(_ bytes: SourceBytes) throws -> DICOMPresentationState {
    guard case .presentationState(let found) = try DICOMAnnotation.read(bytes) else {
      throw TestSupportError("It is no presentation state.")
    }
    return found
  }

  private struct Description: Decodable, Equatable {
    var references: [[String]]
    var drawn: String
    var windows: Int
    var shutter: Bool
    var areas: Int
  }

  @Test(.needsCorpus, .needsPeers)
  func `every presentation state of the corpus says what pydicom reads in it`() throws {
    let files = DICOMCorpus.dicom.filter { $0.modality == "PR" }.map(\.path)
    #expect(files.count == 1)
    for file in files {
      let path = Corpus.location.path + "/" + file
      let said = try Peer.run(script: "presentation.py", ["describe", path], in: TemporaryFolder())
      let expected = try JSONDecoder().decode(Description.self, from: Data(said.utf8))
      let found = try Self.state(SourceBytes(path: path))
      let drawn = found.annotations.map { annotation in
        let graphics = annotation.graphics.map { graphic in
          let numbers = graphic.shape.points.flatMap { [$0.column, $0.row] }
            .map(\.description).joined(separator: ",")
          return "[\"\(graphic.units.rawValue)\",\"\(graphic.shape.kind.rawValue)\","
            + "\(graphic.isFilled),[\(numbers)]]"
        }
        return "[\"\(annotation.layer)\",[\(graphics.joined(separator: ","))],"
          + "\(annotation.texts.count)]"
      }
      #expect(
        Description(
          references: found.references.map {
            [$0.seriesInstanceUID, $0.sopClassUID, $0.sopInstanceUID]
          }, drawn: "[\(drawn.joined(separator: ","))]", windows: found.voi.count,
          shutter: found.shutter != nil, areas: found.displayedAreas.count) == expected)
      #expect(found.annotations.count == 1 && found.references.count == 1)
      #expect(found.look(of: found.references[0].sopInstanceUID)?.annotations == found.annotations)
    }
  }

  /// P-values of 0 to 255 that a look gives a plane (PS3.3 C.11.2.1.2.1, C.11.6).
  private static func gray(_ look: DICOMPresentationState.Look, _ stored: [Int]) -> [Double] {
    stored.map { value in
      let modality = look.modality(Double(value))
      let display: Double
      switch look.voi {
      case .window(let window):
        let place = (modality - (window.center - 0.5)) / (window.width - 1) + 0.5
        display = min(max(place, 0), 1)
      case .table(let table): display = Double(table[modality]) / Double(1 << table.bits - 1)
      case nil: display = .nan
      }
      return 255 * (look.presentationLUT == .inverse ? 1 - display : display)
    }
  }

  @Test(.needsPeers) func `pictures look as DCMTK renders them, shutters as numpy computes them`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "presentation.py", ["make"], in: folder)
    let planes = try [1, 2].map { number in
      let bytes = try SourceBytes(path: folder.url("im\(number).dcm").path)
      guard case .image(let header) = try DICOMReader.read(bytes) else {
        throw TestSupportError("The phantom is no image.")
      }
      return try FrameDecoder(header: header, bytes: bytes).decode(frame: 0).plane
    }
    let names = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).filter {
      $0.hasSuffix(".dcm") && !$0.hasPrefix("im")
    }
    #expect(names.count == 15)
    for name in names {
      let state = try Self.state(SourceBytes(path: folder.url(name).path))
      #expect(state.findings.isEmpty)
      for number in [1, 2] {
        let stem = name.dropLast(4) + "-\(number)"
        guard let look = state.look(of: "1.2.3.1.\(number)") else {
          try folder.write(Array("nothing".utf8), to: stem + ".gray")
          continue
        }
        let plane = planes[number - 1]
        let mask = try look.shutter?.mask(columns: plane.columns, rows: plane.rows)
        try folder.write(numbers: Self.gray(look, plane.values), to: stem + ".gray")
        try folder.write(
          mask?.bytes ?? .init(repeating: 1, count: plane.columns * plane.rows), to: stem + ".mask")
      }
    }
    let compared = try Peer.run(script: "presentation.py", ["compare"], in: folder)
      .split(separator: " ").compactMap { Int($0.filter(\.isNumber)) }
    print("presentation states: \(compared) (rendered by DCMTK, shutters of numpy)")
    // Two images each, but for the state that is of one alone.
    #expect(compared == [29, 29])
  }

  // MARK: Phantoms

  private static func attribute(_ tag: UInt32, _ vr: DICOMValueRepresentation) -> DICOMAttribute {
    DICOMAttribute(UInt16(tag >> 16), UInt16(tag & 0xFFFF), vr)
  }

  private static func phantom(
    _ members: [(DICOMAttribute, DICOMObject.Value)] = [], sopClass: String = "11.1"
  ) -> DICOMObject {
    var object = DICOMObject.annotation(sopClass, members)
    object.set(
      .referencedSeriesSequence,
      .items([
        DICOMObject([
          (.seriesInstanceUID, .texts(["1.2.5"])),
          (.referencedImageSequence, .items([.image("1.2.8"), .image("1.2.7", frames: [2, 3])])),
        ])
      ]))
    return object
  }

  private static func read(_ object: DICOMObject) throws -> DICOMPresentationState {
    try state(SourceBytes(DICOMWriter.file(object)))
  }

  @Test func `a state is for the frames that it names, and what it lacks is the identity`() throws {
    let state = try Self.read(Self.phantom())
    #expect(state.look(of: "1.2.6") == nil)
    #expect(state.look(of: "1.2.7", frame: 0) == nil)
    #expect(state.look(of: "1.2.7", frame: 2) != nil)
    let look = try #require(state.look(of: "1.2.8", frame: 9))
    #expect(look.modality == .identity && look.voi == nil && look.presentationLUT == .identity)
    #expect(
      look.shutter == nil && look.displayedArea == nil && look.rotation == 0 && !look.isFlipped)
    #expect(
      state.references.map(\.studyInstanceUID) == ["1.2.3", "1.2.3"]
        && state.references.map(\.seriesInstanceUID) == ["1.2.5", "1.2.5"])
  }

  @Test func `a frame's own window goes before the one for all`() throws {
    func window(_ center: Double, _ images: [DICOMObject]) -> DICOMObject {
      var item = DICOMObject([
        (.windowCenter, .decimals([center])), (.windowWidth, .decimals([10])),
        (.voiLUTFunction, .texts(["SIGMOID"])),
      ])
      if !images.isEmpty { item.set(.referencedImageSequence, .items(images)) }
      return item
    }
    let state = try Self.read(
      Self.phantom([
        (
          Self.attribute(0x0028_3110, .sq),
          .items([window(1, []), window(2, [.image("1.2.7", frames: [3])])])
        )
      ]))
    func center(_ uid: String, _ frame: Int) -> Double? {
      guard case .window(let window)? = state.look(of: uid, frame: frame)?.voi else { return nil }
      #expect(window.function == .sigmoid)
      return window.center
    }
    #expect(center("1.2.8", 0) == 1)
    #expect(center("1.2.7", 1) == 1)
    #expect(center("1.2.7", 2) == 2)
  }

  @Test func `what is drawn has its units, and half a pixel is taken from corners`() throws {
    let state = try Self.read(
      Self.phantom([
        (
          Self.attribute(0x0070_0001, .sq),
          .items([
            DICOMObject([
              (Self.attribute(0x0070_0002, .cs), .texts(["NOTES"])),
              (.referencedImageSequence, .items([.image("1.2.8")])),
              (
                Self.attribute(0x0070_0009, .sq),
                .items([
                  DICOMObject([
                    (Self.attribute(0x0070_0005, .cs), .texts(["PIXEL"])),
                    (Self.attribute(0x0070_0022, .fl), .decimals([2, 3, 2, 5.25])),
                    (Self.attribute(0x0070_0023, .cs), .texts(["CIRCLE"])),
                    (Self.attribute(0x0070_0024, .cs), .texts(["Y"])),
                  ])
                ])
              ),
              (
                Self.attribute(0x0070_0008, .sq),
                .items([
                  DICOMObject([
                    (Self.attribute(0x0070_0003, .cs), .texts(["DISPLAY"])),
                    (Self.attribute(0x0070_0006, .st), .texts(["Look here"])),
                    (Self.attribute(0x0070_0010, .fl), .decimals([0.25, 0.5])),
                    (Self.attribute(0x0070_0011, .fl), .decimals([0.75, 1])),
                  ]),
                  DICOMObject([
                    (Self.attribute(0x0070_0004, .cs), .texts(["PIXEL"])),
                    (Self.attribute(0x0070_0006, .st), .texts(["and there"])),
                    (Self.attribute(0x0070_0014, .fl), .decimals([7, 8])),
                  ]),
                ])
              ),
            ])
          ])
        ),
        (
          Self.attribute(0x0070_005A, .sq),
          .items([
            DICOMObject([
              (Self.attribute(0x0070_0052, .sl), .integers([-4, 1])),
              (Self.attribute(0x0070_0053, .sl), .integers([30, 20])),
              (Self.attribute(0x0070_0100, .cs), .texts(["TRUE SIZE"])),
              (Self.attribute(0x0070_0101, .ds), .decimals([0.6, 0.3])),
            ])
          ])
        ),
      ]))
    #expect(state.look(of: "1.2.7", frame: 1)?.annotations == [])
    let drawn = try #require(state.look(of: "1.2.8")?.annotations.first)
    #expect(drawn.layer == "NOTES")
    #expect(
      drawn.graphics == [
        .init(
          units: .pixel,
          shape: ImageRegion(
            kind: .circle,
            points: [PixelPoint(column: 1.5, row: 2.5), PixelPoint(column: 1.5, row: 4.75)],
            isOfWholeMatrix: false), isFilled: true)
      ])
    #expect(
      drawn.texts == [
        .init(
          text: "Look here",
          box: .init(
            units: .display, topLeft: PixelPoint(column: 0.25, row: 0.5),
            bottomRight: PixelPoint(column: 0.75, row: 1))),
        .init(
          text: "and there",
          anchor: .init(units: .pixel, point: PixelPoint(column: 6.5, row: 7.5))),
      ])
    // The upper left pixel of the area is column -4 of 1 and more: 5 before the first.
    let area = try #require(state.look(of: "1.2.8")?.displayedArea)
    #expect(area.topLeft == PixelPoint(column: -5, row: 0))
    #expect(area.bottomRight == PixelPoint(column: 29, row: 19))
    #expect(area.mode == .trueSize && area.pixelAspect == 2)
  }

  @Test func `a round shutter is round in the patient`() throws {
    let shutter = DisplayShutter(
      shapes: [.circle(center: PixelPoint(column: 3, row: 3), radius: 2)], value: nil)
    // Pixels twice as high as wide: one row away counts as two columns.
    let mask = try shutter.mask(columns: 7, rows: 7, aspect: 2)
    let counts = (0..<7).map { row in mask.bytes[row * 7..<row * 7 + 7].reduce(0) { $0 + Int($1) } }
    #expect(counts == [0, 0, 1, 5, 1, 0, 0])
  }

  @Test func `kinds that are not read are refused by name, damage by its code`() throws {
    for (kind, name) in [("3", "pseudo-color"), ("4", "blending"), ("8", "advanced blending")] {
      #expect {
        _ = try Self.phantom(sopClass: "11." + kind).annotation()
      } throws: {
        guard let error = $0 as? ImageError else { return false }
        return error.code == .unsupportedFormat && error.message.hasSuffix(": \(name).")
      }
    }
    #expect(try Self.read(Self.phantom(sopClass: "11.2")).isColor)
    #expect(try Self.phantom(sopClass: "2").failure() == .unsupportedFormat)

    func failure(_ members: [(UInt32, DICOMValueRepresentation, DICOMObject.Value)]) throws
      -> ErrorCode?
    {
      try Self.phantom(members.map { (Self.attribute($0.0, $0.1), $0.2) }).failure()
    }
    #expect(try failure([(0x0070_0042, .us, .integers([45]))]) == .damagedHeader)
    #expect(try failure([(0x2050_0020, .cs, .texts(["LIN OD"]))]) == .damagedHeader)
    let shapes = ["RECTANGULAR", "CIRCULAR", "POLYGONAL", "BITMAP", "STAR"]
    for shape in shapes {
      #expect(try failure([(0x0018_1600, .cs, .texts([shape]))]) == .damagedHeader, "\(shape)")
    }
    #expect(
      try failure([
        (0x0018_1600, .cs, .texts(["POLYGONAL"])), (0x0018_1620, .is, .integers([1, 2, 3, 4, 5])),
      ]) == .damagedHeader)
    #expect(
      try failure([
        (0x0018_1600, .cs, .texts(["RECTANGULAR"])), (0x0018_1602, .is, .integers([9])),
        (0x0018_1604, .is, .integers([3])), (0x0018_1606, .is, .integers([1])),
        (0x0018_1608, .is, .integers([3])),
      ]) == .damagedHeader)
    // A bitmap that says it has 65535 x 65535 pixels and has 16.
    #expect(
      try failure([
        (0x0018_1600, .cs, .texts(["BITMAP"])), (0x0018_1623, .us, .integers([0x6000])),
        (0x6000_0010, .us, .integers([0xFFFF])), (0x6000_0011, .us, .integers([0xFFFF])),
        (0x6000_3000, .ow, .bytes([1, 2])),
      ]) == .damagedHeader)
    let small = try Self.read(
      Self.phantom([
        (Self.attribute(0x0018_1600, .cs), .texts(["BITMAP"])),
        (Self.attribute(0x0018_1623, .us), .integers([0x6002])),
        (Self.attribute(0x6002_0010, .us), .integers([2])),
        (Self.attribute(0x6002_0011, .us), .integers([3])),
        (Self.attribute(0x6002_3000, .ow), .bytes([0b101001, 0])),
      ]))
    // Set bits hide: the first, the fourth and the sixth.
    #expect(try small.shutter?.mask(columns: 3, rows: 2).bytes == [0, 1, 1, 0, 1, 0])
    #expect(throws: ImageError.self) { try small.shutter?.mask(columns: 2, rows: 3) }
  }
}
