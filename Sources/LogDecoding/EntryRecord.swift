package import StorageProtocol

/// An entry as columns: what the log says, in binary, nothing derived. Views point into the batch.
package struct EntryRecord: BitwiseCopyable {
  /// What an entry asks for, or what became of it.
  package enum Kind: BitwiseCopyable {
    case store, proofGenerated, proofFailed, control
    /// A public read.
    case acknowledged
    /// An event type nobody knows.
    case unsupported
    /// JSON that is wrong; its fault is in ``DecodedBatch/rejections``.
    case rejected
    /// What a damaged archive does not have any more, in a salvage.
    case lost
  }

  /// What a STORE brings of its content.
  package enum Source: BitwiseCopyable {
    /// Runbook dialect: placeholder bytes.
    case placeholder
    case payload
    /// Event dialect without a payload: hash and cost are as recorded.
    case carried
    /// A payload whose content an archive has lost: hash as recorded, metadata and cost as always. Only where that is asked for.
    case lost

    /// Whether hashes can be computed.
    @inlinable package var hasContent: Bool { self == .payload || self == .placeholder }
  }

  package struct Flags: OptionSet, BitwiseCopyable {
    package let rawValue: UInt16
    @inlinable package init(rawValue: UInt16) { self.rawValue = rawValue }

    // Spelt out: what all option sets share is a call, and an entry asks a hundred times.
    @inlinable package func contains(_ other: Flags) -> Bool { rawValue & other.rawValue == other.rawValue }
    @inlinable package mutating func formUnion(_ other: Flags) { self = Flags(rawValue: rawValue | other.rawValue) }
    @discardableResult @inlinable package mutating func insert(
      _ other: Flags
    ) -> (inserted: Bool, memberAfterInsert: Flags) {
      defer { formUnion(other) }
      return (!contains(other), other)
    }

    /// There is an `event_id`, whatever it holds.
    @inlinable package static var hasEventID: Flags { Flags(rawValue: 1) }
    /// ``EntryRecord/eventID`` is what the `event_id` spells; without this flag it can equal no digest.
    @inlinable package static var eventIDIsDigest: Flags { Flags(rawValue: 1 << 1) }
    /// All 13 fields of the event are there: ``EntryRecord/eventText`` has them.
    @inlinable package static var recordIsComplete: Flags { Flags(rawValue: 1 << 2) }
    @inlinable package static var isEventDialect: Flags { Flags(rawValue: 1 << 3) }
    @inlinable package static var hasEpoch: Flags { Flags(rawValue: 1 << 4) }
    @inlinable package static var hasHashCommit: Flags { Flags(rawValue: 1 << 5) }
    @inlinable package static var hasContentBytes: Flags { Flags(rawValue: 1 << 6) }
    @inlinable package static var hasAtrCost: Flags { Flags(rawValue: 1 << 7) }
    @inlinable package static var hasShardIDs: Flags { Flags(rawValue: 1 << 8) }
    /// Every recorded shard id is 64 lowercase hexadecimal digits: ``EntryRecord/shardIDs`` has them all.
    @inlinable package static var shardIDsAreDigests: Flags { Flags(rawValue: 1 << 9) }
    /// The first of them is.
    @inlinable package static var firstShardIDIsDigest: Flags { Flags(rawValue: 1 << 12) }
    @inlinable package static var hasReplicaSets: Flags { Flags(rawValue: 1 << 10) }
    @inlinable package static var hasTick: Flags { Flags(rawValue: 1 << 11) }
    /// ``EntryRecord/content`` is what the payload has, or refers to.
    @inlinable package static var hasContent: Flags { Flags(rawValue: 1 << 13) }
  }

  package var kind: Kind = .rejected
  package var source: Source = .placeholder
  package var flags: Flags = []
  /// Index in ``DecodedBatch/controls``, of a control entry.
  package var control: UInt32 = 0
  package var metadataKeyCount: UInt32 = 0
  package let text: ByteView
  /// Of a proof: the redacted id.
  package var objectID = ByteView.empty
  package var version: UInt64 = 0
  package var tick: Int64 = 0
  /// Bytes of the content: counted where there is a payload, else as recorded.
  package var contentBytes: UInt64 = 0
  package var recordedContentBytes: UInt64 = 0
  package var epoch: Int64 = 0
  /// The decoded payload.
  package var content = ByteView.empty
  /// Canonical JSON; empty for a carried STORE: nobody knows.
  package var metadata = ByteView.empty
  /// As recorded; zero where nothing is.
  package var hashCommit = Digest.zero
  /// The recorded text.
  package var atrCost = ByteView.empty
  /// Canonical JSON of the recorded event, where there is an `event_id` and the record is complete.
  package var eventText = ByteView.empty
  package var eventID = Digest.zero
  package var shardIDs = UnsafeBufferPointer<Digest>(start: nil, count: 0)
  package var replicaSets = UnsafeBufferPointer<ReplicaSet>(start: nil, count: 0)

  package init(text: ByteView) { self.text = text }
}

/// The recorded placement of one shard.
package struct ReplicaSet: BitwiseCopyable {
  package let shard: Digest
  /// Whether the key is 64 lowercase hexadecimal digits; without it ``shard`` means nothing.
  package let isDigest: Bool
  /// Node ids, unescaped.
  package let nodes: UnsafeBufferPointer<ByteView>

  package init(shard: Digest, isDigest: Bool, nodes: UnsafeBufferPointer<ByteView>) {
    self.shard = shard
    self.isDigest = isDigest
    self.nodes = nodes
  }
}

extension ByteView: BitwiseCopyable {}
