internal import GRDB

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

  private func checkSchema() throws(SnapshotFault) {
    let found: (application: Int32?, version: Int32?, schema: [String: String?])
    do {
      found = try onDatabase(path) {
        try queue.unsafeRead { database in
          let rows = try Row.fetchAll(database, sql: "SELECT name, sql FROM sqlite_schema ORDER BY rowid")
          return (
            try Int32.fetchOne(database, sql: "PRAGMA application_id"),
            try Int32.fetchOne(database, sql: "PRAGMA user_version"),
            Dictionary(rows.map { ($0["name"], $0["sql"]) }) { first, _ in first }
          )
        }
      }
    } catch {
      throw .unreadable(error)
    }
    guard found.application == SnapshotSchema.applicationID, found.version == SnapshotSchema.version else {
      throw .notASnapshot(path: path)
    }
    let expected = SnapshotSchema.definitions
    for (name, creation) in expected where found.schema[name] != creation { throw .schema(path: path, name: name) }
    if let extra = found.schema.keys.sorted().first(where: { name in !expected.contains { $0.name == name } }) {
      throw .schema(path: path, name: extra)
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
