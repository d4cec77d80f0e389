/// Names of files and targets for people to read.
enum VisibleText {
  /// `text`, in which characters that nobody sees, or that turn the direction of what stands beside them, are named.
  static func of(_ text: String) -> String {
    text.unicodeScalars.map { isInvisible($0) ? "\\u{\(String($0.value, radix: 16))}" : String($0) }.joined()
  }

  private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.properties.generalCategory {
    case .control, .format, .lineSeparator, .paragraphSeparator: true
    default: false
    }
  }
}
