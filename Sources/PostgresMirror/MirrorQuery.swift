internal import StateSnapshot

/// What psql is asked, so that it says all rows of all tables as of one moment.
///
/// Every table is a section of its output, ended by a line of its own: ``mark`` and the table's name.
struct MirrorQuery {
  /// What no line of COPY begins with: behind a backslash it has one of `b f n r t v N` or another backslash.
  static let mark = #"\="#
  static let columnsSection = "columns"

  let schema: String

  /// psql's, without a password: it could be seen by others.
  func arguments(_ connection: String) -> [String] {
    let tables = SnapshotTable.allCases
    let reading = tables.flatMap { table in
      [
        "COPY (SELECT \(table.columnList) FROM \(table.rawValue) ORDER BY \(table.keyOrder)) TO STDOUT",
        #"\echo '\\=\#(table.rawValue)'"#,
      ]
    }
    let commands =
      [
        noticingTheEnd, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY", settings,
        // Before the first look: whoever truncates a table waits, or is waited for.
        "LOCK TABLE \(tables.map(\.rawValue).joined(separator: ", ")) IN ACCESS SHARE MODE",
        columns, #"\echo '\\=\#(MirrorQuery.columnsSection)'"#,
      ] + reading + ["COMMIT"]
    return ["-X", "-A", "-t", "-q", "-w", "-v", "ON_ERROR_STOP=1", "-d", connection] + commands.flatMap { ["-c", $0] }
  }

  /// The server stops working for a psql that has gone, within a second, where it can (PostgreSQL 14). Not part of the
  /// transaction: it would choose its moment.
  private var noticingTheEnd: String {
    """
    DO $$BEGIN PERFORM set_config('client_connection_check_interval', '1s', false)
    WHERE current_setting('server_version_num')::integer >= 140000; END$$
    """
  }

  /// Row security must not hide rows: an error says that it would.
  private var settings: String {
    """
    SET LOCAL client_encoding = 'UTF8'; SET LOCAL standard_conforming_strings = on; SET LOCAL bytea_output = 'hex'; \
    SET LOCAL row_security = off; SET LOCAL search_path = \(MirrorQuery.quoted(schema, by: "\"")), pg_temp
    """
  }

  private var columns: String {
    let names = SnapshotTable.allCases.map { "'\($0.rawValue)'" }.joined(separator: ", ")
    return """
      COPY (SELECT c.relname, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod)
      FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE n.nspname = \(MirrorQuery.quoted(schema, by: "'")) AND c.relname IN (\(names)) AND a.attnum > 0 AND NOT a.attisdropped
      ORDER BY c.oid, a.attnum) TO STDOUT
      """
  }

  private static func quoted(_ name: String, by quote: String) -> String {
    quote + name.split(separator: quote, omittingEmptySubsequences: false).joined(separator: quote + quote) + quote
  }
}
