import Foundation
import MedicalImaging
import Testing
import TrainingData

@Suite struct BuiltInRecipeTests {
  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent().appending(path: "Samples/Recipes")

  @Test(arguments: BuiltInRecipe.all.map(\.name))
  func `a recipe that comes with the program can be used`(_ name: String) throws {
    _ = try RecipeReader().read(RecipeReader.bytes(of: name))
  }

  @Test func `the recipes are the files of Samples, byte for byte`() throws {
    let files = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path).sorted()
    #expect(files == BuiltInRecipe.all.map { "\($0.name).json5" }.sorted())
    for recipe in BuiltInRecipe.all {
      let file = Self.folder.appending(path: "\(recipe.name).json5")
      #expect(try Array(Data(contentsOf: file)) == recipe.bytes)
    }
  }

  @Test func `pacs shows every default as recipe show does`() throws {
    let pacs = try RecipeReader.bytes(of: "pacs")
    #expect(try RecipeReader().read(pacs) == Recipe())
    #expect(String(decoding: pacs, as: UTF8.self).hasSuffix("\n" + Recipe().show()))
  }

  @Test func `the others say what their names promise`() throws {
    let bone = try RecipeReader().read(RecipeReader.bytes(of: "ct-bone"))
    #expect(bone.intensity.ct == .window(Window(center: 400, width: 1800)))
    #expect(bone.exclude == [.localizer, .derived])
    let fifth = try RecipeReader().read(RecipeReader.bytes(of: "every-fifth-slice"))
    #expect(fifth.slices.select == .every && fifth.slices.n == 5)
    let compared = try RecipeReader().read(RecipeReader.bytes(of: "sa-med2d"))
    #expect(compared.intensity.mode == .saMed2D && !compared.slices.squarePixels)
    #expect(compared.slices.planes == [.axial, .coronal, .sagittal])
    #expect(compared.description.hasPrefix("For comparison only"))
    let tiles = try RecipeReader().read(RecipeReader.bytes(of: "pathology-tiles"))
    #expect(tiles.slides.pictures == .tiles && tiles.slides.mostTiles == 500)
  }

  @Test func `a file that is not there is refused, with the nearest name`() throws {
    let error = try #require(throws: ImageError.self) { try RecipeReader.bytes(of: "pasc") }
    #expect(error.code == .recipe)
    #expect(error.remedy.hasPrefix("Did you mean pacs?"))
    #expect(!error.message.contains("pasc"))
  }
}
