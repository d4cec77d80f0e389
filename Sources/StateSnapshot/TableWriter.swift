internal import GRDBSQLite
internal import StorageProtocol

/// Inserts rows into a table, in the order of its key, many with one statement: that halves SQLite's work for a row.
///
/// Sendable: a snapshot's lock orders the calls.
final class TableWriter: @unchecked Sendable {
  /// Rows of one statement.
  private static let batchRows = 48

  private let table: SnapshotTable
  private let columnCount: Int
  private let connection: OpaquePointer
  private let path: String
  private var statement: OpaquePointer?
  private var rows = RowText()
  private var pendingCount = 0
  private let digest: TableDigest
  private(set) var rowCount: UInt64 = 0

  /// - Parameter connection: stays open as long as the writer is used.
  init(_ table: SnapshotTable, _ connection: OpaquePointer, path: String) {
    self.table = table
    columnCount = table.columnCount
    self.connection = connection
    self.path = path
    digest = TableDigest(table)
  }

  deinit { sqlite3_finalize(statement) }

  /// Appends a row.
  ///
  /// - Parameter values: appends every value of the row.
  func append(_ values: (inout RowText) throws(DatabaseFailure) -> Void) throws(DatabaseFailure) {
    rows.beginRow()
    try values(&rows)
    pendingCount += 1
    rowCount += 1
    precondition(rows.values.count == pendingCount * columnCount, "a row has a value a column")
    guard pendingCount == TableWriter.batchRows else { return }
    if statement == nil { statement = try prepare(rows: TableWriter.batchRows) }
    try insert(statement)
  }

  /// Inserts what is left; the connection can be closed then.
  ///
  /// - Returns: the digest over all rows.
  func finish() throws(DatabaseFailure) -> Digest {
    sqlite3_finalize(statement)
    statement = nil
    if pendingCount > 0 {
      let rest = try prepare(rows: pendingCount)
      defer { sqlite3_finalize(rest) }
      try insert(rest)
    }
    return digest.value
  }

  private func prepare(rows: Int) throws(DatabaseFailure) -> OpaquePointer? {
    let row = "(" + Array(repeating: "?", count: columnCount).joined(separator: ",") + ")"
    // OR FAIL: a row that cannot be inserted ends the whole file; nothing is kept to undo one statement.
    let sql =
      "INSERT OR FAIL INTO \(table.rawValue) VALUES " + Array(repeating: row, count: rows).joined(separator: ",")
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK
    else { throw DatabaseFailure(path, connection) }
    return statement
  }

  private func insert(_ statement: OpaquePointer?) throws(DatabaseFailure) {
    // The statement looks at the bytes until it is reset; they stay where they are as long.
    let status = rows.bytes.withUnsafeBytes { bytes in
      defer { sqlite3_reset(statement) }
      for (index, value) in rows.values.enumerated() {
        let status = bind(value, bytes, to: statement, Int32(index + 1))
        if status != SQLITE_OK { return status }
      }
      return sqlite3_step(statement)
    }
    guard status == SQLITE_DONE else {
      throw DatabaseFailure(path, String(cString: sqlite3_errstr(status)), code: status)
    }
    digest.add(rows)
    rows.removeAll()
    pendingCount = 0
  }

  private func bind(
    _ value: RowText.Value, _ bytes: UnsafeRawBufferPointer, to statement: OpaquePointer?, _ index: Int32
  ) -> Int32 {
    // `place` lies inside `bytes`.
    let content = bytes.baseAddress.map { $0 + value.place.lowerBound }
    switch value.kind {
    case .null: return sqlite3_bind_null(statement, index)
    case .integer: return sqlite3_bind_int64(statement, index, value.integer)
    case .blob: return sqlite3_bind_blob64(statement, index, content, UInt64(value.place.count), nil)
    case .text:
      return sqlite3_bind_text64(
        statement, index, content?.assumingMemoryBound(to: CChar.self), UInt64(value.place.count), nil,
        UInt8(SQLITE_UTF8))
    }
  }
}
