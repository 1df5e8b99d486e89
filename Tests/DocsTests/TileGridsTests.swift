import TestSupport
import Testing

@Suite struct TileGridsTests {
  @Test(.needsCorpus, .needsPeers)
  func `every number of the table of grids is measured again, and is the same`() throws {
    let folder = try TemporaryFolder()
    let measured = try Peer.run(
      script: "../Benchmarks/tile_grids.py", [Program.path("gmai-prep")], in: folder)
    let page = Page("Docs/Concepts/tiles.md")
    let rows = Page.rows(page.section("## On three pictures") ?? "")
    #expect(rows.count == 9)
    #expect(rows == Page.rows(measured))
  }
}
