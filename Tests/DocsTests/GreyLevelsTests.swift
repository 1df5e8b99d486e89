import TestSupport
import Testing

@Suite struct GreyLevelsTests {
  @Test(.needsCorpus, .needsPeers)
  func `every number of the table of grey levels is measured again, and is the same`() throws {
    let folder = try TemporaryFolder()
    let measured = try Peer.run(
      script: "../Benchmarks/grey_levels.py", [Program.path("gmai-prep")], in: folder)
    let page = Page("Docs/Concepts/grey-levels.md")
    let rows = Page.rows(page.text)
    #expect(rows.count == 7)
    #expect(rows == Page.rows(measured))
    // The text below the table repeats these.
    let body = try #require(rows.first)
    #expect(body[2...4] == ["30", "133.2 (132.5 to 134.1)", "150.4 (122.2 to 182.8)"])
  }
}
