import ImageFormats
import MedicalImaging
import TestSupport
import Testing
import TrainingData

/// PNG masks by number and by colour, beside Pillow.
@Suite struct MaskPictureTests {
  private static let all = LabelTable(
    Dictionary(uniqueKeysWithValues: (1...65535).map { ($0, "\($0)") }))

  @Test(.needsPeers) func `numbers are those of the file in every depth, and ours are read`() throws
  {
    var generator = SeededGenerator(seed: 9)
    let folder = try TemporaryFolder()
    func plane(_ most: Int32) -> LabelPlane {
      LabelPlane(
        columns: 31, rows: 17,
        numbers: (0..<31 * 17).map { _ in Int32.random(in: 0...most, using: &generator) })
    }
    let (small, large, few) = (plane(255), plane(65535), plane(2))
    try folder.write(MaskPictureWriter.write(small), to: "ours8.png")
    try folder.write(small.numbers.map { UInt8($0) }, to: "ours8.raw")
    try folder.write(MaskPictureWriter.write(large), to: "ours16.png")
    try folder.write(numbers: large.numbers.map { UInt16($0) }, to: "ours16.raw")
    let colors: [Int32: MaskColor] = [
      0: MaskColor(red: 0, green: 0, blue: 0), 1: MaskColor(red: 128, green: 0, blue: 0),
      2: MaskColor(red: 0, green: 128, blue: 0),
    ]
    try folder.write(MaskPictureWriter.write(few, colors: colors), to: "oursRGB.png")
    try folder.write(
      few.numbers.flatMap { [$0 == 1 ? 128 : 0, $0 == 2 ? 128 : 0, 0] as [UInt8] },
      to: "oursRGB.raw")
    let kinds = try Peer.run(script: "masks.py", in: folder).split(whereSeparator: \.isWhitespace)
    #expect(kinds.count == 9)
    for kind in kinds {
      let source = try SourceBytes(folder.bytes(of: "\(kind).png"))
      let read = try MaskPictureReader.read(source, names: Self.all)
      #expect(try read.numbers == folder.numbers(of: "\(kind).i32", as: Int32.self))
      #expect(read.columns == 21 && read.rows == 13)
    }
    let table = Dictionary(uniqueKeysWithValues: colors.map { ($1, $0) })
    let coloured = try MaskPictureReader.read(
      SourceBytes(folder.bytes(of: "colours.png")), colors: table)
    let bytes = try folder.bytes(of: "colours.u8")
    // Red of 128 is 1, green of 128 is 2.
    let wanted = (0..<21 * 13).map {
      Int32(bytes[3 * $0]) / 128 + Int32(bytes[3 * $0 + 1]) / 64
    }
    #expect(coloured.numbers == wanted)
  }

  private static func mask(_ numbers: [Int32]) throws -> SourceBytes {
    try SourceBytes(
      MaskPictureWriter.write(LabelPlane(columns: 3, rows: 2, numbers: numbers)))
  }

  @Test func `numbers and colours that nothing names are refused with their place`() throws {
    let mask = try Self.mask([0, 1, 1, 0, 255, 7])
    func expect(_ words: String, _ read: () throws -> LabelPlane) {
      #expect {
        try read()
      } throws: {
        guard let error = $0 as? ImageError else { return false }
        return error.code == .annotation && error.message.contains(words)
      }
    }
    let names = LabelTable([1: "liver", 7: "spleen"])
    expect("column 1, row 1") { try MaskPictureReader.read(mask, names: names) }
    let read = try MaskPictureReader.read(mask, names: names, background: [255])
    #expect(read.numbers == [0, 1, 1, 0, 0, 7])
    expect("no colours") { try MaskPictureReader.read(mask, colors: [:]) }
    let black = MaskColor(red: 0, green: 0, blue: 0)
    let coloured = try SourceBytes(
      MaskPictureWriter.write(
        LabelPlane(columns: 2, rows: 1, numbers: [0, 1]),
        colors: [0: black, 1: MaskColor(red: 1, green: 2, blue: 3)]))
    expect("column 1, row 0") { try MaskPictureReader.read(coloured, colors: [black: 0]) }
    #expect {
      try MaskPictureReader.read(coloured, names: names)
    } throws: {
      ($0 as? ImageError)?.code == .unsupportedPixels
    }
    #expect {
      try MaskPictureReader.read(SourceBytes([0xFF, 0xD8, 0xFF, 0xE0]), names: names)
    } throws: {
      ($0 as? ImageError)?.code == .unsupportedFormat
    }
    for number in [-1, 65536] as [Int32] {
      #expect(throws: ImageError.self) {
        try MaskPictureWriter.write(LabelPlane(columns: 1, rows: 1, numbers: [number]))
      }
    }
  }

  @Test func `components of a mask become annotations with outlines`() throws {
    let plane = LabelPlane(columns: 3, rows: 2, numbers: [1, 0, 7, 1, 0, 7])
    let made = try plane.annotations(names: LabelTable([1: "liver", 7: "spleen"]), picture: 4)
    #expect(made.map(\.name) == ["liver", "spleen"])
    #expect(made.map(\.picture) == [4, 4])
    let right = EdgeBox(x0: 2, y0: 0, x1: 3, y1: 2)
    #expect(made[1].box == right && made[1].outline == .polygons([EdgePolygon(right)]))
    #expect(made[1].outline?.mask(columns: 3, rows: 2) == plane.mask(of: 7))
    #expect(throws: ImageError.self) {
      try plane.annotations(names: LabelTable([1: "liver"]), picture: 0)
    }
  }
}
