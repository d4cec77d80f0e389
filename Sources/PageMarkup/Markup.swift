/// A piece of an HTML or SVG document.
///
/// Elements nest by construction, and text is escaped where it becomes bytes: nothing that was read can become markup.
package indirect enum Markup: ExpressibleByStringInterpolation {
  case text(String)
  case element(String, [(name: String, value: String)], [Markup])
  /// Several pieces, one after the other.
  case group([Markup])
  /// The only text that is not escaped, for a browser would not undo it there.
  case styleSheet(String)

  package init(stringLiteral text: String) { self = .text(text) }

  /// An element with attributes in the order given.
  package static func tag(
    _ name: String, _ attributes: KeyValuePairs<String, String> = [:], _ children: [Markup] = []
  ) -> Markup {
    .element(name, attributes.map { ($0.key, $0.value) }, children)
  }

  /// An element that holds nothing but a text.
  package static func tag(_ name: String, _ attributes: KeyValuePairs<String, String> = [:], text: String) -> Markup {
    tag(name, attributes, [.text(text)])
  }

  /// Elements without an end tag.
  private static let voidNames: Set<String> = ["meta", "br"]
  /// Elements behind which the source has a line break, where no reader sees it.
  private static let brokenNames: Set<String> = [
    "html", "head", "meta", "title", "style", "body", "header", "main", "footer", "nav", "section", "h1", "h2", "h3",
    "p",
    "div", "dl", "dd", "ul", "ol", "li", "table", "thead", "tbody", "tr", "figure", "figcaption", "svg", "g", "desc",
    "path", "details", "summary",
  ]

  /// Appends the piece as UTF-8.
  package func append(to output: inout [UInt8]) {
    switch self {
    case .text(let text): Markup.appendEscaped(text, to: &output)
    case .group(let pieces): for piece in pieces { piece.append(to: &output) }
    case .styleSheet(let text):
      precondition(!text.contains("</"), "a style sheet ends where its element does")
      output += Array("<style>\(text)</style>\n".utf8)
    case .element(let name, let attributes, let children):
      output += Array("<\(name)".utf8)
      for attribute in attributes {
        output += Array(" \(attribute.name)=\"".utf8)
        Markup.appendEscaped(attribute.value, to: &output)
        output.append(UInt8(ascii: "\""))
      }
      output.append(UInt8(ascii: ">"))
      for child in children { child.append(to: &output) }
      if !Markup.voidNames.contains(name) { output += Array("</\(name)>".utf8) }
      if Markup.brokenNames.contains(name) { output.append(UInt8(ascii: "\n")) }
    }
  }

  /// Appends text as it may stand between tags and in quoted attributes.
  private static func appendEscaped(_ text: String, to output: inout [UInt8]) {
    for byte in text.utf8 {
      switch byte {
      case UInt8(ascii: "&"): output += Array("&amp;".utf8)
      case UInt8(ascii: "<"): output += Array("&lt;".utf8)
      case UInt8(ascii: ">"): output += Array("&gt;".utf8)
      case UInt8(ascii: "\""): output += Array("&quot;".utf8)
      case UInt8(ascii: "'"): output += Array("&#39;".utf8)
      default: output.append(byte)
      }
    }
  }
}
