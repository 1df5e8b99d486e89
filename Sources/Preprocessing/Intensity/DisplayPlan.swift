import MedicalImaging

/// What headers alone settle about a volume's display mapping: the mapping itself, or which
/// statistics of its stored values must be taken first.
public enum DisplayPlan: Codable, Hashable, Sendable {
  case settled(DisplayChoice)
  case measured(Measurement)
  /// Each plane has a mapping of its own, from its least to its greatest value.
  case eachPlane(inverted: Bool)

  /// What to take of the values of a whole volume, or of all frames of an instance.
  public struct Measurement: Codable, Hashable, Sendable {
    public enum Statistic: Codable, Hashable, Sendable {
      case percentiles(PercentilePair)
      /// Standard deviations from the mean.
      case deviations(ClosedRange<Double>)
      case landmarks(HistogramLandmarks)
    }

    public var foreground: Foreground
    public var statistic: Statistic
    public var inverted: Bool
    public var findings: [InstanceHeader.Finding]
  }

  public var needsStatistics: Bool {
    if case .measured = self { true } else { false }
  }

  /// Whether what is shown of a plane is settled by that plane alone.
  public var isOfEachPlane: Bool { if case .eachPlane = self { true } else { false } }

  /// Chooses by the modality's row of `ModalityProfile.all`.
  /// - Parameters:
  ///   - frames: what the headers say of all frames that one mapping is for; at least one.
  ///   - refusal: why PET is not in the uptake values that `parameters` ask for; nil where it is.
  /// - Throws: `ImageError` with code `unsupportedPixels` for colour of more bits than can be shown.
  public init(
    description: InstanceHeader.Description, format: PixelFormat,
    frames: [InstanceHeader.FrameFacts],
    parameters: DisplayParameters, withoutUptake refusal: InstanceHeader.Finding? = nil
  ) throws {
    precondition(!frames.isEmpty)
    if format.samplesPerPixel > 1 || format.photometric == .paletteColor {
      // A palette's tables give 8 bits of each colour, however many its indices have.
      let bits = format.photometric == .paletteColor ? 8 : format.bitsStored
      self = .settled(try DisplayChoice.colour(bits: bits))
      return
    }

    if parameters.mode == .saMed2D {
      self = .eachPlane(inverted: Self.isInverted(format, description))
      return
    }

    if description.fileKind.isPicture, format.bitsStored <= 8, !format.isSigned {
      self = .settled(
        DisplayChoice(
          mapping: try DisplayMapping(.none), source: .picture, preset: nil, basis: nil,
          findings: []))
      return
    }

    let inverted = Self.isInverted(format, description)
    if parameters.depth == .sixteen {
      self = try Self.full(format, frames, inverted: inverted)
      return
    }
    let profile = ModalityProfile.row(for: description)
    if profile.rule == .ctPreset, Self.isHounsfield(description, frames),
      let choice = try DisplayChoice.hounsfield(
        bodyPart: description.bodyPartExamined, rule: parameters.ct, inverted: inverted)
    {
      self = .settled(choice)
      return
    }

    var findings: [InstanceHeader.Finding] = []
    if profile.rule == .uptake, let measure = parameters.pet.measure {
      if refusal == nil, description.units == measure.units {
        let range = parameters.petRange
        let mapping = try DisplayMapping(
          .range(low: range.lowerBound, high: range.upperBound), inverted: inverted)
        self = .settled(
          DisplayChoice(
            mapping: mapping, source: .uptakeRange, preset: nil, basis: nil, findings: []))
        return
      }
      if let refusal { findings.append(refusal) }
    }
    if profile.rule != .foreground,
      let choice = DisplayChoice.header(frames, inverted: inverted, findings: &findings)
    {
      self = .settled(choice)
      return
    }
    if profile.rule == .camera, Self.isFinished(format, frames) {
      self = .settled(
        DisplayChoice(
          mapping: try DisplayMapping(.none, inverted: inverted), source: .picture, preset: nil,
          basis: nil, findings: findings))
      return
    }
    let isMR = profile.rule == .foreground
    self = .measured(
      Measurement(
        foreground: isMR ? parameters.mrForeground : .all,
        statistic: isMR ? parameters.foregroundStatistic : .percentiles(parameters.percentiles),
        inverted: inverted, findings: findings))
  }

  /// Every stored value of up to 16 bits a grey of its own, where one transform is for all frames; of
  /// others the least value black and the greatest white.
  private static func full(
    _ format: PixelFormat, _ frames: [InstanceHeader.FrameFacts], inverted: Bool
  ) throws -> DisplayPlan {
    guard case .linear(let slope, let intercept) = frames[0].modality, slope != 0,
      !format.isFloat, format.bitsStored <= 16,
      frames.allSatisfy({ $0.modality == frames[0].modality })
    else {
      return .measured(
        Measurement(
          foreground: .all, statistic: .percentiles(.extremes), inverted: inverted, findings: []))
    }
    let least = format.isSigned ? -Double(1 << (format.bitsStored - 1)) : 0
    let greatest = least + Double(1 << format.bitsStored - 1)
    let low = min(least * slope, greatest * slope) + intercept
    return .settled(
      DisplayChoice(
        mapping: try DisplayMapping(
          .range(low: low, high: low + 65535 * abs(slope)), inverted: inverted),
        source: .full, preset: nil, basis: nil, findings: []))
  }

