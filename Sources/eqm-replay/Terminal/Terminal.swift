internal import Glibc

/// What a stream can show: the one place that decides about colours and redrawn lines.
struct Terminal {
  private static let columnsUsual = 80

  private let descriptor: Int32

  static let output = Terminal(descriptor: STDOUT_FILENO)
  static let errors = Terminal(descriptor: STDERR_FILENO)

  /// Whether the stream is a terminal that obeys escape sequences: one without a name (`TERM`), or named `dumb`, may not.
  var obeysSequences: Bool {
    guard isTerminal, let name = Terminal.environment("TERM") else { return false }
    return name != "dumb"
  }

  var isTerminal: Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal, as wide as its window is now; 80 where it does not say.
  var columns: Int {
    var size = winsize()
    // The kernel writes one `winsize`.
    guard ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return Terminal.columnsUsual }
    return Int(size.ws_col)
  }

  /// `text` in a colour where the stream shows colours and nobody set `NO_COLOR` (no-color.org).
  func coloured(_ text: String, _ colour: Colour) -> String {
    guard obeysSequences, Terminal.environment("NO_COLOR") == nil else { return text }
    return "\u{1B}[\(colour.rawValue)m\(text)\u{1B}[0m"
  }

  /// A result for people, the verdict of its first line in its colour: later lines may show what a log says.
  func coloured(result text: String) -> String {
    let name = text.prefix { $0 != " " && $0 != "\n" }
    guard name == "verdict" else { return text }
    let blanks = text.dropFirst(name.count).prefix { $0 == " " }
    let rest = text.dropFirst(name.count + blanks.count)
    guard let (verdict, colour) = Terminal.verdicts.first(where: { rest.hasPrefix($0.0) }) else { return text }
    return name + blanks + coloured(verdict, colour) + rest.dropFirst(verdict.count)
  }

  private static let verdicts: [(String, Colour)] = [("PASSED", .green), ("WARNED", .yellow), ("FAILED", .red)]

  /// The value of a variable that is set and not empty.
  private static func environment(_ name: String) -> String? {
    guard let value = getenv(name), value.pointee != 0 else { return nil }
    return String(cString: value)
  }
}

/// Colours, by their number in a sequence (ECMA-48, SGR).
enum Colour: Int {
  case red = 31
  case green = 32
  case yellow = 33
}
