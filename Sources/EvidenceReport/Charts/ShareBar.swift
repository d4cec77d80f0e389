internal import PageMarkup

/// A part of a whole as a bar in a line of a table; the number stands beside it.
enum ShareBar {
  static func markup(_ part: UInt64, of whole: UInt64, label: String) -> Markup {
    let width = whole == 0 ? 0 : min(1000, UInt128(part) * 1000 / UInt128(whole))
    return .tag(
      "svg",
      ["role": "img", "class": "share", "viewBox": "0 0 1000 10", "preserveAspectRatio": "none", "aria-label": label],
      [
        .tag("title", text: label),
        .tag("rect", ["class": "whole", "x": "0", "y": "0", "width": "1000", "height": "10"]),
        .tag("rect", ["x": "0", "y": "0", "width": "\(part == 0 ? 0 : max(width, 4))", "height": "10"]),
      ])
  }
}
