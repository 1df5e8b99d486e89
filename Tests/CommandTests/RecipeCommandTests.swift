import TestSupport
import Testing

@testable import gmai_prep

@Suite struct RecipeCommandTests {
  @Test func `list names what comes with the program`() {
    let call = Session("recipe", "list")
    #expect(call.code == .done)
    for name in ["pacs", "ct-bone", "every-fifth-slice", "sa-med2d", "pathology-tiles"] {
      #expect(call.output.contains("\n\(name) "))
    }
  }

  @Test func `show without a name shows the defaults, and check finds them good`() throws {
    let shown = Session("recipe", "show")
    #expect(shown.code == .done)
    #expect(shown.output == Session("recipe", "show", "pacs").output)
    let folder = try TemporaryFolder()
    try folder.write(Array(shown.output.utf8), to: "mine.json5")
    let path = folder.url("mine.json5").path
    let check = Session("recipe", "check", path)
    #expect(check.code == .done)
    #expect(check.output.hasPrefix("\(path): good, SHA-256 "))
    #expect(Session("recipe", "show", path).output == shown.output)
  }

  @Test func `show fills a short recipe in`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{seed: 7}".utf8), to: "mine.json5")
    let call = Session("recipe", "show", "--json", folder.url("mine.json5").path)
    #expect(call.output.hasPrefix(#"{"name":"dataset","#))
    #expect(call.output.contains(#""seed":7"#))
    #expect(call.output.contains(#""min_shards":8"#))
  }

  @Test func `check names every mistake of every file and ends with 1`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{sede: 7,\n min_shards: 0}".utf8), to: "a.json5")
    try folder.write(Array("{".utf8), to: "b.json5")
    let (a, b) = (folder.url("a.json5").path, folder.url("b.json5").path)
    let call = Session("recipe", "check", a, "pacs", b, "\(b)x")
    #expect(call.code == .failed)
    #expect(call.errors.isEmpty)
    let lines = call.output.split(separator: "\n").map(String.init)
    #expect(lines.count == 5)
    #expect(lines[0] == "\(a): line 1, column 2: sede is no key of a recipe. Did you mean seed?")
    #expect(lines[1].hasPrefix("\(a): line 2, column 14: min_shards is 0."))
    #expect(lines[2].hasPrefix("pacs: good, SHA-256 "))
    #expect(lines[3].hasPrefix("\(b): line 1, column 2: the end of the text stands"))
    #expect(lines[4].hasPrefix("\(b)x: The recipe cannot be read"))
  }

  @Test func `check refuses a window's name that no conversion knows`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{intensity: {ct: 'lnug'}}".utf8), to: "a.json5")
    let call = Session("recipe", "check", folder.url("a.json5").path)
    #expect(call.code == .failed)
    #expect(call.output.contains("did you mean \"lung\"?"))
  }

  @Test func `show of a broken recipe fails with its mistakes on standard error`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array("{sede: 7}".utf8), to: "a.json5")
    let call = Session("recipe", "show", folder.url("a.json5").path)
    #expect(call.code == .failed)
    #expect(call.output.isEmpty)
    #expect(call.errors.contains("Did you mean seed?"))
  }

  @Test func `the program knows its version and its commands`() {
    #expect(Session("--version").output == "gmai-prep 0.1.0\n")
    #expect(Session("--help").output.contains("\n  recipe "))
    #expect(Session("recipes").code == .usage)
    #expect(Session("recipes").errors.contains("Did you mean recipe?"))
  }
}
