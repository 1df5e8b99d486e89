import TestSupport
import Testing
import TrainingData

@Suite struct JSONWriterTests {
  private func text(_ style: JSONWriter.Style = .compact, _ write: (inout JSONWriter) -> Void)
    -> String
  {
    var json = JSONWriter(style)
    write(&json)
    return String(decoding: json.bytes, as: UTF8.self)
  }

  @Test(arguments: [
    (1.0, "1.0"), (0.1, "0.1"), (-0.0, "-0.0"), (1e-5, "1.0e-05"), (1.25e-7, "1.25e-07"),
    (1e16, "1.0e+16"), (123_456_789.125, "123456789.125"), (.leastNonzeroMagnitude, "5.0e-324"),
    (1.797_693_134_862_315_7e308, "1.7976931348623157e+308"), (1.0 / 3, "0.3333333333333333"),
  ])
  func `a double always has a point and the fewest digits`(_ number: Double, _ digits: String) {
    #expect(text { $0.number(number) } == digits)
  }

  @Test func `only what JSON asks for is escaped`() {
    #expect(
      text { $0.string("\"a\\b/c\n\t\r\u{08}\u{0C}\u{01}\u{1F}\u{7F}é頭🫁\u{2028}") }
        == #""\"a\\b/c\n\t\r\b\f\u0001\u001f"# + "\u{7F}é頭🫁\u{2028}\"")
  }

  @Test func `members keep the order in which they are written, nil becomes null`() {
    let line = text { json in
      json.object { json in
        json.member("z", "last first")
        json.member("a", 1)
        json.member("share", 2.0)
        json.member("yes", true)
        json.member("none", String?.none)
        json.member("nothing", Double?.none)
        json.key("list")
        json.array { json in
          json.null()
          json.array { _ in }
          json.object { _ in }
        }
      }
      json.endLine()
    }
    #expect(
      line == #"{"z":"last first","a":1,"share":2.0,"yes":true,"none":null,"nothing":null,"#
        + #""list":[null,[],{}]}"# + "\n")
  }

  @Test func `the style for people keeps plain lists on one line`() {
    let tree: JSONValue = [
      "name": "set", "percentiles": [0.5, 99.5], "empty": [:], "none": [],
      "shards": [["path": "a"], ["path": "b", "sizes": [1, 2]]], "matrix": [[1, 0], [0, 1]],
    ]
    #expect(
      text(.indented) { $0.value(tree) } == """
        {
          "name": "set",
          "percentiles": [0.5, 99.5],
          "empty": {},
          "none": [],
          "shards": [
            {
              "path": "a"
            },
            {
              "path": "b",
              "sizes": [1, 2]
            }
          ],
          "matrix": [
            [1, 0],
            [0, 1]
          ]
        }
        """)
  }

  @Test(.needsPeers) func `Python reads the same numbers and writes the same text`() throws {
    var generator = SplitMix(state: 7)
    var numbers: [Double] = [
      0, -0.0, 1, 1e15, 1e16, 1e17, 1e-4, 1e-5, 0.1, 2.5, .leastNonzeroMagnitude, 1e300,
    ]
    numbers += (0..<5000).map { _ in Double(bitPattern: generator.next()) }.filter(\.isFinite)
    numbers += (0..<1000).map { _ in Double(generator.next() % 100_000) / 1000 }
    let folder = try TemporaryFolder()
    try folder.write(
      Array(text { json in json.array { json in for n in numbers { json.number(n) } } }.utf8),
      to: "numbers.json")

    // Every scalar below U+0300 and some of each plane, as one text; keys and nesting around it.
    let scalars = (0..<0x300).compactMap(Unicode.Scalar.init) + ["\u{2028}", "頭", "\u{FFFD}", "🫁"]
    let everything = String(String.UnicodeScalarView(scalars))
    let tree: JSONValue = [
      everything: .string(everything), "b": [1, -2, .integer(.max), .integer(.min), true, false],
      "a": ["x": nil, "": []], "number": 1.5,
    ]
    let written = text { $0.value(tree) }
    try folder.write(Array(written.utf8), to: "tree.json")

    let answer = try Peer.run(script: "json_round_trip.py", in: folder)
    #expect(Array(answer.utf8) == Array(written.utf8))
    let read = try folder.numbers(of: "numbers.bin", as: Double.self)
    #expect(read.map(\.bitPattern) == numbers.map(\.bitPattern))
    #expect(numbers.count > 5900)
  }

  @Test func `what was written reads back equal`() throws {
    let tree: JSONValue = [
      "text": "a\"\\\n\u{01}é🫁", "integer": .integer(.min), "number": 1e-5, "flag": false,
      "nothing": nil, "list": [[], [:], [1, 2.0]],
    ]
    for style in [JSONWriter.Style.compact, .indented] {
      #expect(try JSONValue(json5: Array(text(style) { $0.value(tree) }.utf8)) == tree)
    }
  }

  @Test func `a number that is not finite is a mistake of the program`() async {
    await #expect(processExitsWith: .failure) {
      var json = JSONWriter()
      json.number(.nan)
    }
    await #expect(processExitsWith: .failure) {
      var json = JSONWriter()
      json.object { $0.integer(1) }
    }
  }
}

/// SplitMix64 (Steele, Lea and Flood 2014): the same numbers on every run.
private struct SplitMix {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }
}
