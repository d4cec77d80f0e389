internal import ControlPlan
internal import Derivation
internal import LogDecoding
internal import ShardReplay
package import StorageProtocol

extension SurveyedBatch {
  /// Everything that was found wrong with the batch's entries, in log order; of one entry's divergences in that of its fields.
  ///
  /// Divergences of proofs are complete only where ``ParallelConfiguration/listsEveryDivergence`` asked for all, and but for
  /// those of partitions that are on disk.
  package var findings: [EntryFinding] {
    var found: [(entry: Int, kind: EntryFinding.Kind)] = []
    for item in slot.decoded.rejections + slot.derived.rejections {
      found.append((item.entry, .rejected(item.fault, text(of: item.entry))))
    }
    var types = slot.decoded.unsupportedTypes[...]
    for entry in 0..<count {
      switch slot.decoded.records[entry].kind {
      case .unsupported: found.append((entry, .unsupported(types.removeFirst(), text(of: entry))))
      // Of a frame that is lost, one byte stands for each entry.
      case .lost: found.append((entry, .lost(slot.decoded.records[entry].text.count == 1 ? nil : text(of: entry))))
      default: break
      }
    }
    // Arithmetic may have rejected an entry after it was found to diverge.
    for item in slot.derived.divergences where slot.derived.records[item.entry].flags.contains(.isApplied) {
      found.append((item.entry, .diverged(item.divergence)))
    }
    for part in slot.parts {
      for item in part.divergences { found.append((item.entry, .diverged(item.divergence))) }
    }
    // The divergences of one entry are together already and in order: the sort is stable.
    return found.sorted { $0.entry < $1.entry }.map { item in
      EntryFinding(item.kind, at: slot.planned.ordinal(of: item.entry), accepting: slot.accepting)
    }
  }

  private func text(of entry: Int) -> EntryText {
    EntryText(byteOffset: slot.decoded.byteOffset(of: entry), bytes: slot.decoded.records[entry].text.array)
  }
}
