import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

@Suite struct MRIntensityTests {
  private static func landmarks(_ pairs: [(Double, Double)]) throws -> HistogramLandmarks {
    try HistogramLandmarks(pairs.map { .init(percentile: $0.0, standard: $0.1) })
  }

  /// Every value once, after so many zeros.
  private static func histogram(_ values: [Int], zeros: Int = 0) -> ValueHistogram {
    var histogram = ValueHistogram()
    let all = [Int](repeating: 0, count: zeros) + values
    histogram.add(
      plane: Phantom.plane(all, columns: all.count, rows: 1, sample: .uint16), padding: nil,
      modality: .identity)
    return histogram
  }

  private static func choice(
    _ statistic: DisplayPlan.Measurement.Statistic, _ histogram: ValueHistogram,
    _ foreground: Foreground = .otsu
  ) throws -> DisplayChoice {
    try DisplayPlan.measured(
      .init(foreground: foreground, statistic: statistic, inverted: false, findings: [])
    ).choice(histogram)
  }

  /// Expects points, as exact as their numbers are.
  private static func expect(_ mapping: DisplayMapping, _ expected: [(Double, Double)]) throws {
    guard case .points(let points) = mapping.kind else { throw TestSupportError("no points") }
    #expect(points.count == expected.count)
    for (point, (value, display)) in zip(points, expected) {
      #expect(abs(point.value - value) < 1e-9 && abs(point.display - display) < 1e-12)
    }
  }

