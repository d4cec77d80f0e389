internal import GRDB
internal import SystemFiles

/// A snapshot file, open for reading: nobody can write to it as long.
///
/// Sendable: one call at a time; a verb has one thread.
final class SnapshotConnection: @unchecked Sendable {
  let path: String
  let pointer: OpaquePointer
  private let queue: DatabaseQueue

  /// - Throws: `.unreadable`, `.notASnapshot`, `.schema`.
  init(path: String) throws(SnapshotFault) {
    self.path = path
    try SnapshotConnection.checkJournal(path)
    do {
      (queue, pointer) = try onDatabase(path) {
        var configuration = Configuration()
        configuration.readonly = true
        configuration.allowsUnsafeTransactions = true
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        let pointer = try queue.unsafeRead { database in
          try database.execute(sql: "BEGIN")
          // A transaction holds its lock from the first look at the file on.
          _ = try Int.fetchOne(database, sql: "PRAGMA schema_version")
          guard let connection = database.sqliteConnection else { preconditionFailure("the database is open") }
          return connection
        }
        return (queue, pointer)
      }
    } catch {
      throw .unreadable(error)
    }
    try checkSchema()
  }

  /// Checks that the file alone is the database: rows that only a journal beside it has are not what evidence names.
  private static func checkJournal(_ path: String) throws(SnapshotFault) {
    // sqlite.org/fileformat2.html: 1 in bytes 18 and 19 is a rollback journal, 2 a write-ahead log.
    let versions = BoundedFile.prefix(of: path, count: 20).suffix(2)
    let folder = TargetFile(path: path, replaces: false)
    guard versions.allSatisfy({ $0 == 1 }), !folder.folder.holds("\(folder.name)-journal"),
      !folder.folder.holds("\(folder.name)-wal")
    else { throw .hasJournal(path: path) }
  }

  private func checkSchema() throws(SnapshotFault) {
    let found: (application: Int32?, version: Int32?, schema: [Row])
    do {
      found = try onDatabase(path) {
        try queue.unsafeRead { database in
          (
            try Int32.fetchOne(database, sql: "PRAGMA application_id"),
            try Int32.fetchOne(database, sql: "PRAGMA user_version"),
            try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema ORDER BY rowid")
          )
        }
      }
    } catch {
      throw .unreadable(error)
    }
    guard found.application == SnapshotSchema.applicationID, found.version == SnapshotSchema.version else {
      throw .notASnapshot(path: path)
    }
    // Names alone would not do: a trigger may have that of a table.
    let expected = SnapshotSchema.definitions
    for (row, definition) in zip(found.schema, expected)
    where row["name"] != definition.name || row["sql"] != definition.creation {
      throw .schema(path: path, name: row["name"] ?? definition.name)
    }
    guard found.schema.count == expected.count else {
      throw .schema(path: path, name: found.schema.dropFirst(expected.count).first?["name"] ?? "a table or view")
    }
  }

  /// The rows of a table in the order of its key, and their digest.
  func digested(_ table: SnapshotTable) throws(SnapshotFault) -> DigestedScan {
    try DigestedScan(table, pointer, path: path)
  }

  func scan(_ table: SnapshotTable, _ query: String) throws(SnapshotFault) -> TableScan {
    try TableScan(table, query, pointer, path: path)
  }
}
