import Foundation
import MedicalImaging
import TestSupport
import Testing

@testable import Preprocessing

/// Headers of made-up pictures.
private func description(
  _ modality: String, bodyPart: String = "", units: ModalityUnits = .unspecified,
  sopClass: String = "", imageType: [String] = ["ORIGINAL", "PRIMARY"], shape: String = ""
) -> InstanceHeader.Description {
  var description = InstanceHeader.Description()
  description.modality = modality
  description.bodyPartExamined = bodyPart
  description.units = units
  description.sopClassUID = sopClass
  description.imageType = imageType
  description.presentationLUTShape = shape
  return description
}

private func format(
  _ photometric: PhotometricInterpretation = .monochrome2, bits: Int = 12, samples: Int = 1
) -> PixelFormat {
  PixelFormat(
    rows: 4, columns: 4, samplesPerPixel: samples, photometric: photometric,
    planarConfiguration: 0, bitsAllocated: bits > 8 ? 16 : 8, bitsStored: bits, highBit: bits - 1,
    isSigned: false)
}

private func frame(
  _ voi: VOITransform..., modality: ModalityTransform = .identity
) -> InstanceHeader.FrameFacts {
  var facts = InstanceHeader.FrameFacts()
  facts.voi = voi
  facts.modality = modality
  return facts
}

private let table = LookupTable(firstMapped: 0, bits: 12, entries: [0, 2048, 4095])
private let wide = Window(center: 500, width: 1000)
private let broken = Window(center: 500, width: 0)
private let secondaryCapture = "1.2.840.10008.5.1.4.1.1.7.2"

private func histogram(_ values: [Int]) -> ValueHistogram {
  var histogram = ValueHistogram()
  histogram.add(
    plane: Phantom.plane(values, columns: values.count, rows: 1, sample: .uint16), padding: nil,
    modality: .identity)
  return histogram
}

@Suite struct DisplayPlanTests {
  private func plan(
    _ description: InstanceHeader.Description, _ frames: [InstanceHeader.FrameFacts],
    _ format: PixelFormat = format(), ct: DisplayParameters.CT = .bodyPart
  ) throws -> DisplayPlan {
    try DisplayPlan(
      description: description, format: format, frames: frames,
      parameters: DisplayParameters(ct: ct))
  }

  @Test func `foreground and other percentiles are chosen apart`() throws {
    let parameters = DisplayParameters(
      foregroundPercentiles: try PercentilePair(low: 1, high: 99),
      percentiles: try PercentilePair(low: 0, high: 100))
    for (modality, pair) in [
      ("MR", parameters.foregroundPercentiles), ("DX", parameters.percentiles),
    ] {
      let plan = try DisplayPlan(
        description: description(modality), format: format(), frames: [frame()],
        parameters: parameters)
      guard case .measured(let measurement) = plan else { throw TestSupportError("settled") }
      #expect(measurement.statistic == .percentiles(pair))
      #expect(measurement.foreground == (modality == "MR" ? .otsu : .all))
    }
  }

  @Test func `CT in Hounsfield units goes by the body part, not by its header`() throws {
    let frames = [frame(.window(wide)), frame(.window(Window(center: 1, width: 2)))]
    for (bodyPart, preset) in [
      ("HEAD", CTPreset.brain), ("CHEST", .mediastinum), ("", .softTissue), ("MARS", .softTissue),
      ("L SPINE", .bone), ("IAC", .temporalBone), ("EXTREMITY", .bone), ("LIVER", .liver),
    ] {
      let plan = try plan(description("CT", bodyPart: bodyPart, units: .hounsfield), frames)
      #expect(!plan.needsStatistics)
      let choice = try plan.choice(nil)
      #expect(choice.source == .ctPreset)
      #expect(choice.preset == preset)
      #expect(choice.mapping == (try DisplayMapping(.window(preset.window))))
    }
  }

