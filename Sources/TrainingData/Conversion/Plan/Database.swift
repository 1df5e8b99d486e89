import CSQLite
import MedicalImaging

/// One SQLite file, opened by the process that plans and supervises, and by no other.
@safe final class Database {
  enum Value: Equatable {
    case null
    case integer(Int)
    case text(String)
    case blob([UInt8])

    var integer: Int { if case .integer(let value) = self { value } else { 0 } }
    var text: String { if case .text(let value) = self { value } else { "" } }
    var blob: [UInt8] { if case .blob(let value) = self { value } else { [] } }

    static func optional(_ value: String?) -> Value { value.map(Value.text) ?? .null }
    static func optional(_ value: [UInt8]?) -> Value { value.map(Value.blob) ?? .null }
  }

  private let handle: OpaquePointer
  private var statements: [String: OpaquePointer] = unsafe [:]

  /// Opens or makes the file; throws `.unreadable` where it is not a database, `.outputFull` where
  /// there is no room.
  init(path: String) throws(ImageError) {
    var handle: OpaquePointer?
    let status = unsafe sqlite3_open(path, &handle)
    guard status == SQLITE_OK, let handle = unsafe handle else { throw Self.failure(status, "") }
    unsafe self.handle = handle
    try run("PRAGMA journal_mode = WAL")
    try run("PRAGMA synchronous = NORMAL")
    try run("PRAGMA foreign_keys = ON")
  }

  deinit {
    let open = unsafe Array(statements.values)
    for index in unsafe open.indices { unsafe sqlite3_finalize(open[index]) }
    unsafe sqlite3_close(handle)
  }

  /// Runs one statement and calls `row` for each row that it gives.
  func run(
    _ sql: String, _ values: [Value] = [], row: ([Value]) throws -> Void
  ) throws {
    let statement = try unsafe prepared(sql)
    defer { unsafe sqlite3_reset(statement) }
    for (index, value) in values.enumerated() {
      unsafe bind(value, at: Int32(index + 1), of: statement)
    }
    while true {
      let status = unsafe sqlite3_step(statement)
      if status == SQLITE_DONE { return }
      guard status == SQLITE_ROW else { throw Self.failure(status, message) }
      try row(unsafe (0..<sqlite3_column_count(statement)).map { unsafe column($0, of: statement) })
    }
  }

  /// Runs one statement that gives no rows.
  func run(_ sql: String, _ values: [Value] = []) throws(ImageError) {
    do {
      try run(sql, values) { _ in }
    } catch let error as ImageError {
      throw error
    } catch {
      throw Self.failure(SQLITE_ERROR, "")
    }
  }

  /// All rows of one statement.
  func rows(_ sql: String, _ values: [Value] = []) throws -> [[Value]] {
    var found: [[Value]] = []
    try run(sql, values) { found.append($0) }
    return found
  }

  /// Either all of `body` stays, or none of it.
  func transaction(_ body: () throws -> Void) throws {
    try run("BEGIN IMMEDIATE")
    do {
      try body()
      try run("COMMIT")
    } catch {
      try? run("ROLLBACK")
      throw error
    }
  }

  private var message: String { unsafe String(cString: sqlite3_errmsg(handle)) }

  private func prepared(_ sql: String) throws(ImageError) -> OpaquePointer {
    if let statement = unsafe statements[sql] { return unsafe statement }
    var statement: OpaquePointer?
    let status = unsafe sqlite3_prepare_v2(handle, sql, -1, &statement, nil)
    guard status == SQLITE_OK, let statement = unsafe statement else {
      throw Self.failure(status, message)
    }
    unsafe statements[sql] = statement
    return unsafe statement
  }

  private func bind(_ value: Value, at index: Int32, of statement: OpaquePointer) {
    switch value {
    case .null: unsafe sqlite3_bind_null(statement, index)
    case .integer(let number): unsafe sqlite3_bind_int64(statement, index, Int64(number))
    case .text(let text):
      unsafe gp_bind_text(statement, index, text, Int32(text.utf8.count))
    case .blob(let bytes):
      unsafe gp_bind_blob(statement, index, bytes, Int32(bytes.count))
    }
  }

  private func column(_ index: Int32, of statement: OpaquePointer) -> Value {
    switch unsafe sqlite3_column_type(statement, index) {
    case SQLITE_INTEGER: return .integer(Int(unsafe sqlite3_column_int64(statement, index)))
    // By its length: identities hold zero bytes, where a C string would end.
    case SQLITE_TEXT:
      return .text(String(decoding: unsafe bytes(index, of: statement), as: UTF8.self))
    case SQLITE_BLOB: return .blob(unsafe bytes(index, of: statement))
    default: return .null
    }
  }

  private func bytes(_ index: Int32, of statement: OpaquePointer) -> [UInt8] {
    // Asked for first: only then the length is that of the same form.
    guard let start = unsafe sqlite3_column_blob(statement, index) else { return [] }
    let count = Int(unsafe sqlite3_column_bytes(statement, index))
    return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
  }

  private static func failure(_ status: Int32, _ message: String) -> ImageError {
    status == SQLITE_FULL
      ? ImageError(.outputFull, "The disk that holds the private folder is full.")
      : ImageError(
        .unreadable, "The state of the conversion in the private folder cannot be used.",
        remedy: "Keep the private folder on a local disk; where it is damaged, choose a new --out.",
        cause: "SQLite \(status): \(message)")
  }
}
