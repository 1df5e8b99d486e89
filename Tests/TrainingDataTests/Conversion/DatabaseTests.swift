import TestSupport
import Testing

@testable import TrainingData

@Suite struct DatabaseTests {
  @Test(arguments: ["", "plain", "issuer\0id", "\0", "Ph\u{E4}ntom"])
  func `a text comes back whole, zero bytes included`(_ text: String) throws {
    let folder = try TemporaryFolder()
    let database = try Database(path: folder.url("state.sqlite").path)
    try database.run("CREATE TABLE t (text TEXT, blob BLOB)")
    try database.run(
      "INSERT INTO t VALUES (?, ?)", [.text(text), .blob(Array(text.utf8))])
    let rows = try database.rows("SELECT min(text), blob FROM t")
    #expect(rows == [[.text(text), .blob(Array(text.utf8))]])
  }
}