  @Test(.needsPeers)
  func `mean, deviation and landmarks are those of the package intensity-normalization`() throws {
    let folder = try TemporaryFolder()
    let places: [Double] = [4, 11, 18, 24.5, 31, 38, 45.25, 53, 62, 74, 93]
    let landmarks = try Self.landmarks(Array(zip(HistogramLandmarks.percentiles, places)))
    try folder.write(numbers: HistogramLandmarks.percentiles + places, to: "landmarks.f64")
    // Of one transform each, and with enough values for percentiles that differ.
    let volumes = Phantom.volumes().filter { $0.count == 1 && $0[0].values.count > 100 }
    for (index, volume) in volumes.enumerated() {
      let (values, modality) = volume[0]
      try folder.write(numbers: values.map { modality(Double($0)) }, to: "\(index).f64")
      try folder.write(numbers: values.map(Int32.init), to: "\(index).i32")
    }
    try Peer.run(script: "mr_intensity.py", in: folder)
    #expect(volumes.count == 52)
    var ties = 0
    for (index, volume) in volumes.enumerated() {
      let (values, modality) = volume[0]
      var histogram = ValueHistogram()
      histogram.add(
        plane: Phantom.plane(values, columns: values.count, rows: 1, sample: .int16), padding: nil,
        modality: modality)
      let theirs = try folder.numbers(of: "\(index).moments.f64", as: Double.self)
      let ours = [Foreground.otsu, .all].flatMap { foreground -> [Double] in
        let values = histogram.values(of: foreground).candidates[0].values
        return [values.mean ?? .nan, values.deviation ?? .nan]
      }
      // numpy adds up in another order.
      for (our, their) in zip(ours, theirs) { #expect(abs(our / their - 1) < 1e-12) }
      let range = try Self.choice(.deviations(-3...3), histogram).mapping
      guard case .range(let low, let high) = range.kind else { throw TestSupportError("no range") }
      #expect(abs(low - (theirs[0] - 3 * theirs[1])) < 1e-9 * theirs[1])
      #expect(abs(high - (theirs[0] + 3 * theirs[1])) < 1e-9 * theirs[1])

      let trained = try folder.numbers(of: "\(index).trained.f64", as: Double.self)
      let found = try #require(histogram.values(of: .otsu).standardLandmarks)
      #expect(found.count == trained.count)
      for (our, their) in zip(found, trained) { #expect(abs(our - their) < 1e-9) }

      let shown = try folder.numbers(of: "\(index).shown.f64", as: Double.self)
      let mapping = try Self.choice(.landmarks(landmarks), histogram).mapping
      #expect(mapping.kind != range.kind)
      for (value, exact) in zip(values, shown) {
        let grey = Double(mapping.grey(modality(Double(value))))
        guard grey != (exact + 0.5).rounded(.down) else { continue }
        // Within rounding of a half both neighbours are right.
        ties += 1
        #expect(abs(exact - exact.rounded(.down) - 0.5) < 1e-9 && abs(grey - exact) < 0.5 + 1e-9)
      }
    }
    #expect(ties < 100)
  }

  @Test func `a volume worked out by hand is shown by its landmarks`() throws {
    // 1000...1200 once each: 0, 50 and 100 percent are 1000, 1100 and 1200. They become 20, 40 and 90 of
    // 100. Below, 5 values a step of 100 / 100: black at 1000 - 20 x 5 = 900. Above, 2 values a step: white
    // at 1200 + 10 x 2 = 1220.
    let landmarks = try Self.landmarks([(0, 20), (50, 40), (100, 90)])
    let choice = try Self.choice(
      .landmarks(landmarks), Self.histogram(Array(1000...1200), zeros: 300))
    #expect(choice.source == .landmarks && choice.basis == .foreground)
    try Self.expect(
      choice.mapping, [(900, 0), (1000, 0.2), (1100, 0.4), (1200, 0.9), (1220, 1)])
    // 255 t: 1050 is 30 of 100, 76.5, and goes up; 1150 is 65 of 100, 165.75; 950 is 10, 25.5.
    #expect(
      [0, 900, 950, 1000, 1050, 1100, 1150, 1200, 1220, 9e9].map(choice.mapping.grey)
        == [0, 0, 26, 51, 77, 102, 166, 230, 255, 255])
    #expect(choice.mapping.grey(.nan) == 0)
    let inverted = try DisplayMapping(choice.mapping.kind, inverted: true)
    #expect([900, 1000, 1220].map(inverted.grey) == [255, 204, 0])
    #expect(inverted.grey16(1100) == 39321)
  }

  @Test func `percentiles that are one value keep their places: there the scale jumps`() throws {
    // Of 60 zeros, then 1...40: 0, 25 and 50 percent are 0, 75 percent lies at rank 74.25, which is 15.25;
    // 100 percent is 40. All values below 0 stay at the first place, what is 0 is the last of the three.
    let landmarks = try Self.landmarks([(0, 10), (25, 30), (50, 50), (75, 70), (100, 80)])
    let choice = try Self.choice(
      .landmarks(landmarks), Self.histogram(Array(1...40), zeros: 60), .all)
    #expect(choice.basis == .all)
    // From 70 at 15.25 to 80 at 40 are 2.475 values a step: white at 40 + 20 x 2.475 = 89.5.
    try Self.expect(
      choice.mapping, [(0, 0.1), (0, 0.3), (0, 0.5), (15.25, 0.7), (40, 0.8), (89.5, 1)])
    // 25.5 goes up; 127.5 goes up; at 7.625 60 of 100, 153.
    #expect([-1, 0, 7.625, 40, 100].map(choice.mapping.grey) == [26, 128, 153, 204, 255])
  }

  @Test func `deviations are taken of the foreground or of all, and widen where nothing varies`()
    throws
  {
    // 998, 1000 and 1002, twice each: mean 1000, variance (4 + 0 + 4) / 3.
    let tissue = [998, 1000, 1002, 998, 1000, 1002]
    let deviation = (8.0 / 3).squareRoot()
    let histogram = Self.histogram(tissue, zeros: 6)
    let choice = try Self.choice(.deviations(-2...1), histogram)
    #expect(choice.source == .zScore && choice.basis == .foreground)
    #expect(
      choice.mapping.kind == .range(low: 1000 - 2 * deviation, high: 1000 + deviation))
    // All twelve: mean 500, variance 500 x 500 + 4 / 3.
    let all = try Self.choice(.deviations(-1...1), histogram, .all)
    let whole = (250_000 + 4.0 / 3).squareRoot()
    #expect(all.basis == .all)
    guard case .range(let low, let high) = all.mapping.kind else {
      throw TestSupportError("no range")
    }
    #expect(abs(low - (500 - whole)) < 1e-9 && abs(high - (500 + whole)) < 1e-9)
    // Foreground of one value: all values, 0 and 9 in equal parts, mean 4.5, deviation 4.5.
    let flat = try Self.choice(.deviations(-1...1), Self.histogram([9, 9], zeros: 2))
    #expect(flat.basis == .allForFlatForeground)
    #expect(flat.mapping.kind == .range(low: 0, high: 9))
    let constant = try Self.choice(.deviations(-3...3), Self.histogram([4, 4]))
    #expect(constant.basis == .constant)
    #expect(constant.mapping.kind == .range(low: 4, high: 4))
    #expect(try Self.choice(.deviations(-3...3), ValueHistogram()).basis == .empty)
  }

