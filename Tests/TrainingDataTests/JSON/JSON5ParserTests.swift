import Testing
import TrainingData

@Suite struct JSON5ParserTests {
  private func read(_ text: String) throws -> JSONValue { try JSONValue(json5: Array(text.utf8)) }

  @Test func `the example of json5.org is read`() throws {
    let text = #"""
      {
        // comments
        unquoted: 'and you can quote me on that',
        singleQuotes: 'I can use "double quotes" here',
        lineBreaks: "Look, Mom! \
      No \\n's!",
        hexadecimal: 0xdecaf,
        leadingDecimalPoint: .8675309, andTrailing: 8675309.,
        positiveSign: +1,
        trailingComma: 'in objects', andIn: ['arrays',],
        "backwardsCompatible": "with JSON",
      }
      """#
    // 0xdecaf = 13 * 65536 + 14 * 4096 + 12 * 256 + 10 * 16 + 15 = 912559
    let expected: JSONValue = [
      "unquoted": "and you can quote me on that",
      "singleQuotes": "I can use \"double quotes\" here",
      "lineBreaks": "Look, Mom! No \\n's!",
      "hexadecimal": 912559,
      "leadingDecimalPoint": 0.8675309, "andTrailing": 8675309.0,
      "positiveSign": 1,
      "trailingComma": "in objects", "andIn": ["arrays"],
      "backwardsCompatible": "with JSON",
    ]
    #expect(try read(text) == expected)
  }

  @Test(
    arguments: [
      ("null", JSONValue.null), ("true", true), (" /* a */ false // b", false), ("[]", []),
      ("{}", [:]), ("-7", -7), ("-0x10", -16), ("1e3", 1000.0), ("-.5", -0.5), ("5.e-1", 0.5),
      ("9223372036854775807", .integer(.max)), ("-9223372036854775808", .integer(.min)),
      (#"'\x41\u00e9\uD83E\uDEC1\0\v\q\'"'"#, "Aé🫁\0\u{0B}q'\""),
      ("'a\\\r\nb'", "ab"), ("'a\\\nb'", "ab"), ("'\u{2028}'", "\u{2028}"), ("'\t'", "\t"),
      ("{$_é1: 1, \\u0061b: 2}", ["$_é1": 1, "ab": 2]), ("\u{FEFF}[1,\u{A0}2]", [1, 2]),
      ("{null: 1, Infinity: 2}", ["null": 1, "Infinity": 2]),
      ("/* ** / * */1", 1),
    ] as [(String, JSONValue)])
  func `what JSON5 allows is read`(_ text: String, _ value: JSONValue) throws {
    #expect(try read(text) == value)
  }

  @Test(arguments: [
    ("", 1, 1, "the end of the text stands where a value is expected."),
    ("{\n  a: 1\n  b: 2\n}", 3, 3, "\"b\" stands where a comma or } is expected."),
    ("{a 1}", 1, 4, "\"1\" stands where a colon is expected."),
    ("{,}", 1, 2, "\",\" stands where a key or } is expected."),
    ("[1 2]", 1, 4, "\"2\" stands where a comma or ] is expected."),
    ("[,]", 1, 2, "\",\" stands where a value is expected."),
    ("[1", 1, 3, "the end of the text stands where a comma or ] is expected."),
    ("{} x", 1, 4, "\"x\" stands where the end of the text is expected."),
    ("{a: 1, 'b': 2,\r\n \"a\": 3}", 2, 2, "The key \"a\" stands twice in this object."),
    ("{a: png}", 1, 5, "\"png\" stands where a value is expected; texts need quotes."),
    ("[Infinity]", 1, 2, "Infinity is not allowed."),
    ("[-Infinity]", 1, 2, "A number is expected here, and it must be finite."),
    ("NaN", 1, 1, "NaN is not allowed."),
    ("[1,\n /* x", 2, 2, "This comment has no end."),
    ("['é頭', 'b", 1, 8, "This text has no closing quote."),
    ("['a\n']", 1, 2, "This text has no closing quote on its line."),
    ("'\\1'", 1, 2, "A digit cannot follow a backslash."),
    ("'\\00'", 1, 2, "A digit cannot follow a backslash."),
    ("'\\u12G4'", 1, 2, "4 hexadecimal digits are expected here."),
    ("'\\x1'", 1, 2, "2 hexadecimal digits are expected here."),
    ("'\\uD83E'", 1, 2, "This is half a surrogate pair and no character."),
    ("'\\uD83E\\u0041'", 1, 2, "This is half a surrogate pair and no character."),
    ("'\\", 1, 2, "Nothing follows the backslash."),
    ("[010]", 1, 2, "A number cannot begin with 0 and a digit."),
    ("[12px]", 1, 2, "This is not a number; texts need quotes."),
    ("[1.2.3]", 1, 2, "This is not a number; texts need quotes."),
    ("[0x]", 1, 2, "Hexadecimal digits are expected here."),
    ("[1e]", 1, 2, "The exponent has no digits."),
    ("[.]", 1, 2, "A number is expected here, and it must be finite."),
    ("[+]", 1, 2, "A number is expected here, and it must be finite."),
    ("1e999", 1, 1, "This number is too large."),
    ("9223372036854775808", 1, 1, "This whole number does not fit 64 bits."),
    ("{a\\n: 1}", 1, 3, "Only \\u may stand in a key."),
    ("{\\u0031: 1}", 1, 2, "This character needs quotes around the key."),
  ])
  func `a mistake is named with its line and column`(
    _ text: String, _ line: Int, _ column: Int, _ sentence: String
  ) throws {
    let error = try #require(throws: JSON5Error.self) { try read(text) }
    #expect(error.position == TextPosition(line: line, column: column))
    #expect(error.sentence == sentence)
  }

  @Test func `bytes that are not UTF-8 are refused where they stand`() throws {
    let bytes = Array("{\n  name: 'é".utf8) + [0xE9, 0x27, 0x7D]
    let error = try #require(throws: JSON5Error.self) { try JSONValue(json5: bytes) }
    // The second line holds 9 characters, the quote and é before the lone byte.
    #expect(error.position == TextPosition(line: 2, column: 11))
    #expect(error.sentence.contains("UTF-8"))
  }

  @Test func `64 levels are read, 65 are refused, a million do not crash`() throws {
    func nested(_ depth: Int) -> String {
      String(repeating: "[", count: depth) + String(repeating: "]", count: depth)
    }
    _ = try read(nested(64))
    for depth in [65, 1_000_000] {
      let error = try #require(throws: JSON5Error.self) { try read(nested(depth)) }
      #expect(error.position == TextPosition(line: 1, column: 65))
    }
  }

  @Test func `no beginning of a text and no changed byte makes the reader crash`() {
    let text = Array(
      #"{a: [1, -0x1F, .5e3, 'x\u00e9\x41\n'], "b": {c: null}, /* d */ e: true}"#.utf8)
    for end in text.indices { _ = try? JSONValue(json5: Array(text[..<end])) }
    for place in text.indices {
      for byte in UInt8.min...UInt8.max {
        var changed = text
        changed[place] = byte
        _ = try? JSONValue(json5: changed)
      }
    }
  }
}
