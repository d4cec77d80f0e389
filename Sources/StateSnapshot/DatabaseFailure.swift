internal import GRDB
internal import GRDBSQLite

/// A database that cannot be written or read; says what SQLite says.
package struct DatabaseFailure: Error, Equatable, Sendable, CustomStringConvertible {
  package let path: String
  private let sentence: String
  /// SQLite's extended result code (sqlite.org/rescode.html).
  private let code: Int32

  init(_ path: String, _ sentence: String, code: Int32) {
    self.path = path
    self.sentence = sentence
    self.code = code
  }

  /// What the last call on a connection failed of.
  init(_ path: String, _ connection: OpaquePointer) {
    self.init(path, String(cString: sqlite3_errmsg(connection)), code: sqlite3_extended_errcode(connection))
  }

  init(_ path: String, _ error: any Error) {
    guard let error = error as? DatabaseError else { preconditionFailure("a database throws nothing else: \(error)") }
    self.init(path, error.message ?? "the database failed", code: error.extendedResultCode.rawValue)
  }

  /// Whether the file was read and is no whole database, rather than that it could not be read. Our queries have no errors but
  /// those of the file.
  package var isDamage: Bool { [SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_ERROR].contains(code & 0xFF) }

  package var description: String { "\(path): \(sentence) (SQLite \(code))" }
}

/// Runs work on a database; its errors become failures.
func onDatabase<Value>(_ path: String, _ work: () throws -> Value) throws(DatabaseFailure) -> Value {
  do {
    return try work()
  } catch let failure as DatabaseFailure {
    throw failure
  } catch {
    throw DatabaseFailure(path, error)
  }
}
