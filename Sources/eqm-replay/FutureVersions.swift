/// What the command line contract names and this version does not have: told apart from what is misspelt.
enum FutureVersions {
  private static let verbs: Set<String> = []

  /// The verb of `arguments` that a later version has, for a message; nil where there is none.
  static func first(in arguments: [String]) -> String? {
    guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
    return verbs.contains(verb) ? verb : nil
  }
}