  @Test func `a recipe may say otherwise of CT`() throws {
    let head = description("CT", bodyPart: "HEAD", units: .hounsfield)
    let frames = [frame(.window(wide))]
    let bone = try plan(head, frames, ct: .preset(.bone)).choice(nil)
    #expect(bone.preset == .bone)
    let window = try plan(head, frames, ct: #require(.init("-600/1500"))).choice(nil)
    #expect(window.source == .recipeWindow)
    #expect(window.mapping.kind == .window(Window(center: -600, width: 1500)))
    let header = try plan(head, frames, ct: .header).choice(nil)
    #expect(header.source == .headerWindow)
    #expect(header.mapping.kind == .window(wide))
  }

  @Test func `CT that is not in Hounsfield units goes by its header, else by percentiles`() throws {
    let localizer = description(
      "CT", units: .hounsfield, imageType: ["ORIGINAL", "PRIMARY", "LOCALIZER"])
    let map = description("CT", bodyPart: "HEAD", imageType: ["DERIVED", "SECONDARY"])
    for description in [localizer, map] {
      #expect(try plan(description, [frame(.window(wide))]).choice(nil).source == .headerWindow)
      let bare = try plan(description, [frame()])
      #expect(bare.needsStatistics)
      #expect(try bare.choice(histogram([1, 2, 3])).source == .percentiles)
    }
    let lut = try plan(
      description("CT", units: .hounsfield), [frame(.window(wide), modality: .table(table))])
    #expect(try lut.choice(nil).source == .headerWindow)
  }

  @Test func `MR goes by its foreground whatever its header says`() throws {
    let plan = try plan(description("MR"), [frame(.window(wide))])
    #expect(plan.needsStatistics)
    // 0.5 and 99.5 percent of 1000...1200 by steps of 1: 1000 + 200 * 0.005, 1000 + 200 * 0.995.
    let air = [Int](repeating: 0, count: 500)
    let choice = try plan.choice(histogram(air + (1000...1200)))
    #expect(choice.source == .foregroundPercentiles)
    #expect(choice.basis == .foreground)
    #expect(choice.mapping.kind == .range(low: 1001, high: 1199))
  }

  @Test(arguments: ["CR", "DX", "MG", "US", "XA", "NM", "PT", "OT", ""])
  func `projections and all others go by VOI LUT, then window, then percentiles of all`(
    modality: String
  ) throws {
    let both = try plan(description(modality), [frame(.window(wide), .table(table))])
    #expect(try both.choice(nil).mapping.kind == .lut(table))
    #expect(try both.choice(nil).source == .headerLUT)
    let second = try plan(description(modality), [frame(.window(broken), .window(wide))])
    #expect(try second.choice(nil).mapping.kind == .window(wide))
    #expect(try second.choice(nil).findings.map(\.code) == ["invalid_window_skipped"])
    let none = try plan(description(modality), [frame(.window(broken))])
    #expect(none.needsStatistics)
    // 0.5 and 99.5 percent of 0...200.
    let choice = try none.choice(histogram(Array(0...200)))
    #expect(choice.mapping.kind == .range(low: 1, high: 199))
    #expect(choice.basis == .all)
    #expect(choice.findings.map(\.code) == ["invalid_window_skipped"])
  }

  @Test func `slices that share a mapping but not a window get none of their windows`() throws {
    let plan = try plan(
      description("PT"), [frame(.window(wide)), frame(.window(Window(center: 2, width: 3)))])
    #expect(plan.needsStatistics)
    let choice = try plan.choice(histogram([0, 1, 2]))
    #expect(choice.source == .percentiles)
    #expect(choice.findings.map(\.code) == ["header_windows_differ"])
  }

  @Test func `PET in uptake values is shown over the recipe's range, else as its header says`()
    throws
  {
    let missing = InstanceHeader.Finding("suv_weight", "It is missing.")
    let frames = [frame(.window(wide))]
    func choice(
      _ units: ModalityUnits, _ pet: DisplayParameters.PET = .bodyWeight,
      sopClass: String = "", _ refusal: InstanceHeader.Finding? = nil
    ) throws -> DisplayChoice {
      try DisplayPlan(
        description: description("PT", units: units, sopClass: sopClass), format: format(),
        frames: frames, parameters: DisplayParameters(pet: pet, petRange: 0.5...7),
        withoutUptake: refusal
      ).choice(nil)
    }
    let shown = try choice(.uptakeBodyWeight)
    #expect(shown.source == .uptakeRange)
    #expect(shown.mapping.kind == .range(low: 0.5, high: 7))
    #expect(shown.findings.isEmpty)
    #expect(try choice(.uptakeLeanMassJames, .leanMassJames).source == .uptakeRange)
    // Refused, other uptake values than were asked for, none asked for, a capture of a screen.
    let refused = try choice(.becquerelPerMillilitre, .bodyWeight, missing)
    #expect(refused.source == .headerWindow)
    #expect(refused.findings == [missing])
    #expect(try choice(.uptakeBodyWeight, .leanMass).source == .headerWindow)
    #expect(try choice(.uptakeBodyWeight, .header).source == .headerWindow)
    #expect(
      try choice(.uptakeBodyWeight, sopClass: secondaryCapture).source == .headerWindow)
  }

