/// The governed configuration of the replayed engine (protocol.md 1). A replay records the values it used.
public struct GovernedConstants: Hashable, Sendable, Codable {
  /// `BLOCK_SIZE_BYTES`: content is cut into chunks of this size.
  public var chunkBytes: UInt64 = 262_144
  /// `REPLICATION_FACTOR`: nodes a chunk is placed on.
  public var replicationFactor = 3
  /// Bytes of a Merkle leaf's block.
  public var merkleBlockBytes = 4096
  /// The schema version string that every content hash covers.
  public var schemaVersion = "1.0"
  /// ATR base cost of one KiB.
  public var atrCostPerKibibyte: UInt64 = 100

  package init() {}

  /// The name of the first constant that no engine can work with; nil where there is none. The bounds keep a manifest from asking
  /// for more shards, replicas or blocks than content that fits in memory has reason for.
  package var nameOutOfRange: String? {
    let checks = [
      ("BLOCK_SIZE_BYTES", (1024...1 << 40).contains(chunkBytes)),
      ("REPLICATION_FACTOR", (1...255).contains(replicationFactor)),
      ("MERKLE_BLOCK_BYTES", (64...1 << 30).contains(merkleBlockBytes)),
      ("SCHEMA_VERSION", schemaVersion.utf8.count <= 64),
    ]
    return checks.first { !$0.1 }?.0
  }

  /// The number of chunks that content of `contentBytes` bytes is cut into. Empty content has none.
  package func chunkCount(contentBytes: UInt64) -> UInt64 {
    contentBytes / chunkBytes + (contentBytes % chunkBytes == 0 ? 0 : 1)
  }

  /// The size in bytes of chunk `index` of content of `contentBytes` bytes.
  package func chunkBytes(at index: UInt64, contentBytes: UInt64) -> UInt64 {
    Swift.min(chunkBytes, contentBytes - index * chunkBytes)
  }
}
