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

  @Test func `gaps are bridged at the smallest step between slices, where that is asked for`()
    throws
  {
    // One and two slices are missing; then a step of its own; then two in a row.
    for (heights, step, count) in [
      ([0, 2, 4, 8, 10, 16], 2.0, 9), ([0, 2, 4, 6.5, 8.5], 2, 5), ([0, 5, 10, 12, 14, 16], 2, 9),
    ] {
      let plan = Self.plan(Self.heights(heights)) { $0.gaps = .accept }
      #expect(plan.acquired.isEmpty && plan.notes.isEmpty && plan.sections.count == 8)
      #expect(plan.grid?.alongSlices == Vector3(0, 0, step))
      let resampling = try #require(plan.resampling)
      #expect(resampling.reasons == [.gaps] && resampling.mendsGaps)
      #expect(resampling.grid.size.slices == count)
      #expect(resampling.stack.origins.map(\.z) == heights)
      #expect(plan.standIns == Set(heights.indices))
    }
    // Nothing to mend, but a slice may turn out to be unreadable.
    let even = try #require(Self.plan(Self.heights([0, 2, 4])) { $0.gaps = .accept }.resampling)
    #expect(even.reasons.isEmpty && even.mendsGaps && even.grid.size.slices == 3)
    #expect(Self.plan(Self.heights([0, 2, 4])).resampling == nil)
  }

  @Test func `what lies along the patient's axes is not straightened`() {
    let plan = Self.plan(Self.heights([0, 2, 4])) { $0.oblique = .straighten }
    #expect(plan.resampling == nil && plan.sections.count == 8)
  }

  @Test func `a grid of more voxels than a picture has is no grid`() {
    // 0.02 mm is more than a tenth of the median step, 0.1 mm: 100,000 slices over 2 m.
    let heights = [0, 0.02, 0.12, 0.22, 2000]
    let plan = Self.plan(Self.heights(heights)) { $0.gaps = .accept }
    #expect(plan.sections.isEmpty && plan.notes.map(\.code) == ["plane_memory"])
  }

  @Test func `a tilt is straightened where that is asked for, and a gap in it where both are`() {
    let places = Self.heights([0, 2, 4, 6], shift: 1)
    let straight = Self.plan(places) { $0.tilt = .correct }
    #expect(straight.resampling?.reasons == [.tilt] && straight.resampling?.mendsGaps == false)
    // Each is half a step lower than the one before: eight rows and three more.
    #expect(straight.sections.count == 11 && straight.notes.isEmpty)
    #expect(straight.grid?.alongSlices == Vector3(0, 0, 2))
    // One key does not do the other's work.
    #expect(Self.plan(places) { $0.gaps = .accept }.notes.map(\.code) == ["plane_tilt"])
    let gap = Self.heights([0, 2, 4, 8], shift: 1)
    let missing = [gap[0], gap[1], gap[2], Vector3(0, 4, 8)]
    #expect(Self.plan(missing) { $0.tilt = .correct }.notes.map(\.code) == ["plane_gaps"])
    let both = Self.plan(missing) { ($0.gaps, $0.tilt) = (.accept, .correct) }
    #expect(both.resampling?.reasons == [.gaps, .tilt])
  }

  @Test func `a slab holds what lies within half of its thickness`() {
    func slabs(_ thickness: Double?, _ change: (inout Recipe.Slices) -> Void = { _ in })
      -> [Range<Int>?]
    {
      Self.plan(Self.heights([0, 2, 4, 6, 8])) {
        ($0.planes, $0.projection, $0.slab) = ([.acquired], .max, thickness)
        change(&$0)
      }.sections.map(\.slab)
    }
    // Steps of 2 mm: 2 floor(5 / 2 / 2) + 1 = 3 slices, 2 at the ends; of 4 mm 3, of 3.9 mm one.
    #expect(slabs(5) == [0..<2, 0..<3, 1..<4, 2..<5, 3..<5])
    #expect(slabs(4) == slabs(5))
    #expect(slabs(3.9) == (0..<5).map { $0..<$0 + 1 })
    #expect(slabs(1000) == Array(repeating: 0..<5, count: 5))
    #expect(slabs(5) { ($0.select, $0.n) = (.apart, 4) } == [0..<2, 1..<4, 3..<5])
    // Without a thickness one of all, in its middle; and of coronal sections.
    let all = Self.plan(Self.heights([0, 2, 4, 6])) {
      ($0.planes, $0.projection) = ([.acquired, .coronal], .mean)
    }
    #expect(all.acquired.isEmpty && all.standIns == [0, 1, 2, 3])
    #expect(all.sections.map(\.plane) == [.axial, .coronal])
    #expect(all.sections.map(\.index) == [2, 4])
    #expect(all.sections.map(\.slab) == [0..<4, 0..<8])
    // A volume with a gap, and a single slice, have no slab.
    let gap = Self.plan(Self.heights([0, 2, 6, 8])) {
      ($0.planes, $0.projection) = ([.acquired], .max)
    }
    #expect(gap.sections.isEmpty && gap.notes.map(\.code) == ["plane_gaps"])
    let one = Self.plan(Self.heights([0])) { ($0.planes, $0.projection) = ([.acquired], .max) }
    #expect(one.sections.isEmpty && one.acquired == [0] && one.notes.isEmpty)
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
