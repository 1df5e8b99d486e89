import Foundation
import TestSupport
import Testing

@testable import CommandLineKit

@Suite struct DisplayWidthTests {
  @Test(arguments: [
    ("CT 512x512", 10), ("é", 1), ("e\u{301}", 1), ("頭", 2), ("ｱ", 1), ("Ａ", 2), ("한글", 4),
    ("👩‍⚕️", 2), ("☠️", 2), ("🫁", 2), ("", 0), ("\u{200B}", 0), ("–…", 2),
  ])
  func `a text fills as many columns as terminals give it`(_ text: String, _ columns: Int) {
    #expect(text.displayWidth == columns)
  }

  @Test(.needsPeers) func `wide characters are those of Unicode's own table`() throws {
    // One line a code point that Python knows as wide or full-width and that does not combine.
    let wide = try Peer.run(script: "east_asian_width.py", in: TemporaryFolder())
      .split(separator: "\n").compactMap { UInt32($0, radix: 16) }
    #expect(wide.count > 100_000)
    let known = Set(wide)
    let missed = wide.filter { Unicode.Scalar($0).map { Character($0).displayWidth } != 2 }
    #expect(missed.isEmpty, "\(missed.prefix(10).map { String($0, radix: 16) })")
    let narrow = try Peer.run(script: "east_asian_width.py", ["narrow"], in: TemporaryFolder())
      .split(separator: "\n").compactMap { UInt32($0, radix: 16) }
    #expect(narrow.count > 10_000)
    let surplus = narrow.filter {
      !known.contains($0) && (Unicode.Scalar($0).map { Character($0).displayWidth } ?? 1) > 1
    }
    #expect(surplus.isEmpty, "\(surplus.prefix(10).map { String($0, radix: 16) })")
  }

  @Test func `cutting never splits a character and keeps within the width`() {
    #expect("頭部頭部".truncated(to: 6) == "頭部…")
    #expect("e\u{301}e\u{301}e\u{301}".truncated(to: 2) == "e\u{301}…")
    #expect("abc".truncated(to: 3) == "abc")
    #expect("abc".truncated(to: 0) == "")
  }

  @Test func `text is wrapped between words, long words stay whole`() {
    #expect("one two three".wrapped(to: 8) == ["one two", "three"])
    #expect("one two three".wrapped(to: 7, hanging: 2) == ["one two", "  three"])
    #expect("a verylongword b".wrapped(to: 5) == ["a", "verylongword", "b"])
    #expect("one\n\ntwo".wrapped(to: 20) == ["one", "", "two"])
    #expect("".wrapped(to: 20) == [""])
  }
}
