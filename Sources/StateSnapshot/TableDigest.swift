internal import StorageProtocol

/// The digest over all rows of a table: what `.sha3sum --sha3-256 TABLE` of the sqlite3 shell prints.
struct TableDigest {
  private var hasher = SHA3Hasher()

  init(_ table: SnapshotTable) {
    hasher.update(Array("S\(table.digestQuery.utf8.count):\(table.digestQuery)".utf8))
  }

  /// Adds rows, in the order of the table's key.
  mutating func add(_ rows: RowText) { hasher.update(rows.bytes) }

  var value: Digest { hasher.finalize() }
}
