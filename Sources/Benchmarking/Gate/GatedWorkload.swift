extension NamedWorkload {
  /// The logs that are gated where nobody names any, in order.
  package static let gatedNames = ["data-entries", "recorded", "small-content", "epoch-storm", "many-nodes"]

  /// Registrations at the start of `many-nodes`.
  private static let nodeCount = 5000

  /// A log that is gated; nil for an unknown name.
  ///
  /// - Parameters:
  ///   - entryCount: of the log; `many-nodes` has its registrations besides.
  package static func gated(_ name: String, entryCount: Int) -> NamedWorkload? {
    guard let kind = gatedKind(name, entryCount) else { return nil }
    let registrations = name == "many-nodes" ? nodeCount : 0
    let log = GeneratedLog(kind, entryCount: entryCount + registrations)
    return NamedWorkload(name: name, source: .generated(log))
  }

  private static func gatedKind(_ name: String, _ entryCount: Int) -> GeneratedLog.Kind? {
    switch name {
    // An epoch that never comes: what data entries take from the heap is to be nothing.
    case "data-entries": .epochStorm(dataEntryCount: max(1, entryCount))
    case "recorded": .recorded
    case "small-content": .content(bytes: 1 << 10)
    case "epoch-storm": .epochStorm(dataEntryCount: 10)
    case "many-nodes": .manyNodes(count: nodeCount)
    default: nil
    }
  }
}
