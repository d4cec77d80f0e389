internal import StateSnapshot

/// The scripts for psql that an export has beside its rows.
struct MirrorScripts {
  static let schemaName = "schema.sql"
  static let loadName = "load.sql"
  static let verifyName = "verify.sql"

  let stateRoot: String
  let checks: [MirrorCheck]

  /// The file of a table's rows.
  static func rowsName(_ table: SnapshotTable) -> String { "\(table.rawValue).copy" }

  /// Every name in the folder of an export.
  static var names: [String] { [schemaName, loadName, verifyName] + SnapshotTable.allCases.map(rowsName) }

  private static let schemaOption = """
    \\set ON_ERROR_STOP on
    \\set QUIET on
    \\if :{?schema}
    \\else
    \\set schema \(PostgresMirror.schemaUsual)
    \\endif

    """

  private static let tableList = SnapshotTable.allCases.map(\.rawValue).joined(separator: ", ")

  /// What the statements of a transaction must not take from whoever runs them.
  private static let settings = """
    SET LOCAL client_encoding = 'UTF8';
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL row_security = off;
    SET LOCAL search_path = :"schema", pg_temp;

    """

  // MARK: schema.sql

  var schema: String {
    """
    -- The tables of a state that eqm-replay computed, for PostgreSQL 11 or later. load.sql runs this where they are missing.
    --   psql -X -1 -d CONNINFO -f schema.sql
    -- -v schema=NAME: the schema of the tables, made where it is missing; \(PostgresMirror.schemaUsual) if not given.
    \(MirrorScripts.schemaOption)
    SELECT NOT EXISTS (SELECT FROM pg_catalog.pg_namespace WHERE nspname = :'schema') AS is_schema_missing \\gset
    \\if :is_schema_missing
    CREATE SCHEMA :"schema";
    \\endif

    """ + SnapshotTable.allCases.map(MirrorScripts.creation).joined()
  }

  private static func creation(_ table: SnapshotTable) -> String {
    let declarations =
      table.columns.map(\.declaration) + ["PRIMARY KEY (\(table.keyColumns.map(\.name).joined(separator: ", ")))"]
    let name = #":"schema".\#(table.rawValue)"#
    let comments = table.columns.map { "COMMENT ON COLUMN \(name).\($0.name) IS '\(quoted($0.comment))';\n" }
    return """

      CREATE TABLE \(name) (
        \(declarations.joined(separator: ",\n  "))
      );
      COMMENT ON TABLE \(name) IS '\(quoted(table.comment))';

      """ + comments.joined()
  }

  private static func quoted(_ text: String) -> String {
    text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "''")
  }

  // MARK: load.sql

  var load: String {
    """
    -- Loads a state that eqm-replay computed into PostgreSQL 11 or later: all of it, checked, or nothing.
    --   cd FOLDER_OF_THIS_FILE && psql -X -d CONNINFO -f load.sql
    -- -v schema=NAME: the schema of the tables, made where it is missing; \(PostgresMirror.schemaUsual) if not given.
    -- -v replace=on: replace the rows of tables that are there; without it they are an error.
    -- state root: \(stateRoot)
    \(MirrorScripts.schemaOption)\\if :{?replace}
    \\else
    \\set replace off
    \\endif

    BEGIN;
    \(MirrorScripts.settings)
    SELECT to_regclass(quote_ident(:'schema') || '.\(SnapshotTable.nodes.rawValue)') IS NOT NULL AS is_there \\gset
    \\if :replace
    \\else
    \\if :is_there
    \\echo the tables are there: -v replace=on replaces their rows
    \\endif
    \\set is_there off
    \\endif
    \\if :is_there
    TRUNCATE \(MirrorScripts.tableList);
    \\else
    \\ir \(MirrorScripts.schemaName)
    \\endif

    \(SnapshotTable.allCases.map(MirrorScripts.copy).joined())
    \(checks.map(\.statement).joined(separator: "\n\n"))

    COMMIT;
    \\echo loaded: every count and digest is that of the export

    """
  }

  /// psql takes the whole line, and puts no variables into it.
  private static func copy(_ table: SnapshotTable) -> String {
    "\\copy \(table.rawValue) (\(table.columnList)) FROM '\(rowsName(table))' WITH (FORMAT text, ENCODING 'UTF8')\n"
  }

  // MARK: verify.sql

  var verify: String {
    """
    -- Checks that PostgreSQL has a state that eqm-replay computed: every count and digest of load.sql. Reads only.
    --   psql -X -d CONNINFO -f verify.sql
    -- -v schema=NAME: the schema of the tables; \(PostgresMirror.schemaUsual) if not given.
    -- state root: \(stateRoot)
    \(MirrorScripts.schemaOption)
    BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY;
    \(MirrorScripts.settings)
    -- Whoever truncates a table waits: a moment chosen before that would show it empty.
    LOCK TABLE \(MirrorScripts.tableList) IN ACCESS SHARE MODE;

    \(checks.map(\.statement).joined(separator: "\n\n"))

    COMMIT;
    \\echo verified: every count and digest is that of the export

    """
  }
}
