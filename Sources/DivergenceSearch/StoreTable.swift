internal import StorageProtocol

/// The STOREs of a log, by object: 44 bytes each, for nobody knows beforehand whose will be asked for.
struct StoreTable {
  private var keys: [Digest] = []
  private var ordinals: [UInt64] = []
  private var chunkCounts: [UInt32] = []

  mutating func append(_ ordinal: Ordinal, key: Digest, chunkCount: Int) {
    keys.append(key)
    ordinals.append(ordinal.value)
    chunkCounts.append(UInt32(clamping: chunkCount))
  }

  /// The STOREs of the object with a key whose shards are there before an entry: a later one with as many chunks replaces all of an
  /// earlier one.
  func stores(of key: Digest, before end: Ordinal) -> [Ordinal] {
    var found: [(ordinal: Ordinal, chunkCount: UInt32)] = []
    for (place, other) in keys.enumerated() where other == key && ordinals[place] < end.value {
      while let last = found.last, last.chunkCount <= chunkCounts[place] { found.removeLast() }
      found.append((Ordinal(ordinals[place]), chunkCounts[place]))
    }
    return found.map(\.ordinal)
  }
}
