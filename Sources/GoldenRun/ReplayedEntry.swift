package import StorageProtocol

/// What one entry did.
package struct ReplayedEntry {
  package let outcome: EntryOutcome
  /// The event it emitted, if any.
  package let event: StorageEvent?
  /// In what its record is not what the log gives.
  package let divergences: [Divergence]
  /// Why it was rejected, if it was.
  package let fault: EntryFault?
  /// Nil for a rejected entry.
  let entry: LogEntry?

  init(_ entry: LogEntry, _ logged: LoggedEvent?) {
    self.entry = entry
    event = logged?.event
    divergences = logged?.divergences ?? []
    fault = nil
    outcome = entry.outcome
  }

  init(rejected fault: EntryFault) {
    self.fault = fault
    outcome = EntryOutcome(rejected: fault.code)
    event = nil
    divergences = []
    entry = nil
  }

  /// The unknown type of an unsupported entry; nil for any other.
  package var unsupportedType: Identifier? {
    if case .unsupported(let type) = entry { type } else { nil }
  }

  /// Whether the entry itself says what a field of its event is, in either dialect.
  package func records(_ field: StorageEvent.Field) -> Bool {
    switch entry {
    case .store(let store):
      store.recorded.map { $0.fields[field] != nil }
        ?? [.eventType, .objectID, .version, .contentSize, .timestampTick].contains(field)
    case .proofGenerated(let proof), .proofFailed(let proof): proof.recorded.fields[field] != nil
    case .nodeRegistration(let entry): entry.recorded.map { $0.fields[field] != nil } ?? (field == .replicaSets)
    case .epochAdvancement(let entry): entry.recorded.map { $0.fields[field] != nil } ?? (field == .epoch)
    case .nodeUnregistration, .nodeStatus, .nodeUptime, .aegisContext, .nodRewards, .acknowledged, .unsupported, nil:
      false
    }
  }

  /// What a control entry asked for; nil for any other.
  package var controlCall: ControlCall? {
    switch entry {
    case .nodeRegistration(let entry): .registration(entry.nodeID, host: entry.host, port: entry.port)
    case .nodeUnregistration(let id): .unregistration(id)
    case .nodeStatus(let id, let status): .status(id, status)
    case .nodeUptime(let id, let bucket): .uptime(id, digits: bucket.digits)
    case .aegisContext(let registry, let telemetry): .context(registry, telemetry)
    case .epochAdvancement(let entry): .advancement(to: entry.epoch, entry.registry, entry.telemetry)
    case .nodRewards(let epoch): .rewards(epoch)
    case .store, .proofGenerated, .proofFailed, .acknowledged, .unsupported, nil: nil
    }
  }
}

/// An event as it went to the event log.
struct LoggedEvent {
  let event: StorageEvent
  /// In what its record is not what the log gives.
  var divergences: [Divergence] = []
}

extension LogEntry {
  /// What becomes of the entry where it is applied.
  fileprivate var outcome: EntryOutcome {
    switch self {
    case .store(let store):
      switch store.source {
      case .payload: .storeReexecuted
      case .carried: .storeCarried
      case .placeholder: .storePlaceholder
      }
    case .proofGenerated: .proofGenerated
    case .proofFailed: .proofFailed
    case .nodeRegistration: .nodeRegistration
    case .nodeUnregistration: .nodeUnregistration
    case .nodeStatus: .nodeStatus
    case .nodeUptime: .nodeUptime
    case .aegisContext: .aegisContext
    case .epochAdvancement: .epochAdvancement
    case .nodRewards: .nodRewards
    case .acknowledged: .acknowledged
    case .unsupported: .unsupported
    }
  }
}
