package import StorageProtocol

/// One file that is to be given back: an object's content, or a shard of one.
package struct RestoreItem: Sendable {
  /// Which shard; nil for a whole content.
  package struct Shard: Sendable {
    package let id: Digest
    package let index: Int
    package let positions: [Int]
    package let merkleRoot: Digest?
    /// Whether it is left of content that was replaced by fewer chunks.
    package let isOrphan: Bool
  }

  package let key: Digest
  package let id: Identifier
  package let version: ObjectVersion
  /// The STORE that wrote it.
  package let writer: WrittenStore
  package let shard: Shard?
  /// Where in the content.
  package let range: Range<UInt64>

  package var byteCount: UInt64 { UInt64(range.count) }

  /// The name inside the target: safe whatever the id holds, and different for different items, for it is a digest.
  package var path: String { "\(folder)/\(name.hexadecimal)" }

  package var folder: String { "\(shard == nil ? "objects" : "shards")/\(name.hexadecimal.prefix(2))" }

  private var name: Digest { shard?.id ?? key }
}

extension RestoreItem {
  /// What is to be given back, in the order of the manifest: by id bytes, version, then index.
  package static func all(
    of histories: [StoreHistory], _ selection: RestoreSelection, _ constants: GovernedConstants
  ) -> [RestoreItem] {
    guard selection.node != nil else {
      return histories.map { history in
        RestoreItem(
          key: history.key, id: history.id, version: history.version, writer: history.current, shard: nil,
          range: 0..<history.current.contentBytes)
      }
    }
    return histories.flatMap { history in
      history.shards.flatMap { writer, indices in
        writer.replicas.filter { indices.contains($0.index) }.map {
          RestoreItem($0, of: history, writer, constants)
        }
      }
    }
  }

  private init(
    _ replica: WrittenStore.Replica, of history: StoreHistory, _ writer: WrittenStore, _ constants: GovernedConstants
  ) {
    key = history.key
    id = history.id
    version = history.version
    self.writer = writer
    let index = UInt64(replica.index)
    let start = index * constants.chunkBytes
    range = start..<start + constants.chunkBytes(at: index, contentBytes: writer.contentBytes)
    shard = Shard(
      id: ObjectNaming.shardID(object: history.id, version: history.version, index: index), index: replica.index,
      positions: replica.positions, merkleRoot: replica.merkleRoot,
      isOrphan: writer.ordinal != history.current.ordinal)
  }
}
