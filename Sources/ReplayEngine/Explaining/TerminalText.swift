internal import StorageProtocol

/// What is said on a terminal of names that come from anywhere.
public enum TerminalText {
  /// `text` with everything that could steer the terminal named by its number, but for line breaks.
  public static func visible(_ text: String) -> String { PrintableText.visible(text, keepsLineBreaks: true) }
}