  @Test func `landmarks of a volume with nothing to tell apart are a range`() throws {
    let landmarks = try Self.landmarks([(1, 0), (99, 100)])
    let constant = try Self.choice(.landmarks(landmarks), Self.histogram([4, 4]))
    #expect(constant.basis == .constant && constant.mapping.kind == .range(low: 4, high: 4))
    #expect(try Self.choice(.landmarks(landmarks), ValueHistogram()).basis == .empty)
    // One white pixel among a thousand lies beyond 99 percent.
    let speck = try Self.choice(.landmarks(landmarks), Self.histogram([9], zeros: 1000))
    #expect(speck.basis == .extremes && speck.mapping.kind == .range(low: 0, high: 9))
    #expect(constant.standardLandmarks == nil)
    #expect(speck.standardLandmarks == nil)
  }

  @Test func `landmarks that do not rise within 0 to 100 are refused`() {
    let bad: [[(Double, Double)]] = [
      [], [(1, 0)], [(1, 0), (1, 100)], [(1, 0), (99, 0)], [(-1, 0), (99, 100)],
      [(1, 0), (99, 101)], [(1, .nan), (99, 100)], [(99, 0), (1, 100)],
    ]
    for pairs in bad {
      #expect {
        try Self.landmarks(pairs)
      } throws: {
        ($0 as? ImageError)?.code == .recipe
      }
    }
  }

  @Test func `points that do not rise are refused`() {
    let bad: [[(Double, Double)]] = [
      [], [(0, 0)], [(0, 0), (0, 1)], [(1, 0), (0, 1)], [(0, 0), (1, 0)], [(0, -0.1), (1, 1)],
      [(0, 0), (1, 1.1)], [(.nan, 0), (1, 1)], [(-1.7e308, 0), (1.7e308, 1)],
    ]
    for pairs in bad {
      #expect {
        try DisplayMapping(.points(pairs.map { .init(value: $0.0, display: $0.1) }))
      } throws: {
        ($0 as? ImageError)?.code == .invalidWindow
      }
    }
  }

  @Test func `MR goes by what the recipe says, other modalities do not`() throws {
    var description = InstanceHeader.Description()
    description.modality = "MR"
    let format = PixelFormat(
      rows: 4, columns: 4, samplesPerPixel: 1, photometric: .monochrome2, planarConfiguration: 0,
      bitsAllocated: 16, bitsStored: 12, highBit: 11, isSigned: false)
    let landmarks = try Self.landmarks([(1, 0), (99, 100)])
    func measurement(_ parameters: DisplayParameters) throws -> DisplayPlan.Measurement? {
      let plan = try DisplayPlan(
        description: description, format: format, frames: [.init()], parameters: parameters)
      return if case .measured(let measurement) = plan { measurement } else { nil }
    }
    let zScore = try measurement(DisplayParameters(mr: .zScore, mrForeground: .all, zRange: -1...4))
    #expect(zScore?.statistic == .deviations(-1...4) && zScore?.foreground == .all)
    let scaled = try measurement(DisplayParameters(mr: .landmarks, landmarks: landmarks))
    #expect(scaled?.statistic == .landmarks(landmarks) && scaled?.foreground == .otsu)
    description.modality = "NM"
    let other = try measurement(DisplayParameters(mr: .zScore, landmarks: landmarks))
    #expect(other?.statistic == .percentiles(.common) && other?.foreground == .all)
  }
}