  // Not SM: what of slides is grey is fluorescence, which fills no 8 bits.
  @Test(arguments: ["US", "IVUS", "OP", "OPT", "OPTENF", "OCT", "IVOCT", "ES", "XC", "DMS", "GM"])
  func `8 bits that were made to be looked at stay as they are`(modality: String) throws {
    let eight = format(bits: 8)
    let finished = try plan(description(modality), [frame()], eight)
    #expect(!finished.needsStatistics)
    #expect(try finished.choice(nil).source == .picture)
    #expect(try finished.choice(nil).mapping == DisplayMapping(.none))
    let white = try plan(description(modality), [frame()], format(.monochrome1, bits: 8))
    #expect(try white.choice(nil).mapping == DisplayMapping(.none, inverted: true))
    // A window is somebody's word; Rescale makes other values; 12 bits have no one way to be shown.
    #expect(
      try plan(description(modality), [frame(.window(wide))], eight).choice(nil).source
        == .headerWindow)
    let scaled = frame(modality: .linear(slope: 2, intercept: 0))
    #expect(try plan(description(modality), [scaled], eight).needsStatistics)
    #expect(try plan(description(modality), [frame()]).needsStatistics)
    #expect(try plan(description("CR"), [frame()], eight).needsStatistics)
  }

  @Test func `a secondary capture is not taken for what it shows`() throws {
    let captured = description(
      "CT", bodyPart: "HEAD", units: .hounsfield, sopClass: secondaryCapture)
    #expect(try plan(captured, [frame(.window(wide))]).choice(nil).source == .headerWindow)
    let mr = description("MR", sopClass: secondaryCapture)
    #expect(try plan(mr, [frame(.window(wide))]).choice(nil).source == .headerWindow)
  }

  @Test func `MONOCHROME1 and an INVERSE shape are one inversion`() throws {
    for (photometric, shape, inverted) in [
      (PhotometricInterpretation.monochrome2, "", false), (.monochrome2, "IDENTITY", false),
      (.monochrome2, "INVERSE", true), (.monochrome1, "", true), (.monochrome1, "IDENTITY", true),
      (.monochrome1, "INVERSE", true),
    ] {
      let format = format(photometric)
      let header = try plan(description("DX", shape: shape), [frame(.window(wide))], format)
      #expect(try header.choice(nil).mapping.inverted == inverted)
      let measured = try plan(description("DX", shape: shape), [frame()], format)
      #expect(try measured.choice(histogram([1, 2])).mapping.inverted == inverted)
    }
  }

  @Test func `colour is untouched, deeper colour scaled, and more than 32 bits refused`() throws {
    func kind(_ format: PixelFormat) throws -> DisplayMapping.Kind {
      let plan = try DisplayPlan(
        description: description("CT", units: .hounsfield), format: format,
        frames: [frame(.window(wide))], parameters: DisplayParameters())
      #expect(try plan.choice(nil).source == .colour)
      return try plan.choice(nil).mapping.kind
    }
    #expect(try kind(format(.rgb, bits: 8, samples: 3)) == .none)
    #expect(try kind(format(.ybrFull422, bits: 8, samples: 3)) == .none)
    #expect(try kind(format(.rgb, bits: 12, samples: 3)) == .range(low: 0, high: 4095))
    #expect(
      try kind(format(.paletteColor, bits: 16)) == .none)
    #expect(
      try kind(format(.rgb, bits: 32, samples: 3)) == .range(low: 0, high: 4_294_967_295))
    #expect {
      _ = try kind(format(.rgb, bits: 33, samples: 3))
    } throws: {
      ($0 as? ImageError)?.code == .unsupportedPixels
    }
  }

  @Test func `with sa-med2d each plane of grey goes by itself, whatever else would decide`() throws
  {
    for (modality, bits) in [("CT", 12), ("MR", 12), ("PT", 16), ("CR", 12), ("US", 8), ("OP", 8)] {
      let plan = try DisplayPlan(
        description: description(modality, units: .hounsfield),
        format: format(.monochrome1, bits: bits), frames: [frame(.window(wide))],
        parameters: DisplayParameters(mode: .saMed2D))
      #expect(plan.isOfEachPlane && !plan.needsStatistics)
      let choice = try plan.choice(histogram([7, 3, 90, 4]))
      #expect(choice.source == .planeExtremes && choice.showsPadding)
      #expect(choice.mapping == (try DisplayMapping(.range(low: 3, high: 90), inverted: true)))
      #expect(try plan.choice(histogram([5, 5])).mapping.kind == .range(low: 5, high: 5))
      let data = try JSONEncoder().encode(plan)
      #expect(try JSONDecoder().decode(DisplayPlan.self, from: data) == plan)
    }
    let colour = try DisplayPlan(
      description: description("US"), format: format(.rgb, bits: 8, samples: 3), frames: [frame()],
      parameters: DisplayParameters(mode: .saMed2D))
    #expect(!colour.isOfEachPlane)
    #expect(try colour.choice(nil).source == .colour)
  }

  @Test func `a plan is the same after a file`() throws {
    for voi in [VOITransform.window(broken), .window(wide), .table(table)] {
      let plan = try plan(description("CR"), [frame(voi)])
      let data = try JSONEncoder().encode(plan)
      #expect(try JSONDecoder().decode(DisplayPlan.self, from: data) == plan)
    }
  }
}

