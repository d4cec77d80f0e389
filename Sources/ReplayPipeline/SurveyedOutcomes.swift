internal import ControlPlan
internal import Derivation
internal import LogDecoding
package import StorageProtocol

/// A control entry of a survey that a replay applies.
package struct SurveyedControl: Sendable {
  /// Its place in the batch.
  package let place: Int
  package let call: ControlCall
  /// Whether it empties the list of eligible nodes that placements go by.
  package let clearsEligibleNodes: Bool
}

extension SurveyedBatch {
  /// The ordinal of the batch's first entry.
  package var firstOrdinal: Ordinal { slot.planned.firstOrdinal }

  /// What becomes of every entry in a replay, in order.
  package var outcomes: [EntryOutcome] {
    var rejected: [Int: EntryOutcome] = [:]
    for item in slot.decoded.rejections + slot.derived.rejections {
      rejected[item.entry] = EntryOutcome(rejected: item.fault.code)
    }
    return (0..<count).map { rejected[$0] ?? outcome(of: $0) }
  }

  private func outcome(of place: Int) -> EntryOutcome {
    let record = slot.decoded.records[place]
    switch record.kind {
    case .store:
      return switch record.source {
      case .payload: .storeReexecuted
      case .carried, .lost: .storeCarried
      case .placeholder: .storePlaceholder
      }
    case .proofGenerated: return .proofGenerated
    case .proofFailed: return .proofFailed
    case .control: return slot.decoded.controls[Int(record.control)].control.outcome
    case .acknowledged: return .acknowledged
    case .unsupported: return .unsupported
    case .lost: return .lost
    case .rejected: preconditionFailure("a rejected entry has its fault in the batch")
    }
  }

  /// The control entries that a replay applies, in order.
  package var appliedControls: [SurveyedControl] {
    zip(slot.decoded.controls, slot.planned.controls).compactMap { decoded, planned in
      guard slot.derived.records[decoded.entry].flags.contains(.isApplied) else { return nil }
      return SurveyedControl(
        place: decoded.entry, call: decoded.control.call, clearsEligibleNodes: planned.effect.clearsEligibleNodes)
    }
  }

  /// Whether the entry is a STORE that places a chunk on an eligible node.
  package func placesChunks(_ place: Int) -> Bool {
    let record = slot.derived.records[place]
    return record.flags.isSuperset(of: .appliedStore) && record.firstNodes != nil
  }

  /// The key of the object that the entry at a place touches, and the chunks of a STORE; nil where it touches none.
  package func touchedObject(_ place: Int) -> (key: Digest, chunkCount: Int)? {
    let record = slot.derived.records[place]
    return record.flags.contains(.touchesObjects) ? (record.key, record.chunkCount) : nil
  }
}

extension ControlEffect {
  /// Whether it empties the list of eligible nodes that placements go by (protocol.md 6).
  fileprivate var clearsEligibleNodes: Bool {
    switch self {
    case .register, .unregister, .status, .advance: true
    case .uptime, .rewards, .nothing: false
    }
  }
}

extension ControlEntry {
  fileprivate var outcome: EntryOutcome {
    switch self {
    case .registration: .nodeRegistration
    case .unregistration: .nodeUnregistration
    case .status: .nodeStatus
    case .uptime: .nodeUptime
    case .aegisContext: .aegisContext
    case .epochAdvancement: .epochAdvancement
    case .rewards: .nodRewards
    }
  }

  /// What the entry asks for.
  fileprivate var call: ControlCall {
    switch self {
    case .registration(let entry): .registration(entry.nodeID, host: entry.host, port: entry.port)
    case .unregistration(let id): .unregistration(id)
    case .status(let id, let status): .status(id, status)
    case .uptime(let id, let bucket): .uptime(id, digits: Array(String(bucket.raw / BigNum128.scale).utf8))
    case .aegisContext(let registry, let telemetry): .context(registry, telemetry)
    case .epochAdvancement(let entry): .advancement(to: entry.epoch, entry.registry, entry.telemetry)
    case .rewards(let epoch): .rewards(epoch)
    }
  }
}
