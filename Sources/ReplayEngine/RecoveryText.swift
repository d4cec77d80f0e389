internal import ReplayEvidence
internal import StorageProtocol

/// A recovery in lines for people: how far, how long, and what not.
struct RecoveryText {
  let recovery: Recovery
  let entries: EntryCounts
  let run: RunFacts

  var lines: [String] { [reached, time] + missing }

  private var reached: String {
    guard let ordinal = recovery.point.lastApplied else { return row("recovered to", "nothing: no entry was applied") }
    let tick = recovery.point.lastTick.map { "tick \($0.value)" } ?? "no STORE"
    let highest = recovery.point.highestTick.map { $0 == recovery.point.lastTick ? "" : ", highest tick \($0.value)" }
    return row(
      "recovered to",
      "epoch \(recovery.epoch.value), \(tick)\(highest ?? ""): entry \(ordinal.value) is the last applied")
  }

  /// A run that went on from a resume point did not take the time of what came before.
  private var time: String {
    let since = run.resumedAt.map { ", from entry \($0) on" } ?? ""
    return row("in", "\(run.elapsed.secondsText) s\(since)")
  }

  private var missing: [String] {
    let findings: [(count: UInt64, text: String)] = [
      (entries.rejected, "entries rejected (\(codes))"), (entries.unsupported, "entries of unknown type (\(types))"),
      (recovery.lost, "entries lost"),
      (recovery.stores.carried, "STOREs without their content: the log has none"),
      (recovery.stores.placeholder, "STOREs with placeholder content: the log never had any"),
    ]
    let found = findings.filter { $0.count > 0 }.map { "\($0.count) \($0.text)" }
    let texts = found.isEmpty ? ["nothing"] : found
    return texts.enumerated().map { row($0.offset == 0 ? "not recovered" : "", $0.element) }
  }

  private var codes: String {
    entries.rejections.map { "\($0.count) \($0.code.rawValue)" }.joined(separator: ", ")
  }

  private var types: String {
    let shownMax = 3
    let types = entries.unsupportedTypes
    let shown = types.prefix(shownMax).map { "\($0.count) \(PrintableText.quoted($0.type.bytes))" }
    return (shown + (types.count > shownMax ? ["…"] : [])).joined(separator: ", ")
  }

  private func row(_ name: String, _ value: String) -> String { ResultText.row(name, value) }
}
