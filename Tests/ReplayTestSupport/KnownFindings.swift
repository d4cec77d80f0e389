internal import GoldenRun
package import LogReading
package import StorageProtocol

/// Everything of a log that can be accepted, as a golden run comes upon it without any list.
package struct KnownFindings {
  package struct Item: Sendable {
    package let ordinal: Ordinal
    package let finding: AcceptList.Finding

    /// A line of an accept file.
    package func line(reason: String = "known", expires: String = "9999-12-31") -> String {
      #"{"ordinal":\#(ordinal.value),"\#(finding.member)":"\#(finding.name)","reason":"\#(reason)","expires":"\#(expires)"}"#
    }
  }

  /// By entry, in log order; no entry without any.
  package private(set) var entries: [[Item]] = []

  package var items: [Item] { entries.flatMap { $0 } }

  /// Replays a log.
  package init(
    _ source: LogSource, _ configuration: ReplayConfiguration = ReplayConfiguration(), until stop: ReplayStop = .end
  ) throws {
    var run = try GoldenReplay(source, configuration: configuration, reading: LogReadingOptions(), until: stop)
    while let step = try run.step() {
      let found = KnownFindings.findings(of: step.entry).map { Item(ordinal: step.ordinal, finding: $0) }
      if !found.isEmpty { entries.append(found) }
    }
  }

  private static func findings(of entry: ReplayedEntry) -> [AcceptList.Finding] {
    if entry.outcome == .unsupported { return [.unsupported] }
    if let fault = entry.fault { return [.rejection(fault.code)] }
    return entry.divergences.map { .divergence(field: $0.field) }
  }
}
