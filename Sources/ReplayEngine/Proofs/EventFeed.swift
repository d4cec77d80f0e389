internal import EpochMerge
internal import StateCommitment
internal import StorageProtocol
internal import Synchronization

/// Feeds the events of a log to a prover as they are appended: in log order, and none is kept.
final class EventFeed: Sendable {
  struct Findings: Sendable {
    /// The event to prove, where it came.
    var eventID: Digest?
    var inclusion = LogInclusionProver()
    /// Fed up to the later of the two logs.
    var consistency: LogConsistencyProver?
  }

  private let subject: ProofSubject
  private let state: Mutex<Findings>

  init(for subject: ProofSubject) {
    self.subject = subject
    var findings = Findings()
    if case .consistency(let first, _) = subject { findings.consistency = LogConsistencyProver(first: first) }
    state = Mutex(findings)
  }

  /// Takes the events of a batch, whose ids and ordinals are there.
  func append(_ batch: MergedBatch) {
    state.withLock { findings in
      for (id, ordinal) in zip(batch.eventIDs, batch.eventOrdinals) { subject.feed(id, ordinal, to: &findings) }
    }
  }

  /// Takes the next event of a log whose ordinals nobody knows.
  func append(_ id: Digest) { state.withLock { subject.feed(id, nil, to: &$0) } }

  /// What was found, once the log has ended.
  var findings: Findings { state.withLock { $0 } }
}

extension ProofSubject {
  fileprivate func feed(_ id: Digest, _ ordinal: Ordinal?, to findings: inout EventFeed.Findings) {
    switch self {
    case .event(let place):
      if place.isMet(findings.inclusion.count, ordinal) {
        findings.eventID = id
        findings.inclusion.appendTarget(id)
      } else {
        findings.inclusion.append(id)
      }
    case .consistency(_, let last):
      guard last.map({ (findings.consistency?.count ?? 0) < $0 }) ?? true else { return }
      findings.consistency?.append(id)
    case .object, .node: break
    }
  }
}

extension ProofSubject.EventPlace {
  /// Whether the event behind `index` others, of the entry of an ordinal, is meant.
  fileprivate func isMet(_ index: UInt64, _ ordinal: Ordinal?) -> Bool {
    switch self {
    case .index(let meant): index == meant
    case .ordinal(let meant): ordinal == meant
    }
  }
}
