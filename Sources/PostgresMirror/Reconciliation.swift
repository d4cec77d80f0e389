internal import StateSnapshot
internal import StorageProtocol

/// A row that is not on both sides as it should be.
package struct RowFinding: Equatable, Sendable {
  /// A column and the value in the spelling of psql: `\x6162` for bytes; nil for NULL.
  package struct Value: Equatable, Sendable {
    package let column: String
    package let text: [UInt8]?
    /// The text that an id's bytes are, where they are UTF-8; nil for other columns.
    package let identifier: [UInt8]?
  }

  /// Both values of a column.
  package struct Difference: Equatable, Sendable {
    package let column: String
    package let snapshot: [UInt8]?
    package let postgres: [UInt8]?
  }

  package let table: String
  package let key: [Value]
  /// Columns whose values differ; none where one side has no such row.
  package let differences: [Difference]
}

/// Rows of one kind: all are counted, the first are listed.
package struct RowFindings: Equatable, Sendable {
  /// Rows that are listed.
  package static let listedMax = 100

  package private(set) var count: UInt64 = 0
  package private(set) var listed: [RowFinding] = []

  mutating func add(_ finding: () -> RowFinding) {
    count += 1
    if listed.count < RowFindings.listedMax { listed.append(finding()) }
  }
}

/// How many rows of a table are what.
package struct TableCounts: Equatable, Sendable {
  package let table: String
  package internal(set) var equal: UInt64 = 0
  package internal(set) var missing: UInt64 = 0
  package internal(set) var extra: UInt64 = 0
  package internal(set) var different: UInt64 = 0

  init(_ table: SnapshotTable) { self.table = table.rawValue }
}

/// How the tables of a mirror differ from those of a snapshot.
package struct Reconciliation: Equatable, Sendable {
  package internal(set) var tables: [TableCounts] = []
  /// In the snapshot, not in PostgreSQL.
  package internal(set) var missing = RowFindings()
  /// In PostgreSQL, not in the snapshot.
  package internal(set) var extra = RowFindings()
  /// On both sides, with other values.
  package internal(set) var different = RowFindings()

  package var isEqual: Bool { missing.count == 0 && extra.count == 0 && different.count == 0 }
}

extension RowFinding {
  /// Of a value that is listed; more of a long one is not kept.
  private static let valueBytesMax = 1 << 16

  init(_ table: SnapshotTable, _ fields: [ArraySlice<UInt8>], otherFields: [ArraySlice<UInt8>]? = nil) {
    self.table = table.rawValue
    key = zip(table.keyColumns, fields).map { column, field in
      let text = CopyText.text(ofField: field)
      return Value(column: column.name, text: text, identifier: RowFinding.identifier(text, column))
    }
    differences = zip(table.columns, zip(fields, otherFields ?? fields)).compactMap { column, sides in
      guard sides.0 != sides.1 else { return nil }
      return Difference(
        column: column.name, snapshot: RowFinding.shortened(sides.0), postgres: RowFinding.shortened(sides.1))
    }
  }

  private static func identifier(_ text: [UInt8]?, _ column: MirrorColumn) -> [UInt8]? {
    guard case .id = column.kind, let text, let bytes = Hexadecimal.decode(Array(text.dropFirst(#"\x"#.utf8.count)))
    else { return nil }
    return String(validating: bytes, as: UTF8.self) == nil ? nil : bytes
  }

  private static func shortened(_ field: ArraySlice<UInt8>) -> [UInt8]? {
    guard let text = CopyText.text(ofField: field), text.count > valueBytesMax else {
      return CopyText.text(ofField: field)
    }
    return text.prefix(valueBytesMax) + Array("… (\(text.count) bytes)".utf8)
  }
}