  /// One and the same inversion, however often the header says it (PS3.3 C.11.6).
  static func isInverted(
    _ format: PixelFormat, _ description: InstanceHeader.Description
  ) -> Bool {
    format.photometric == .monochrome1 || description.presentationLUTShape == "INVERSE"
  }

  /// The choice; of the histogram, everything that the mapping is for must have been counted: all, or the
  /// one plane, with its padding. It is not looked at where headers settled the matter.
  public func choice(_ histogram: ValueHistogram?) throws -> DisplayChoice {
    switch self {
    case .settled(let choice): return choice
    case .measured(let measurement):
      guard let histogram else { preconditionFailure("this plan needs statistics") }
      return try measurement.choice(histogram)
    case .eachPlane(let inverted):
      guard let histogram else { preconditionFailure("this plan needs the values of a plane") }
      let range = histogram.percentiles(low: 0, high: 100)
      return DisplayChoice(
        mapping: try DisplayMapping(.range(low: range.low, high: range.high), inverted: inverted),
        source: .planeExtremes, preset: nil, basis: range.basis, findings: [])
    }
  }

  /// Whole numbers from 0 to 255, which nothing says to be other values.
  private static func isFinished(_ format: PixelFormat, _ frames: [InstanceHeader.FrameFacts])
    -> Bool
  {
    format.bitsStored == 8 && !format.isSigned && !format.isFloat
      && frames.allSatisfy { $0.modality == .identity }
  }

  /// Not localizers, whose values are those of a projection, nor derived maps without the unit.
  private static func isHounsfield(
    _ description: InstanceHeader.Description, _ frames: [InstanceHeader.FrameFacts]
  ) -> Bool {
    description.units == .hounsfield && !description.imageType.contains("LOCALIZER")
      && frames.allSatisfy { if case .linear = $0.modality { true } else { false } }
  }
}

extension DisplayChoice {
  /// 8 bit passes through; deeper colour is scaled from all that its bits can hold.
  fileprivate static func colour(bits: Int) throws -> DisplayChoice {
    guard (1...32).contains(bits) else {
      throw ImageError(.unsupportedPixels, "The picture has colour of more than 32 bits a sample.")
    }
    let kind: DisplayMapping.Kind =
      bits <= 8 ? .none : .range(low: 0, high: Double(1 << bits - 1))
    return DisplayChoice(
      mapping: try DisplayMapping(kind), source: .colour, preset: nil, basis: nil, findings: [])
  }

  /// Air and lung to bone, soft tissue, and brain or contrast, in Hounsfield units.
  private static let threeWindow = [
    DisplayMapping.ValueRange(low: -1024, high: 1024),
    DisplayMapping.ValueRange(low: -135, high: 215),
    DisplayMapping.ValueRange(low: 0, high: 80),
  ]

  /// nil where the recipe leaves CT to its header.
  fileprivate static func hounsfield(
    bodyPart: String, rule: DisplayParameters.CT, inverted: Bool
  ) throws -> DisplayChoice? {
    func preset(_ preset: CTPreset) throws -> DisplayChoice {
      DisplayChoice(
        mapping: try DisplayMapping(.window(preset.window), inverted: inverted),
        source: .ctPreset, preset: preset, basis: nil, findings: [])
    }
    switch rule {
    case .bodyPart: return try preset(CTPreset(bodyPart: bodyPart))
    case .preset(let name): return try preset(name)
    case .header: return nil
    case .threeWindow:
      return DisplayChoice(
        mapping: try DisplayMapping(.ranges(threeWindow), inverted: inverted),
        source: .threeWindow, preset: nil, basis: nil, findings: [])
    case .window(let window):
      return DisplayChoice(
        mapping: try DisplayMapping(.window(window), inverted: inverted), source: .recipeWindow,
        preset: nil, basis: nil, findings: [])
    }
  }

  /// The VOI LUT, else the first valid window, where all frames agree on it.
  fileprivate static func header(
    _ frames: [InstanceHeader.FrameFacts], inverted: Bool,
    findings: inout [InstanceHeader.Finding]
  ) -> DisplayChoice? {
    var skipped = false
    func first(_ voi: [VOITransform]) -> DisplayMapping? {
      let tables = voi.filter { if case .table = $0 { true } else { false } }
      let windows = voi.filter { if case .window = $0 { true } else { false } }
      for transform in tables + windows {
        let kind: DisplayMapping.Kind =
          switch transform {
          case .table(let table): .lut(table)
          case .window(let window): .window(window)
          }
        if let mapping = try? DisplayMapping(kind, inverted: inverted) { return mapping }
        skipped = true
      }
      return nil
    }

    let mapping = first(frames[0].voi)
    // Slices often repeat one proposal: it is judged once.
    let agree = frames.dropFirst().allSatisfy {
      $0.voi == frames[0].voi || first($0.voi) == mapping
    }
    if skipped {
      findings.append(
        .init(
          "invalid_window_skipped",
          "The header proposes a window or VOI LUT that the standard forbids; it was not used."))
    }
    guard agree else {
      findings.append(
        .init(
          "header_windows_differ",
          "Headers propose different windows for slices that share one; none was used."))
      return nil
    }
    guard let mapping else { return nil }
    let source: Source = if case .lut = mapping.kind { .headerLUT } else { .headerWindow }
    return DisplayChoice(
      mapping: mapping, source: source, preset: nil, basis: nil, findings: findings)
  }
}
