import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct DisplayTableTests {
  @Test(arguments: Phantom.samples, [false, true])
  func `it shows what modality transform and mapping give value by value, padding black`(
    sample: StoredPlane.Sample, inverted: Bool
  ) throws {
    var generator = SeededGenerator(seed: 5)
    let modality = ModalityTransform.linear(slope: 0.5, intercept: -3)
    let mapping = try DisplayMapping(.window(Window(center: 60, width: 90)), inverted: inverted)
    let padding = PixelPadding(value: 12, limit: 7)
    let table = DisplayTable(sample: sample, modality: modality, padding: padding, mapping: mapping)
    // 7 x 3 leaves samples after the last whole machine word.
    let values = (0..<21).map { $0 < 8 ? Double(5 + $0) : Phantom.value(of: sample, &generator) }
    let plane = Phantom.plane(values, columns: 7, rows: 3, sample: sample)
    let expected = values.map { (7...12).contains($0) ? 0 : mapping.grey(modality($0)) }
    #expect(table.render(plane) == expected)
    // 5 and 6, as modality values -0.5 and 0, are below the window's 15; 7 to 12 are padding, and
    // black also where what is below the window is white.
    #expect(
      expected[..<8].map { $0 == 0 } == [!inverted, !inverted] + .init(repeating: true, count: 6))
  }

  @Test(arguments: Phantom.samples)
  func `16 bits and three channels are the mapping's too, value by value`(
    sample: StoredPlane.Sample
  ) throws {
    var generator = SeededGenerator(seed: 6)
    let padding = PixelPadding(value: 12, limit: 7)
    let values = (0..<21).map { $0 < 8 ? Double(5 + $0) : Phantom.value(of: sample, &generator) }
    let plane = Phantom.plane(values, columns: 7, rows: 3, sample: sample)
    func isPadding(_ value: Double) -> Bool { (7...12).contains(value) }
    let range = try DisplayMapping(.range(low: 0, high: 100))
    let sixteen = DisplayTable(
      sample: sample, modality: .identity, padding: padding, mapping: range, depth: .sixteen)
    // Pictures are native endian in memory; these machines' least byte comes first.
    let expected = values.flatMap { value -> [UInt8] in
      let grey = isPadding(value) ? 0 : range.grey16(value)
      return [UInt8(grey & 255), UInt8(grey >> 8)]
    }
    #expect(sixteen.render(plane) == expected)
    let three = try DisplayMapping(
      .ranges([.init(low: 0, high: 50), .init(low: 10, high: 90), .init(low: -5, high: 5)]))
    let colour = DisplayTable(
      sample: sample, modality: .identity, padding: padding, mapping: three)
    #expect(
      colour.render(plane)
        == values.flatMap { value in
          (0..<3).map { isPadding(value) ? 0 : three.grey(value, channel: $0) }
        })
  }

  @Test func `what is no number is black, also where black is white, and what is infinite an end`()
    throws
  {
    let values = [Double.nan, .infinity, -.infinity, 50]
    for sample in [StoredPlane.Sample.float32, .float64] {
      for inverted in [false, true] {
        let mapping = try DisplayMapping(.range(low: 0, high: 100), inverted: inverted)
        let table = DisplayTable(
          sample: sample, modality: .identity, padding: nil, mapping: mapping)
        let plane = Phantom.plane(values, columns: 4, rows: 1, sample: sample)
        // 50 of 100 is 127.5 of 255, rounded up, either way round.
        #expect(table.render(plane) == (inverted ? [0, 0, 255, 128] : [0, 255, 0, 128]))
      }
    }
  }

  @Test func `one table serves all slices of a volume, one more each further transform`() throws {
    let mapping = try DisplayMapping(.range(low: 0, high: 100))
    var tables = DisplayTables(mapping: mapping)
    func grey(_ stored: Int, slope: Double) -> [UInt8] {
      let modality = ModalityTransform.linear(slope: slope, intercept: 0)
      let table = tables.table(sample: .int16, modality: modality, padding: nil)
      return table.render(Phantom.plane([stored], columns: 1, rows: 1, sample: .int16))
    }
    for _ in 0..<3 { #expect(grey(20, slope: 1) == [51]) }
    #expect(tables.built == 1)
    // The same modality value is the same grey, whatever slope led to it: 20 of 100 is 51 of 255.
    for divisor in 1...20 { #expect(grey(20 * divisor, slope: 1 / Double(divisor)) == [51]) }
    #expect(tables.built == 20)
    #expect(grey(400, slope: 0.05) == [51])
    #expect(tables.built == 20)
  }

  @Test func `colour of 8 bits passes through, deeper colour is scaled from all its bits`() throws {
    let plain = DisplayTable(
      sample: .uint8, modality: .identity, padding: nil, mapping: try DisplayMapping(.none))
    let picture = Phantom.plane(
      [1, 2, 3, 250, 251, 255], columns: 2, rows: 1, samplesPerPixel: 3, sample: .uint8)
    #expect(plain.render(picture) == [1, 2, 3, 250, 251, 255])

    let deep = DisplayTable(
      sample: .uint16, modality: .identity, padding: nil,
      mapping: try DisplayMapping(.range(low: 0, high: 4095)))
    // 255 * 8 / 4095 = 0.498, 255 * 9 / 4095 = 0.560, 255 * 2047 / 4095 = 127.47.
    let samples = [0, 8, 9, 2047, 4095, 65_535]
    let deepPicture = Phantom.plane(
      samples, columns: 2, rows: 1, samplesPerPixel: 3, sample: .uint16)
    #expect(deep.render(deepPicture) == [0, 0, 1, 127, 255, 255])
  }
}
