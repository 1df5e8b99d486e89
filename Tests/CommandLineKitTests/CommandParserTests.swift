import CommandLineKit
import Testing

@Suite struct CommandParserTests {
  @Test func `values come typed, defaults fill the rest`() {
    let result = SampleTool.run("convert", "a", "b", "--out", "set")
    #expect(result.code == .done)
    #expect(result.output == "a,b set nil 8 0.5 webdataset  nil false\n")
    #expect(result.errors.isEmpty)
  }

  @Test func `a value stands behind a space or behind an equals sign`() {
    let spaced = SampleTool.run(
      "convert", "a", "--out", "set", "--jobs", "4", "--share", "0.25", "--format",
      "llava,internvl", "--window", "-600/1500")
    let joined = SampleTool.run(
      "convert", "--out=set", "--jobs=4", "--share=0.25", "a", "--format=llava,internvl",
      "--window=-600/1500")
    #expect(spaced.output == "a set 4 8 0.25 llava+internvl  -600/1500 false\n")
    #expect(joined.output == spaced.output)
  }

  @Test func `only the first equals sign parts name and value`() {
    #expect(
      SampleTool.run("convert", "a", "--out=set=1").output.hasPrefix("a set=1 "))
  }

  @Test func `behind two dashes everything is an argument, and one dash is one`() {
    let result = SampleTool.run("convert", "--out", "set", "-", "--", "--jobs", "-x", "--help")
    #expect(result.output.hasPrefix("-,--jobs,-x,--help set nil "))
  }

  @Test func `a repeating option keeps its order, a flag may be said twice`() {
    let result = SampleTool.run(
      "convert", "a", "--out", "s", "--against", "y", "--against=x", "--no-thumbnail",
      "--no-thumbnail")
    #expect(result.output == "a s nil 8 0.5 webdataset y,x nil true\n")
  }

  @Test func `a sub-command is found behind common options, with or without its argument`() {
    #expect(SampleTool.run("--quiet", "recipe", "--log-format", "json", "show").output == "nil\n")
    #expect(SampleTool.run("recipe", "show", "ct").output == "ct\n")
    #expect(SampleTool.run("recipe", "show", "ct").code == .incomplete)
    #expect(SampleTool.run("recipe", "list").code == .nothingToConvert)
  }

  @Test func `a hidden command runs`() { #expect(SampleTool.run("worker").code == .done) }

  @Test(arguments: [
    (["convert", "--out", "s"], "SOURCE is missing. Give a path."),
    (["convert", "a"], "--out is missing. Give it the path of a folder."),
    (["convert", "a", "--out"], "--out needs a value: the path of a folder."),
    (["convert", "a", "--out", "--jobs", "2"], "--out needs a value: the path of a folder."),
    (["convert", "a", "--out="], "--out cannot be empty. It takes the path of a folder."),
    (
      ["convert", "a", "--out", "s", "--jobs", "0"],
      "--jobs cannot be 0. It takes a whole number from 1 to 64."
    ),
    (
      ["convert", "a", "--out", "s", "--jobs", "2.5"],
      "--jobs cannot be 2.5. It takes a whole number from 1 to 64."
    ),
    (
      ["convert", "a", "--out", "s", "--share", "nan"],
      "--share cannot be nan. It takes a number from 0.0 to 1.0."
    ),
    (
      ["convert", "a", "--out", "s", "--share", "0x1"],
      "--share cannot be 0x1. It takes a number from 0.0 to 1.0."
    ),
    (
      ["convert", "a", "--out", "s", "--format", "llava,lava"],
      "--format cannot be llava,lava. It takes one or more of webdataset, llava, internvl, "
        + "with commas between them."
    ),
    (
      ["convert", "a", "--out", "s", "--format", "llava,llava"],
      "--format cannot be llava,llava. It takes one or more of webdataset, llava, internvl, "
        + "with commas between them."
    ),
    (
      ["convert", "a", "--out", "s", "--jobs", "1", "--jobs", "2"],
      "--jobs is given more than once. Give it once."
    ),
    (
      ["convert", "a", "--out", "s", "--no-thumbnail=yes"],
      "--no-thumbnail takes no value. Give it alone."
    ),
    (
      ["convert", "a", "--out", "s", "--job", "2"], "There is no option --job. Did you mean --jobs?"
    ),
    (["convert", "a", "--out", "s", "-j", "2"], "There is no option -j."),
    (["convret", "a"], "There is no command convret. Did you mean convert?"),
    (
      ["frobnicate"],
      "There is no command frobnicate. Name one of convert, recipe, fail, help."
    ),
    (["wroker"], "There is no command wroker. Name one of convert, recipe, fail, help."),
    (["recipe", "lits"], "There is no command lits. Did you mean list?"),
    (["recipe"], "No command is given. Name one of list, show."),
    ([], "No command is given. Name one of convert, recipe, fail."),
    (["recipe", "show", "a", "b"], "b is one argument too many."),
  ])
  func `a wrong command line is refused in a sentence`(_ words: [String], _ sentence: String) {
    let result = SampleTool.run(words)
    #expect(result.code == .usage)
    #expect(result.code.rawValue == 64)
    #expect(result.output.isEmpty)
    #expect(result.errors.hasPrefix("error: \(sentence)\n"))
    #expect(result.errors.contains("Usage: tool "))
    #expect(result.errors.contains(" --help"))
  }

  @Test func `the hint is about the command that was meant`() {
    let hint = SampleTool.run("convert", "--out", "s").errors
    #expect(
      hint.contains("Usage: tool convert SOURCE... --out DIR [options]. More by: tool convert"))
  }

  @Test func `errors of a command become words and an exit code`() {
    let image = SampleTool.run("fail", "image")
    #expect(image.code == .failed)
    #expect(
      image.errors
        == "error: The file ends early.\n  Copy the file again: its end is missing.\n")
    let usage = SampleTool.run("fail", "usage")
    #expect(usage.code == .usage)
    #expect(usage.errors == "error: --a and --b exclude each other. Give one.\n")
    let odd = SampleTool.run("fail", "odd")
    #expect(odd.code == .failed)
    #expect(odd.errors.contains("Odd"))
    #expect(!odd.errors.contains("DOE"))
  }

  @Test func `a usage error follows the log format as far as it was given`() {
    let result = SampleTool.run("convert", "--log-format", "json")
    #expect(result.errors.hasPrefix(#"{"code":"usage","level":"error","message":"SOURCE is"#))
    #expect(SampleTool.run("--log-format=json", "oops").errors.hasPrefix("{"))
  }
}

extension SampleTool {
  static func run(_ words: [String]) -> Result {
    let output = Captured()
    let errors = Captured()
    let stream = ErrorStream(isTerminal: false, width: 80) { errors.append($0) }
    let code = tool.run(words, on: Terminal(width: 80, errors: stream) { output.append($0) })
    return Result(code: code, output: output.text, errors: errors.text)
  }
}
