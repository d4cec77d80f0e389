internal import GRDB
internal import StorageProtocol

/// Writes a snapshot: the same bytes for the same rows, with the same version of SQLite.
///
/// Rows are appended table by table in the order of their keys, all in one transaction without a journal: a file that was not
/// finished is worth nothing, and nobody gets to see it.
///
/// Sendable: one call at a time. Events are appended by the replay, which orders its calls; the rest once it is done.
package final class SnapshotWriter: @unchecked Sendable {
  /// Memory for pages that are not written yet.
  private static let cacheKibibytes = 32 << 10

  private let path: String
  private let queue: DatabaseQueue
  private let insertions: InsertionQueue
  private let tables: [SnapshotTable: TableWriter]

  /// - Parameter path: an empty file.
  package init(path: String) throws(DatabaseFailure) {
    self.path = path
    let insertions = InsertionQueue()
    self.insertions = insertions
    (queue, tables) = try onDatabase(path) {
      var configuration = Configuration()
      configuration.allowsUnsafeTransactions = true
      let queue = try DatabaseQueue(path: path, configuration: configuration)
      let tables = try queue.writeWithoutTransaction { database in
        try SnapshotWriter.prepare(database)
        guard let connection = database.sqliteConnection else { preconditionFailure("the database is open") }
        return SnapshotTable.allCases.map { ($0, TableWriter($0, connection, path: path, insertions)) }
      }
      return (queue, Dictionary(uniqueKeysWithValues: tables))
    }
  }

  /// What waits is inserted, or found useless, before the connection is closed.
  deinit {
    insertions.wait()
    for table in SnapshotTable.allCases { rows(table).abandon() }
  }

  private static func prepare(_ database: Database) throws {
    try database.execute(
      sql: """
        PRAGMA page_size = \(SnapshotSchema.pageBytes);
        PRAGMA journal_mode = OFF;
        PRAGMA synchronous = OFF;
        PRAGMA locking_mode = EXCLUSIVE;
        PRAGMA cache_size = -\(cacheKibibytes);
        PRAGMA application_id = \(SnapshotSchema.applicationID);
        PRAGMA user_version = \(SnapshotSchema.version);
        BEGIN
        """)
    for (_, creation) in SnapshotSchema.definitions { try database.execute(sql: creation) }
  }

  func rows(_ table: SnapshotTable) -> TableWriter {
    guard let writer = tables[table] else { preconditionFailure("every table has a writer") }
    return writer
  }

  /// Rows written so far.
  package var rowCount: UInt64 { SnapshotTable.allCases.reduce(0) { $0 + rows($1).rowCount } }

  /// Writes what is left, and the table that says what the others hold.
  ///
  /// - Returns: what identifies the rows.
  package func finish(_ commitment: SnapshotCommitment) throws(DatabaseFailure) -> SnapshotDigests {
    var digests: [(table: SnapshotTable, digest: Digest)] = []
    for table in SnapshotTable.allCases where table != .meta {
      digests.append((table, try rows(table).finish()))
    }
    let meta = SnapshotMeta(commitment, digests)
    for (name, value) in meta.rows {
      try rows(.meta).append { (row) in
        row.append(text: name)
        row.append(text: value)
      }
    }
    _ = try rows(.meta).finish()
    try onDatabase(path) {
      try queue.writeWithoutTransaction { try $0.execute(sql: "COMMIT") }
      try queue.close()
    }
    return meta.digests
  }
}
