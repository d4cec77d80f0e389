package import StateCommitment
package import StorageProtocol

/// An object version as a snapshot has it.
package struct SnapshotObject: Equatable, Sendable {
  package let id: Identifier
  package let version: ObjectVersion
  package let hashCommit: Digest
  package let createdAtTick: Tick
  /// Canonical JSON; nil where the STORE that wrote the object was carried.
  package let metadata: [UInt8]?
  /// Chunks of the current content.
  package let currentShardCount: Int
  /// The event of the STORE that wrote the object.
  package let writer: Digest
  /// By index; those from ``currentShardCount`` on are orphans.
  package internal(set) var shards: [StoredObject.Shard] = []

  /// From the first columns of the table `objects`.
  init(_ row: borrowing TableScan) throws(SnapshotFault) {
    id = Identifier(bytes: try row.blob(0))
    version = ObjectVersion(UInt64(bitPattern: try row.integer(1)))
    hashCommit = try row.digest(2)
    createdAtTick = Tick(try row.integer(3))
    metadata = row.isNull(4) ? nil : try row.text(4)
    guard let count = Int(exactly: try row.count(5)) else { throw row.fault("shard_count is too large") }
    currentShardCount = count
    writer = try row.digest(6)
  }

  /// The id of shard 0, which is the object's key in the commitment.
  package var key: Digest { ObjectNaming.shardID(object: id, version: version, index: 0) }

  /// What the commitment says of the object.
  package var committed: CommittedObject {
    CommittedObject(
      key: key, writer: writer, currentShardCount: currentShardCount,
      shards: shards.map { CommittedObject.Shard(merkleRoot: $0.merkleRoot, writer: $0.writer) })
  }

  /// Whether the row, which begins with an object's id and version, is of this object.
  func owns(_ row: borrowing TableScan) throws(SnapshotFault) -> Bool {
    guard row.hasRow, try row.blob(0) == id.bytes else { return false }
    return try row.integer(1) == Int64(bitPattern: version.value)
  }
}

/// An event as a snapshot has it.
package struct SnapshotEvent: Equatable, Sendable {
  package let number: UInt64
  package let id: Digest
  /// Canonical JSON of the 13 hashed fields.
  package let fields: [UInt8]

  init(_ row: borrowing TableScan) throws(SnapshotFault) {
    number = try row.count(0)
    id = try row.digest(1)
    fields = try row.text(2)
  }
}

extension StorageNode {
  init(_ row: borrowing TableScan) throws(SnapshotFault) {
    self.init(
      id: Identifier(bytes: try row.blob(0)), host: Identifier(bytes: try row.blob(1)), port: try row.integer(2))
    guard let status = NodeStatus(name: try row.text(3)) else { throw row.fault("status is none that nodes have") }
    self.status = status
    uptimeBucket = try row.number(4)
    bytesStored = try row.number(5)
    proofsVerified = try row.number(6)
    isAegisVerified = try row.integer(7) != 0
    aegisVerificationEpoch = Epoch(try row.integer(8))
  }
}

extension Checkpoint {
  init(_ row: borrowing TableScan) throws(SnapshotFault) {
    self.init(
      ordinal: Ordinal(try row.count(1)), logRoot: try row.digest(4), nodesRoot: try row.digest(5),
      summary: StateSummary(
        nodeCount: try row.count(6), objectCount: try row.count(7), shardCount: try row.count(8),
        currentEpoch: Epoch(try row.integer(2)), totalAtrFees: try row.number(9), totalNodRewards: try row.number(10),
        eventLogCount: try row.count(3)))
  }
}
