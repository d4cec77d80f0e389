package import StateSnapshot
internal import SystemFiles

/// Why a mirror could not be compared: nothing is said of it then.
package enum MirrorFault: Error, Equatable, Sendable, CustomStringConvertible {
  /// The snapshot cannot be read.
  case snapshot(SnapshotFault)
  case cannotRun(String)
  /// psql ended early, at `place`; `text` is what it said.
  case psql(place: String, text: String, end: String)
  /// psql ended as if all was well, and did not say everything that it was asked for.
  case cut(section: String)
  /// A column that is missing, or of another type.
  case column(table: String, column: String, expected: String, found: String?)
  /// A line that is no row of the table.
  case line(table: String, number: UInt64)
  case interrupted

  package var description: String {
    switch self {
    case .snapshot(let fault): return fault.description
    case .cannotRun(let sentence): return "\(sentence): psql is needed, of Debian's postgresql-client"
    case .psql(let place, let text, let end):
      let said = text.split(whereSeparator: \.isNewline).joined(separator: "; ")
      return "psql failed \(place) (\(end)): \(said.isEmpty ? "it did not say why" : said)"
    case .cut(let section): return "psql ended before all of \(section) was there: nothing was compared"
    case .column(let table, let column, let expected, let found):
      return "\(table).\(column) is \(found.map { "of type \($0)" } ?? "missing"), where the mirror has \(expected)"
    case .line(let table, let number): return "what psql gave as row \(number) of \(table) is none"
    case .interrupted: return "interrupted"
    }
  }
}
