import ImageFormats
import MedicalImaging
import TestSupport
import Testing

/// What is known of the size of a slide's pixels, and what is refused rather than guessed.
@Suite struct SlideResolutionTests {
  /// A slide that states what it is told to.
  private struct Stated: WholeSlide {
    var micronsPerPixel: MicronsPerPixel?
    var objectivePower: Double?
    let levels = [SlideLevel(columns: 1, rows: 1, downsample: 1)]
    let colorProfile: [UInt8]? = nil
    let background = SlideColor.white
    let pictures: [SlidePicture] = [.tissue]
    let findings: [InstanceHeader.Finding] = []

    func region(level: Int, x: Int, y: Int, columns: Int, rows: Int) throws(ImageError)
      -> SlideRegion
    {
      SlideRegion(columns: 1, rows: 1, bytes: [0, 0, 0], uncovered: 0)
    }
  }

  private func isKnown(_ x: Double, _ y: Double, power: Double?) -> Bool {
    let size = MicronsPerPixel(x: x, y: y)
    let slide = Stated(micronsPerPixel: size, objectivePower: power)
    return slide.resolution() == .known(size)
  }

  @Test func `Microns times power lie within 10 and 35 per cent of it`() {
    #expect(isKnown(0.25, 0.25, power: 40))
    #expect(isKnown(0.499, 0.499, power: 20))
    // 6.5 / 20 = 0.325 and 13.5 / 20 = 0.675 are the bounds.
    #expect(isKnown(0.326, 0.326, power: 20) && !isKnown(0.324, 0.324, power: 20))
    #expect(isKnown(0.674, 0.674, power: 20) && !isKnown(0.676, 0.676, power: 20))
    // The mistake that there is: pixels of 20 x under a power of 40, and of 40 x under 20.
    #expect(!isKnown(0.5, 0.5, power: 40) && !isKnown(0.25, 0.25, power: 20))
    #expect(!isKnown(0.5, 0.25, power: 20))
  }

  @Test func `Without a power the stated size stands, where a microscope can have it`() {
    #expect(isKnown(0.1, 0.1, power: nil) && isKnown(8, 8, power: nil))
    // 72 dpi: 25,400 / 72.
    #expect(!isKnown(352.8, 352.8, power: nil))
    #expect(!isKnown(0, 0, power: nil) && !isKnown(-0.25, 0.25, power: nil))
    #expect(!isKnown(.nan, 0.25, power: nil) && !isKnown(.infinity, 0.25, power: 20))
  }

  @Test func `Nothing stated is refused, and what is given stands against everything`() throws {
    let silent = Stated(micronsPerPixel: nil, objectivePower: 20)
    guard case .refused(let error) = silent.resolution() else {
      Issue.record("a power alone tells no size")
      return
    }
    #expect(error.code == .slideResolution)
    let given = MicronsPerPixel(x: 0.23, y: 0.24)
    #expect(silent.resolution(given: given) == .known(given))
    let wrong = Stated(micronsPerPixel: MicronsPerPixel(x: 0.5, y: 0.5), objectivePower: 40)
    #expect(wrong.resolution(given: given) == .known(given))
    for size in [0, -1, .nan, .infinity] {
      let given = MicronsPerPixel(x: size, y: 0.5)
      guard case .refused(let error) = wrong.resolution(given: given) else {
        Issue.record("\(size) was taken for a size")
        continue
      }
      #expect(error.code == .slideResolution)
    }
  }

  @Test(
    .needsPeers,
    arguments: [
      ("aperio", true), ("no_power", true), ("no_mpp", false), ("contradicted", false),
      ("screen", false), ("alpha", false),
    ])
  func `A generated slide's resolution is known or refused`(name: String, known: Bool) throws {
    let folder = try TemporaryFolder()
    let slide = try OpenSlideImage(.file(path: OpenSlideTests.made(name, in: folder)))
    switch slide.resolution() {
    case .known(let size):
      #expect(known && size == MicronsPerPixel(x: 0.499, y: 0.499))
    case .refused(let error): #expect(!known && error.code == .slideResolution)
    }
  }
}
