internal import GRDBSQLite
internal import StorageProtocol

/// The rows that a query gives, one at a time.
///
/// One owner; the connection stays open as long as the scan is used.
struct TableScan: ~Copyable {
  private let table: SnapshotTable
  private let path: String
  private let connection: OpaquePointer
  private let statement: OpaquePointer?
  /// Rows so far, the current one included.
  private(set) var rowCount: UInt64 = 0
  private(set) var hasRow = false
  private var isAtEnd = false

  /// - Parameter query: of rows of `table`.
  init(_ table: SnapshotTable, _ query: String, _ connection: OpaquePointer, path: String) throws(SnapshotFault) {
    self.table = table
    self.path = path
    self.connection = connection
    var statement: OpaquePointer?
    guard sqlite3_prepare_v3(connection, query, -1, 0, &statement, nil) == SQLITE_OK else {
      throw .unreadable(DatabaseFailure(path, connection))
    }
    self.statement = statement
  }

  deinit { sqlite3_finalize(statement) }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one; never again once there was none.
  @discardableResult
  mutating func next() throws(SnapshotFault) -> Bool {
    // SQLite would begin anew.
    guard !isAtEnd else { return false }
    switch sqlite3_step(statement) {
    case SQLITE_ROW:
      rowCount += 1
      hasRow = true
    case SQLITE_DONE:
      hasRow = false
      isAtEnd = true
    default: throw .unreadable(DatabaseFailure(path, connection))
    }
    return hasRow
  }

  /// Binds a value to a parameter of the query; before the first row.
  func bind(_ value: [UInt8], to parameter: Int32) {
    // SQLite copies the bytes before it returns.
    let copies = unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    _ = value.withUnsafeBytes { bytes in
      bytes.isEmpty
        ? sqlite3_bind_zeroblob(statement, parameter, 0)
        : sqlite3_bind_blob64(statement, parameter, bytes.baseAddress, UInt64(bytes.count), copies)
    }
  }

  func bind(_ value: Int64, to parameter: Int32) { sqlite3_bind_int64(statement, parameter, value) }

  // MARK: Values of the row

  func fault(_ problem: String) -> SnapshotFault {
    .row(path: path, table, number: rowCount, problem: problem)
  }

  func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }

  func integer(_ column: Int32) throws(SnapshotFault) -> Int64 {
    guard sqlite3_column_type(statement, column) == SQLITE_INTEGER else { throw wrongType(column, "an integer") }
    return sqlite3_column_int64(statement, column)
  }

  /// A number from 0 on.
  func count(_ column: Int32) throws(SnapshotFault) -> UInt64 {
    let value = try integer(column)
    guard value >= 0 else { throw fault("\(name(of: column)) is negative") }
    return UInt64(value)
  }

  /// The bytes of a text or blob; valid until the next row.
  private func bytes(_ column: Int32) -> UnsafeRawBufferPointer {
    // A blob of no bytes has no address.
    UnsafeRawBufferPointer(
      start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
  }

  func blob(_ column: Int32) throws(SnapshotFault) -> [UInt8] {
    guard sqlite3_column_type(statement, column) == SQLITE_BLOB else { throw wrongType(column, "a blob") }
    return Array(bytes(column))
  }

  func text(_ column: Int32) throws(SnapshotFault) -> [UInt8] {
    guard sqlite3_column_type(statement, column) == SQLITE_TEXT else { throw wrongType(column, "text") }
    return Array(bytes(column))
  }

  func digest(_ column: Int32) throws(SnapshotFault) -> Digest {
    let bytes = bytes(column)
    guard sqlite3_column_type(statement, column) == SQLITE_BLOB, bytes.count == Digest.byteCount,
      let start = bytes.baseAddress
    else { throw wrongType(column, "32 bytes") }
    return Digest(loading: start)
  }

  func number(_ column: Int32) throws(SnapshotFault) -> BigNum128 {
    guard let number = try? BigNum128(parsing: try text(column)) else { throw wrongType(column, "a decimal number") }
    return number
  }

  private func wrongType(_ column: Int32, _ expected: String) -> SnapshotFault {
    fault("\(name(of: column)) is not \(expected)")
  }

  private func name(of column: Int32) -> String {
    sqlite3_column_name(statement, column).map { String(cString: $0) } ?? "column \(column)"
  }

  /// The value as it is; bytes are valid until the next row.
  func value(_ column: Int32) throws(SnapshotFault) -> SnapshotValue {
    switch sqlite3_column_type(statement, column) {
    case SQLITE_NULL: return .null
    case SQLITE_INTEGER: return .integer(sqlite3_column_int64(statement, column))
    case SQLITE_TEXT: return .text(bytes(column))
    case SQLITE_BLOB: return .blob(bytes(column))
    default: throw fault("\(name(of: column)) is a floating-point number")
    }
  }

  /// Appends the row as digests have it.
  func append(to rows: inout RowText) throws(SnapshotFault) {
    rows.beginRow()
    for column in 0..<sqlite3_column_count(statement) {
      switch try value(column) {
      case .null: rows.appendNull()
      case .integer(let integer): rows.append(integer)
      case .text(let bytes): rows.append(text: bytes)
      case .blob(let bytes): rows.append(blob: bytes)
      }
    }
  }
}

/// The rows of a whole table, in the order of its key, and the digest over them.
struct DigestedScan: ~Copyable {
  /// Bytes that are hashed together.
  private static let pieceBytes = 1 << 16

  private(set) var rows: TableScan
  private var text = RowText()
  private let digest: TableDigest

  init(_ table: SnapshotTable, _ connection: OpaquePointer, path: String) throws(SnapshotFault) {
    rows = try TableScan(table, table.digestQuery, connection, path: path)
    digest = TableDigest(table)
  }

  mutating func next() throws(SnapshotFault) -> Bool {
    guard try rows.next() else {
      flush()
      return false
    }
    try rows.append(to: &text)
    if text.bytes.count >= DigestedScan.pieceBytes { flush() }
    return true
  }

  private mutating func flush() {
    digest.add(text)
    text.removeAll()
  }

  /// Once there is no next row.
  var value: Digest { digest.value }
}
