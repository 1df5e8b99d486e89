import CommandLineKit
import Testing

@Suite struct HelpPageTests {
  @Test func `help of a command teaches it`() {
    let page = """
      Convert sources.

      Usage: tool convert SOURCE... --out DIR [options]

      Running it again on the same folder resumes.

      Nothing of a person is written.

      Arguments:
        SOURCE               A folder, a file or an archive.

      Options:
        --out DIR            Where the data set goes. The path of a folder; required.
        --jobs N             Worker processes. A whole number from 1 to 64.
        --depth BITS         Bits a sample. A whole number from 8 to 16; default: 8.
        --share X            Part to take. A number from 0.0 to 1.0; default: 0.5.
        --format NAMES       Formats. One or more of webdataset, llava, internvl, with
                             commas between them; default: webdataset.
        --against DATASET    Compare with it. The path of a folder; may be repeated.
        --window C/W         Center and width. A text.
        --no-thumbnail       No [small] picture: tiles only.

      Options of every command:
        --quiet              No progress and no notes; errors are still said.
        --log-format FORMAT  How notes, warnings and errors stand on standard error:
                             human or json, one object a line. One of human, json;
                             default: human.
        --help               Show this page.

      Examples:
        tool convert /mnt/export --out set
            Converts an export.

      """
    #expect(SampleTool.run("convert", "--help").output == page)
    #expect(SampleTool.run("help", "convert").output == page)
    #expect(SampleTool.run("convert", "a", "--nonsense", "-h").output == page)
    #expect(SampleTool.run("--help", "convert").output == page)
  }

  @Test func `help is a result: standard output and exit code 0`() {
    for words in [["--help"], ["help"], ["recipe", "--help"], ["help", "recipe", "show"]] {
      let result = SampleTool.run(words)
      #expect(result.code == .done)
      #expect(result.errors.isEmpty)
      #expect(!result.output.isEmpty)
    }
  }

  @Test func `help of the program lists its commands, hidden ones left out`() {
    let page = SampleTool.run("--help").output
    #expect(page.hasPrefix("Turns imaging into training data.\n\nUsage: tool COMMAND ...\n"))
    #expect(page.contains("\n  convert              Convert sources.\n"))
    #expect(page.contains("--version"))
    #expect(!page.contains("worker"))
    #expect(
      SampleTool.run("recipe", "--help").output.contains("\n  show                 Show one."))
  }

  @Test(arguments: [40, 60, 72, 100, 200])
  func `no line is wider than the terminal or 100 columns`(_ width: Int) {
    for words in [["--help"], ["convert", "--help"]] {
      let output = Captured()
      let stream = ErrorStream(isTerminal: false, width: width) { _ in }
      _ = SampleTool.tool.run(
        words, on: Terminal(width: width, errors: stream) { output.append($0) })
      let lines = output.text.split(separator: "\n").map(\.count)
      #expect(lines.max() ?? 0 <= min(width, 100))
      #expect(lines.count > 5)
    }
  }

  @Test func `an unknown command after help is a usage error`() {
    let result = SampleTool.run("help", "convret")
    #expect(result.code == .usage)
    #expect(result.errors.contains("Did you mean convert?"))
  }

  @Test func `the version is one line`() {
    #expect(SampleTool.run("--version").output == "tool 1.2.3\n")
  }
}
