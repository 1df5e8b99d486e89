import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct DisplayMappingTests {
  /// What display.py reads and writes: the header facts of one picture.
  struct Case: Codable {
    var path: String?
    var photometric: String
    var bitsAllocated: Int? = 16
    var bitsStored: Int
    var isSigned: Bool
    var slope = 1.0
    var intercept = 0.0
    var modalityTable: LookupTable?
    var center: Double?
    var width: Double?
    var function: String?
    var voiTable: LookupTable?

    var modality: ModalityTransform {
      modalityTable.map { .table($0) } ?? .linear(slope: slope, intercept: intercept)
    }

    var sample: StoredPlane.Sample {
      bitsAllocated == 8 ? isSigned ? .int8 : .uint8 : isSigned ? .int16 : .uint16
    }

    func mapping() throws -> DisplayMapping {
      let inverted = photometric == "MONOCHROME1"
      if let voiTable { return try DisplayMapping(.lut(voiTable), inverted: inverted) }
      let window = Window(
        center: try #require(center), width: try #require(width),
        function: try #require(Window.Function(rawValue: function ?? "LINEAR")))
      return try DisplayMapping(.window(window), inverted: inverted)
    }
  }

  /// Compares with 255 t as pydicom has it. Where that lies within rounding of a half, both
  /// neighbours are right; gives back for how many values that was so.
  private func compare(_ greys: [UInt8], with exact: [Double], _ what: String) -> Int {
    #expect(greys.count == exact.count)
    var ties = 0
    for (grey, x) in zip(greys, exact) where Double(grey) != (x + 0.5).rounded(.down) {
      ties += 1
      let isTie = abs(x - x.rounded(.down) - 0.5) < 1e-9 && abs(Double(grey) - x) < 0.5 + 1e-9
      #expect(isTie, "\(what): \(grey) for \(x)")
    }
    return ties
  }

  private static let cases: [Case] = {
    var cases: [Case] = []
    for function in ["LINEAR", "LINEAR_EXACT", "SIGMOID"] {
      for (center, width) in [(40.0, 400.0), (-600, 1500), (127.5, 255), (0.3, 1), (2048, 4096)] {
        for (slope, intercept) in [(1.0, -1024.0), (0.37, 12.5), (-1, 100)] {
          cases.append(
            Case(
              photometric: cases.count % 2 == 0 ? "MONOCHROME2" : "MONOCHROME1",
              bitsStored: 12 + cases.count % 5, isSigned: cases.count % 3 == 0, slope: slope,
              intercept: intercept, center: center, width: width, function: function))
        }
      }
    }
    // LUTs with their first input below, at and above 0; entries of 8 to 16 bits.
    let ramp = (0..<500).map { UInt16($0 * $0 % 1024) }
    for (first, bits) in [(-100, 10), (0, 12), (300, 16)] {
      let table = LookupTable(firstMapped: first, bits: bits, entries: ramp)
      cases.append(
        Case(photometric: "MONOCHROME1", bitsStored: 16, isSigned: true, voiTable: table))
      // Of a modality LUT pydicom reads 8 and 16 bits only.
      let modality = LookupTable(firstMapped: first, bits: 16, entries: ramp)
      cases.append(
        Case(
          photometric: "MONOCHROME2", bitsStored: 16, isSigned: true, modalityTable: modality,
          center: 500, width: 700, function: "LINEAR"))
      cases.append(
        Case(
          photometric: "MONOCHROME2", bitsStored: 16, isSigned: true, slope: 0.5, intercept: 20,
          voiTable: table))
    }
    return cases
  }()

  @Test(.needsPeers)
  func `every stored value is shown as pydicom's windows and LUTs show it`() throws {
    let folder = try TemporaryFolder()
    try JSONEncoder().encode(Self.cases).write(to: folder.url("cases.json"))
    for (index, one) in Self.cases.enumerated() {
      let stored = (0..<65_536).map { Int32(one.sample.storedValue(pattern: $0)) }
      try folder.write(numbers: stored, to: "\(index).i32")
    }
    try Peer.run(script: "display.py", ["cases"], in: folder)
    #expect(Self.cases.count == 54)
    var ties = 0
    for (index, one) in Self.cases.enumerated() {
      let exact = try folder.numbers(of: "\(index).f64", as: Double.self)
      let stored = try folder.numbers(of: "\(index).i32", as: Int32.self).map(Double.init)
      let table = DisplayTable(
        sample: one.sample, modality: one.modality, padding: nil, mapping: try one.mapping())
      let plane = Phantom.plane(stored, columns: 256, rows: 256, sample: one.sample)
      ties += compare(table.render(plane), with: exact, "case \(index)")
    }
    #expect(ties < 100)
  }

  @Test(.needsCorpus, .needsPeers)
  func `every grey picture of the corpus with a window or VOI LUT is shown as pydicom shows it`()
    throws
  {
    let folder = try TemporaryFolder()
    try Peer.run(script: "display.py", ["corpus", Corpus.location.path], in: folder)
    let cases = try JSONDecoder().decode(
      [Case].self, from: Data(contentsOf: folder.url("cases.json")))
    var values = 0
    for (index, one) in cases.enumerated() {
      let exact = try folder.numbers(of: "\(index).f64", as: Double.self)
      let stored = try folder.numbers(of: "\(index).i32", as: Int32.self).map(Double.init)
      let mapping = try one.mapping()
      // A table costs 65,536 values; most pictures here have a few hundred.
      let greys = stored.map { mapping.grey(one.modality($0)) }
      _ = compare(greys, with: exact, one.path ?? "")
      values += stored.count
    }
    print("compared \(cases.count) pictures of the corpus, \(values) distinct values")
    #expect(cases.count >= 728)
  }

  @Test(arguments: CTPreset.allCases)
  func `Hounsfield units inside a preset's window come back within half a step`(
    preset: CTPreset
  ) throws {
    let window = preset.window
    let mapping = try DisplayMapping(.window(window))
    // PS3.3 C.11.2.1.2: black up to c - 0.5 - (w - 1) / 2, white above c - 0.5 + (w - 1) / 2.
    let low = window.center - 0.5 - (window.width - 1) / 2
    let high = low + window.width - 1
    let step = (high - low) / 255
    for hounsfield in -1024...3071 {
      let value = Double(hounsfield)
      let grey = Double(mapping.grey(value))
      if value <= low {
        #expect(grey == 0)
      } else if value > high {
        #expect(grey == 255)
      } else {
        #expect(abs(low + grey * step - value) <= step / 2 + 1e-9)
      }
    }
  }

  @Test func `windows that the standard forbids are refused`() {
    let forbidden = [
      Window(center: 0, width: 0.99), Window(center: 0, width: -4),
      Window(center: 0, width: 0, function: .linearExact),
      Window(center: 0, width: 0, function: .sigmoid),
      Window(center: .nan, width: 10), Window(center: 0, width: .infinity),
      // Its lower end, center - width / 2, is below the least Float64, -1.8e308.
      Window(center: -1e308, width: 1.7e308, function: .linearExact),
    ]
    for window in forbidden {
      #expect {
        try DisplayMapping(.window(window))
      } throws: {
        ($0 as? ImageError)?.code == .invalidWindow
      }
    }
    #expect(throws: ImageError.self) { try DisplayMapping(.range(low: 2, high: 1)) }
    #expect(throws: ImageError.self) { try DisplayMapping(.range(low: .nan, high: 1)) }
    let table = LookupTable(firstMapped: 0, bits: 17, entries: [0])
    #expect(throws: ImageError.self) { try DisplayMapping(.lut(table)) }
    #expect(throws: Never.self) {
      _ = try DisplayMapping(.window(Window(center: 0, width: 1)))
      _ = try DisplayMapping(.window(Window(center: 0, width: 0.1, function: .linearExact)))
    }
  }

  @Test func `a range runs from black to white, inverted from white to black`() throws {
    let range = try DisplayMapping(.range(low: 100, high: 355))
    // 255 t = value - 100; a half goes up.
    #expect(
      [99, 100, 100.4, 100.5, 227.5, 355, 9e99].map(range.grey) == [0, 0, 0, 1, 128, 255, 255])
    let inverted = try DisplayMapping(.range(low: 100, high: 355), inverted: true)
    #expect([99, 100, 100.4, 355].map(inverted.grey) == [255, 255, 255, 0])
    #expect(inverted.grey(101) == 254)
  }

  @Test func `16 bits have a step 257 times as fine, and three ranges a grey each`() throws {
    // 65535 t = 257 (value - 100): 100.5 is half of 257, 128.5, and goes up.
    let range = try DisplayMapping(.range(low: 100, high: 355))
    #expect([99, 100, 100.5, 101, 355, 9e99].map(range.grey16) == [0, 0, 129, 257, 65535, 65535])
    let inverted = try DisplayMapping(.range(low: 100, high: 355), inverted: true)
    #expect([100, 101, 355].map(inverted.grey16) == [65535, 65535 - 257, 0])
    let three = try DisplayMapping(
      .ranges([.init(low: 0, high: 255), .init(low: 100, high: 151), .init(low: -2, high: 2)]))
    #expect(three.channels == 3)
    // 255 (110 - 100) / 51 = 50.
    #expect((0..<3).map { three.grey(110, channel: $0) } == [110, 50, 255])
    for ranges in [
      [], [.init(low: 0, high: 1)], Array(repeating: .init(low: 1, high: 0), count: 3),
    ]
      as [[DisplayMapping.ValueRange]]
    {
      #expect(throws: ImageError.self) { try DisplayMapping(.ranges(ranges)) }
    }
  }

  @Test func `nothing that a header can hold makes a grey trap`() throws {
    let odd = [Double.nan, .infinity, -.infinity, 1e308, -1e308, .leastNonzeroMagnitude]
    let entries: [UInt16] = [0, 65_535]
    let kinds: [DisplayMapping.Kind] = [
      .window(Window(center: 1e300, width: 1)),
      .window(Window(center: -1e308, width: 1e308, function: .sigmoid)),
      .range(low: 3, high: 3), .none,
      .lut(LookupTable(firstMapped: .max, bits: 1, entries: entries)),
      .lut(LookupTable(firstMapped: .min, bits: 16, entries: entries)),
    ]
    for kind in kinds {
      for inverted in [false, true] {
        let mapping = try DisplayMapping(kind, inverted: inverted)
        for value in odd { _ = mapping.grey(value) }
        #expect(mapping.grey(.nan) == (inverted ? 255 : 0))
      }
    }
  }

  @Test func `it is the same after a file, and a file cannot hold a forbidden one`() throws {
    let mapping = try DisplayMapping(
      .window(Window(center: 40.5, width: 400, function: .sigmoid)), inverted: true)
    let data = try JSONEncoder().encode(mapping)
    #expect(try JSONDecoder().decode(DisplayMapping.self, from: data) == mapping)
    let narrow = String(decoding: data, as: UTF8.self).replacing("400", with: "0")
    #expect(throws: ImageError.self) {
      try JSONDecoder().decode(DisplayMapping.self, from: Data(narrow.utf8))
    }
  }
}
