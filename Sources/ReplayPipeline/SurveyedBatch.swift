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
  private let slot: BatchSlot
  private let isArchive: Bool

  init(_ slot: BatchSlot, isArchive: Bool) {
    self.slot = slot
    self.isArchive = isArchive
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
      isArchive: isArchive)
  }
}

/// An entry of a survey.
package struct SurveyedEntry {
  package let record: EntryRecord
  /// Whether a replay applies it.
  package let isAccepted: Bool
  /// Whether it is rejected because its payload has no content.
  private let hasNoContent: Bool
  private let isArchive: Bool

  fileprivate init(record: EntryRecord, isAccepted: Bool, hasNoContent: Bool, isArchive: Bool) {
    self.record = record
    self.isAccepted = isAccepted
    self.hasNoContent = hasNoContent
    self.isArchive = isArchive
  }

  /// The text as the log had it before any packing.
  package var text: [UInt8] {
    guard isArchive, let content = storedContent else { return record.text.array }
    return withText { PayloadText($0).flatMap { $0.isReference ? $0.inlining(Array(content)) : nil } }
      ?? record.text.array
  }

  private var storedContent: UnsafeRawBufferPointer? {
    record.kind == .store && record.source == .payload ? record.content.raw : nil
  }

  private func withText<Value>(_ body: (UnsafeBufferPointer<UInt8>) -> Value) -> Value {
    body(UnsafeBufferPointer(start: record.text.start, count: record.text.count))
  }

  /// The content, where an archive may keep it in a pack: the entry is applied, and the same base64 text comes out of it again.
  package var movableContent: UnsafeRawBufferPointer? { isAccepted ? storedContent : nil }

  /// The text in front of and behind the place of a reference to the content; nil where the content must stay inline.
  package var textAroundContent: (head: [UInt8], tail: [UInt8])? {
    let contentBytes = record.content.count
    if isArchive {
      return text.withUnsafeBufferPointer { PayloadText($0)?.aroundContent(of: contentBytes) }
    }
    return withText { PayloadText($0)?.aroundContent(of: contentBytes) }
  }

  /// Whether an archive's reader would take the payload for a reference, which it is not.
  package var looksLikeReference: Bool {
    guard record.kind == .rejected else { return false }
    return withText { text in
      // A name spelt with escapes is a name to the decoder: rather one entry too many is marked.
      PayloadText(text)?.isReference == true || (hasNoContent && text.contains(UInt8(ascii: "\\")))
    }
  }
}
