internal import PageMarkup

/// A table that scrolls in itself where it is wider than the page.
struct ReportTable {
  /// How the cells of a column are set; raw values are classes of the style sheet.
  enum Column: String {
    /// Sentences.
    case words
    /// Numbers, one under the other.
    case number
    /// Ids, broken anywhere.
    case id
    /// JSON, broken anywhere, with more room.
    case value
    /// A bar that takes what room there is.
    case bar
  }

  /// What the table shows, for readers that do not see it.
  let label: String
  let columns: [(title: String, kind: Column)]
  var rows: [[Markup]]

  var markup: Markup {
    let head = columns.map { column in
      Markup.tag("th", ["scope": "col", "class": column.kind.rawValue], text: column.title)
    }
    let body = rows.map { row in
      Markup.tag("tr", [:], zip(row, columns).map { .tag("td", ["class": $1.kind.rawValue], [$0]) })
    }
    return .tag(
      "div", ["class": "scroll", "role": "region", "aria-label": label, "tabindex": "0"],
      [.tag("table", [:], [.tag("thead", [:], [.tag("tr", [:], head)]), .tag("tbody", [:], body)])])
  }
}
