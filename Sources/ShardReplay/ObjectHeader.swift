internal import Derivation
internal import StorageProtocol

/// The fixed part of an object's record. After it come its shards (``ShardRecord``), then the bytes of its id.
struct ObjectHeader: BitwiseCopyable {
  var key: Digest
  var writer: Digest
  var hashCommit: Digest
  var version: UInt64
  var tick: Int64
  var contentBytes: UInt64
  /// Shards that exist: chunks of the current content, then orphans.
  var shardCount: UInt32
  /// Chunks of the current content.
  var currentCount: UInt32
  var idCount: UInt32
  /// Whether the STORE that wrote the object was carried: then nobody knows its metadata.
  var isCarried: Bool
}

/// One shard of an object.
struct ShardRecord: BitwiseCopyable {
  /// Zero where the STORE that wrote the shard was carried: what the commitment puts there.
  var merkleRoot: Digest
  var placement: Placement
}

/// A record's place in a ``RecordArena``.
struct RecordReference: Hashable, BitwiseCopyable {
  let unit: UInt32
}
