/// A value of a row as SQLite has it. Bytes are valid until the next row.
package enum SnapshotValue {
  case null
  case integer(Int64)
  case text(UnsafeRawBufferPointer)
  case blob(UnsafeRawBufferPointer)
}

/// The rows of one table of a snapshot, one at a time.
package struct SnapshotRows: ~Copyable {
  private var scan: TableScan

  /// - Parameters:
  ///   - columns: names of columns of the table, in the order in which values are asked for.
  ///   - keyColumns: the columns that rows come in the order of; versions as the unsigned numbers they are.
  init(
    of table: SnapshotTable, columns: [String], keyColumns: [String], _ connection: SnapshotConnection
  ) throws(SnapshotFault) {
    let order = keyColumns.map { $0 == "version" ? "version < 0, version" : $0 }
    scan = try connection.scan(
      table,
      "SELECT \(columns.joined(separator: ", ")) FROM \(table.rawValue) ORDER BY \(order.joined(separator: ", "))")
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one.
  package mutating func next() throws(SnapshotFault) -> Bool { try scan.next() }

  /// The value of the current row in the column at this place of those that were asked for.
  ///
  /// - Throws: `.row` for a floating-point number, which no snapshot has.
  package func value(_ column: Int) throws(SnapshotFault) -> SnapshotValue { try scan.value(Int32(column)) }

  /// The fault of the current row having a value that it must not have.
  package func fault(_ problem: String) -> SnapshotFault { scan.fault(problem) }
}

extension VerifiedSnapshot {
  /// The rows of a table, in the order of `keyColumns`.
  package func rows(
    of table: SnapshotTable, columns: [String], keyColumns: [String]
  ) throws(SnapshotFault) -> SnapshotRows {
    try SnapshotRows(of: table, columns: columns, keyColumns: keyColumns, connection)
  }
}
