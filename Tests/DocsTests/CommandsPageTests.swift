import Foundation
import Testing

@testable import CommandLineKit
@testable import gmai_prep

@Suite struct CommandsPageTests {
  /// Visible commands that do something, each with the words that call it.
  private static let commands: [(call: String, command: Command)] = {
    func below(_ commands: [Command], _ words: [String]) -> [(String, Command)] {
      commands.filter { !$0.isHidden }.flatMap { command in
        let path = words + [command.name]
        return command.subcommands.isEmpty
          ? [(path.joined(separator: " "), command)] : below(command.subcommands, path)
      }
    }
    return below(GMAIPrepTool.tool.commands, ["gmai-prep"])
  }()

  /// What is said of a command: a section of commands.md, and a page of its own where it has one.
  private static func text(of call: String) -> String {
    let own = call.split(separator: " ").dropFirst().joined(separator: "-")
    return (Page("Docs/Reference/commands.md").section("## \(call)") ?? "")
      + Page("Docs/Reference/\(own).md").text
  }

  @Test(arguments: commands.map(\.call)) func `a command and its options are told`(call: String)
    throws
  {
    let command = try #require(Self.commands.first { $0.call == call }?.command)
    let text = Self.text(of: call)
    #expect(!text.isEmpty, "commands.md has no section ## \(call)")
    for option in command.options.map(\.form) {
      #expect(text.contains("`--\(option.name)"), "\(call): --\(option.name)")
    }
    for argument in command.arguments.map(\.form) { #expect(text.contains(argument.name)) }
  }

  @Test func `no command and no option is told that does not exist`() {
    let page = Page("Docs/Reference/commands.md")
    let known = Self.commands.map(\.call)
    for line in page.lines where line.hasPrefix("## gmai-prep") {
      #expect(known.contains(String(line.dropFirst(3))), "\(line)")
    }
    for (call, command) in Self.commands {
      let names = Set(command.options.map(\.form.name) + CommonOptions.all.map(\.form.name))
      for match in (page.section("## \(call)") ?? "").matches(of: /`--([a-z-]+)/) {
        #expect(names.contains(String(match.1)), "\(call): --\(match.1)")
      }
    }
  }

  @Test func `options of every command and exit codes are told`() {
    let page = Page("Docs/Reference/commands.md")
    for option in CommonOptions.all.map(\.form) { #expect(page.text.contains("`--\(option.name)")) }
    let codes = Page.rows(page.section("## Exit codes") ?? "").map { $0[0] }
    #expect(Set(codes) == Set(ExitCode.allCases.map { "\($0.rawValue)" }))
  }

  @Test(arguments: Page.all) func `every call of the program in a page can be read`(page: Page) {
    for words in Self.calls(in: page) {
      do {
        let outcome = try CommandParser(tool: GMAIPrepTool.tool).parse(words)
        if case .run = outcome { continue }
        if case .help = outcome { continue }
        Issue.record("\(page.path): \(words) runs nothing")
      } catch {
        Issue.record("\(page.path): \(words): \(error)")
      }
    }
  }

  @Test func `calls are found where they are`() {
    let calls = Self.calls(in: Page("Docs/Guides/cluster.md"))
    #expect(calls.contains(["merge", "--out", "/data/set"]))
    #expect(calls.contains { $0.first == "plan" && $0.count == 4 })
  }

  /// The words of each `gmai-prep ...` in blocks of shell, as far as they are plain: what follows a
  /// pipe, a redirection or a quote that is not opened in it is another's.
  private static func calls(in page: Page) -> [[String]] {
    page.blocks("sh").flatMap { block -> [[String]] in
      let text = block.filter { !$0.hasPrefix("#") }.joined(separator: "\n")
        .replacingOccurrences(of: "\\\n", with: " ")
      return text.matches(of: /(?:^|[\s"|&$(])gmai-prep ([a-z-]+(?:[^\n|>&"()#\\]*))/).map {
        match in
        match.1.split(separator: " ").map(String.init)
      }
    }
  }
}
