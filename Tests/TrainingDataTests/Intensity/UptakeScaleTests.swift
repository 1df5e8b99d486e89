import Foundation
import ImageFormats
import MedicalImaging
import Preprocessing
import TestSupport
import Testing

/// Standardized uptake values from headers of PET, against a peer's own reading of QIBA's pseudo-code.
@Suite struct UptakeScaleTests {
  @Test(.needsPeers) func `Factors and refusals are those of the pseudo-code`() throws {
    let folder = try TemporaryFolder()
    let said = try Peer.run(script: "pet_suv.py", ["make"], in: folder)
    let cases = try JSONDecoder().decode([String: [String: String]].self, from: Data(said.utf8))
    #expect(cases.count > 50)
    for (name, expected) in cases {
      let bytes = try SourceBytes(folder.bytes(of: name + ".dcm"))
      guard case .image(let header) = try DICOMReader.read(bytes) else {
        Issue.record("\(name) is no image")
        continue
      }
      for measure in UptakeMeasure.allCases {
        let wanted = expected[measure.rawValue]
        do throws(UptakeRefusal) {
          let scale = try UptakeScale(measure, of: header.description, header.pet)
          let factor = wanted.flatMap(Double.init) ?? .nan
          #expect(abs(scale.factor / factor - 1) < 1e-9, "\(name) \(measure)")
          #expect(scale.units == measure.units)
        } catch {
          #expect(error.finding.code == wanted, "\(name) \(measure)")
        }
      }
    }
  }

  private func header(_ change: (inout PETFacts) -> Void = { _ in }) -> InstanceHeader {
    var facts = PETFacts()
    (facts.isAttenuationCorrected, facts.isDecayCorrected) = (true, true)
    facts.decayCorrection = .start
    (facts.dose, facts.halfLife, facts.decaySeconds) = (4e8, 6600, 3600)
    (facts.weight, facts.height, facts.sex) = (70, 1.8, .female)
    change(&facts)
    var description = InstanceHeader.Description()
    (description.modality, description.units) = ("PT", .becquerelPerMillilitre)
    return InstanceHeader(
      identity: .init(), description: description, order: .init(),
      format: PixelFormat(
        rows: 4, columns: 4, samplesPerPixel: 1, photometric: .monochrome2,
        planarConfiguration: 0, bitsAllocated: 16, bitsStored: 16, highBit: 15, isSigned: true),
      frames: 1, shared: .init(), perFrame: [], padding: nil, palette: nil, pixels: .init(),
      pet: facts, findings: [])
  }

  @Test func `Images of a series that contradict each other have no uptake values`() throws {
    func scales(_ change: (inout PETFacts) -> Void) throws(UptakeRefusal) -> [UptakeScale] {
      try UptakeScale.scales(.bodyWeight, of: [header(), header(change)])
    }
    #expect(try scales { _ in }.count == 2)
    // Times that are written in whole seconds.
    #expect(try scales { $0.decaySeconds = 3601 }.count == 2)
    for change: (inout PETFacts) -> Void in [
      { $0.dose = 3e8 }, { $0.halfLife = 1200 }, { $0.decaySeconds = 3660 }, { $0.weight = 71 },
      { $0.height = 1.81 }, { $0.sex = .male },
    ] {
      let refusal = #expect(throws: UptakeRefusal.self) { try scales(change) }
      #expect(refusal?.finding.code == "suv_contradiction")
    }
    let one = #expect(throws: UptakeRefusal.self) { try scales { $0.weight = nil } }
    #expect(one?.finding.code == "suv_weight")
  }

