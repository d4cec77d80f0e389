/// A column of a table of the mirror.
struct MirrorColumn: Sendable {
  /// What a column holds, which decides its type in PostgreSQL and how its values are spelled.
  enum Kind: Sendable {
    /// The UTF-8 of an id: text that may hold U+0000, which PostgreSQL's `text` may not.
    case id
    /// 32 bytes.
    case digest
    /// Unsigned 64-bit.
    case version
    case integer
    /// ``BigNum128``: 18 fraction digits, always written.
    case decimal
    case boolean
    /// ASCII: canonical JSON, names, digits.
    case text

    /// As PostgreSQL's `format_type` spells it.
    var typeName: String {
      switch self {
      case .id, .digest: "bytea"
      case .version: "numeric(20,0)"
      case .integer: "bigint"
      // 2^128−1 has 39 digits.
      case .decimal: "numeric(39,18)"
      case .boolean: "boolean"
      case .text: "text"
      }
    }
  }

  let name: String
  let kind: Kind
  let isNullable: Bool
  /// What it means, for people who look at the database.
  let comment: String

  init(_ name: String, _ kind: Kind, _ comment: String, isNullable: Bool = false) {
    self.name = name
    self.kind = kind
    self.isNullable = isNullable
    self.comment = comment
  }

  /// For CREATE TABLE.
  var declaration: String {
    var text = "\(name) \(kind.typeName)\(isNullable ? "" : " NOT NULL")"
    switch kind {
    case .digest: text += " CHECK (octet_length(\(name)) = 32)"
    case .version: text += " CHECK (\(name) BETWEEN 0 AND \(UInt64.max))"
    default: break
    }
    return text
  }
}
