import MedicalImaging
import Testing

@Suite struct SpellingTests {
  private let known = ["convert", "inspect", "recipe", "burned_in", "validate", "n"]

  @Test(arguments: [
    ("convret", "convert"), ("conv", "convert"), ("Convert", "convert"), ("burned-in", "burned_in"),
    ("burnedin", "burned_in"), ("insepct", "inspect"), ("reciep", "recipe"),
    ("valdiat", "validate"),
  ])
  func `the nearest word is found`(_ typed: String, _ meant: String) {
    #expect(Spelling.nearest(to: typed, among: known) == meant)
  }

  @Test(arguments: ["frobnicate", "", "co", "xyz", String(repeating: "convert", count: 1000)])
  func `a word that is near to none is left alone`(_ typed: String) {
    #expect(Spelling.nearest(to: typed, among: known) == nil)
  }
}
