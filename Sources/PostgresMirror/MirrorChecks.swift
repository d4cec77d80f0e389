internal import StateSnapshot
internal import StorageProtocol

/// SQL that counts and digests the rows of a table, and raises where they are not those of the export.
struct MirrorCheck {
  let table: SnapshotTable
  let expected: MirroredTable

  var statement: String {
    """
    DO $check$
    DECLARE
      found_count numeric;
      found_digest text;
    BEGIN
    \(query)
      IF found_count <> \(expected.rowCount) THEN
        RAISE EXCEPTION '\(expected.name): % rows, where the export has \(expected.rowCount)', found_count;
      END IF;
      IF found_digest <> '\(expected.digest.hexadecimal)' THEN
        RAISE EXCEPTION '\(expected.name): the rows are not those of the export: their digest is %, not \(expected.digest.hexadecimal)',
          found_digest;
      END IF;
    END
    $check$;
    """
  }

  private var query: String {
    """
      WITH line AS (
        SELECT row_number() OVER (ORDER BY \(table.keyOrder)) - 1 AS place,
          sha256(convert_to(concat_ws(E'\\t',
            \(table.columns.map(MirrorCheck.field).joined(separator: ",\n        ")))
          , 'UTF8')) AS row_digest
        FROM \(table.rawValue)
      ), block AS (
        SELECT place / \(MirrorDigest.blockRows) AS block_place, count(*) AS row_count,
          sha256(string_agg(row_digest, ''::bytea ORDER BY place)) AS block_digest
        FROM line
        GROUP BY place / \(MirrorDigest.blockRows)
      )
      SELECT coalesce(sum(row_count), 0),
        encode(sha256(coalesce(string_agg(block_digest, ''::bytea ORDER BY block_place), ''::bytea)), 'hex')
      INTO found_count, found_digest
      FROM block;
    """
  }

  /// A field as COPY spells it: what the digest is of, so that a stock tool finds it in the file.
  private static func field(_ column: MirrorColumn) -> String {
    let spelled: String
    switch column.kind {
    case .id, .digest: spelled = #"'\\x' || encode(\#(column.name), 'hex')"#
    case .version, .integer, .decimal: spelled = "\(column.name)::text"
    case .boolean: spelled = "left(\(column.name)::text, 1)"
    case .text:
      spelled = CopyText.escapes.reduce(column.name) { inner, escape in
        "replace(\(inner), chr(\(escape.byte)), '\\\(Character(Unicode.Scalar(escape.letter)))')"
      }
    }
    return #"coalesce(\#(spelled), '\N')"#
  }
}
