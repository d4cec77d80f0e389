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

  /// Whether everything below the head begins with a digit, or says that there is no number.
  private func isNumeric(_ column: Int) -> Bool {
    rows.count > 1
      && rows.dropFirst().allSatisfy { row in row[column] == "-" || row[column].first?.isNumber == true }
      && rows.dropFirst().contains { $0[column].first?.isNumber == true }
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
