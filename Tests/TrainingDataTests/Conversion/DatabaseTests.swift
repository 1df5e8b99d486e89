import MedicalImaging
import TestSupport
import Testing

@testable import TrainingData

@Suite struct DatabaseTests {
  @Test func `values come back as they were, zero bytes and all`() throws {
    let folder = try TemporaryFolder()
    let database = try Database(path: folder.url("x.sqlite").path)
    try database.run("CREATE TABLE t (a, b, c, d, e)")
    let values: [Database.Value] = [
      .null, .integer(.min), .text("issuer\0patient \u{1F600}"), .text(""), .blob([0, 255]),
    ]
    try database.run("INSERT INTO t VALUES (?, ?, ?, ?, ?)", values)
    #expect(try database.rows("SELECT * FROM t") == [values])
    // Told apart behind the zero byte as well.
    try database.run(
      "INSERT INTO t VALUES (?, ?, ?, ?, ?)",
      [.null, .null, .text("issuer\0other"), .null, .null])
    #expect(try database.rows("SELECT c FROM t GROUP BY c").count == 2)
  }

  @Test func `a transaction that fails leaves nothing`() throws {
    let folder = try TemporaryFolder()
    let database = try Database(path: folder.url("x.sqlite").path)
    try database.run("CREATE TABLE t (a)")
    struct Stop: Error {}
    #expect(throws: Stop.self) {
      try database.transaction {
        try database.run("INSERT INTO t VALUES (1)")
        throw Stop()
      }
    }
    #expect(try database.rows("SELECT * FROM t").isEmpty)
  }

  @Test func `a file that is no database says so, without its path`() throws {
    let folder = try TemporaryFolder()
    try folder.write(Array(repeating: 65, count: 4096), to: "x.sqlite")
    let error = #expect(throws: ImageError.self) {
      try Database(path: folder.url("x.sqlite").path)
    }
    #expect(error?.code == .unreadable)
    #expect(error?.description.contains(folder.url.path) == false)
  }
}
