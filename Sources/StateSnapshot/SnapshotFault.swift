/// Why a file is not taken for the state that it says it is.
package enum SnapshotFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// SQLite cannot open or read it.
  case unreadable(DatabaseFailure)
  /// A database of something else, or of another version.
  case notASnapshot(path: String)
  /// Somebody writes to it, or did and did not finish, or changed its journal mode.
  case hasJournal(path: String)
  /// A table or view is not as this program makes it.
  case schema(path: String, name: String)
  /// A row that no snapshot has.
  case row(path: String, SnapshotTable, number: UInt64, problem: String)
  /// What the table `meta` says is not what the rows give.
  case differs(path: String, [Difference])

  /// A row of the table `meta`.
  package struct Difference: Equatable, Sendable {
    package let name: String
    /// Nil where the row is missing.
    package let said: String?
    /// Nil where no snapshot has such a row.
    package let computed: String?
  }

  /// Whether the file was read and is not what was written, rather than that it could not be read.
  package var isDamage: Bool {
    if case .unreadable(let failure) = self { failure.isDamage } else { true }
  }

  package var description: String {
    switch self {
    case .unreadable(let failure): return failure.description
    case .notASnapshot(let path): return "\(path) is a database, but no snapshot of this version"
    case .hasJournal(let path):
      return "\(path) is not what was written: it has a journal or a write-ahead log, whose rows are not in the file"
    case .schema(let path, let name): return "\(path) is not what was written: \(name) is not as a snapshot has it"
    case .row(let path, let table, let number, let problem):
      return "\(path) is not what was written: row \(number) of \(table.rawValue): \(problem)"
    case .differs(let path, let differences):
      let found = differences.map { "\($0.name) is \($0.computed ?? "nothing"), meta says \($0.said ?? "nothing")" }
      return "\(path) is not what was written: \(found.joined(separator: "; "))"
    }
  }
}
