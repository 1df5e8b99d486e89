import CommandLineKit
import Foundation
import ImageFormats
import MedicalImaging
import Preprocessing
import Testing

@testable import TrainingData

/// Pages of Docs/Reference and Docs/Concepts against the tables that they tell of.
@Suite struct ReferenceTests {
  @Test(arguments: RecipeKey.all.map(\.path)) func `a recipe's key has its row`(path: String) throws
  {
    let key = try #require(RecipeKey.all.first { $0.path == path })
    let value = Recipe.spaced(key.write(Recipe()))
    let row = Page.rows(Page("Docs/Reference/recipe.md").text).first { $0[0] == "`\(path)`" }
    #expect(row == ["`\(path)`", "`\(value)`", key.allowed, key.comment])
  }

  @Test func `no key of a recipe is told that does not exist`() {
    let known = Set(RecipeKey.all.map { "`\($0.path)`" })
    let table = Page("Docs/Reference/recipe.md").section("# Recipe")?.prefix { $0 != "#" } ?? ""
    for row in Page.rows(String(table)) { #expect(known.contains(row[0])) }
  }

  @Test(arguments: ErrorCode.allCases) func `an error has its row, remedy and exit code`(
    code: ErrorCode
  ) throws {
    let page = Page("Docs/Reference/errors.md")
    let ofSource = Page.rows(page.section("## Of a source") ?? "")
    let ofRun = Page.rows(page.section("## Of a run") ?? "")
    let rows = (ofSource + ofRun).filter { $0[0] == "`\(code.rawValue)`" }
    #expect(rows.count == 1)
    let row = try #require(rows.first)
    #expect(!row[1].isEmpty)
    #expect(row[2] == code.remedy)
    if row.count > 3 { #expect(row[3] == "\(ExitCode(code).rawValue)") }
  }

  @Test func `errors that do not exist are not told`() {
    let page = Page("Docs/Reference/errors.md")
    let known = Set(ErrorCode.allCases.map { "`\($0.rawValue)`" })
    for section in ["## Of a source", "## Of a run"] {
      for row in Page.rows(page.section(section) ?? "") { #expect(known.contains(row[0])) }
    }
  }

  @Test func `findings of the code and of the page are the same`() throws {
    let told = Set(
      Page.rows(Page("Docs/Reference/errors.md").section("## Findings") ?? "").map { $0[0] })
    var made: Set<String> = ["`sop_instance_uid_with_other_pixels`"]
    for room in ["ImageFormats", "MedicalImaging", "Preprocessing", "TrainingData"] {
      let folder = Page.root.appending(path: "Sources/\(room)")
      let files = FileManager.default.enumerator(atPath: folder.path)
      for case let file as String in files ?? .init() where file.hasSuffix(".swift") {
        let source = try String(contentsOf: folder.appending(path: file), encoding: .utf8)
        for match in source.matches(of: /(?:note|Finding|\.init)\(\s*"([a-z_]+)",\s*"/) {
          made.insert("`\(match.1)`")
        }
      }
    }
    #expect(made.count > 30)
    #expect(told == made)
  }

  @Test(arguments: CTPreset.allCases) func `a CT preset has its window and its body parts`(
    preset: CTPreset
  ) throws {
    let page = Page("Docs/Reference/intensities.md")
    let row = try #require(
      Page.rows(page.section("## CT presets") ?? "").first { $0[0] == "`\(preset.rawValue)`" })
    #expect(Double(row[1]) == preset.window.center)
    #expect(Double(row[2]) == preset.window.width)
    let regions = BodyRegion.all.filter { $0.ctPreset == preset }.map(\.name)
    #expect(row[3] == (regions.isEmpty ? "only by name" : regions.joined(separator: ", ")))
  }

  @Test func `modalities have their rows`() {
    let page = Page("Docs/Reference/intensities.md")
    let told = Page.rows(page.section("## What decides") ?? "").map { $0[0] }
    #expect(told == ModalityProfile.all.map { "`\($0.modality)`" } + ["any other"])
    let text = Page("Docs/Reference/dataset.md").section("## Modality") ?? ""
    for name in ModalityName.allCases { #expect(text.contains("`\(name.rawValue)`")) }
  }

  @Test func `tiling policies have their rows`() {
    let page = Page("Docs/Reference/tiling.md")
    let told = Page.rows(page.section("## Policies") ?? "").map { Array($0[..<2]) }
    #expect(told == TilingPolicies.all.map { ["`\($0.name)`", $0.summary] })
    for policy in TilingPolicies.all {
      #expect(page.text.contains("\n## \(policy.name)\n"), "\(policy.name)")
    }
  }

  @Test func `parameters of tiling have their rows`() {
    let page = Page("Docs/Reference/tiling.md")
    let told = Page.rows(page.section("## Parameters") ?? "").flatMap {
      $0[0].split(separator: ", ").map { $0.filter { $0 != "`" } }
    }
    #expect(told == Mirror(reflecting: TilingParameters()).children.compactMap(\.label))
  }

  @Test func `transfer syntaxes that are read have their rows`() {
    let page = Page("Docs/Reference/formats.md")
    let told = Page.rows(page.section("## Transfer syntaxes") ?? "")
    let known = TransferSyntax.all.map {
      [$0.name, "`\($0.uid)`", $0.isLossless ? "exact" : "as lossy as the file"]
    }
    #expect(Set(told) == Set(known))
  }

  @Test func `kinds of files and of splits are told`() {
    let leftOut = Page("Docs/Reference/dataset.md").section("## Left out") ?? ""
    for kind in LeftOutKind.allCases { #expect(leftOut.contains("`\(kind.rawValue)`")) }
    for kind in Recipe.Exclusion.allCases { #expect(leftOut.contains("`\(kind.rawValue)`")) }
    for format in ImageFormats.all {
      switch format.role {
      case .leftOut(let kind): #expect(leftOut.contains("`\(kind)`"))
      case .refused: #expect(Page("Docs/Reference/formats.md").text.contains(format.name))
      default: break
      }
    }
    let volumes = Page("Docs/Concepts/volumes.md").text
    for reason in SplitReason.allCases { #expect(volumes.contains("| `\(reason.rawValue)` |")) }
  }

  @Test func `every field of a row is told, with its type, and no other`() {
    var fields: [[String]] = []
    func walk(_ feature: JSONValue, _ path: String) {
      guard case .object(let members) = feature else { return }
      if case .string(let type)? = feature["dtype"] {
        let words = ["int64": "integer", "float64": "float", "bool": "boolean"]
        fields.append([path, words[type] ?? type])
      } else if let element = feature["feature"] {
        let type = Self.type(ofList: element)
        fields.append([path, type])
        if type == "list" { walk(element, path + "[]") }
      } else {
        for member in members {
          walk(member.value, path.isEmpty ? member.key : "\(path).\(member.key)")
        }
      }
    }
    walk(SampleFeatures.json, "")
    // Objects that may be null as a whole stand before their members; the types of matrices are
    // told by their size.
    let told = Page.rows(Page("Docs/Reference/dataset.md").section("## A row") ?? "")
      .filter { $0[1] != "object" }
      .map { row in
        [
          String(row[0].dropFirst().dropLast()),
          row[1].hasSuffix(" float") && row[1].contains(" x ") ? "list of list of float" : row[1],
        ]
      }
    #expect(told == fields)
  }

  /// `list` where its elements are objects, else the list with what it is of.
  private static func type(ofList element: JSONValue) -> String {
    if case .string(let type)? = element["dtype"] {
      return "list of " + (["int64": "integer", "float64": "float"][type] ?? type)
    }
    if let inner = element["feature"] { return "list of " + type(ofList: inner) }
    return "list"
  }

  @Test func `every door and every package that building needs is among the dependencies`() throws {
    let text = Page("Docs/Dependencies.md").text
    let doors = try FileManager.default.contentsOfDirectory(
      atPath: Page.root.appending(path: "Sources/Interop").path)
    for door in doors { #expect(text.contains("`\(door)`"), "\(door)") }
    let packages = try String(
      contentsOf: Page.root.appending(path: "Samples/packages.txt"), encoding: .utf8)
    for package in packages.split(separator: "\n") {
      #expect(text.contains("`\(package)`"), "\(package)")
    }
    let peers = try String(
      contentsOf: Page.root.appending(path: "Tests/Peers/requirements.txt"), encoding: .utf8)
    for line in peers.split(separator: "\n") where !line.hasPrefix("#") {
      let name = line.prefix { $0 != "=" }
      let short = name.split(separator: "-").last ?? name
      #expect(text.contains(name) || text.contains("-\(short)"), "\(name)")
    }
  }
}
