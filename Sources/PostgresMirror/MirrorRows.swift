internal import StateSnapshot
internal import StorageProtocol

/// The rows of a table of a snapshot as PostgreSQL's COPY spells them, one at a time, in the order of the key.
struct MirrorRows: ~Copyable {
  private let columns: [MirrorColumn]
  private var rows: SnapshotRows
  /// The current row, without a line break.
  private(set) var line: [UInt8] = []

  init(_ table: SnapshotTable, of snapshot: VerifiedSnapshot) throws(SnapshotFault) {
    columns = table.columns
    rows = try snapshot.rows(
      of: table, columns: columns.map(\.name), keyColumns: table.keyColumns.map(\.name))
  }

  /// Goes to the next row.
  ///
  /// - Returns: whether there is one.
  mutating func next() throws(SnapshotFault) -> Bool {
    guard try rows.next() else { return false }
    line.removeAll(keepingCapacity: true)
    for (index, column) in columns.enumerated() {
      if index > 0 { line.append(CopyText.separator) }
      try append(rows.value(index), column)
    }
    return true
  }

  private mutating func append(_ value: SnapshotValue, _ column: MirrorColumn) throws(SnapshotFault) {
    switch (value, column.kind) {
    case (.null, _) where column.isNullable: line += CopyText.null
    case (.blob(let bytes), .id), (.blob(let bytes), .digest):
      line += CopyText.byteaPrefix
      line += Hexadecimal.encode(bytes)
    case (.integer(let value), .version): line += String(UInt64(bitPattern: value)).utf8
    case (.integer(let value), .integer): line += String(value).utf8
    case (.integer(0), .boolean): line.append(UInt8(ascii: "f"))
    case (.integer(1), .boolean): line.append(UInt8(ascii: "t"))
    case (.text(let text), .decimal):
      // As PostgreSQL will spell it: what else a snapshot might have would not come back as it was.
      guard let number = try? BigNum128(parsing: Array(text)), number.decimalBytes.elementsEqual(text) else {
        throw rows.fault("\(column.name) is no decimal number in full")
      }
      line += text
    case (.text(let text), .text):
      // PostgreSQL's text depends on the encoding of the database for anything else, and has no U+0000.
      guard text.allSatisfy({ (0x01...0x7F).contains($0) }) else { throw rows.fault("\(column.name) is not ASCII") }
      CopyText.append(text, to: &line)
    default: throw rows.fault("\(column.name) has no value of its type")
    }
  }
}
