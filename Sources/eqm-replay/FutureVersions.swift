/// What the command line contract names and this version does not have: told apart from what is misspelt.
enum FutureVersions {
  private static let verbs: Set<String> = [
    "bench"
  ]

  private static let options: [String: Set<String>] = [
    "drill": [],
    "replay": [],
    "inspect": [],
    "export": [],
  ]

  /// The first verb or option of `arguments` that a later version has, for a message; nil where there is none.
  static func first(in arguments: [String]) -> String? {
    guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
    if verbs.contains(verb) { return verb }
    let given = arguments.prefix { $0 != "--" }
    if let option = given.first(where: { options[verb]?.contains(name(of: $0)) == true }) {
      return "\(verb) \(name(of: option))"
    }
    return nil
  }

  private static func name(of argument: String) -> String { String(argument.prefix { $0 != "=" }) }
}
