internal import Glibc
package import ReplayPipeline
package import StorageProtocol
internal import Synchronization
internal import SystemFiles

/// Writes contents while the log is read again: each when its STORE comes by, workers side by side.
///
/// No content is kept: memory is that of the batches in flight.
package final class ContentWriting: LogSurvey {
  private let items: [RestoreItem]
  private let target: RestoreTarget
  /// Places in `items` of what is to be written, by the ordinal of the STORE.
  private let wanted: [(ordinal: UInt64, item: Int)]
  private let progress: Mutex<Progress>

  /// What was written so far, by place in the items.
  private struct Progress {
    var isWritten: [Bool]
    var hasLogChanged = false
  }

  private struct Prepared: Sendable {
    var written: [Int] = []
    var failure: FileError?
    var hasLogChanged = false
  }

  /// - Parameter places: of the items that are to be written; their STOREs have their content.
  package init(_ items: [RestoreItem], places: [Int], to target: RestoreTarget) {
    self.items = items
    self.target = target
    wanted = places.map { (items[$0].writer.ordinal.value, $0) }.sorted {
      ($0.ordinal, $0.item) < ($1.ordinal, $1.item)
    }
    progress = Mutex(Progress(isWritten: Array(repeating: false, count: items.count)))
  }

  /// The ordinal behind the last STORE that is needed.
  package var endOrdinal: Ordinal { Ordinal(wanted.last.map { $0.ordinal + 1 } ?? 0) }

  package func prepare(_ batch: SurveyedBatch) -> any Sendable {
    var prepared = Prepared()
    let first = batch.firstOrdinal.value
    for (ordinal, place) in wanted[wantedRange(first..<first + UInt64(batch.count))] {
      guard let content = content(batch.store(Int(ordinal - first)), of: items[place]) else {
        prepared.hasLogChanged = true
        break
      }
      do throws(FileError) {
        try target.place(content, items[place])
        prepared.written.append(place)
      } catch {
        prepared.failure = error
        break
      }
    }
    return prepared
  }

  private func wantedRange(_ ordinals: Range<UInt64>) -> Range<Int> {
    firstWanted(from: ordinals.lowerBound)..<firstWanted(from: ordinals.upperBound)
  }

  /// - Complexity: O(log of the items).
  private func firstWanted(from ordinal: UInt64) -> Int {
    var range = 0..<wanted.count
    while !range.isEmpty {
      let middle = range.lowerBound + range.count / 2
      range = wanted[middle].ordinal < ordinal ? middle + 1..<range.upperBound : range.lowerBound..<middle
    }
    return range.lowerBound
  }

  /// The bytes of an item, whose hash was just computed again and is what it was; nil where the log is not what it was.
  private func content(_ store: SurveyedStore?, of item: RestoreItem) -> UnsafeRawBufferPointer? {
    guard let store, store.key == item.key, store.hashCommit == item.writer.hashCommit,
      store.contentBytes == item.writer.contentBytes, case .whole(let content) = store.content
    else { return nil }
    guard let shard = item.shard else { return content }
    guard store.merkleRoot(of: shard.index) == shard.merkleRoot else { return nil }
    return UnsafeRawBufferPointer(rebasing: content[Int(item.range.lowerBound)..<Int(item.range.upperBound)])
  }

  package func append(_ prepared: any Sendable) throws(PipelineError) {
    guard let batch = prepared as? Prepared else { preconditionFailure("a batch was prepared before it is appended") }
    progress.withLock { progress in
      for place in batch.written { progress.isWritten[place] = true }
      if batch.hasLogChanged { progress.hasLogChanged = true }
    }
    if let failure = batch.failure { throw .output(failure) }
  }

  /// Whether everything was written; else the log is not the one that was replayed before.
  package var isComplete: Bool {
    progress.withLock { progress in !progress.hasLogChanged && wanted.allSatisfy { progress.isWritten[$0.item] } }
  }
}
