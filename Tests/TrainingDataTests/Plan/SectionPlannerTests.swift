import ImageFormats
import MedicalImaging
import Preprocessing
import Testing

@testable import TrainingData

/// In which planes a volume is shown.
@Suite struct SectionPlannerTests {
  /// Axial slices of 8 x 8 pixels of 1 mm, at these places.
  private static func plan(
    _ places: [Vector3], _ slices: (inout Recipe.Slices) -> Void = { _ in },
    photometric: PhotometricInterpretation = .monochrome2
  ) -> SectionPlanner.Plan {
    let samples = photometric == .rgb ? 3 : 1
    let headers = places.enumerated().map { number, place in
      var facts = InstanceHeader.FrameFacts()
      facts.geometry = PlaneGeometry(
        position: place, alongRow: Vector3(1, 0, 0), alongColumn: Vector3(0, 1, 0))
      facts.spacing = PixelSpacing(betweenRows: 1, betweenColumns: 1)
      var identity = InstanceHeader.Identity()
      identity.sopInstanceUID = "1.\(number)"
      return InstanceHeader(
        identity: identity, description: .init(), order: .init(),
        format: PixelFormat(
          rows: 8, columns: 8, samplesPerPixel: samples, photometric: photometric,
          planarConfiguration: 0, bitsAllocated: 8, bitsStored: 8, highBit: 7, isSigned: false),
        frames: 1, shared: facts, perFrame: [], padding: nil, palette: nil, pixels: .init(),
        findings: [])
    }
    let volumes = SeriesAssembly.volumes(of: headers)
    precondition(volumes.count == 1)
    var recipe = Recipe.Slices()
    recipe.planes = [.coronal]
    slices(&recipe)
    return SectionPlanner(slices: recipe).plan(volumes[0], headers)
  }

  private static func heights(_ heights: [Double], shift: Double = 0) -> [Vector3] {
    heights.enumerated().map { Vector3(0, shift * Double($0), $1) }
  }

  @Test func `a volume is cut in the planes that are asked for`() {
    let plan = Self.plan(Self.heights([0, 2, 4, 6])) { $0.planes = [.coronal, .sagittal] }
    #expect(plan.acquired.isEmpty && plan.notes.isEmpty)
    #expect(
      plan.sections.map(\.plane) == Array(repeating: .coronal, count: 8)
        + Array(repeating: .sagittal, count: 8))
    #expect(plan.sections.prefix(8).map(\.index) == Array(0..<8))
    #expect(plan.grid?.alongSlices == Vector3(0, 0, 2))
  }

  @Test func `the plane of acquisition is not cut once more`() {
    for planes in [[Recipe.Slices.Plane.acquired], [.axial], [.acquired, .axial]] {
      let plan = Self.plan(Self.heights([0, 2, 4])) { $0.planes = planes }
      #expect(plan.acquired == [0, 1, 2] && plan.sections.isEmpty && plan.grid == nil)
    }
  }

  @Test func `what cannot be cut is shown as it was acquired, and that is said`() {
    for (places, code) in [
      // The fourth slice is missing; one lies too far on; each is shifted by half of its step.
      (Self.heights([0, 2, 4, 8, 10, 12]), "plane_gaps"),
      (Self.heights([0, 2, 4, 6.5, 8.5]), "plane_gaps"),
      (Self.heights([0, 2, 4, 6], shift: 1), "plane_tilt"),
    ] {
      let plan = Self.plan(places)
      #expect(plan.acquired == Set(places.indices) && plan.sections.isEmpty)
      #expect(plan.notes.map(\.code) == [code])
    }
    let colour = Self.plan(Self.heights([0, 2, 4]), photometric: .rgb)
    #expect(colour.acquired == [0, 1, 2] && colour.notes.map(\.code) == ["plane_colour"])
    // A single slice has no other planes, and nothing is odd about that.
    let one = Self.plan(Self.heights([0]))
    #expect(one.acquired == [0] && one.notes.isEmpty)
  }

  @Test func `sections that are too narrow are left out, and that is said`() {
    // Coronal sections are 8 mm wide and 3 x 2 = 6 mm high: three quarters.
    let kept = Self.plan(Self.heights([0, 2, 4])) { $0.edgeRatio = 0.75 }
    #expect(kept.sections.count == 8 && kept.notes.isEmpty)
    let dropped = Self.plan(Self.heights([0, 2, 4])) { $0.edgeRatio = 0.76 }
    #expect(dropped.sections.isEmpty && dropped.notes.map(\.code) == ["plane_narrow"])
  }

  @Test func `slices are chosen plane by plane, by their number or their distance`() {
    let places = Self.heights([0, 2, 4, 6, 8])
    let apart = Self.plan(places) {
      ($0.planes, $0.select, $0.n) = ([.acquired, .coronal], .apart, 3)
    }
    // Slices lie 2 mm apart, coronal sections 1 mm: 4 and 3 mm are the next that are 3 mm on.
    #expect(apart.acquired == [0, 2, 4])
    #expect(apart.sections.map(\.index) == [0, 3, 6])
    let few = Self.plan(places) { ($0.planes, $0.select, $0.n) = ([.coronal], .evenly, 2) }
    // 8 in two parts of four: their middles.
    #expect(few.sections.map(\.index) == [2, 6])
  }
}
