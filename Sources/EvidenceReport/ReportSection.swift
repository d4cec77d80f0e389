internal import PageMarkup

/// A part of the page with a heading, and a place that links lead to.
protocol ReportSection: SendableMetatype {
  /// The `id` of its element.
  static var id: String { get }
  static var title: String { get }
  /// For the list of sections at the top.
  static var shortTitle: String { get }

  init(_ evidence: ReportedEvidence)

  /// What stands under the heading.
  var content: [Markup] { get }
}

extension ReportSection {
  /// The section as an element.
  static func element(_ evidence: ReportedEvidence) -> Markup {
    .tag(
      "section", ["id": id, "aria-labelledby": "\(id)-title"],
      [.tag("h2", ["id": "\(id)-title"], text: title)] + Self(evidence).content)
  }
}

/// Pieces that sections are made of.
enum Piece {
  static func paragraph(_ text: Markup...) -> Markup { .tag("p", [:], text) }

  /// A sentence in the place of something that is not there.
  static func note(_ text: Markup...) -> Markup { .tag("p", ["class": "note"], text) }

  static func heading(_ text: String) -> Markup { .tag("h3", text: text) }

  /// Digits, ids and values: in letters of one width, and broken anywhere where they are too long.
  static func code(_ text: String) -> Markup { .tag("code", text: text) }

  static func strong(_ text: String) -> Markup { .tag("strong", text: text) }

  /// Names with their values.
  static func facts(_ facts: [(name: String, value: Markup)]) -> Markup {
    .tag(
      "dl", [:],
      facts.map { fact in .tag("div", [:], [.tag("dt", text: fact.name), .tag("dd", [:], [fact.value])]) })
  }

  static func list(_ items: [Markup]) -> Markup { .tag("ul", [:], items.map { .tag("li", [:], [$0]) }) }

  /// A sign and a word: the word says what the sign and its colour show.
  static func status(_ kind: StatusKind, _ text: String) -> Markup {
    .tag("span", ["class": "status \(kind.rawValue)"], [sign(kind), .text(text)])
  }

  static func sign(_ kind: StatusKind) -> Markup {
    .tag("span", ["class": "sign", "aria-hidden": "true"], text: kind.sign)
  }

  /// What is too long to be read by most who open the page.
  static func details(_ summary: String, _ content: [Markup]) -> Markup {
    .tag("details", [:], [.tag("summary", text: summary)] + content)
  }
}

/// How something turned out; raw values are classes of the style sheet.
enum StatusKind: String {
  case good, warned, bad
  /// Not looked at: neither good nor bad.
  case open

  var sign: String {
    switch self {
    case .good: "\u{2713}"
    case .warned: "!"
    case .bad: "\u{2715}"
    case .open: "\u{2013}"
    }
  }
}
