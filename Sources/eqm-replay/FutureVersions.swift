/// What the command line contract names and this version does not have: told apart from what is misspelt.
enum FutureVersions {
  private static let verbs: Set<String> = [
    "reconcile", "report", "serve", "bench", "explain",
  ]

  private static let options: [String: Set<String>] = [
    "drill": [
      "--metrics-file"
    ],
    "replay": [],
    "inspect": [],
    "export": [],
  ]

  /// Options of which only one value is in this version.
  private static let values: [String: [String: (built: String, later: [String])]] = [
    "export": ["--to": ("jsonl", ["postgres"])]
  ]

  /// The first verb, option or value of `arguments` that a later version has, for a message; nil where there is none.
  static func first(in arguments: [String]) -> String? {
    guard let verb = arguments.first(where: { !$0.hasPrefix("-") }) else { return nil }
    if verbs.contains(verb) { return verb }
    let given = arguments.prefix { $0 != "--" }
    if let option = given.first(where: { options[verb]?.contains(name(of: $0)) == true }) {
      return "\(verb) \(name(of: option))"
    }
    return laterValue(of: verb, in: Array(given))
  }

  private static func laterValue(of verb: String, in arguments: [String]) -> String? {
    for (index, argument) in arguments.enumerated() {
      guard let (built, later) = values[verb]?[name(of: argument)] else { continue }
      let parts = argument.split(separator: "=", maxSplits: 1)
      let next = index + 1 < arguments.count ? arguments[index + 1] : built
      let value = parts.count == 2 ? String(parts[1]) : next
      if value != built, later.contains(where: { value == $0 || value.hasPrefix($0 + ":") }) {
        return "\(verb) \(name(of: argument)) \(value)"
      }
    }
    return nil
  }

  private static func name(of argument: String) -> String { String(argument.prefix { $0 != "=" }) }
}
