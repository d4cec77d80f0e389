internal import Derivation
package import LogDecoding
package import LogReading
package import StorageProtocol

/// What is made of the batches of a log that is surveyed.
package protocol LogSurvey: Sendable {
  /// What one batch gives; batches side by side.
  func prepare(_ batch: SurveyedBatch) -> any Sendable
  /// Takes what ``prepare(_:)`` gave, in log order, one at a time.
  ///
  /// - Throws: `.output`.
  func append(_ prepared: any Sendable) throws(PipelineError)
  /// Takes what was found of a partition's entries when the log had ended, in log order; partitions side by side. Divergences
  /// only, and only where ``ParallelConfiguration/listsEveryDivergence`` asks for them.
  ///
  /// - Throws: `.output`.
  func append(late findings: [EntryFinding], of partition: Int) throws(PipelineError)
}

extension LogSurvey {
  package func append(late findings: [EntryFinding], of partition: Int) throws(PipelineError) {}
}

/// What a survey found.
package struct SurveyResult: Sendable {
  package let counts: EntryCounts
  package let rejects: BoundedList<Rejection>
  package let extent: LogExtent
}

/// A batch of a survey: a log that goes through the stages up to derive, so that every entry's form, integrity and arithmetic
/// are known, without a state of objects.
///
/// Valid only during the call that it is handed to.
package struct SurveyedBatch {
  let slot: BatchSlot
  /// Of the archive that is surveyed; nil for any other log.
  let packs: ContentPacks?

  init(_ slot: BatchSlot, packs: ContentPacks?) {
    self.slot = slot
    self.packs = packs
  }

  /// Entries of the batch.
  package var count: Int { slot.decoded.count }

  /// STOREs and proofs whose `event_id` was found to be that of their fields.
  package var verifiedIDCount: Int {
    (0..<count).count { place in
      let isEvent = [.store, .proofGenerated, .proofFailed].contains(slot.decoded.records[place].kind)
      return isEvent && slot.decoded.records[place].flags.contains(.hasEventID)
        && slot.derived.records[place].flags.contains(.isApplied)
    }
  }

  /// The entry at a place of the batch.
  package func entry(_ place: Int) -> SurveyedEntry {
    SurveyedEntry(
      record: slot.decoded.records[place],
      isAccepted: slot.derived.records[place].flags.contains(.isApplied)
        || ![.store, .proofGenerated, .proofFailed].contains(slot.decoded.records[place].kind),
      hasNoContent: slot.decoded.rejections.contains { $0.entry == place && $0.fault == .contentNotString },
      mayRefer: packs.map { !$0.isLiteral(slot.decoded.byteOffset(of: place)) } ?? false,
      byteOffset: slot.decoded.byteOffset(of: place))
  }
}

/// An entry of a survey.
package struct SurveyedEntry {
  package let record: EntryRecord
  /// Whether a replay applies it.
  package let isAccepted: Bool
  /// Whether it is rejected because its payload has no content.
  private let hasNoContent: Bool
  /// Whether its text may have a reference in the place of a content: an archive's.
  private let mayRefer: Bool
  package let byteOffset: UInt64

  fileprivate init(
    record: EntryRecord, isAccepted: Bool, hasNoContent: Bool, mayRefer: Bool, byteOffset: UInt64
  ) {
    self.record = record
    self.isAccepted = isAccepted
    self.hasNoContent = hasNoContent
    self.mayRefer = mayRefer
    self.byteOffset = byteOffset
  }

  /// The text as the log had it before any packing; nil where the content that it refers to was not read: the entry was rejected
  /// before.
  package var text: [UInt8]? {
    guard mayRefer, withText({ PayloadText($0)?.isReference == true }) else { return record.text.array }
    guard let content = storedContent else { return nil }
    return withText { PayloadText($0)?.inlining(Array(content)) }
  }

  private var storedContent: UnsafeRawBufferPointer? {
    record.flags.contains(.hasContent) ? record.content.raw : nil
  }

  private func withText<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    body(UnsafeBufferPointer(start: record.text.start, count: record.text.count))
  }

  /// The content, where an archive may keep it in a pack: the entry is applied, and the same base64 text comes out of it again.
  package var movableContent: UnsafeRawBufferPointer? { isAccepted && record.kind == .store ? storedContent : nil }

  /// Whether an archive's reader would take the payload of a text for a reference, which it is not.
  package func looksLikeReference(_ text: [UInt8]) -> Bool {
    text.withUnsafeBufferPointer { bytes in
      // A name spelt with escapes is a name to the decoder: rather one entry too many is marked.
      PayloadText(bytes)?.isReference == true || (hasNoContent && bytes.contains(UInt8(ascii: "\\")))
    }
  }
}
