package import StateCommitment
package import StorageProtocol

extension ObjectPartition {
  /// The roots of the granules that the partition owns, in order (protocol.md 12, `objects_root`).
  package func granuleRoots() -> [SparseTree.Subtree] {
    let sorted = objects.index.sorted(in: objects.records)
    let shift = UInt64(64 - KeyRanges.granuleBits)
    var next = 0
    return ranges.granules(of: index).map { granule in
      let first = next
      while next < sorted.count, Int(objects.records.header(sorted[next]).pointee.key.prefix >> shift) == granule {
        next += 1
      }
      return SparseTree.subtree(depth: KeyRanges.granuleBits, count: next - first) { place in
        objects.records.header(sorted[first + place]).pointee.key
      } leaf: { place in
        objects.leaf(sorted[first + place]).hash
      }
    }
  }

  /// The partition's objects in the order of their keys.
  ///
  /// - Parameters:
  ///   - nodeNames: every id ever registered, by number.
  ///   - metadata: reads canonical JSON.
  package func storedObjects(nodeNames: [Identifier], metadata read: ([UInt8]) -> JSONObject) -> [StoredObject] {
    objects.index.sorted(in: objects.records).map { objects.object($0, nodeNames: nodeNames, metadata: read) }
  }
}

extension ObjectTable {
  /// The leaf of an object: what ``CommittedObject`` says of it, written from the record.
  fileprivate func leaf(_ reference: RecordReference) -> SparseTree.Leaf {
    let header = records.header(reference)
    let (current, total) = (Int(header.pointee.currentCount), Int(header.pointee.shardCount))
    let orphans = current < total ? orphans[reference] ?? [] : []
    return CommittedObject.leaf(
      key: header.pointee.key, writer: header.pointee.writer, currentShardCount: current, shardCount: total
    ) { shard in
      (header.shards[shard].merkleRoot, shard < current ? header.pointee.writer : orphans[shard - current].writer)
    }
  }
}
