package import StateCommitment
package import StorageProtocol

extension ObjectPartition {
  /// The roots of the granules that the partition owns, in order (protocol.md 12, `objects_root`).
  package func granuleRoots() -> [SparseTree.Subtree] {
    let sorted = objects.index.sorted(in: objects.records)
    let shift = UInt64(64 - KeyRanges.granuleBits)
    var next = 0
    var hashes: [Digest] = []
    return ranges.granules(of: index).map { granule in
      let first = next
      while next < sorted.count, Int(sorted[next].prefix >> shift) == granule { next += 1 }
      objects.leafHashes(sorted[first..<next], into: &hashes)
      return SparseTree.subtree(depth: KeyRanges.granuleBits, count: next - first) { place, depth in
        let item = sorted[first + place]
        return depth < 64
          ? item.prefix >> (63 - UInt64(depth)) & 1 == 1
          : objects.records.header(item.reference).pointee.key.bit(depth)
      } leaf: { place in
        hashes[place]
      }
    }
  }

  /// The leaves of a granule that the partition owns, in the order of their keys.
  package func leaves(ofGranule granule: Int) -> [SparseTree.Leaf] {
    let shift = UInt64(64 - KeyRanges.granuleBits)
    return objects.index.sorted(in: objects.records).filter { Int($0.prefix >> shift) == granule }
      .map { objects.leaf($0.reference) }
  }

  /// What the commitment says of the object of a key; nil where there is none. - Complexity: O(shards of it).
  package func committedObject(_ key: Digest) -> CommittedObject? {
    objects.index.find(key, in: objects.records).map { objects.committed($0) }
  }
}

extension ObjectTable {
  /// Records that hashing asks memory for ahead.
  private static let prefetchDistance = 8

  /// Sets `hashes` to those of the leaves of `items`, in order; objects of one shard are hashed together.
  fileprivate func leafHashes(_ items: ArraySlice<KeyIndex.Sorted>, into hashes: inout [Digest]) {
    hashes.removeAll(keepingCapacity: true)
    var leaves = OneShardLeaves(capacity: items.count)
    for place in items.indices {
      let ahead = place + ObjectTable.prefetchDistance
      if ahead < items.endIndex { records.prefetch(items[ahead].reference) }
      let header = records.header(items[place].reference)
      if header.pointee.shardCount == 1, header.pointee.currentCount == 1 {
        leaves.append(
          key: header.pointee.key, writer: header.pointee.writer, merkleRoot: header.shards[0].merkleRoot)
      }
    }
    leaves.hash()
    var place = 0
    for item in items {
      let header = records.header(item.reference)
      if header.pointee.shardCount == 1, header.pointee.currentCount == 1 {
        hashes.append(leaves.hash(place))
        place += 1
      } else {
        hashes.append(leaf(item.reference).hash)
      }
    }
  }

  /// The leaf of an object: what ``CommittedObject`` says of it, written from the record.
  fileprivate func leaf(_ reference: RecordReference) -> SparseTree.Leaf {
    let header = records.header(reference)
    let (current, total) = (Int(header.pointee.currentCount), Int(header.pointee.shardCount))
    let orphans = current < total ? orphans[reference] : []
    return CommittedObject.leaf(
      key: header.pointee.key, writer: header.pointee.writer, currentShardCount: current, shardCount: total
    ) { shard in
      (header.shards[shard].merkleRoot, shard < current ? header.pointee.writer : orphans[shard - current].writer)
    }
  }

  /// The parts of ``leaf(_:)``.
  fileprivate func committed(_ reference: RecordReference) -> CommittedObject {
    let header = records.header(reference)
    let current = Int(header.pointee.currentCount)
    let orphans = orphans[reference]
    let shards = (0..<Int(header.pointee.shardCount)).map { shard in
      let root = header.shards[shard].merkleRoot
      return CommittedObject.Shard(
        merkleRoot: root == .zero ? nil : root,
        writer: shard < current ? header.pointee.writer : orphans[shard - current].writer)
    }
    return CommittedObject(
      key: header.pointee.key, writer: header.pointee.writer, currentShardCount: current, shards: shards)
  }
}
