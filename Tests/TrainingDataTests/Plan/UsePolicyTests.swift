import MedicalImaging
import Testing

@testable import TrainingData

@Suite struct UsePolicyTests {
  private static func word(
    _ burnedIn: Recipe.BurnedIn = .reject, _ exclude: Set<Recipe.Exclusion> = [],
    _ change: (inout InstanceHeader.Description) -> Void
  ) -> String {
    var description = InstanceHeader.Description()
    description.modality = "CT"
    description.sopClassUID = "1.2.840.10008.5.1.4.1.1.2"
    description.imageType = ["ORIGINAL", "PRIMARY"]
    change(&description)
    var recipe = Recipe()
    recipe.burnedIn = burnedIn
    recipe.exclude = Array(exclude)
    switch UsePolicy(recipe).verdict(on: description) {
    case .use: return "use"
    case .accept: return "accept"
    case .leftOut(let kind): return kind
    case .reject(let error): return error.code.rawValue
    }
  }

  /// Secondary captures, ultrasound and screen saves, however they are told.
  static let screens: [@Sendable (inout InstanceHeader.Description) -> Void] = [
    { $0.sopClassUID = "1.2.840.10008.5.1.4.1.1.7" },
    { $0.sopClassUID = "1.2.840.10008.5.1.4.1.1.7.4" },
    { $0.sopClassUID = "1.2.840.10008.5.1.4.1.1.6.1" },
    { $0.sopClassUID = "1.2.840.10008.5.1.4.1.1.3.1" },
    { $0.modality = "US" },
    { $0.modality = "IVUS" },
    { $0.conversionType = "WSD" },
    { $0.imageType = ["DERIVED", "SECONDARY", "SCREEN SAVE"] },
  ]

  @Test(arguments: screens.indices)
  func `what may show a name is used only where its header says no, or the recipe accepts it`(
    _ number: Int
  ) {
    let screen = Self.screens[number]
    #expect(Self.word(.reject, [], screen) == "burned_in")
    #expect(Self.word(.accept, [], screen) == "accept")
    let no: (inout InstanceHeader.Description) -> Void = {
      screen(&$0)
      $0.burnedInAnnotation = "NO"
    }
    #expect(Self.word(.reject, [], no) == "use")
    #expect(Self.word(.accept, [], no) == "use")
  }

  @Test func `annotation that is named is never used`() {
    #expect(Self.word(.accept) { $0.burnedInAnnotation = "YES" } == "burned_in")
    #expect(Self.word(.reject) { $0.burnedInAnnotation = "YES" } == "burned_in")
  }

  @Test func `what comes from a scanner is used`() {
    #expect(Self.word { _ in } == "use")
    // Begins as secondary captures do, and is an ophthalmic photograph.
    #expect(Self.word { $0.sopClassUID = "1.2.840.10008.5.1.4.1.1.77.1.5.1" } == "use")
  }

  @Test func `what the recipe leaves out is left out under its word`() {
    let localizer: (inout InstanceHeader.Description) -> Void = {
      $0.imageType = ["ORIGINAL", "PRIMARY", "LOCALIZER"]
    }
    #expect(Self.word(.reject, [], localizer) == "use")
    #expect(Self.word(.reject, [.localizer], localizer) == "localizer")
    #expect(Self.word(.reject, [.derived]) { $0.imageType = ["DERIVED"] } == "derived")
    #expect(Self.word(.reject, [.derived]) { _ in } == "use")
    // Before it could be rejected: nobody has to look at what is not wanted.
    #expect(
      Self.word(.reject, [.secondaryCapture]) { $0.conversionType = "WSD" } == "secondary_capture")
  }
}
