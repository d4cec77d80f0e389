internal import GRDBSQLite
internal import StorageProtocol

/// Inserts rows into a table, in the order of its key, many with one statement: that halves SQLite's work for a row.
///
/// Sendable: rows are made by one thread at a time; the statement is touched by the insertion queue alone, which orders its work.
final class TableWriter: @unchecked Sendable {
  /// Rows of one statement.
  private static let batchRows = 48

  private let columnCount: Int
  private let queue: InsertionQueue
  private var rows = RowText()
  private var pendingCount = 0
  fileprivate let inserter: TableInserter
  private(set) var rowCount: UInt64 = 0

  /// - Parameters:
  ///   - connection: stays open as long as the writer is used.
  ///   - queue: of all tables of the connection.
  init(_ table: SnapshotTable, _ connection: OpaquePointer, path: String, _ queue: InsertionQueue) {
    columnCount = table.columnCount
    self.queue = queue
    inserter = TableInserter(table, connection, path: path)
  }

  /// Appends a row.
  ///
  /// - Parameter values: appends every value of the row.
  /// - Throws: what an earlier row failed of.
  func append(_ values: (inout RowText) throws(DatabaseFailure) -> Void) throws(DatabaseFailure) {
    rows.beginRow()
    try values(&rows)
    pendingCount += 1
    rowCount += 1
    precondition(rows.values.count == pendingCount * columnCount, "a row has a value a column")
    if pendingCount == TableWriter.batchRows { try insert(isWhole: true) }
  }

  private func insert(isWhole: Bool) throws(DatabaseFailure) {
    let batch = rows
    let count = pendingCount
    rows = RowText(capacityOf: batch)
    pendingCount = 0
    try queue.add { [inserter] () throws(DatabaseFailure) in try inserter.insert(batch, count: count, isWhole: isWhole)
    }
  }

  /// Inserts what is left, and waits until everything is.
  ///
  /// - Returns: the digest over all rows.
  func finish() throws(DatabaseFailure) -> Digest {
    if pendingCount > 0 { try insert(isWhole: false) }
    try queue.finish()
    inserter.finish()
    return inserter.digest.value
  }
}

extension TableWriter {
  /// Gives the statement back; nothing is inserted any more.
  func abandon() { inserter.finish() }
}

/// The statements that insert into a table.
///
/// Sendable: one call at a time, which the insertion queue orders.
private final class TableInserter: @unchecked Sendable {
  private let table: SnapshotTable
  private let connection: OpaquePointer
  private let path: String
  /// Of whole batches.
  private var statement: OpaquePointer?
  let digest: TableDigest

  init(_ table: SnapshotTable, _ connection: OpaquePointer, path: String) {
    self.table = table
    self.connection = connection
    self.path = path
    digest = TableDigest(table)
  }

  deinit { finish() }

  /// Nothing is inserted any more: the connection can be closed.
  func finish() {
    sqlite3_finalize(statement)
    statement = nil
  }

  /// - Parameter isWhole: whether the batch has as many rows as most.
  func insert(_ rows: RowText, count: Int, isWhole: Bool) throws(DatabaseFailure) {
    if isWhole {
      if statement == nil { statement = try prepare(rows: count) }
      try insert(rows, statement)
    } else {
      let rest = try prepare(rows: count)
      defer { sqlite3_finalize(rest) }
      try insert(rows, rest)
    }
  }

  private func prepare(rows: Int) throws(DatabaseFailure) -> OpaquePointer? {
    let row = "(" + Array(repeating: "?", count: table.columnCount).joined(separator: ",") + ")"
    // OR FAIL: a row that cannot be inserted ends the whole file; nothing is kept to undo one statement.
    let sql =
      "INSERT OR FAIL INTO \(table.rawValue) VALUES " + Array(repeating: row, count: rows).joined(separator: ",")
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(connection, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &statement, nil) == SQLITE_OK
    else { throw DatabaseFailure(path, connection) }
    return statement
  }

  private func insert(_ rows: RowText, _ statement: OpaquePointer?) throws(DatabaseFailure) {
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