@Suite struct DisplayParametersTests {
  @Test func `ways to show CT are read and written as one word`() throws {
    for word in DisplayParameters.CT.words {
      #expect(DisplayParameters.CT(word)?.description == word)
    }
    #expect(DisplayParameters.CT("40/400") == .window(Window(center: 40, width: 400)))
    for word in ["", "40", "40/", "40/0", "40/400/1", "a/b", "nan/3", "0x1/400", "BRAIN", "1/inf"] {
      #expect(DisplayParameters.CT(word) == nil, "\(word)")
    }
    #expect(DisplayParameters.CT("+40.0/400.")?.description == "40/400")
    let parameters = DisplayParameters(
      ct: .window(wide), foregroundPercentiles: try PercentilePair(low: 1, high: 99))
    let data = try JSONEncoder().encode(parameters)
    #expect(try JSONDecoder().decode(DisplayParameters.self, from: data) == parameters)
  }

  @Test(arguments: [(-1.0, 50.0), (50, 50), (60, 50), (0, 100.1), (.nan, 50)])
  func `percentiles that make no range are refused`(low: Double, high: Double) {
    #expect {
      try PercentilePair(low: low, high: high)
    } throws: {
      ($0 as? ImageError)?.code == .recipe
    }
  }
}

/// What every row of `ModalityProfile.all` has to keep.
@Suite struct ModalityProfileTests {
  @Test(arguments: ModalityProfile.all)
  func `a row is found, and shows a plane in valid greys from any header`(profile: ModalityProfile)
    throws
  {
    let modality = profile.modality == "SC" ? "OT" : profile.modality
    let sopClass = profile.modality == "SC" ? secondaryCapture : ""
    let ramp = Phantom.plane(Array(0..<4096), columns: 64, rows: 64, sample: .uint16)
    var counted = ValueHistogram()
    let modalityValues = ModalityTransform.linear(slope: 1, intercept: -2048)
    counted.add(plane: ramp, padding: nil, modality: modalityValues)
    for units in [ModalityUnits.hounsfield, .unspecified] {
      for voi in [[], [VOITransform.window(broken)], [.window(wide)], [.table(table)]] {
        let description = description(modality, units: units, sopClass: sopClass)
        #expect(ModalityProfile.row(for: description) == profile)
        var facts = InstanceHeader.FrameFacts()
        facts.voi = voi
        facts.modality = modalityValues
        let plan = try DisplayPlan(
          description: description, format: format(), frames: [facts],
          parameters: DisplayParameters())
        let choice = try plan.choice(plan.needsStatistics ? counted : nil)
        let greys = DisplayTable(
          sample: .uint16, modality: modalityValues, padding: nil, mapping: choice.mapping
        ).render(ramp)
        // A rising ramp is shown rising, from black to white.
        #expect(greys.first == 0)
        #expect(greys.last == 255)
        #expect(zip(greys, greys.dropFirst()).allSatisfy { $0 <= $1 })
      }
    }
  }

  @Test func `no modality has two rows, and an unknown one has the common row`() {
    #expect(Set(ModalityProfile.all.map(\.modality)).count == ModalityProfile.all.count)
    #expect(ModalityProfile.row(for: description("OT")) == .other)
    #expect(ModalityProfile.row(for: description("")) == .other)
  }
}
