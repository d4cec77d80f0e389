internal import ControlPlan
internal import Derivation
internal import LogDecoding
internal import ShardReplay
package import StorageProtocol

extension SurveyedBatch {
  /// Everything that was found wrong with the batch's entries, in log order; of one entry's divergences in that of its fields.
  ///
  /// Divergences of proofs are complete only where ``ParallelConfiguration/listsEveryDivergence`` asked for all.
  package var findings: [EntryFinding] {
    var found: [(entry: Int, kind: EntryFinding.Kind)] = []
    for item in slot.decoded.rejections + slot.derived.rejections { found.append((item.entry, .rejected(item.fault))) }
    var types = slot.decoded.unsupportedTypes[...]
    for entry in 0..<count {
      switch slot.decoded.records[entry].kind {
      case .unsupported: found.append((entry, .unsupported(types.removeFirst())))
      case .lost: found.append((entry, .lost))
      default: break
      }
    }
    // Arithmetic may have rejected an entry after it was found to diverge.
    for item in slot.derived.divergences where slot.derived.records[item.entry].flags.contains(.isApplied) {
      found.append((item.entry, .diverged(item.divergence)))
    }
    for part in slot.parts {
      for item in part?.divergences ?? [] { found.append((item.entry, .diverged(item.divergence))) }
    }
    // The divergences of one entry are together already and in order: the sort is stable.
    return found.sorted { $0.entry < $1.entry }.map { finding($0.kind, at: $0.entry) }
  }

  private func finding(_ kind: EntryFinding.Kind, at entry: Int) -> EntryFinding {
    let text = slot.decoded.records[entry].text
    // Of a frame that is lost, nothing of any entry is known.
    let isTextLost = text.count == 1 && slot.decoded.records[entry].kind == .lost
    return EntryFinding(
      kind, ordinal: slot.planned.ordinal(of: entry), byteOffset: slot.decoded.byteOffset(of: entry),
      text: isTextLost ? nil : text.array, accepting: slot.accepting)
  }
}
