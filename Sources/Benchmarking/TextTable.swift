/// A table for people: text on the left, numbers on the right.
package struct TextTable: Sendable {
  private var rows: [[String]]

  package init(_ heads: [String]) { rows = [heads] }

  package mutating func add(_ row: [String]) {
    precondition(row.count == rows[0].count, "a row has a cell for each head")
    rows.append(row)
  }

  package var lines: [String] {
    let widths = rows[0].indices.map { column in rows.map { $0[column].count }.max() ?? 0 }
    return rows.map { row in
      let cells = zip(row, widths).enumerated().map { column, cell in
        let (text, width) = cell
        let padding = String(repeating: " ", count: width - text.count)
        return isNumeric(column) ? padding + text : text + padding
      }
      return String(cells.joined(separator: "  ").reversed().drop { $0 == " " }.reversed())
    }
  }

  /// As Markdown.
  package var markdown: [String] {
    var lines = rows.map { "| " + $0.joined(separator: " | ") + " |" }
    lines.insert("|" + String(repeating: "---|", count: rows[0].count), at: 1)
    return lines
  }

  /// Whether everything below the head is a number, with a unit of a sign, or says that there is none.
  private func isNumeric(_ column: Int) -> Bool {
    let cells = rows.dropFirst().map { $0[column] }
    return cells.contains { $0.contains(where: \.isNumber) }
      && cells.allSatisfy { $0.allSatisfy { $0.isNumber || ".,-–x%".contains($0) } }
  }
}

/// A count in digits, thousands apart.
enum Thousands {
  static func text(_ count: UInt64) -> String {
    var text = String(count)
    var position = text.count - 3
    while position > 0 {
      text.insert(",", at: text.index(text.startIndex, offsetBy: position))
      position -= 3
    }
    return text
  }
}
