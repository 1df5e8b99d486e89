import MedicalImaging

extension DisplayPlan.Measurement {
  /// The choice, once everything that the mapping is for was counted.
  func choice(_ histogram: ValueHistogram) throws -> DisplayChoice {
    let measured = histogram.values(of: foreground)
    var choice = try choice(measured)
    choice.standardLandmarks = measured.standardLandmarks
    return choice
  }

  private func choice(_ measured: MeasuredValues) throws -> DisplayChoice {
    switch statistic {
    case .percentiles(let pair):
      return try choice(
        measured.percentiles(low: pair.low, high: pair.high),
        foreground == .all ? .percentiles : .foregroundPercentiles)
    case .deviations(let range):
      return try choice(measured.deviations(range), .zScore)
    case .landmarks(let landmarks):
      for (values, basis) in measured.candidates {
        guard let points = landmarks.points(of: values),
          let mapping = try? DisplayMapping(.points(points), inverted: inverted)
        else { continue }
        return DisplayChoice(
          mapping: mapping, source: .landmarks, preset: nil, basis: basis, findings: findings)
      }
      return try choice(measured.extremes, .landmarks)
    }
  }

  private func choice(_ range: IntensityRange, _ source: DisplayChoice.Source) throws
    -> DisplayChoice
  {
    DisplayChoice(
      mapping: try DisplayMapping(.range(low: range.low, high: range.high), inverted: inverted),
      source: source, preset: nil, basis: range.basis, findings: findings)
  }
}

extension DisplayPlan {
  /// What its statistics are taken of; nil where it needs none.
  public var foreground: Foreground? {
    if case .measured(let measurement) = self { measurement.foreground } else { nil }
  }

  /// The same, with statistics of something else.
  public func measured(in foreground: Foreground) -> DisplayPlan {
    guard case .measured(var measurement) = self else { return self }
    measurement.foreground = foreground
    return .measured(measurement)
  }
}

extension DisplayParameters {
  /// What is taken of the foreground of MR.
  var foregroundStatistic: DisplayPlan.Measurement.Statistic {
    switch mr {
    case .percentiles: .percentiles(foregroundPercentiles)
    case .zScore: .deviations(zRange)
    case .landmarks: landmarks.map { .landmarks($0) } ?? .percentiles(foregroundPercentiles)
    }
  }
}