  @Test func `Every frame's own slope is scaled, and every frame gets the unit`() throws {
    // 70,000 g / 1.4e7 Bq = 0.005 with the dose of the injection.
    var made = header { ($0.decayCorrection, $0.dose) = (.administration, 1.4e7) }
    made.perFrame = [2.0, 3].map {
      var facts = InstanceHeader.FrameFacts()
      facts.modality = .linear(slope: $0, intercept: -1)
      return facts
    }
    let scales = try UptakeScale.scales(.bodyWeight, of: [made])
    #expect(scales.map(\.factor) == [0.005])
    let scaled = scales[0].applied(to: made)
    #expect(scaled.description.units == .uptakeBodyWeight)
    #expect(scaled.shared.modality == .linear(slope: 0.005, intercept: 0))
    #expect(scaled.facts(frame: 0).modality == .linear(slope: 2 * 0.005, intercept: -0.005))
    #expect(scaled.facts(frame: 1).modality == .linear(slope: 3 * 0.005, intercept: -0.005))
  }

  @Test func `A table leads to no uptake values, nor does colour`() throws {
    var table = header()
    table.shared.modality = .table(LookupTable(firstMapped: 0, bits: 8, entries: [0, 1]))
    var colour = header()
    colour.format.samplesPerPixel = 3
    for header in [table, colour] {
      let refusal = #expect(throws: UptakeRefusal.self) {
        try UptakeScale.scales(.bodyWeight, of: [header])
      }
      #expect(refusal?.finding.code == "suv_units")
    }
  }

  @Test func `Lean mass and surface are those that are published`() throws {
    /// Grams, of the surface square centimetres: what SUV of 1 Bq/ml of 1e8 Bq is, times these.
    func body(_ measure: UptakeMeasure, _ weight: Double, _ height: Double, _ sex: PETFacts.Sex)
      throws -> Double
    {
      let made = header {
        (($0.weight, $0.height), $0.sex) = ((weight, height), sex)
        ($0.decayCorrection, $0.dose) = (.administration, 1e8)
      }
      return try UptakeScale(measure, of: made.description, made.pet).factor * 1e8
    }
    // The digital reference objects of QIBA (Pierce et al., Radiology 277 (2015), 538): SUVlbm by James
    // is 0.750 of SUVbw for the woman and 0.771 for the man, and by Janmahasatian 0.660 and 0.758. Both
    // hold for a body mass index of 21.6 (70 kg, 1.80 m) and of 25.7 (74.3 kg, 1.70 m), so for James's
    // 128: 1.10 - 128 x 25.7e-4 = 0.771; with 120 it would be 0.792.
    for (weight, height, sex, james, janmahasatian) in [
      (70.0, 1.8, PETFacts.Sex.female, 0.750, 0.660), (74.3, 1.7, .male, 0.771, 0.758),
    ] {
      let whole = try body(.bodyWeight, weight, height, sex)
      #expect(abs(whole - weight * 1000) < 1e-6)
      #expect(abs(try body(.leanMassJames, weight, height, sex) / whole - james) < 5e-4)
      #expect(abs(try body(.leanMass, weight, height, sex) / whole - janmahasatian) < 5e-4)
    }
    // The tests of cornerstonejs/calculate-suv: a man of 75 kg and 1.85 m, dose 100: 750, 609.1533588651974
    // and, in m2 x 1e4 / dose, 198.13758427117767.
    #expect(abs(try body(.bodyWeight, 75, 1.85, .male) - 75_000) < 1e-6)
    #expect(abs(try body(.leanMass, 75, 1.85, .male) - 60_915.33588651974) < 1e-6)
    #expect(abs(try body(.bodySurface, 75, 1.85, .male) - 19_813.758427117767) < 1e-6)
  }

  @Test func `The dose decays by half in a half life`() throws {
    // 70,000 g / (4e8 Bq / 2) after one, / 4 after two.
    for (half, divisor) in [(0.0, 1.0), (1, 2), (2, 4)] {
      let made = header { $0.decaySeconds = half * 6600 }
      let factor = try UptakeScale(.bodyWeight, of: made.description, made.pet).factor
      #expect(abs(factor - 70_000 / (4e8 / divisor)) < 1e-15)
    }
  }
}
