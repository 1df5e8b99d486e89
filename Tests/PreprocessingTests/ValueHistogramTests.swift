import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct ValueHistogramTests {
  @Test(arguments: Phantom.samples)
  func `it counts what a dictionary counts, padding left out`(sample: StoredPlane.Sample) throws {
    var generator = SeededGenerator(seed: 1)
    let padding = PixelPadding(value: 3, limit: 5)
    var histogram = ValueHistogram()
    var expected: [Double: UInt64] = [:]
    // Odd sizes leave samples after the last whole machine word; runs fill whole words.
    for size in [1, 3, 7, 64, 301] {
      let values = (0..<size * 3).map { i in
        i % 50 < 20 ? (sample.isSigned ? -7 : 9) : Phantom.value(of: sample, &generator)
      }
      for value in values where !padding.values.contains(value) { expected[value, default: 0] += 1 }
      let plane = Phantom.plane(values, columns: size, rows: 3, sample: sample)
      histogram.add(plane: plane, padding: padding, modality: .identity)
    }
    let counted = histogram.parts[.identity, default: []]
    #expect(counted.map(\.value) == expected.keys.sorted())
    #expect(counted.allSatisfy { expected[$0.value] == $0.count })
    #expect(histogram.count == Int(expected.values.reduce(0, +)))
    #expect(try ValueHistogram(bytes: histogram.bytes) == histogram)
  }

  @Test func `more values than one run holds are counted once each`() {
    // 3 x 2^20 numbers of 2^21 + 5, each after the others have come: runs of several lengths.
    let (rows, columns) = (3 << 10, 1 << 10)
    let distinct = 1 << 21 + 5
    let values = (0..<rows * columns).map { Double($0 * 7919 % distinct) / 8 - 1000 }
    var histogram = ValueHistogram()
    histogram.add(
      plane: Phantom.plane(values, columns: columns, rows: rows, sample: .float64), padding: nil,
      modality: .identity)
    let entries = histogram.parts[.identity, default: []]
    let expected = Dictionary(values.map { ($0, UInt64(1)) }, uniquingKeysWith: +)
    #expect(entries.map(\.value) == expected.keys.sorted())
    #expect(entries.allSatisfy { expected[$0.value] == $0.count })
  }

  @Test func `what is no finite number is not counted, and minus zero is zero`() {
    var histogram = ValueHistogram()
    let values = [0, -0.0, .nan, .infinity, -.infinity, 2.5]
    histogram.add(
      plane: Phantom.plane(values, columns: 6, rows: 1, sample: .float32), padding: nil,
      modality: .identity)
    #expect(
      histogram.parts == [.identity: [.init(value: 0, count: 2), .init(value: 2.5, count: 1)]])
  }

  @Test func `the order of planes and merges does not matter, nor does a file between them`() throws
  {
    var generator = SeededGenerator(seed: 2)
    let transforms: [ModalityTransform] = [
      .identity, .linear(slope: 0.5, intercept: -3),
      .table(LookupTable(firstMapped: -5, bits: 12, entries: [1, 5, 9, 4095])),
    ]
    let planes = (0..<12).map { i in
      let values = (0..<100).map { _ in Int(generator.next() % 41) - 20 }
      return (Phantom.plane(values, columns: 10, rows: 10, sample: .int16), transforms[i % 3])
    }
    func histogram(_ planes: [(StoredPlane, ModalityTransform)]) -> ValueHistogram {
      var histogram = ValueHistogram()
      for (plane, modality) in planes {
        histogram.add(plane: plane, padding: PixelPadding(value: -20), modality: modality)
      }
      return histogram
    }
    let whole = histogram(planes)
    var merged = try ValueHistogram(bytes: histogram(Array(planes[7...])).bytes)
    merged.merge(try ValueHistogram(bytes: histogram(planes[..<7].reversed()).bytes))
    #expect(merged == whole)
    #expect(merged.bytes == whole.bytes)
    #expect(merged.bytes.count < 600)
  }

  @Test func `planes of one transform may differ in sample type and padding`() {
    var histogram = ValueHistogram()
    let signed = Phantom.plane([-1, 4, 4], columns: 3, rows: 1, sample: .int16)
    let unsigned = Phantom.plane([4, 200, 201], columns: 3, rows: 1, sample: .uint8)
    histogram.add(plane: signed, padding: nil, modality: .identity)
    histogram.add(plane: unsigned, padding: PixelPadding(value: 200), modality: .identity)
    #expect(
      histogram.parts == [
        .identity: [
          .init(value: -1, count: 1), .init(value: 4, count: 3), .init(value: 201, count: 1),
        ]
      ])
  }

  @Test func `a damaged file is refused, wherever the damage is`() throws {
    var histogram = ValueHistogram()
    let plane = Phantom.plane([1, 2, 300, 300], columns: 2, rows: 2, sample: .int16)
    histogram.add(plane: plane, padding: nil, modality: .linear(slope: 2, intercept: 1))
    let table = LookupTable(firstMapped: 0, bits: 8, entries: [7, 8])
    histogram.add(plane: plane, padding: nil, modality: .table(table))
    let bytes = histogram.bytes
    #expect(try ValueHistogram(bytes: bytes) == histogram)
    for length in 0..<bytes.count {
      #expect(throws: ImageError.self) { try ValueHistogram(bytes: Array(bytes[..<length])) }
    }
    #expect(throws: ImageError.self) { try ValueHistogram(bytes: bytes + [0]) }
    // Any one byte may be anything: refused or read, but never a trap, and never a sum that traps.
    for position in bytes.indices {
      for value in UInt8.min...UInt8.max {
        var damaged = bytes
        damaged[position] = value
        if let read = try? ValueHistogram(bytes: damaged) {
          _ = read.foregroundPercentiles(low: 0.5, high: 99.5)
        }
      }
    }
  }

  @Test(.needsPeers)
  func `percentiles and Otsu's threshold equal numpy's and scikit-image's to the last bit`() throws
  {
    let folder = try TemporaryFolder()
    let percentiles = [0, 0.1, 0.5, 1, 12.5, 25, 50, 66.6, 75, 90, 99, 99.5, 99.9, 100]
    try folder.write(numbers: percentiles, to: "percentiles.f64")
    var histograms: [ValueHistogram] = []
    for (index, volume) in Phantom.volumes().enumerated() {
      var histogram = ValueHistogram()
      for (values, modality) in volume {
        let plane = Phantom.plane(values, columns: values.count, rows: 1, sample: .int16)
        histogram.add(plane: plane, padding: nil, modality: modality)
      }
      histograms.append(histogram)
      let modality = volume.flatMap { values, modality in values.map { modality(Double($0)) } }
      try folder.write(numbers: modality, to: "\(index).f64")
      if volume.count == 1 {
        try folder.write(numbers: volume[0].values.map(Int32.init), to: "\(index).i32")
      }
    }
    try Peer.run(script: "statistics.py", in: folder)

    #expect(histograms.count == 55)
    for (index, histogram) in histograms.enumerated() {
      let answers = try folder.numbers(of: "\(index).answers.f64", as: Double.self)
      let distribution = histogram.distribution
      #expect(
        percentiles.compactMap { distribution.percentile($0) }
          == Array(answers.prefix(percentiles.count)))

      let parts = histogram.parts
      let otsu = answers[percentiles.count]
      let expected = parts.count == 1 ? parts.keys.first?(otsu) : otsu
      let threshold = try #require(histogram.otsuThreshold)
      #expect(threshold == expected, "volume \(index)")
      let foreground = distribution.above(threshold)
      #expect(
        percentiles.compactMap { foreground.percentile($0) }
          == Array(answers.suffix(percentiles.count)),
        "volume \(index)")
    }
  }
}

