internal import StorageProtocol

/// A name as it is typed in a shell.
enum ShellWord {
  private static let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_./-+=:,@%".utf8)

  /// `name`, in quotes where a shell needs them; `placeholder` for what cannot be typed in one line, and for standard input, which
  /// is not there a second time.
  static func word(_ name: String, or placeholder: String) -> String {
    guard !name.isEmpty, name != "-", !name.unicodeScalars.contains(where: PrintableText.isUnseen) else {
      return placeholder
    }
    // A name that begins like an option.
    let name = name.hasPrefix("-") ? "./\(name)" : name
    if name.utf8.allSatisfy(plain.contains) { return name }
    return "'" + name.split(separator: "'", omittingEmptySubsequences: false).joined(separator: #"'\''"#) + "'"
  }
}
