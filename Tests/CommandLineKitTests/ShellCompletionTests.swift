import CommandLineKit
import Foundation
import TestSupport
import Testing

@Suite struct ShellCompletionTests {
  private func script(_ shell: String) -> String {
    SampleTool.run("--generate-completion-script", shell).output
  }

  @Test(arguments: ["bash", "zsh", "fish"])
  func `a script names every visible command and option`(_ shell: String) {
    let script = script(shell)
    for word in [
      "convert", "recipe", "list", "show", "jobs", "format", "no-thumbnail", "quiet", "help",
      "webdataset llava internvl",
    ] {
      #expect(script.contains(word), "\(word) is not in the script for \(shell)")
    }
    #expect(!script.contains("worker"))
  }

  @Test func `an unknown shell is refused with those that are known`() {
    let result = SampleTool.run("--generate-completion-script", "tcsh")
    #expect(result.code == .usage)
    #expect(result.errors.contains("one of bash, zsh, fish"))
    #expect(SampleTool.run("--generate-completion-script").code == .usage)
  }

  @Test func `zsh is told help, values and what brackets and colons are not`() {
    let script = script("zsh")
    #expect(script.hasPrefix("#compdef tool\n"))
    #expect(script.contains(#"'--no-thumbnail[No \[small\] picture\: tiles only.]'"#))
    #expect(script.contains("'--out[Where the data set goes.]:DIR:_files -/'"))
    #expect(script.contains("'*--against[Compare with it.]:DATASET:_files -/'"))
    #expect(script.contains("'*:SOURCE:_files'"))
    #expect(script.contains("recipe) _tool_recipe ;;"))
  }

  @Test func `fish offers an option only behind its command`() {
    let script = script("fish")
    #expect(
      script.contains(
        "complete -c tool -n '__fish_seen_subcommand_from convert' -l jobs -r -f "
          + "-d 'Worker processes.'"))
    #expect(
      script.contains(
        "-n '__fish_seen_subcommand_from recipe; and not __fish_seen_subcommand_from list show'"
          + " -a list -d 'List them.'"))
  }

  @Test(arguments: [
    (
      "tool ",
      ["--help", "--log-format", "--quiet", "--version", "convert", "fail", "help", "recipe"]
    ),
    ("tool con", ["convert"]),
    ("tool recipe ", ["--help", "--log-format", "--quiet", "list", "show"]),
    ("tool convert --ja", []),
    ("tool convert --j", ["--jobs"]),
    ("tool convert a --format l", ["llava"]),
    ("tool --quiet convert --log-format ", ["human", "json"]),
    ("tool convert fil", ["file one", "files"]),
    ("tool convert --out fil", ["files"]),
    ("tool convert --jobs ", []),
    ("tool recipe show fil", ["file one", "files"]),
  ])
  func `bash completes what was begun`(_ line: String, _ offered: [String]) throws {
    let folder = try TemporaryFolder()
    try folder.write([], to: "file one")
    try FileManager.default.createDirectory(
      at: folder.url("files"), withIntermediateDirectories: true)
    try folder.write(Array(script("bash").utf8), to: "script")
    let program = """
      source ./script
      COMP_WORDS=($1); [[ $1 == *" " ]] && COMP_WORDS+=("")
      COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
      _tool
      printf '%s\\n' "${COMPREPLY[@]}"
      """
    let process = Process()
    process.executableURL = URL(filePath: "/bin/bash")
    process.arguments = ["-c", program, "bash", line]
    process.currentDirectoryURL = folder.url
    let output = Pipe()
    process.standardOutput = output
    try process.run()
    let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    #expect(process.terminationStatus == 0)
    #expect(text.split(separator: "\n").map(String.init).sorted() == offered)
  }
}
