package import StorageProtocol

/// The events of a stretch of the log, hashed to every complete subtree that lies inside it.
///
/// Such subtrees depend on the stretch's place in the log alone, so that stretches can be hashed apart (RFC 9162 compact
/// range); what is left to the one who appends them in order is few hashes, and the root is there behind any event.
package struct LogStretch: Sendable {
  private struct Level {
    /// The number of the first subtree among all of its size in the log.
    let first: UInt64
    let count: Int
    /// Where its digest is in ``digests``.
    let offset: Int
  }

  /// The leaves it begins and ends with, of the log.
  package let range: Range<UInt64>
  /// From leaves to the largest subtree.
  private let levels: [Level]
  private let digests: [UInt8]

  /// - Parameter eventIDs: from leaf `first` of the log on.
  /// - Complexity: fewer than two hashes an event.
  package init(_ eventIDs: [Digest], from first: UInt64) {
    range = first..<first + UInt64(eventIDs.count)
    levels = LogStretch.levels(range)
    let (levels, byteCount) = (levels, levels.reduce(0) { $0 + $1.count } * Digest.byteCount)
    guard byteCount > 0 else {
      // No array is made for nothing: that would write to the storage that all empty arrays share.
      digests = []
      return
    }
    digests = [UInt8](unsafeUninitializedCapacity: byteCount) { bytes, initializedCount in
      if let start = UnsafeMutableRawPointer(bytes.baseAddress) { LogStretch.hash(eventIDs, levels, start) }
      initializedCount = byteCount
    }
  }

  private static func levels(_ range: Range<UInt64>) -> [Level] {
    var levels: [Level] = []
    var offset = 0
    for height in 0..<UInt64(UInt64.bitWidth) {
      let leafCount: UInt64 = 1 << height
      let first = (range.lowerBound + leafCount - 1) >> height
      guard first < range.upperBound >> height else { break }
      let count = Int(range.upperBound >> height - first)
      levels.append(Level(first: first, count: count, offset: offset))
      offset += count * Digest.byteCount
    }
    return levels
  }

  /// Fills `digests`, which has room for all levels.
  private static func hash(_ eventIDs: [Digest], _ levels: [Level], _ digests: UnsafeMutableRawPointer) {
    withUnsafeTemporaryAllocation(byteCount: eventIDs.count * Digest.byteCount, alignment: 16) { ids in
      guard let start = ids.baseAddress else { return }
      // There is room for every id.
      for (index, id) in eventIDs.enumerated() { id.store(to: start + index * Digest.byteCount) }
      TreeHash.leaves(of: start, eventIDs.count, to: digests)
    }
    for (below, level) in zip(levels, levels.dropFirst()) {
      // Both children of each of its subtrees are in the level below.
      let firstChild = Int(2 * level.first - below.first)
      TreeHash.parents(
        of: digests + below.offset + firstChild * Digest.byteCount, level.count, to: digests + level.offset)
    }
  }

  /// The root over the 2^`height` leaves from `first` on; nil where not all of them are in the stretch.
  func root(from first: UInt64, height: Int) -> Digest? {
    guard height < levels.count else { return nil }
    let level = levels[height]
    let number = first >> UInt64(height)
    guard number >= level.first, number - level.first < level.count else { return nil }
    return digests.withUnsafeBytes { bytes in
      // The level has a digest at that place.
      bytes.baseAddress.map { Digest(loading: $0 + level.offset + Int(number - level.first) * Digest.byteCount) }
    }
  }
}
