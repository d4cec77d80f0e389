internal import StateSnapshot

/// The key of a row, for the order in which both sides have them: of bytes, of numbers, NULL last.
struct RowKey: Comparable {
  private enum Value: Comparable {
    // In the order of PostgreSQL.
    case bytes([UInt8])
    case number(KeyNumber)
    case null

    static func < (left: Value, right: Value) -> Bool {
      switch (left, right) {
      case (.bytes(let left), .bytes(let right)): left.lexicographicallyPrecedes(right)
      case (.number(let left), .number(let right)): left < right
      case (_, .null): left != .null
      default: false
      }
    }
  }

  private let values: [Value]

  /// - Parameter fields: of a row of the table; a key that breaks the table's own rules is one all the same.
  init(_ table: SnapshotTable, _ fields: [ArraySlice<UInt8>]) {
    values = zip(table.keyColumns, fields).map { column, field in
      guard let text = CopyText.text(ofField: field) else { return .null }
      switch column.kind {
      case .version, .integer, .decimal: return .number(KeyNumber(text))
      // Hexadecimal digits are in the order of the bytes that they spell.
      case .id, .digest, .text, .boolean: return .bytes(text)
      }
    }
  }

  static func < (left: RowKey, right: RowKey) -> Bool { left.values.lexicographicallyPrecedes(right.values) }
}

/// An integer as PostgreSQL spells it, of any length, or `NaN`, which is larger than all.
struct KeyNumber: Comparable {
  private let isNotANumber: Bool
  private let isNegative: Bool
  /// Without leading zeros.
  private let digits: [UInt8]

  init(_ text: [UInt8]) {
    isNotANumber = text.elementsEqual("NaN".utf8)
    isNegative = text.first == UInt8(ascii: "-")
    digits = Array(text.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "0") })
  }

  static func < (left: KeyNumber, right: KeyNumber) -> Bool {
    if left.isNotANumber || right.isNotANumber { return right.isNotANumber && !left.isNotANumber }
    guard left.isNegative == right.isNegative else { return left.isNegative }
    let (smaller, larger) = left.isNegative ? (right.digits, left.digits) : (left.digits, right.digits)
    return smaller.count == larger.count ? smaller.lexicographicallyPrecedes(larger) : smaller.count < larger.count
  }
}
