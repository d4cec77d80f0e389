internal import LogReading
package import ReplayPipeline
package import StorageProtocol
internal import Synchronization

/// An entry as a reproduction keeps it.
package struct CollectedEntry: Sendable {
  /// In the log that it was taken from.
  package let ordinal: Ordinal
  package let byteOffset: UInt64
  /// As the log had it, without the white space around it; nil where it refers to a content that nobody read.
  package let text: [UInt8]?
  /// Whether an archive's reader would take its payload for a reference, which it is not.
  package let isLiteral: Bool
}

/// Collects entries of a log by their ordinals, and the STOREs whose shards one object has at the log's end, or at a stop.
package final class EntryCollection: LogSurvey {
  private struct Part: Sendable {
    var wanted: [CollectedEntry] = []
    var stores: [Store] = []
  }

  private struct Store: Sendable {
    let entry: CollectedEntry
    let chunkCount: Int
  }

  private struct State {
    var entries: [CollectedEntry] = []
    /// Chunk counts falling: a later STORE with as many chunks replaces every shard of an earlier one.
    var stores: [Store] = []
  }

  private let ordinals: [Ordinal]
  private let object: Digest?
  private let state = Mutex(State())

  /// - Parameters:
  ///   - ordinals: in order.
  ///   - object: the key of an object; nil for none.
  package init(_ ordinals: [Ordinal], object: Digest?) {
    self.ordinals = ordinals
    self.object = object
  }

  package func prepare(_ batch: SurveyedBatch) -> any Sendable {
    var part = Part()
    let start = batch.firstOrdinal.value
    let end = start + UInt64(batch.count)
    var next = ordinals.firstIndex { $0.value >= start } ?? ordinals.count
    while next < ordinals.count, ordinals[next].value < end {
      part.wanted.append(EntryCollection.entry(Int(ordinals[next].value - start), batch))
      next += 1
    }
    guard let object else { return part }
    let outcomes = batch.outcomes
    for place in 0..<batch.count where outcomes[place].isStore {
      guard let touched = batch.touchedObject(place), touched.key == object else { continue }
      part.stores.append(Store(entry: EntryCollection.entry(place, batch), chunkCount: touched.chunkCount))
    }
    return part
  }

  private static func entry(_ place: Int, _ batch: SurveyedBatch) -> CollectedEntry {
    let entry = batch.entry(place)
    let text = entry.text
    return CollectedEntry(
      ordinal: Ordinal(batch.firstOrdinal.value + UInt64(place)), byteOffset: entry.byteOffset, text: text,
      isLiteral: text.map(entry.looksLikeReference) ?? false)
  }

  package func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let part = prepared as? Part else { preconditionFailure("a batch was prepared before") }
    state.withLock { state in
      state.entries += part.wanted
      for store in part.stores {
        while let last = state.stores.last, last.chunkCount <= store.chunkCount { state.stores.removeLast() }
        state.stores.append(store)
      }
    }
  }

  /// What was collected, in the log's order.
  package var entries: [CollectedEntry] {
    state.withLock { state in
      let others = state.stores.map(\.entry).filter { store in !state.entries.contains { $0.ordinal == store.ordinal } }
      return (state.entries + others).sorted { $0.ordinal < $1.ordinal }
    }
  }
}
