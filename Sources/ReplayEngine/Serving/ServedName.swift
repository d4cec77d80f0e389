/// A log that is served, and its name in metrics.
struct ServedName: Equatable {
  let target: String
  let path: String

  /// The names of `logs`, which differ.
  ///
  /// - Parameters:
  ///   - logs: paths, or `NAME=PATH`.
  ///   - target: the name of a single log.
  /// - Throws: `.usage`.
  static func names(of logs: [String], target: String?) throws(ReplayFailure) -> [ServedName] {
    guard let target else {
      // What every run is called that is the only one.
      if logs.count == 1, !logs[0].contains("=") {
        return [ServedName(target: DrillArguments.usualTarget, path: logs[0])]
      }
      return try distinct(logs.map(ServedName.init))
    }
    guard logs.count == 1 else { throw ReplayOptions.usage("--target names one log: several are NAME=PATH each") }
    return try distinct([ServedName(target: target, path: ServedName(logs[0]).path)])
  }

  private static func distinct(_ names: [ServedName]) throws(ReplayFailure) -> [ServedName] {
    for (index, name) in names.enumerated() {
      try MetricsFile.check(label: name.target)
      guard !names[..<index].contains(where: { $0.target == name.target }) else {
        throw ReplayOptions.usage("two logs have the name \(name.target): write NAME=PATH, with names that differ")
      }
    }
    return names
  }

  /// The name in front of `=`, which has no `/`; else that of the file, up to its first point.
  private init(_ argument: String) {
    let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
    if parts.count == 2, !parts[0].contains("/") {
      self.init(target: String(parts[0]), path: String(parts[1]))
    } else {
      let file = argument.split(separator: "/").last ?? ""
      self.init(target: String(file.prefix { $0 != "." }), path: argument)
    }
  }

  init(target: String, path: String) {
    self.target = target
    self.path = path
  }
}