@Suite struct IntensityRangeTests {
  private func histogram(_ values: [Int]) -> ValueHistogram {
    var histogram = ValueHistogram()
    histogram.add(
      plane: Phantom.plane(values, columns: values.count, rows: 1, sample: .int16),
      padding: PixelPadding(value: -1), modality: .linear(slope: 2, intercept: 1))
    return histogram
  }

  @Test func `the foreground's percentiles leave out what is not above the threshold`() {
    // Air 0, 1, 1 and tissue 100, 110, 120, 130, 140: between the two groups lies the threshold, so
    // that 0 and 100 percent of the foreground are 100 and 140, as modality values 201 and 281.
    let histogram = histogram([0, 1, 1, 100, 110, 120, 130, 140])
    #expect(
      histogram.foregroundPercentiles(low: 0, high: 100)
        == IntensityRange(low: 201, high: 281, basis: .foreground))
    #expect(
      histogram.percentiles(low: 0, high: 100)
        == IntensityRange(low: 1, high: 281, basis: .all))
  }

  @Test func `every step away from what was asked for is named`() {
    // One tissue value: its percentiles are one value; those of all are not.
    #expect(
      histogram([0, 1, 2, 50, 50]).foregroundPercentiles(low: 0, high: 100)
        == IntensityRange(low: 1, high: 101, basis: .allForFlatForeground))
    // One white pixel among a thousand black ones lies outside 0.5 and 99.5 percent.
    #expect(
      histogram([Int](repeating: 0, count: 1000) + [9]).foregroundPercentiles(low: 0.5, high: 99.5)
        == IntensityRange(low: 1, high: 19, basis: .extremes))
    #expect(
      histogram([4, 4, 4]).foregroundPercentiles(low: 0.5, high: 99.5)
        == IntensityRange(low: 9, high: 9, basis: .constant))
    #expect(
      histogram([-1, -1]).foregroundPercentiles(low: 0.5, high: 99.5)
        == IntensityRange(low: 0, high: 0, basis: .empty))
  }
}
