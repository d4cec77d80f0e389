internal import Derivation
package import StorageProtocol

/// An object version as a partition holds it, for those who go through all of them: nothing is copied.
///
/// Valid as long as nothing is applied to the partition.
package struct ObjectView {
  private let partition: ObjectPartition
  private let reference: RecordReference
  private let header: UnsafeMutablePointer<ObjectHeader>
  private let orphans: [Orphan]

  init(_ partition: ObjectPartition, _ reference: RecordReference) {
    self.partition = partition
    self.reference = reference
    header = partition.objects.records.header(reference)
    orphans =
      header.pointee.currentCount < header.pointee.shardCount ? partition.objects.orphans[reference] : []
  }

  package var id: UnsafeRawBufferPointer {
    // The record has `idCount` bytes of an id.
    UnsafeRawBufferPointer(start: header.id, count: Int(header.pointee.idCount))
  }

  package var version: ObjectVersion { ObjectVersion(header.pointee.version) }
  package var hashCommit: Digest { header.pointee.hashCommit }
  package var createdAtTick: Tick { Tick(header.pointee.tick) }
  /// The event of the STORE that wrote the object.
  package var writer: Digest { header.pointee.writer }
  /// Canonical JSON; nil where the STORE that wrote the object was carried, and where nobody asked for metadata to be kept.
  package var metadata: [UInt8]? { partition.objects.metadata[reference] }
  /// Chunks of the current content.
  package var currentShardCount: Int { Int(header.pointee.currentCount) }
  /// Every shard that exists, orphans included.
  package var shardCount: Int { Int(header.pointee.shardCount) }

  /// The id of the shard. - Complexity: O(1) for the first, a hash for others.
  package func shardID(_ shard: Int) -> Digest {
    guard shard > 0 else { return header.pointee.key }
    return ObjectNaming.shardID(object: header.identifier, version: version, index: UInt64(shard))
  }

  package func shard(_ index: Int) -> HeldShard {
    precondition(index < shardCount, "an object has \(shardCount) shards")
    return partition.objects.shard(index, of: header, orphans)
  }

  /// The nodes that the shard is on, in order.
  ///
  /// - Parameter nodeNames: every id ever registered, by number.
  package func nodes(ofShard shard: Int, _ nodeNames: [Identifier]) -> [Identifier] {
    precondition(shard < shardCount, "an object has \(shardCount) shards")
    return partition.objects.explicitPlacements.nodes(header.shards[shard].placement, nodeNames)
  }

  /// Calls `body` with the nodes that the shard is on, in order, and their places.
  package func forEachNode<Failure: Error>(
    ofShard shard: Int, _ nodeNames: [Identifier], _ body: (_ place: Int, Identifier) throws(Failure) -> Void
  ) throws(Failure) {
    precondition(shard < shardCount, "an object has \(shardCount) shards")
    let placement = header.shards[shard].placement
    guard placement.explicitIndex == nil else {
      for (place, node) in nodes(ofShard: shard, nodeNames).enumerated() { try body(place, node) }
      return
    }
    var place = 0
    while let name = placement.name(at: place) {
      try body(place, nodeNames[name])
      place += 1
    }
  }
}

/// What a partition holds of a shard.
package struct HeldShard {
  package let chunkBytes: UInt64
  /// Nil where the STORE that wrote the shard was carried.
  package let merkleRoot: Digest?
  /// The event of the STORE that wrote the shard.
  package let writer: Digest
}
